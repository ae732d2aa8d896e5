//! Bad input: each cause gives one clear diagnostic, at the author's line or the user's argument, and the stage is KubeVela's.
#![expect(clippy::unwrap_used, reason = "a test fails where it cannot go on")]

use addon_render::{BUDGET, Request, Stage, render};
use cue_engine::Session;
use source_vocab::{Severity, VPath};
use testkit::MemoryWorld;

/// What rendering an addon of these files gives: the stage, and the errors and warnings as one line each.
fn rendered(files: &str, words: &[&str]) -> (Option<Stage>, Vec<String>) {
    let mut world = MemoryWorld::from_txtar(files);
    if !files.contains("-- metadata.yaml --") {
        world = world.file("metadata.yaml", "name: a\nversion: 1.0.0\n");
    }
    let mut session = Session::new().with_budget(BUDGET);
    let tree = addon_model::scan(&world, &VPath::root()).value.unwrap();
    let addon = addon_model::load(&world, &tree, session.sources_mut());
    let mut request = Request::default();
    for word in words {
        request
            .arguments
            .add_word(word, session.sources_mut())
            .unwrap();
    }
    let outcome = render(&addon.value.unwrap(), &request, &session);
    let show = |path: &VPath| path.to_string();
    let lines = outcome
        .diagnostics
        .iter()
        .filter(|found| found.severity >= Severity::Warning)
        .map(|found| {
            let text = source_vocab::render::concise(found, session.sources(), &show);
            text.trim_end().to_owned()
        });
    let lines = lines.collect();
    let stage = outcome.value.unwrap().failure.map(|failure| failure.stage);
    (stage, lines)
}

/// Runs a case on a thread with a stack for the engine.
fn case(
    stage: Option<Stage>,
    files: &'static str,
    words: &'static [&'static str],
    wanted: &[&str],
) {
    let thread = std::thread::Builder::new()
        .stack_size(256 << 20)
        .spawn(move || rendered(files, words))
        .unwrap();
    let (found, lines) = thread.join().unwrap();
    assert_eq!(lines, wanted, "{files}");
    assert_eq!(found, stage, "{files}");
}

#[test]
fn an_argument_of_the_wrong_type() {
    case(
        Some(Stage::Application),
        "-- parameter.cue --
parameter: replicas: *1 | int
-- template.cue --
output: {apiVersion: \"core.oam.dev/v1beta1\", kind: \"Application\", spec: components: [{name: \"a\", type: \"raw\", properties: n: parameter.replicas}]}
",
        &["replicas=many"],
        &["argument `replicas`:1:10: error[render/argument]: the argument `replicas` is `many`, which its declaration does not admit"],
    );
}

#[test]
fn an_argument_that_nobody_looks_at() {
    case(
        None,
        "-- parameter.cue --
parameter: replicas: *1 | int
-- template.yaml --
apiVersion: core.oam.dev/v1beta1
kind: Application
",
        &["replicas=many"],
        &[
            "argument `replicas`:1:10: warning[render/argument]: the argument `replicas` is `many`, which its declaration does not admit",
        ],
    );
}

#[test]
fn an_argument_that_is_not_declared() {
    case(
        None,
        "-- parameter.cue --
parameter: replicas: *1 | int
-- template.yaml --
apiVersion: core.oam.dev/v1beta1
kind: Application
",
        &["replcas=2"],
        &[
            "argument `replcas`:1:1: warning[render/undeclared]: the argument `replcas` is not declared by the addon",
        ],
    );
    case(
        Some(Stage::Application),
        "-- parameter.cue --
#p: replicas: *1 | int
parameter: #p
-- template.cue --
output: {apiVersion: \"core.oam.dev/v1beta1\", kind: \"Application\", spec: components: []}
",
        &["replcas=2"],
        &[
            "argument `replcas`:1:1: error[cue/field-not-allowed]: `parameter.replcas`: the field `replcas` is not allowed in `#p`",
        ],
    );
}

#[test]
fn a_required_argument_that_is_missing_is_told_once() {
    let wanted = [
        "parameter.cue:3:9: error[render/required]: the parameter `host.name` is required and not given",
    ];
    case(
        Some(Stage::Application),
        "-- parameter.cue --
parameter: {
	host: {
		name: string
	}
}
-- template.cue --
output: {apiVersion: \"core.oam.dev/v1beta1\", kind: \"Application\", spec: components: [
	{name: \"a\", type: \"raw\", properties: {n: parameter.host.name, m: parameter.host.name}},
]}
",
        &[],
        &wanted,
    );
    case(
        Some(Stage::Application),
        "-- parameter.cue --
parameter: {
	host: {
		name: string
	}
}
-- resources/x.cue --
output: {type: \"raw\", properties: {n: parameter.host.name, m: \"x-\\(parameter.host.name)\"}}
",
        &[],
        &wanted,
    );
}

#[test]
fn files_that_contradict_each_other() {
    case(
        Some(Stage::Application),
        "-- template.cue --
package main
output: {apiVersion: \"core.oam.dev/v1beta1\", kind: \"Application\", spec: components: [web]}
web: {name: \"web\", type: \"webservice\"}
-- resources/web.cue --
package main
web: {name: \"web\", type: \"worker\"}
",
        &[],
        &[
            "template.cue:3:26: error[cue/conflicting-values]: `web.type`: conflicting values `\"webservice\"` and `\"worker\"`",
        ],
    );
    case(
        Some(Stage::Application),
        "-- template.cue --
output: {}
-- template.yaml --
kind: Application
",
        &[],
        &[
            "template.cue:1:1: error[render/two-templates]: the addon has both `template.cue` and `template.yaml`, one is expected",
        ],
    );
}

#[test]
fn a_template_that_is_no_application() {
    case(
        None,
        "-- template.yaml --
apiVersion: apps/v1
kind: Deployment
",
        &[],
        &[
            "template.yaml:2:7: warning[render/not-an-application]: the template is a `Deployment` of `apps/v1`, an `Application` of `core.oam.dev/v1beta1` is expected",
        ],
    );
    case(
        Some(Stage::Read),
        "-- template.yaml --
apiVersion: core.oam.dev/v1beta1
kind: Application
spec:
  components:
    name: a
",
        &[],
        &[
            "template.yaml:5:5: error[render/application-type]: `spec.components` of an Application must be a list, found object",
        ],
    );
    case(
        Some(Stage::Read),
        "-- template.yaml --
- kind: Application
",
        &[],
        &[
            "template.yaml:1:1: error[render/no-object]: `template.yaml` must be an object of Kubernetes, found array",
        ],
    );
    case(
        Some(Stage::Application),
        "-- template.cue --
output: spec: components: [{name: 5, type: \"raw\"}]
",
        &[],
        &[
            "template.cue:1:35: error[render/application-type]: `spec.components[0].name` of an Application must be a string, found number",
        ],
    );
    case(
        Some(Stage::Application),
        "-- template.cue --
outputs: {}
",
        &[],
        &[
            "template.cue:1:1: error[render/no-output]: `template.cue` has no field `output`, the Application",
        ],
    );
}

#[test]
fn yaml_that_is_broken_in_any_bucket() {
    for (file, stage) in [
        ("metadata.yaml", Stage::Read),
        ("template.yaml", Stage::Read),
        ("resources/x.yaml", Stage::Application),
        ("definitions/x.yaml", Stage::Definitions),
        ("schemas/x.yaml", Stage::UiSchemas),
        ("views/x.yaml", Stage::Views),
    ] {
        let text = format!("-- {file} --\nkind: a: b\n");
        let (found, lines) = rendered(&text, &[]);
        assert_eq!(found, Some(stage), "{file}");
        assert_eq!(lines.len(), 1, "{lines:?}");
        let line = lines.first().unwrap();
        assert!(line.starts_with(&format!("{file}:1:8: error")), "{line}");
        let said = "mapping values are not allowed in this context";
        assert!(line.ends_with(said), "{line}");
    }
}

#[test]
fn objects_without_a_kind() {
    case(
        Some(Stage::Application),
        "-- resources/x.yaml --
apiVersion: v1
metadata: {name: x}
",
        &[],
        &[
            "resources/x.yaml:1:1: error[render/no-object]: the object in `resources/x.yaml` has no `kind`",
        ],
    );
    case(
        Some(Stage::Application),
        "-- resources/x.yaml --
# nothing
",
        &[],
        &[
            "resources/x.yaml:1:1: error[render/no-object]: `resources/x.yaml` is empty, an object of Kubernetes is expected",
        ],
    );
}

#[test]
fn a_definition_that_does_not_compile() {
    case(
        Some(Stage::Definitions),
        "-- definitions/d.cue --
web: {type: \"component\", attributes: workload: type: \"autodetects.core.oam.dev\"}
template: {
	output: {
}
",
        &[],
        &["definitions/d.cue:4:3: error[cue/syntax]: expected `}`, found `end of file`"],
    );
}

#[test]
fn a_template_without_an_end() {
    for template in [
        "import \"list\"\noutput: spec: components: [for i in list.Range(0, 1000000000, 1) {name: \"c\\(i)\"}]\n",
        "a: {b: c: a}\noutput: a\n",
    ] {
        let text = format!("-- template.cue --\n{template}");
        let thread = std::thread::Builder::new().stack_size(256 << 20);
        let run = thread.spawn(move || rendered(&text, &[])).unwrap();
        let (stage, lines) = run.join().unwrap();
        assert_eq!(stage, Some(Stage::Application));
        assert_eq!(lines.len(), 1, "{lines:?}");
        let line = lines.first().unwrap();
        assert!(line.starts_with("template.cue:"), "{line}");
        assert!(
            line.contains("cue/limit") || line.contains("cue/structural-cycle"),
            "{line}"
        );
    }
}

#[test]
fn notes_that_are_wrong_fail_nothing() {
    case(
        None,
        "-- NOTES.cue --
notes: 5
",
        &[],
        &["NOTES.cue:1:8: warning[render/notes]: `notes` must be a string, found number"],
    );
}
