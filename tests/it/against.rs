//! `addon-pack check --against`: the rules on two versions.

use crate::diff::{CRD, DEFINITION, PARAMETERS, TEMPLATE, addon};
use crate::run::Scratch;

const RULES: &str = "VER,PAR10";

/// The findings of these rules, a line each, when `file` of the new version has `from` replaced by `to`.
fn found(version: &str, file: &str, text: &str, from: &str, to: &str) -> Vec<String> {
    let here = Scratch::new();
    addon(&here, "old", "1.2.3");
    addon(&here, "new", version);
    here.write(&format!("new/{file}"), text.replace(from, to));
    let run = here.run(&[
        "check",
        "--profile",
        "release",
        "--select",
        RULES,
        "--format",
        "concise",
        "--against",
        "old",
        "new",
    ]);
    run.stdout.lines().map(str::to_owned).collect()
}

fn has(found: &[String], place: &str, rule: &str) {
    let is_it = |line: &String| line.starts_with(place) && line.contains(&format!("[{rule}]: "));
    assert!(found.iter().any(is_it), "{rule} at {place}: {found:#?}");
}

#[test]
fn what_is_the_same_has_no_finding() {
    assert_eq!(
        found("1.2.3", "template.cue", TEMPLATE, "c:1", "c:1"),
        [""; 0]
    );
    assert_eq!(
        found("1.2.4", "template.cue", TEMPLATE, "c:1", "c:2"),
        [""; 0]
    );
    assert_eq!(
        found(
            "2.0.0",
            "parameter.cue",
            PARAMETERS,
            "	gone?:    string\n",
            ""
        ),
        [""; 0]
    );
}

#[test]
fn a_changed_addon_needs_a_higher_version() {
    for version in ["1.2.3", "1.2.2"] {
        let found = found(version, "template.cue", TEMPLATE, "c:1", "c:2");
        assert_eq!(found.len(), 1, "{found:#?}");
        has(&found, "new/metadata.yaml:3:10:", "VER01");
    }
}

#[test]
fn a_breaking_change_needs_a_major_step() {
    let narrowed = found(
        "1.3.0",
        "parameter.cue",
        PARAMETERS,
        "*1 | int",
        "*\"1\" | string",
    );
    has(&narrowed, "new/parameter.cue:3:2:", "PAR10");
    let unserved = found(
        "1.3.0",
        "resources/crd.yaml",
        CRD,
        "v1alpha1, served: true",
        "v1alpha1, served: false",
    );
    has(&unserved, "new/resources/crd.yaml:", "VER03");
    let gone = found(
        "1.3.0",
        "definitions/deploy.cue",
        DEFINITION,
        "deploy:",
        "other:",
    );
    has(&gone, "new/metadata.yaml:3:10:", "VER03");
}

#[test]
fn moves_and_immutable_fields_are_errors_whatever_the_step() {
    let moved = found(
        "2.0.0",
        "template.cue",
        TEMPLATE,
        "name: \"two\"",
        "name: \"three\"",
    );
    has(&moved, "new/template.cue:", "VER05");
    let fixed = found(
        "2.0.0",
        "template.cue",
        TEMPLATE,
        "matchLabels: app: \"web\"",
        "matchLabels: app: \"x\"",
    );
    has(&fixed, "new/template.cue:", "VER06");
}

#[test]
fn a_definition_keeps_its_content_under_its_version() {
    let versioned = DEFINITION.replace(
        "podDisruptive: false",
        "{podDisruptive: false, version: \"1.0.0\"}",
    );
    let here = Scratch::new();
    addon(&here, "old", "1.2.3");
    addon(&here, "new", "1.2.4");
    here.write("old/definitions/deploy.cue", &versioned);
    here.write(
        "new/definitions/deploy.cue",
        versioned.replace("labels: x:", "labels: y:"),
    );
    let run = here
        .run(&[
            "check",
            "--select",
            RULES,
            "--format",
            "concise",
            "--against",
            "old",
            "new",
        ])
        .exits(1);
    assert!(run.stdout.contains("[VER04]"), "{}", run.stdout);
}

#[test]
fn a_published_version_keeps_its_content() {
    let here = Scratch::new();
    here.write(
        "a/metadata.yaml",
        "name: a\nversion: 1.0.0\ndescription: d\n",
    );
    here.write("a/README.md", "# a\n").write(
        "a/template.yaml",
        "apiVersion: core.oam.dev/v1beta1\nkind: Application\nspec: {components: []}\n",
    );
    here.run(&["publish", "a", "--to", "registry"]).exits(0);
    let check = [
        "check",
        "--select",
        RULES,
        "--format",
        "concise",
        "--against",
        "registry",
        "a",
    ];
    let run = here.run(&check).exits(0);
    assert_eq!(run.stdout, "");
    here.write("a/README.md", "# other\n");
    let run = here.run(&check).exits(1);
    assert!(
        run.stdout.starts_with("a/metadata.yaml:2:10: error[VER02]"),
        "{}",
        run.stdout
    );
}
