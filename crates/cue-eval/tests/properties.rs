//! Properties of unification, on made-up values.
//!
//! Unification is commutative, associative and idempotent up to the order of fields, and moving the
//! fields of a file about changes nothing but their order.
#![expect(clippy::panic, reason = "a test may fail")]
#![expect(clippy::unwrap_used, reason = "a test may fail")]

use cue_eval::{Budget, FileScope, Instance, SourceFile, eval, lower};
use proptest::prelude::*;
use source_vocab::SourceMap;
use std::sync::Arc;

/// The values of the fields of a program, each sorted by label, in golden form.
fn values(text: &str) -> Vec<(String, String)> {
    let text = text.to_owned();
    std::thread::Builder::new()
        .stack_size(64 << 20)
        .spawn(move || {
            let mut sources = SourceMap::new();
            let source = sources.add("in.cue", text.as_str()).unwrap();
            let parsed = cue_syntax::parse(&source);
            assert!(parsed.errors.is_empty(), "{text}\n{:?}", parsed.errors);
            let instance = Instance {
                path: "_".to_owned(),
                name: String::new(),
                files: vec![SourceFile {
                    file: &parsed.file,
                    name: "in.cue",
                    scope: FileScope::ByPackageClause,
                }],
                imports: Vec::new(),
                unified: Vec::new(),
            };
            let lowered = lower(&[instance], &cue_eval::builtin::NoBuiltins);
            let program = lowered.value.unwrap_or_else(|| panic!("{text}"));
            let graph = eval(&Arc::new(program), Budget::default());
            graph
                .root()
                .arcs()
                .into_iter()
                .map(|field| {
                    let name = graph.labels().text(field.label).into_owned();
                    let dump = cue_eval::dump::dump(field.value);
                    let value: serde_json::Value = serde_json::from_str(&dump).unwrap();
                    (name, sorted(&value).to_string())
                })
                .collect()
        })
        .unwrap()
        .join()
        .unwrap()
}

/// A golden node with the fields of every struct sorted.
fn sorted(value: &serde_json::Value) -> serde_json::Value {
    use serde_json::Value;
    match value {
        Value::Object(object) => Value::Object(
            object
                .iter()
                .map(|(key, inner)| {
                    let mut inner = sorted(inner);
                    if let ("struct" | "fields", Value::Array(fields)) = (key.as_str(), &mut inner)
                    {
                        fields.sort_by_key(|field| field[0].to_string());
                    }
                    (key.clone(), inner)
                })
                .collect(),
        ),
        Value::Array(items) => Value::Array(items.iter().map(sorted).collect()),
        other => other.clone(),
    }
}

fn scalar() -> impl Strategy<Value = String> {
    prop_oneof![
        (0_i32..4).prop_map(|n| n.to_string()),
        Just("\"a\"".to_owned()),
        Just("\"b\"".to_owned()),
        Just("int".to_owned()),
        Just("string".to_owned()),
        Just("number".to_owned()),
        Just(">1".to_owned()),
        Just("<=2".to_owned()),
        Just("_".to_owned()),
        Just("1 | 2".to_owned()),
        Just("*1 | int".to_owned()),
        Just("null".to_owned()),
    ]
}

fn value() -> impl Strategy<Value = String> {
    scalar().prop_recursive(3, 16, 4, |inner| {
        let field = (
            prop::sample::select(vec!["p", "q", "r"]),
            prop::sample::select(vec!["", "", "?"]),
            inner.clone(),
        )
            .prop_map(|(name, mark, value)| format!("{name}{mark}: {value}"));
        prop_oneof![
            prop::collection::vec(field, 0..3)
                .prop_map(|fields| format!("{{{}}}", fields.join(", "))),
            prop::collection::vec(inner, 0..3).prop_map(|items| format!("[{}]", items.join(", "))),
        ]
    })
}

fn same(left: &str, right: &str) {
    let both = values(&format!("x: {left}\ny: {right}"));
    let find = |name: &str| {
        both.iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.clone())
    };
    assert_eq!(find("x"), find("y"), "x: {left}\ny: {right}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn unification_is_commutative(a in value(), b in value()) {
        same(&format!("({a}) & ({b})"), &format!("({b}) & ({a})"));
    }

    #[test]
    fn unification_is_associative(a in value(), b in value(), c in value()) {
        same(&format!("(({a}) & ({b})) & ({c})"), &format!("({a}) & (({b}) & ({c}))"));
    }

    #[test]
    fn unification_is_idempotent(a in value()) {
        same(&format!("({a}) & ({a})"), &a);
    }

    #[test]
    fn moving_fields_changes_their_order_only(
        fields in prop::collection::vec((prop::sample::select(vec!["a", "b", "c", "d"]), value()), 1..5),
        turn in 0_usize..5,
    ) {
        let lines: Vec<String> = fields.iter().map(|(name, value)| format!("{name}: {value}")).collect();
        let mut turned = lines.clone();
        turned.rotate_left(turn % lines.len());
        let mut before = values(&lines.join("\n"));
        let mut after = values(&turned.join("\n"));
        before.sort();
        after.sort();
        prop_assert_eq!(before, after);
    }
}
