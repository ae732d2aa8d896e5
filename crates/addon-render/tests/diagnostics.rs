//! What is said of bad input and of traps: each cause gives one clear diagnostic, at the author's line or the user's argument,
//! and where rendering fails the stage is KubeVela's.
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

#[test]
fn names_that_are_overwritten() {
    case(
        None,
        "-- template.yaml --
apiVersion: core.oam.dev/v1beta1
kind: Application
metadata:
  name: mine
  namespace: here
",
        &[],
        &[
            "template.yaml:4:9: warning[render/overwritten]: the `metadata.name` of the template is `mine`, KubeVela makes it `addon-a`",
            "template.yaml:5:14: warning[render/overwritten]: the `metadata.namespace` of the template is `here`, KubeVela makes it `vela-system`",
        ],
    );
}

#[test]
fn what_is_dropped_or_not_read() {
    case(
        None,
        "-- parameter.cue --
parameter: a: *1 | int
-- resources/parameter.cue --
parameter: b: *1 | int
-- resources/two.yaml --
apiVersion: v1
kind: ConfigMap
---
apiVersion: v1
kind: Secret
-- resources/main.cue --
package main
x: 1
-- resources/nothing.cue --
component: {type: \"raw\"}
-- template.yaml --
apiVersion: core.oam.dev/v1beta1
kind: Application
spec:
  components:
  - name: a
    type: b
    props: {}
",
        &[],
        &[
            "resources/parameter.cue:1:1: warning[render/no-effect]: `resources/parameter.cue` is not read: `parameter.cue` is there, and they are not merged",
            "template.yaml:7:5: warning[render/unknown-field]: `props` is no field of `spec.components[0]` of an Application and is dropped",
            "resources/two.yaml:3:1: warning[render/lost-documents]: `resources/two.yaml` has 2 documents; KubeVela applies the first and loses the others",
            "resources/main.cue:1:1: warning[render/no-effect]: `resources/main.cue` belongs to the package `main` of a `template.cue`, which is not there, so it has no effect",
            "resources/nothing.cue:1:1: warning[render/no-output]: `resources/nothing.cue` has no field `output` and makes no component",
        ],
    );
}

#[test]
fn outputs_that_are_no_objects() {
    case(
        None,
        "-- template.cue --
output: {apiVersion: \"core.oam.dev/v1beta1\", kind: \"Application\", spec: components: []}
outputs: {a: 5, b: {kind: \"X\"}}
",
        &[],
        &[
            "template.cue:2:14: warning[render/outputs]: `outputs.a` is number and no object, KubeVela ignores it",
        ],
    );
}

#[test]
fn a_template_that_sees_no_parameters() {
    case(
        None,
        "-- parameter.cue --
parameter: a: *1 | int
-- template.cue --
package other
output: {apiVersion: \"core.oam.dev/v1beta1\", kind: \"Application\", spec: components: []}
",
        &[],
        &[
            "template.cue:1:1: warning[render/no-effect]: the template is of the package `other` and sees neither `parameter` nor `context`, which are in `main`",
        ],
    );
}

#[test]
fn clusters() {
    let files = "-- metadata.yaml --
name: a
version: 1.0.0
deployTo: {runtimeCluster: true}
-- template.yaml --
apiVersion: core.oam.dev/v1beta1
kind: Application
";
    case(
        Some(Stage::Application),
        files,
        &["clusters={local,nope}"],
        &[
            "argument `clusters`:1:17: error[render/unknown-cluster]: the cluster `nope` is not joined",
        ],
    );
    case(
        None,
        files,
        &["clusters=local"],
        &[
            "argument `clusters`:1:10: warning[render/argument]: the argument `clusters` must be a list of names, found string; KubeVela takes all clusters",
        ],
    );
    case(
        None,
        "-- metadata.yaml --
name: a
version: 1.0.0
deployTo: {runtimeCluster: true}
-- template.yaml --
apiVersion: core.oam.dev/v1beta1
kind: Application
spec: {policies: [{type: topology, name: own}]}
",
        &[],
        &[
            "metadata.yaml:3:28: warning[render/no-effect]: `deployTo` has no effect: the template has the topology policy `own`",
        ],
    );
}
