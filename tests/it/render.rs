//! `addon-pack render`.

use crate::run::Scratch;

const METADATA: &str = "name: hello\nversion: 1.0.0\ndescription: a\ndependencies: [{name: base, version: '>=2.0.0'}]\n";
const PARAMETER: &str =
    "parameter: {\n\twho: *\"world\" | string\n\tcount?: int\n\tneed: *1 | int\n}\n";
const RESOURCE: &str =
    "output: {\n\ttype: \"raw\"\n\tproperties: text: \"hello \\(parameter.who)\"\n}\n";
const VIEW: &str = "status: 1\n";

fn addon() -> Scratch {
    let here = Scratch::new();
    here.write("hello/metadata.yaml", METADATA)
        .write("hello/parameter.cue", PARAMETER)
        .write("hello/resources/greeting.cue", RESOURCE)
        .write("hello/views/v.cue", VIEW)
        .write("hello/README.md", "# Hello\n")
        .write("hello/NOTES.cue", "notes: \"for \\(parameter.who)\"\n");
    here
}

const APPLICATION: &str = "\
apiVersion: core.oam.dev/v1beta1
kind: Application
metadata:
  creationTimestamp: null
  labels:
    addons.oam.dev/name: hello
    addons.oam.dev/registry: local
    addons.oam.dev/version: 1.0.0
  name: addon-hello
  namespace: vela-system
spec:
  components:
  - name: greeting
    properties:
      text: hello you
    type: raw
status: {}

";

const AUXILIARY: &str = "\
---
apiVersion: v1
data:
  template: |
    status: 1
kind: ConfigMap
metadata:
  creationTimestamp: null
  name: v
  namespace: vela-system

";

#[test]
fn the_documents_are_those_of_a_dry_run() {
    let here = addon();
    let run = here.run(&["render", "hello", "who=you"]).exits(0);
    assert_eq!(run.stdout, format!("{APPLICATION}{AUXILIARY}"));
    for (part, text) in [
        ("app", APPLICATION),
        ("aux", AUXILIARY),
        ("definitions", ""),
        ("notes", "for you\n"),
    ] {
        let run = here.run(&["render", "hello", "--set", "who=you", "--only", part]);
        assert_eq!(run.exits(0).stdout, text, "{part}");
    }
    let run = here.run(&["render", "hello", "who=you", "--only", "secret"]);
    let secret = run.exits(0).stdout;
    assert!(secret.contains("name: addon-secret-hello"), "{secret}");
    assert!(
        secret.contains("addonParameterDataKey: eyJ3aG8iOiJ5b3UifQ=="),
        "{secret}"
    );
}

#[test]
fn arguments_come_from_files_and_words() {
    let here = addon();
    here.write("args.yaml", "who: file\ncount: 1\n");
    let run = here.run(&["render", "hello", "-f", "args.yaml"]).exits(0);
    assert!(run.stdout.contains("text: hello file"), "{}", run.stdout);
    let run = here.run(&["render", "hello", "-f", "args.yaml", "who=word"]);
    assert!(run.exits(0).stdout.contains("text: hello word"));
    let run = here.run(&["render", "hello", "who"]).exits(2);
    assert!(run.stderr.contains("`who` has no value"), "{}", run.stderr);
}

#[test]
fn a_misspelt_argument_is_a_warning() {
    let here = addon();
    let run = here.run(&["render", "hello", "whom=you"]).exits(0);
    assert!(run.stderr.contains("did you mean `who`?"), "{}", run.stderr);
}

#[test]
fn an_argument_of_the_wrong_type_shows_both_places() {
    let here = addon();
    let run = here.run(&["render", "hello", "who=5"]).exits(1);
    assert_eq!(run.stdout, "");
    assert!(run.stderr.contains("argument `who`:1:5"), "{}", run.stderr);
    let said = "vela fails with: render addon application fail: fail to render cue template error rendering file greeting.cue";
    assert!(run.stderr.contains(said), "{}", run.stderr);
}

#[test]
fn facts_are_stated() {
    let here = addon();
    let run = here
        .run(&["render", "hello", "--installed", "other"])
        .exits(1);
    let said = "you must first enable dependencies: [base]";
    assert!(run.stderr.contains(said), "{}", run.stderr);
    let run = here
        .run(&["render", "hello", "--installed", "base@1.0.0"])
        .exits(1);
    assert!(
        run.stderr
            .contains("must be of version `>=2.0.0`, `1.0.0` is installed"),
        "{}",
        run.stderr
    );
    here.write("facts.yaml", "installed: [base@2.1.0]\n");
    here.run(&["render", "hello", "--facts", "facts.yaml"])
        .exits(0);
}

#[test]
fn an_archive_is_rendered_as_its_directory() {
    let here = addon();
    here.write(
        "hello/template.yaml",
        "apiVersion: core.oam.dev/v1beta1\nkind: Application\n",
    );
    here.run(&["build", "hello", "-d", "dist", "--no-verify"])
        .exits(0);
    let wanted = here.run(&["render", "hello"]).exits(0).stdout;
    let made = here
        .run(&["render", "dist/hello-1.0.0.tgz"])
        .exits(0)
        .stdout;
    assert_eq!(made, wanted);
    let made = here.run(&["render", "dist#hello@1.0.0"]).exits(0).stdout;
    assert_eq!(made, wanted);
    let made = here.run(&["render", "dist"]).exits(0).stdout;
    assert_eq!(made, wanted);
}

#[test]
fn a_directory_of_files_appears_at_once() {
    let here = addon();
    here.run(&["render", "hello", "-o", "dir", "-d", "out"])
        .exits(0);
    assert_eq!(
        here.list("out"),
        ["application.yaml", "auxiliary", "notes.txt"]
    );
    assert_eq!(here.list("out/auxiliary"), ["001-configmap-v.yaml"]);
    here.run(&["render", "hello", "-o", "dir", "-d", "out"])
        .exits(5);
}

#[test]
fn json_is_one_object() {
    let here = addon();
    let run = here.run(&["render", "hello", "-o", "json"]).exits(0);
    let made: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(made["application"]["metadata"]["name"], "addon-hello");
    assert_eq!(made["auxiliary"][0]["source"], "views/v.cue");
    assert_eq!(made["notes"], "for world");
}

#[test]
fn build_refuses_what_cannot_be_rendered() {
    let here = addon();
    here.write(
        "hello/template.yaml",
        "apiVersion: core.oam.dev/v1beta1\nkind: Application\n",
    );
    here.run(&["build", "hello", "-d", "good"]).exits(0);
    here.write("hello/resources/bad.cue", "output: {type: 5}\n");
    let run = here.run(&["build", "hello", "-d", "dist"]).exits(1);
    assert!(
        run.stderr.contains("hello/resources/bad.cue:1:16"),
        "{}",
        run.stderr
    );
    assert!(here.list("dist").is_empty());
    let run = here.run(&["build", "hello", "-d", "dist", "--no-verify"]);
    let run = run.exits(0);
    assert!(run.stderr.contains("--no-verify skips"), "{}", run.stderr);
}

#[test]
fn required_parameters_want_a_case() {
    let here = addon();
    here.write(
        "hello/template.yaml",
        "apiVersion: core.oam.dev/v1beta1\nkind: Application\n",
    );
    here.write(
        "hello/metadata.yaml",
        "name: hello\nversion: 1.0.0\ndescription: a\nicon: https://example.org/a.png\nurl: https://example.org\n",
    );
    // how many warnings the summary counts; the rules have some, too
    let warnings = |directory: &str| -> usize {
        let run = here.run(&["build", "hello", "-d", directory]).exits(0);
        let (before, _) = run.stderr.split_once(" warning").unwrap();
        before.rsplit(' ').next().unwrap().parse().unwrap()
    };
    let parameter =
        |value: &str| format!("parameter: {{\n\t// +usage=Whom to greet\n\twho: {value}\n}}\n");
    here.write("hello/parameter.cue", parameter("*\"you\" | string"));
    let first = warnings("first");
    here.write("hello/parameter.cue", parameter("string"));
    here.write("hello/NOTES.cue", "notes: \"\"\n");
    assert_eq!(warnings("second"), first + 1);
    // a case that gives them proves that the addon renders, one that does not is refused
    here.write("hello/examples/minimal.yaml", "who: you\n");
    here.write(
        "hello/examples/app.yaml",
        "apiVersion: core.oam.dev/v1beta1\nkind: Application\n",
    );
    assert_eq!(warnings("third"), first);
    here.write("hello/examples/wrong.yaml", "who: 5\n");
    let run = here.run(&["build", "hello", "-d", "other"]).exits(1);
    assert!(
        run.stderr.contains("hello/examples/wrong.yaml:1:6"),
        "{}",
        run.stderr
    );
    assert!(
        run.stderr.contains("in the case `examples/wrong.yaml`"),
        "{}",
        run.stderr
    );
}

#[test]
fn explain_says_where_a_value_comes_from() {
    let here = addon();
    let explain = |arguments: &[&str]| {
        let all: Vec<&str> = ["explain", "hello"]
            .iter()
            .chain(arguments)
            .copied()
            .collect();
        here.run(&all)
    };
    let path = "spec.components[0].properties.text";
    let run = explain(&[path, "who=you"]).exits(0);
    assert_eq!(
        run.stdout,
        format!("{path}: \"hello you\"\n  hello/resources/greeting.cue:3:20  written here\n")
    );
    let label = "metadata.labels[\"addons.oam.dev/version\"]";
    let run = explain(&[label]).exits(0);
    assert_eq!(
        run.stdout,
        format!("{label}: \"1.0.0\"\n  hello/metadata.yaml:2:10  from metadata.yaml\n")
    );
    let run = explain(&["spec.components[0].name"]).exits(0);
    assert!(
        run.stdout
            .ends_with("hello/resources/greeting.cue  made from this file\n"),
        "{}",
        run.stdout
    );
    let run = explain(&["spec.component"]).exits(2);
    assert!(
        run.stderr.contains("there is `components`"),
        "{}",
        run.stderr
    );
    let run = explain(&["aux[0].data.template"]).exits(0);
    assert!(
        run.stdout.contains("hello/views/v.cue:1:1"),
        "{}",
        run.stdout
    );
}
