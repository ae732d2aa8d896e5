//! `addon-pack check` and `addon-pack explain`.

use crate::run::Scratch;

const METADATA: &str = "name: a\nversion: v1.0.0\ndescription: a\nicon: https://example.org/a.png\nurl: https://example.org\n";
const TEMPLATE: &str = "apiVersion: core.oam.dev/v1beta1\nkind: Application\nspec: {}\n";

/// An addon whose version has a `v`, which is a warning.
fn addon() -> Scratch {
    let here = Scratch::new();
    here.write("a/metadata.yaml", METADATA)
        .write("a/template.yaml", TEMPLATE)
        .write("a/README.md", "# A\n");
    here
}

#[test]
fn a_warning_is_shown_with_its_place_and_fails_nothing() {
    let here = addon();
    let run = here.run(&["check", "a", "--format", "concise"]).exits(0);
    assert_eq!(
        run.stdout,
        "a/metadata.yaml:2:10: warning[META05]: the version `v1.0.0` begins with `v`\n"
    );
    let run = here.run(&["check", "a"]).exits(0);
    assert!(
        run.stderr.contains("a/metadata.yaml:2:10"),
        "{}",
        run.stderr
    );
}

#[test]
fn an_error_fails_check_and_build_alike() {
    let here = addon();
    here.write("a/resources/b.yaml", "# nothing\n");
    let run = here.run(&["check", "a", "--format", "concise"]).exits(1);
    assert!(
        run.stdout.contains("a/resources/b.yaml:1:1: error[LAY08]"),
        "{}",
        run.stdout
    );
    let run = here.run(&["build", "a"]).exits(1);
    assert!(run.stderr.contains("LAY08"), "{}", run.stderr);
    here.run(&["build", "a", "--no-verify"]).exits(0);
}

#[test]
fn build_and_publish_count_warnings_and_say_who_shows_them() {
    let here = addon();
    for command in ["build", "publish"] {
        let run = here.run(&[command, "a"]).exits(0);
        assert!(run.stderr.contains(": 1 warning\n"), "{}", run.stderr);
        assert!(run.stderr.contains("`addon-pack check`"), "{}", run.stderr);
        assert!(!run.stderr.contains("META05"), "{}", run.stderr);
    }
    here.write("a/metadata.yaml", METADATA.replace("v1", "1"));
    let run = here.run(&["build", "a", "-d", "other"]).exits(0);
    assert!(run.stderr.contains(": no findings\n"), "{}", run.stderr);
    assert!(!run.stderr.contains("help"), "{}", run.stderr);
}

#[test]
fn rules_are_selected_and_ignored() {
    let here = addon();
    let run = here
        .run(&["check", "a", "--format", "concise", "--ignore", "meta05"])
        .exits(0);
    assert_eq!(run.stdout, "");
    let options = [
        "check",
        "a",
        "--format",
        "concise",
        "--select",
        "META14,META13",
    ];
    let run = here.run(&options).exits(0);
    assert_eq!(
        run.stdout,
        "a/metadata.yaml:3:14: info[META14]: the description has only 1 characters\n"
    );
    let run = here.run(&["check", "a", "--select", "META99"]).exits(2);
    assert!(run.stderr.contains("META99"), "{}", run.stderr);
}

#[test]
fn json_has_the_findings_of_each_addon() {
    let run = addon().run(&["check", "a", "--format", "json"]).exits(0);
    let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(report["warnings"], 1);
    assert_eq!(report["addons"][0]["findings"][0]["code"], "META05");
}

#[test]
fn an_addon_without_a_template_is_warned_of_and_not_built() {
    let here = Scratch::new();
    here.write("a/metadata.yaml", METADATA);
    let run = here.run(&["check", "a", "--format", "concise"]).exits(0);
    assert!(run.stdout.contains("warning[LAY02]"), "{}", run.stdout);
    here.run(&["build", "a"]).exits(1);
}

#[test]
fn a_token_is_found_and_never_shown() {
    let here = addon();
    let token = ["ghp", "_Q3ZK7TWB2MXY5LDAbcdefghijklmnopqrstu"].concat();
    here.write("a/resources/s.yaml", format!("kind: Secret\na: {token}\n"));
    for format in ["human", "concise", "json"] {
        let run = here.run(&["check", "a", "--format", format]).exits(1);
        let all = run.stdout + &run.stderr;
        assert!(
            all.contains("SEC04") && all.contains("line 2, column 4"),
            "{all}"
        );
        assert!(!all.contains(&token), "{all}");
    }
}

#[test]
fn explain_shows_the_page_and_the_list() {
    let here = Scratch::new();
    let page = here.run(&["explain", "meta05"]).exits(0).stdout;
    assert!(
        page.starts_with("META05: ") && page.contains("\nBad:"),
        "{page}"
    );
    let list = here.run(&["explain"]).exits(0).stdout;
    assert!(list.contains("SEC04   error "), "{list}");
    here.run(&["explain", "NOPE01"]).exits(2);
}
