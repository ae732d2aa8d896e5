//! Tables written by the Go libraries: `tests/golden/*.jsonl` hold, a line each, an input and what
//! sigs.k8s.io/yaml v1.4.0 (`JSONToYAML`, `YAMLToJSON`, `YAMLToJSONStrict`) and gopkg.in/yaml.v3
//! v3.0.1 (a node tree set up as cue v0.14.1 does it, indent 2) make of it. A line without
//! `out` is an input that Go refuses.
#![expect(clippy::unwrap_used, reason = "a test fails where its table is broken")]

use goyaml::{Strictness, Value};

struct Line {
    input: serde_json::Value,
    output: Option<String>,
}

fn lines(table: &str) -> Vec<Line> {
    table
        .lines()
        .map(|line| {
            let line: serde_json::Value = serde_json::from_str(line).unwrap();
            Line {
                input: line["in"].clone(),
                output: line.get("out").map(|out| out.as_str().unwrap().to_owned()),
            }
        })
        .collect()
}

fn emit(table: &str, to_text: impl Fn(&Value) -> String) {
    let mut count = 0;
    for line in lines(table) {
        let text = to_text(&Value::from(&line.input));
        assert_eq!(text, line.output.unwrap(), "of {}", line.input);
        count += 1;
    }
    assert!(count > 300, "only {count} lines");
}

#[test]
fn kubernetes_values_are_written_as_go_writes_them() {
    emit(
        include_str!("golden/emit_kubernetes.jsonl"),
        goyaml::to_string,
    );
}

#[test]
fn cue_values_are_written_as_go_writes_them() {
    emit(include_str!("golden/emit_cue.jsonl"), |value| {
        goyaml::emit_cue::to_string(&goyaml::emit_cue::Item::from(value))
    });
}

/// Texts on which we differ from Go, with the reason.
const DIFFERENT: &[(&str, &str)] = &[
    (
        "{\"a\": \"b\\/c\"}\n",
        "the event parser follows YAML 1.2, where `\\/` is an escape",
    ),
    (
        "a: [-, 1]\n",
        "the event parser wants quotes around a lone `-` in brackets",
    ),
    (
        "a: x\u{2028}y\n",
        "a line break in YAML 1.1, a character in 1.2",
    ),
    (
        "a: x\u{85}y\n",
        "a line break in YAML 1.1, a character in 1.2",
    ),
    (
        "\"a\" \"b\"\n",
        "Go stops reading after the first value and never sees the second",
    ),
];

fn read(table: &str, strictness: Strictness) {
    let (mut count, mut failures) = (0, Vec::new());
    for line in lines(table) {
        let text = line.input.as_str().unwrap();
        let found = goyaml::read_tree(text.as_bytes(), 1, strictness);
        let ours = found
            .as_ref()
            .ok()
            .map(|tree| serde_json::Value::from(&tree.to_value()));
        let theirs = line.output.map(|out| serde_json::from_str(&out).unwrap());
        let known = DIFFERENT.iter().any(|(input, _)| *input == text);
        if (ours == theirs) == known {
            failures.push(format!("{text:?}: {theirs:?} is wanted, got {found:?}"));
        }
        count += 1;
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(count > 80, "only {count} lines");
}

#[test]
fn texts_are_read_as_go_reads_them() {
    read(
        include_str!("golden/read_kubernetes.jsonl"),
        Strictness::Lenient,
    );
}

#[test]
fn strict_reading_refuses_what_go_refuses() {
    read(include_str!("golden/read_strict.jsonl"), Strictness::Strict);
}

#[test]
fn characters_that_go_loses_are_escaped() {
    for (text, written) in [
        ("a\u{85}b", "\"a\\Nb\"\n"),
        ("a\u{7f}b", "\"a\\x7Fb\"\n"),
        ("a\u{9b}b", "\"a\\x9Bb\"\n"),
    ] {
        assert_eq!(goyaml::to_string(&Value::from(text)), written);
    }
}
