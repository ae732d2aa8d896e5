//! What a kube-apiserver 1.34.3 said to objects that break a rule, or just do not: `golden/validation.jsonl`.
//!
//! A line is a case: `case` says what is changed in a good object, `fields` are the fields that the server named, none when
//! it accepted the object (server-side dry run, strict field validation).
#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    reason = "a test reads the file that stands beside it"
)]

use kube_schema::{Release, Verdict, check_object};
use serde_json::Value;
use std::collections::BTreeSet;

/// Cases that are answered otherwise, and why.
const DIFFERENT: [(&str, &str); 12] = [
    (
        "ev metadata.labels={\"a b\": \"c\"}",
        "events are not looked at: nobody applies them",
    ),
    (
        "cj spec.timeZone=\"posixrules\"",
        "a file of the server's system that is no time zone",
    ),
    (
        "pod spec.containers[0].resources={\"limits\": {\"memory\": \"-1\"}}",
        "reported where it stands, not where the defaults copy it to",
    ),
    (
        "pod spec.containers[0].resources={\"limits\": {\"memory\": -1}}",
        "reported where it stands, not where the defaults copy it to",
    ),
    (
        "pod spec.resources={\"claims\": [{\"name\": \"a\"}]}",
        "the list may not be there, so what is in it does not matter",
    ),
    (
        "pod spec.resources={\"limits\": {\"cpu\": \"1\"}} spec.containers[0].resources={\"limits\": {\"cpu\": \"2\"}}",
        "requests that the server makes of limits are not looked at",
    ),
    (
        "ds spec.selector=-",
        "the schema requires the selector, so it is named too",
    ),
    (
        "svc spec.ipFamilyPolicy=\"RequireDualStack\"",
        "whether there are two families is a matter of the cluster",
    ),
    (
        "svc spec.clusterIP=\"None\" spec.ipFamilies=[\"IPv6\"]",
        "which families there are is a matter of the cluster",
    ),
    (
        "svc spec.type=\"NodePort\" spec.ports=[{\"name\": \"a\", \"port\": 1, \"nodePort\": 30001}, {\"name\": \"b\", \"port\": 2, \"nodePort (2)",
        "only the dry run takes two protocols on a port of nodes for a conflict",
    ),
    (
        "lr spec.limits=[{\"type\": \"Container\", \"default\": {\"foo\": \"1\"}}]",
        "a name is reported where it stands, not where the defaults copy it to",
    ),
    (
        "lr spec.limits=[{\"type\": \"Container\", \"max\": {\"storage\": \"1\"}}]",
        "a name is reported where it stands, not where the defaults copy it to",
    ),
];

fn fields_of(object: &Value, case: &str) -> BTreeSet<String> {
    let release = Release::new(34).expect("a release that is built in");
    let text = object.to_string();
    let tree = goyaml::read_tree(text.as_bytes(), 1, goyaml::Strictness::Lenient)
        .unwrap_or_else(|error| panic!("{case}: {error}"));
    match check_object(&tree, release, None) {
        Verdict::Ok => BTreeSet::new(),
        Verdict::Rejected(faults) => faults.into_iter().map(|fault| fault.field).collect(),
        Verdict::UnknownKind => panic!("{case}: an unknown kind"),
    }
}

#[test]
fn the_server_names_the_same_fields() {
    let golden = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/validation.jsonl");
    let text = std::fs::read_to_string(golden).expect("the cases");
    let mut wrong = Vec::new();
    for line in text.lines() {
        let record: Value = serde_json::from_str(line).expect("a case");
        let case = record["case"].as_str().expect("its name");
        let expected: BTreeSet<String> = record["fields"]
            .as_array()
            .expect("its fields")
            .iter()
            .filter_map(|field| field.as_str().map(str::to_owned))
            .collect();
        let said = fields_of(&record["object"], case);
        let is_known = DIFFERENT.iter().any(|(name, _)| *name == case);
        if (said == expected) == is_known {
            wrong.push(format!(
                "{case}\n    said     {said:?}\n    expected {expected:?}"
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} cases:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn data_and_annotations_have_a_limit() {
    let config = |bytes: usize| serde_json::json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "x"}, "data": {"a": "x".repeat(bytes)}});
    assert_eq!(fields_of(&config(1_048_576), "at the limit").len(), 0);
    assert_eq!(fields_of(&config(1_048_577), "above").len(), 1);
    let note = |bytes: usize| serde_json::json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "x", "annotations": {"a": "x".repeat(bytes)}}});
    assert_eq!(fields_of(&note(262_143), "at the limit").len(), 0);
    let above = fields_of(&note(262_144), "above");
    assert_eq!(
        above.into_iter().collect::<Vec<_>>(),
        ["metadata.annotations"]
    );
}

/// A value and all below it, each replaced by another once.
fn replaced(value: &Value, by: &Value, see: &mut dyn FnMut(&Value)) {
    fn at(root: &Value, path: &mut Vec<String>, by: &Value, see: &mut dyn FnMut(&Value)) {
        let pointer = match path.as_slice() {
            [] => String::new(),
            steps => format!("/{}", steps.join("/")),
        };
        let mut changed = root.clone();
        let Some(place) = changed.pointer_mut(&pointer) else {
            return;
        };
        let steps: Vec<String> = match place {
            Value::Object(members) => members
                .keys()
                .map(|key| key.replace('~', "~0").replace('/', "~1"))
                .collect(),
            Value::Array(items) => (0..items.len()).map(|index| index.to_string()).collect(),
            _ => Vec::new(),
        };
        *place = by.clone();
        see(&changed);
        for step in steps {
            path.push(step);
            at(root, path, by, see);
            path.pop();
        }
    }
    at(value, &mut Vec::new(), by, see);
}

#[test]
fn values_of_any_type_are_survived() {
    let golden = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/validation.jsonl");
    let text = std::fs::read_to_string(golden).expect("the cases");
    let others = serde_json::json!([null, [], {}, 0, "é", true, [null], {"a": null}, -1.5]);
    let mut count = 0;
    for line in text.lines().step_by(160) {
        let record: Value = serde_json::from_str(line).expect("a case");
        for other in others.as_array().expect("a list") {
            replaced(&record["object"], other, &mut |changed| {
                let text = changed.to_string();
                let tree = goyaml::read_tree(text.as_bytes(), 1, goyaml::Strictness::Lenient)
                    .expect("an object");
                for release in [Release::OLDEST, Release::NEWEST] {
                    // a fault names a field, or the object as a whole
                    for fault in kube_schema::semantic::validate(&tree, release) {
                        assert!(!fault.message.is_empty(), "{text}");
                        count += 1;
                    }
                }
            });
        }
    }
    assert!(count > 500, "{count} faults");
}
