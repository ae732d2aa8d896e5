//! Patches over bases, each with what KubeVela makes of it.

use super::*;
use cue_engine::Budget;

/// Unifies `base` with `patch` of a text and gives the JSON, or the codes of what is wrong.
fn run(text: &str) -> Result<String, Vec<String>> {
    let text = text.to_owned();
    std::thread::Builder::new()
        .stack_size(Budget::STACK)
        .spawn(move || {
            let mut session = Session::new();
            let package = session.package_of_text("in.cue", &text);
            let evaluation = session.evaluate_with_elements(&package, &[], &[]);
            let root = evaluation.root().unwrap();
            let (base, change) = (root.field("base").unwrap(), root.field("patch").unwrap());
            let codes = |found: Vec<Diagnostic>| {
                found
                    .iter()
                    .map(|found| found.code.to_string())
                    .collect::<Vec<_>>()
            };
            let patched = patch(&session, base, change, Strategy::of(change)).map_err(codes)?;
            let data = cue_engine::export::data(patched.root().unwrap()).map_err(codes)?;
            Ok(cue_engine::export::json_text(&data)
                .split_whitespace()
                .collect::<String>())
        })
        .unwrap()
        .join()
        .unwrap()
}

fn ok(text: &str) -> String {
    run(text).unwrap()
}

#[test]
fn a_patch_adds_and_never_overrides_without_a_strategy() {
    assert_eq!(
        ok("base: {a: 1, n: *1 | int}\npatch: {b: 2, n: 3}"),
        r#"{"a":1,"n":3,"b":2}"#
    );
    assert_eq!(
        run("base: a: 1\npatch: a: 2"),
        Err(vec!["cue/conflicting-values".to_owned()])
    );
}

#[test]
fn lists_meet_by_position_unless_a_key_is_given() {
    assert_eq!(
        ok("base: l: [{a: 1}, {b: 2}]\npatch: l: [{c: 3}, ...]"),
        r#"{"l":[{"a":1,"c":3},{"b":2}]}"#
    );
    assert_eq!(
        ok(
            "base: l: [{name: \"a\", x: 1}, {name: \"b\"}]\npatch: {\n\t// +patchKey=name\n\tl: [{name: \"c\"}, {name: \"a\", y: 2}]\n}"
        ),
        r#"{"l":[{"name":"a","x":1,"y":2},{"name":"b"},{"name":"c"}]}"#
    );
}

#[test]
fn what_a_list_says_about_all_elements_holds_for_those_of_the_base() {
    assert_eq!(
        ok("base: l: [{a: 1}, {a: 2}]\npatch: l: [...{b: *3 | int}]"),
        r#"{"l":[{"a":1,"b":3},{"a":2,"b":3}]}"#
    );
    assert_eq!(
        run("base: l: [{a: 1}]\npatch: l: [...{a: 2}]"),
        Err(vec!["cue/conflicting-values".to_owned()])
    );
}

#[test]
fn a_key_is_inherited_by_what_is_inside() {
    let base = "base: spec: containers: [{name: \"a\", env: [{name: \"X\", value: \"1\"}]}]\n";
    let patch = "// +patchKey=name\npatch: spec: containers: [{name: \"a\", env: [{name: \"Y\", value: \"2\"}]}]";
    assert_eq!(
        ok(&format!("{base}{patch}")),
        r#"{"spec":{"containers":[{"name":"a","env":[{"name":"X","value":"1"},{"name":"Y","value":"2"}]}]}}"#
    );
}

#[test]
fn keys_may_be_paths_and_alternatives() {
    assert_eq!(
        ok(
            "base: l: [{m: n: \"a\"}]\npatch: {\n\t// +patchKey=m.n\n\tl: [{m: n: \"b\"}, {m: n: \"a\", x: 1}]\n}"
        ),
        r#"{"l":[{"m":{"n":"a"},"x":1},{"m":{"n":"b"}}]}"#
    );
    assert_eq!(
        ok(
            "base: l: [{port: 1}]\npatch: {\n\t// +patchKey=name,port\n\tl: [{name: \"x\"}, {port: 1, y: 2}]\n}"
        ),
        r#"{"l":[{"port":1,"y":2},{"name":"x"}]}"#
    );
}

#[test]
fn replace_and_retain_keys_take_the_place_of_the_base() {
    assert_eq!(
        ok("base: l: [1, 2, 3]\npatch: {\n\t// +patchStrategy=replace\n\tl: [4]\n}"),
        r#"{"l":[4]}"#
    );
    assert_eq!(
        ok("base: s: {a: 1, b: 2}\npatch: {\n\t// +patchStrategy=retainKeys\n\ts: {c: 3}\n}"),
        r#"{"s":{"c":3}}"#
    );
    assert_eq!(
        ok(
            "base: l: [{name: \"a\", x: 1}]\npatch: {\n\t// +patchKey=name\n\t// +patchStrategy=retainKeys\n\tl: [{name: \"a\", y: 2}]\n}"
        ),
        r#"{"l":[{"name":"a","y":2}]}"#
    );
}

#[test]
fn json_strategies_stand_on_the_patch_itself() {
    assert_eq!(
        ok(
            "base: {a: 1, b: 2, l: [1]}\n// +patchStrategy=jsonMergePatch\npatch: {a: null, b: 3, l: [2, 3]}"
        ),
        r#"{"b":3,"l":[2,3]}"#
    );
    assert_eq!(
        ok(
            "base: {a: 1, l: [1]}\n// +patchStrategy=jsonPatch\npatch: {operations: [{op: \"add\", path: \"/l/-\", value: 2}, {op: \"remove\", path: \"/a\"}]}"
        ),
        r#"{"l":[1,2]}"#
    );
    // without braces the comment belongs to `operations`, and the patch is unified
    assert_eq!(
        ok("base: a: 1\n// +patchStrategy=jsonPatch\npatch: operations: []"),
        r#"{"a":1,"operations":[]}"#
    );
    assert_eq!(
        run("base: a: 1\n// +patchStrategy=jsonPatch\npatch: {}"),
        Err(vec!["deep/invalid-patch".to_owned()])
    );
}

#[test]
fn names_of_types_and_hidden_fields_do_no_harm() {
    assert_eq!(
        ok("base: {\"string\": 1, kind: string, _h: 1}\npatch: {kind: \"x\", _h: 2}"),
        r#"{"string":1,"kind":"x"}"#
    );
}

#[test]
fn what_still_waits_for_a_value_cannot_be_patched_in() {
    assert_eq!(
        run("base: {}\nname: string\npatch: a: \"x-\\(name)\""),
        Err(vec!["cue/incomplete".to_owned()])
    );
}
