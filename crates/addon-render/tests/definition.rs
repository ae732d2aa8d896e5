//! X-definitions: what becomes of each part, and what is refused where.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by a panic")]

use addon_render::definition::{Kind, object};
use cue_engine::Session;
use goyaml::Value;
use source_vocab::Place;

/// The object of a text, or the code, line and message of the first finding.
fn made(text: &str) -> Result<Value, (String, usize, String)> {
    let mut session = Session::new();
    let source = session.sources_mut().add("web.cue", text).unwrap();
    let outcome = object(&session, &source);
    match outcome.value {
        Some(definition) => Ok(definition.object),
        None => {
            let found = &outcome.diagnostics[0];
            let Place::Text(span) = found.primary.place else {
                panic!("a finding without a place: {found:?}")
            };
            let (_, place) = session.sources().line_column(span).unwrap();
            Err((found.code.to_string(), place.line, found.message.clone()))
        }
    }
}

fn text_at<'v>(value: &'v Value, path: &[&str]) -> &'v str {
    path.iter()
        .try_fold(value, |value, key| value.get(key))
        .and_then(Value::as_str)
        .unwrap()
}

const TEMPLATE: &str = "template: {\n\tparameter: {}\n}\n";

#[test]
fn the_parts_of_a_definition_find_their_places() {
    let text = "import \"strings\"\n\n\"web-server\": {\n\talias: \"\"\n\ttype: \"component\"\n\
                \tannotations: {owner: \"me\", \"addon.oam.dev/x\": \"y\"}\n\tlabels: tier: \"front\"\n\
                \tattributes: workload: definition: {apiVersion: \"apps/v1\", kind: \"Deployment\"}\n}\n\
                template: {\n\t// the object\n\toutput: kind: strings.ToTitle(\"deployment\")\n\n\tparameter: {}\n}\n";
    let made = made(text).unwrap();
    assert_eq!(text_at(&made, &["kind"]), Kind::Component.object_kind());
    assert_eq!(text_at(&made, &["metadata", "name"]), "web-server");
    let annotations = made.get("metadata").unwrap().get("annotations").unwrap();
    let keys: Vec<&String> = annotations.as_map().unwrap().keys().collect();
    assert_eq!(
        keys,
        [
            "definition.oam.dev/alias",
            "custom.definition.oam.dev/owner",
            "addon.oam.dev/x"
        ]
    );
    assert_eq!(
        text_at(
            &made,
            &["metadata", "labels", "custom.definition.oam.dev/tier"]
        ),
        "front"
    );
    assert_eq!(
        text_at(&made, &["spec", "schematic", "cue", "template"]),
        "import \"strings\"\n// the object\noutput: kind: strings.ToTitle(\"deployment\")\n\nparameter: {}\n"
    );
}

#[test]
fn a_health_policy_may_be_a_struct() {
    let text = format!(
        "web: {{\n\ttype: \"trait\"\n\tattributes: status: healthPolicy: {{\n\t\tisHealth: context.output.ready > 0\n\t}}\n}}\n{TEMPLATE}"
    );
    let made = made(&text).unwrap();
    assert_eq!(
        text_at(&made, &["spec", "status", "healthPolicy"]),
        "  isHealth: context.output.ready > 0"
    );
}

#[test]
fn what_is_wrong_is_said_at_its_line() {
    let metadata = |body: &str| format!("web: {{\n\ttype: \"trait\"\n\t{body}\n}}\n{TEMPLATE}");
    for (text, code, line) in [
        (TEMPLATE.to_owned(), "definition/no-metadata", 1),
        (
            "web: type: \"trait\"\n".to_owned(),
            "definition/no-template",
            1,
        ),
        (
            "web: type: \"trait\"\ntemplate: #T\n#T: {}\n".to_owned(),
            "definition/template-not-struct",
            2,
        ),
        (
            format!("web: type: \"trait\"\nother: type: \"trait\"\n{TEMPLATE}"),
            "definition/two-names",
            2,
        ),
        (
            format!("web: type: \"trai\"\n{TEMPLATE}"),
            "definition/unknown-type",
            1,
        ),
        (format!("web: {{}}\n{TEMPLATE}"), "definition/no-type", 1),
        (
            metadata("attributes: workload: type: \"x\""),
            "definition/invalid-spec",
            3,
        ),
        (
            metadata("attributes: podDisruptive: \"yes\""),
            "definition/invalid-spec",
            3,
        ),
        (
            metadata("attributes: appliesToWorkloads: [1]"),
            "definition/invalid-spec",
            3,
        ),
        (
            metadata("attributes: status: healthPolicy: {healthy: true}"),
            "definition/status",
            3,
        ),
        (
            metadata("attributes: status: customStatus: \"message: [\""),
            "definition/status",
            3,
        ),
        (metadata("labels: tier: 1"), "definition/not-text", 3),
        (metadata("alias: string"), "cue/incomplete", 3),
    ] {
        let (found, at, message) = made(&text).unwrap_err();
        assert_eq!((found.as_str(), at), (code, line), "{text}: {message}");
    }
}
