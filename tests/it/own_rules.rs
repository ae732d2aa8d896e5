//! Rules of an organisation: `check --rules`.

use crate::run::Scratch;

const RULES: &str = r#"package rules

ORG01: {
	title:    "every ConfigMap says who owns it"
	severity: "error"
	help:     "write a team"
	on:       "object"
	when: kind: "ConfigMap"
	must: metadata: labels: {
		owner: =~"^team-"
		tier:  string
	}
}
"#;

const TEMPLATE: &str = r#"package main

output: {
	apiVersion: "core.oam.dev/v1beta1"
	kind:       "Application"
	spec: components: [{
		name: "x"
		type: "k8s-objects"
		properties: objects: [{
			apiVersion: "v1"
			kind:       "ConfigMap"
			metadata: name: "x"
			metadata: labels: owner: "nobody"
		}, {
			apiVersion: "v1"
			kind:       "Secret"
			metadata: name: "y"
		}]
	}]
}
"#;

fn sample(rules: &str) -> Scratch {
    let here = Scratch::new();
    here.write(
        "a/metadata.yaml",
        "name: a\nversion: 1.0.0\ndescription: x\n",
    )
    .write("a/README.md", "# x\n")
    .write("a/template.cue", TEMPLATE)
    .write("rules.cue", rules);
    here
}

const CONCISE: [&str; 6] = ["check", "a", "--rules", "rules.cue", "--format", "concise"];

#[test]
fn what_does_not_fit_and_what_is_missing_is_told_at_its_line() {
    let here = sample(RULES);
    let run = here.run(&[&CONCISE[..], &["--select", "ORG01"]].concat());
    let run = run.exits(1);
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert_eq!(lines.len(), 2, "{}", run.stdout);
    assert!(run.stdout.contains("template.cue:13:"), "{}", run.stdout);
    assert!(run.stdout.contains("`metadata.labels.tier` is missing"));
    assert!(run.stdout.contains("`metadata.labels.owner` does not fit"));
    here.run(&["check", "a", "--select", "ORG01"]).exits(2);
    let run = here.run(&[&CONCISE[..], &["--ignore", "ORG"]].concat());
    assert!(!run.stdout.contains("ORG01"), "{}", run.stdout);
}

#[test]
fn a_rule_that_changes_is_asked_again_and_an_ignore_takes_it_back() {
    let here = sample(RULES);
    here.run(&CONCISE).exits(1);
    here.write(
        "rules.cue",
        RULES.replace("ConfigMap\"\n\tmust", "Pod\"\n\tmust"),
    );
    let run = here.run(&CONCISE);
    assert!(!run.stdout.contains("ORG01"), "{}", run.stdout);
    here.write("rules.cue", RULES);
    let mark = "\t// addon-pack:ignore ORG01 it is a sample\n\t\t\tmetadata: labels: owner";
    here.write(
        "a/template.cue",
        TEMPLATE.replace("metadata: labels: owner", mark),
    );
    let run = here.run(&CONCISE);
    assert!(!run.stdout.contains("ORG01"), "{}", run.stdout);
    assert!(!run.stdout.contains("IGN"), "{}", run.stdout);
}

#[test]
fn a_wrong_rule_ends_the_run_at_its_place() {
    for (from, to, told) in [
        ("ORG01", "ORG1", "is no id of a rule"),
        ("ORG01", "META01", "the family `META`"),
        ("\"object\"", "\"thing\"", "is expected to be one of"),
        ("help:", "hint:", "a rule has no `hint`"),
    ] {
        let run = sample(&RULES.replace(from, to)).run(&CONCISE).exits(2);
        assert!(run.stderr.contains(told), "{}", run.stderr);
        assert!(run.stderr.contains("rules.cue:"), "{}", run.stderr);
    }
}

#[test]
fn a_rule_is_explained_and_stands_in_the_log() {
    let here = sample(RULES);
    let run = here
        .run(&["explain", "ORG01", "--rules", "rules.cue"])
        .exits(0);
    assert!(
        run.stdout.starts_with("ORG01: every ConfigMap"),
        "{}",
        run.stdout
    );
    let arguments = ["check", "a", "--rules", "rules.cue", "--format", "sarif"];
    let run = here.run(&arguments).exits(1);
    assert!(run.stdout.contains("\"id\": \"ORG01\""), "{}", run.stdout);
}
