//! `addon-pack fmt`.

use crate::run::Scratch;
use serde_json::Value;
use std::io::Write as _;
use std::process::Stdio;

const METADATA: &str =
    "# of the version\nversion: 1.0.0   \nname: a\ntags:\n  - x\n\n\n\ndescription: An addon.";
const TIDY: &str =
    "name: a\n# of the version\nversion: 1.0.0\n\ndescription: An addon.\ntags:\n- x\n";
const CUE: &str = "parameter:{a:1,\n  b : 2}\n";
const TIDY_CUE: &str = "parameter: {a: 1\n\tb: 2\n}\n";

fn addon() -> Scratch {
    let here = Scratch::new();
    here.write("a/metadata.yaml", METADATA)
        .write("a/parameter.cue", CUE)
        .write(
            "a/resources/x.yaml",
            "kind:   Pod  \ntext: |\n  keep  \n\n\n",
        )
        .write("a/README.md", "x  \n")
        .write("a/chart/Chart.yaml", "name: c  \n")
        .write("a/chart/templates/x.yaml", "{{ if .x }}\n")
        .write("a/.hidden.cue", CUE)
        .write("a/cue.mod/x.cue", CUE);
    here
}

#[test]
fn all_files_of_an_addon_are_formatted_and_then_stay() {
    let here = addon();
    let run = here.run(&["fmt", "--check", "a"]).exits(1);
    assert_eq!(
        run.stdout,
        "a/metadata.yaml\na/parameter.cue\na/resources/x.yaml\n"
    );
    assert_eq!(here.read("a/metadata.yaml"), METADATA);
    let run = here.run(&["fmt", "a"]).exits(0);
    assert!(run.stderr.contains("3 files: 3 changed"), "{}", run.stderr);
    assert_eq!(here.read("a/metadata.yaml"), TIDY);
    assert_eq!(here.read("a/parameter.cue"), TIDY_CUE);
    assert_eq!(
        here.read("a/resources/x.yaml"),
        "kind:   Pod\ntext: |\n  keep  \n"
    );
    for (file, text) in [
        ("a/README.md", "x  \n"),
        ("a/chart/Chart.yaml", "name: c  \n"),
        ("a/.hidden.cue", CUE),
        ("a/cue.mod/x.cue", CUE),
    ] {
        assert_eq!(here.read(file), text, "{file}");
    }
    let run = here.run(&["fmt", "--check", "a"]).exits(0);
    assert_eq!(run.stdout, "");
    let run = here.run(&["fmt", "a"]).exits(0);
    assert!(run.stderr.contains(": 0 changed"), "{}", run.stderr);
}

#[test]
fn what_differs_is_shown() {
    let here = addon();
    let run = here.run(&["fmt", "--diff", "a/parameter.cue"]).exits(0);
    assert!(
        run.stdout.contains("-parameter:{a:1,\n") && run.stdout.contains("+parameter: {a: 1\n"),
        "{}",
        run.stdout
    );
    here.run(&["fmt", "--diff", "--check", "a/parameter.cue"])
        .exits(1);
    assert_eq!(here.read("a/parameter.cue"), CUE);
}

#[test]
fn what_does_not_parse_is_told_at_its_place_and_the_rest_formatted() {
    let here = addon();
    here.write("a/resources/bad.cue", "x: {\n")
        .write("a/views/bad.yaml", "a: 1\nb: [\n")
        .write("a/views/binary.yaml", b"\xff\xfe\x00");
    let run = here.run(&["fmt", "a"]).exits(3);
    assert!(
        run.stderr.contains("a/resources/bad.cue:") && run.stderr.contains("a/views/bad.yaml:"),
        "{}",
        run.stderr
    );
    assert!(
        run.stderr
            .contains("warning[fmt/left]: `a/views/binary.yaml` is not UTF-8"),
        "{}",
        run.stderr
    );
    assert_eq!(here.read("a/metadata.yaml"), TIDY);
    assert_eq!(here.read("a/resources/bad.cue"), "x: {\n");
    assert_eq!(here.read("a/views/bad.yaml"), "a: 1\nb: [\n");
    here.run(&["fmt", "nowhere"]).exits(3);
    here.run(&["fmt", "a/README.md"]).exits(2);
}

#[test]
fn stdin_has_the_name_that_is_given() {
    let format = |arguments: &[&str], text: &[u8]| {
        let here = Scratch::new();
        let mut command = here.command();
        let mut child = command
            .args(["fmt", "-"])
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(text).unwrap();
        let output = child.wait_with_output().unwrap();
        (
            output.status.code().unwrap(),
            String::from_utf8(output.stdout).unwrap(),
        )
    };
    assert_eq!(format(&[], CUE.as_bytes()), (0, TIDY_CUE.to_owned()));
    assert_eq!(
        format(&["--as", "metadata.yaml"], METADATA.as_bytes()),
        (0, TIDY.to_owned())
    );
    assert_eq!(
        format(&["--as", "x.yaml"], b"a: 1  "),
        (0, "a: 1\n".to_owned())
    );
    assert_eq!(
        format(&["--check"], CUE.as_bytes()),
        (1, "stdin\n".to_owned())
    );
    assert_eq!(format(&[], b"a: {"), (3, String::new()));
    assert_eq!(format(&["--as", "x.md"], b"a"), (2, String::new()));
}

#[test]
fn copies_are_formatted_at_their_source() {
    let here = Scratch::new();
    here.write(
        "addon-pack.yaml",
        "members: [addon/*]   \nshared:\n  x: {source: shared/x.cue, target: resources/x.cue}\n",
    )
    .write("shared/x.cue", "x:{y:1}\n")
    .write(
        "addon/a/metadata.yaml",
        "name: a\nversion: 1.0.0\nannotations:\n  addon-pack.dev/shared: x\n",
    );
    here.run(&["assemble"]).exits(0);
    let run = here.run(&["fmt", "--check", "."]).exits(1);
    assert_eq!(run.stdout, "addon-pack.yaml\nshared/x.cue\n");
    here.run(&["fmt"]).exits(0);
    assert_eq!(here.read("shared/x.cue"), "x: {y: 1}\n");
    here.run(&["assemble", "--check"]).exits(1);
    here.run(&["assemble"]).exits(0);
    here.run(&["fmt", "--check"]).exits(0);
    here.run(&["assemble", "--check"]).exits(0);
}

#[test]
fn what_init_makes_is_formatted() {
    let here = Scratch::new();
    here.run(&[
        "init",
        "fresh",
        "--helm-repo",
        "https://example.com",
        "--chart",
        "c",
        "--chart-version",
        "1.0.0",
        "--components",
        "web",
        "--url",
        "https://example.com/x.yaml",
    ])
    .exits(0);
    let run = here.run(&["fmt", "--check", "fresh"]).exits(0);
    assert_eq!(run.stdout, "");
}

#[cfg(unix)]
#[test]
fn a_link_is_not_written_through() {
    let here = addon();
    here.write("outside.cue", CUE);
    std::os::unix::fs::symlink(here.join("outside.cue"), here.join("a/link.cue")).unwrap();
    here.run(&["fmt", "a"]).exits(0);
    assert_eq!(here.read("outside.cue"), CUE);
}

/// Every file of every addon of the corpus means the same as before, and is formatted once and for all.
#[test]
fn addons_of_the_catalogue_keep_their_meaning() {
    let test = "fmt::addons_of_the_catalogue_keep_their_meaning";
    let Some(corpus) = testkit::conformance_or_skip(test, "addons") else {
        return;
    };
    let here = Scratch::new();
    here.copy(&corpus.join("inputs/addons"), "addon");
    // config templates and views are in their objects as they are written, so these may look another way
    let render = |name: &str| -> Value {
        let run = here.run(&["render", &format!("addon/{name}"), "-q", "-o", "json"]);
        let mut value: Value = serde_json::from_str(&run.stdout).unwrap_or_default();
        if let Some(auxiliary) = value["auxiliary"].as_array_mut() {
            auxiliary
                .retain(|object| object["role"] != "config-template" && object["role"] != "view");
        }
        value
    };
    let before: Vec<(String, Value)> = here
        .list("addon")
        .into_iter()
        .map(|name| {
            let value = render(&name);
            (name, value)
        })
        .collect();
    assert!(before.len() >= 72, "{} addons", before.len());
    let run = here.run(&["fmt", "addon"]).exits(0);
    assert!(!run.stderr.contains("fmt/left"), "{}", run.stderr);
    let run = here.run(&["fmt", "--check", "addon"]).exits(0);
    assert_eq!(run.stdout, "");
    for (name, before) in before {
        assert!(
            before == render(&name),
            "{name} is rendered to something else"
        );
    }
}
