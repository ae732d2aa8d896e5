//! Schemas of values against those of `encoding/openapi` of cue v0.14.1 with `ExpandReferences`.
//!
//! `cases.txt` holds cases of a name, a text and the schema that the reference makes of its field `parameter`.
#![expect(clippy::unwrap_used, reason = "a test fails by a panic")]

use cue_engine::export::openapi::schema_of_field;
use cue_engine::{Session, decode};

const CASES: &str = include_str!("cases.txt");

#[test]
fn schemas_are_those_of_the_reference() {
    std::thread::Builder::new()
        .stack_size(256 << 20)
        .spawn(check)
        .unwrap()
        .join()
        .unwrap();
}

fn check() {
    let mut count = 0;
    for case in CASES.split("-- ").filter(|case| !case.trim().is_empty()) {
        let (name, rest) = case.split_once('\n').unwrap();
        let (text, wanted) = rest.split_once("->\n").unwrap();
        let mut session = Session::new();
        let package = session.package_of_text("case.cue", text);
        let evaluation = session.evaluate(&package);
        let made = schema_of_field(evaluation, "parameter", session.budget());
        count += 1;
        if wanted.trim() == "refused" {
            let found = made.unwrap_err();
            assert!(
                found.iter().all(|found| found.code == "cue/no-schema"),
                "{name}: {found:?}"
            );
            continue;
        }
        let wanted: serde_json::Value = serde_json::from_str(wanted.trim()).unwrap();
        let made = made.unwrap().unwrap();
        assert_eq!(decode::to_json(&made), wanted, "{name}");
    }
    assert!(count > 10);
}

#[test]
fn a_field_that_is_not_there_has_no_schema() {
    let mut session = Session::new();
    let package = session.package_of_text("case.cue", "other: 1\n");
    let evaluation = session.evaluate(&package);
    let made = schema_of_field(evaluation, "parameter", session.budget());
    assert_eq!(made, Ok(None));
}

#[test]
fn a_value_that_contains_itself_is_refused() {
    let mut session = Session::new();
    let text = "parameter: #T\n#T: {name: string, children: [...#T]}\n";
    let package = session.package_of_text("case.cue", text);
    let evaluation = session.evaluate(&package);
    let found = schema_of_field(evaluation, "parameter", session.budget()).unwrap_err();
    assert_eq!(found.len(), 1);
    assert!(found[0].message.contains("contains itself"), "{found:?}");
}

#[test]
fn deep_structs_take_time_linear_in_their_depth() {
    let depth = 60;
    let text = format!(
        "parameter: {}int{}\n",
        "{a: ".repeat(depth),
        "}".repeat(depth)
    );
    let mut session = Session::new();
    let package = session.package_of_text("case.cue", &text);
    let evaluation = session.evaluate(&package);
    let made = schema_of_field(evaluation, "parameter", session.budget());
    let made = decode::to_json(&made.unwrap().unwrap()).to_string();
    assert_eq!(made.matches("\"properties\"").count(), depth);
}
