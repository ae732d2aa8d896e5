//! Programs that nest, on the small stack of a test thread: every one ends in a value or a
//! diagnostic, whatever the depth. A stack that overflows ends the whole test run.
#![expect(clippy::unwrap_used, reason = "a test may fail")]

use cue_engine::{Check, Session, explain, export};

/// What a program exports, or the code of the first error.
fn outcome(text: &str) -> Result<String, String> {
    let mut session = Session::new();
    let package = session.package_of_text("in.cue", text);
    let evaluation = session.evaluate(&package);
    match evaluation.root() {
        Some(root) => export::json(root).map_err(|found| found.first().unwrap().code.to_string()),
        None => Err(evaluation.diagnostics.first().unwrap().code.to_string()),
    }
}

#[test]
fn whatever_nests_ends_in_a_diagnostic() {
    for depth in [50_usize, 400, 1_001, 100_000] {
        for (open, middle, close) in [
            ("[", "", "]"),
            ("{a:", "1", "}"),
            ("(", "1", ")"),
            ("-", "1", ""),
            ("!", "true", ""),
            ("a:", "1", ""),
            ("\"\\(", "1", ")\""),
            ("{if true {a:", "1", "}}"),
            ("[for x in ", "[]", " {x}]"),
            ("1 & (", "1", ")"),
            ("*1 | (", "2", ")"),
            ("1 + (", "1", ")"),
            ("len([", "1", "])"),
            ("matchN(1, [", "1", "])"),
        ] {
            let text = format!("x: {}{middle}{}\n", open.repeat(depth), close.repeat(depth));
            let result = outcome(&text);
            if depth > 1_000 {
                assert_eq!(result, Err("cue/syntax".to_owned()), "{depth} times {open}");
            }
        }
        for (head, link) in [("x: {x}", ".x"), ("x: [x]", "[0]")] {
            let text = format!("{head}\ny: x{}\n", link.repeat(depth));
            outcome(&text).unwrap_err();
        }
        for operator in ["&", "|", "+", "*", "&&"] {
            let operand = if operator == "&&" { "true" } else { "1" };
            let text = format!(
                "x: {}{operand}\n",
                format!("{operand} {operator} ").repeat(depth)
            );
            let result = outcome(&text);
            assert_eq!(result.is_ok(), depth < 2_500, "{depth} times {operator}");
        }
    }
}

/// `count` links, and what the last of them refers to.
fn chain(count: usize, link: &dyn Fn(usize) -> String, end: &str) -> String {
    let mut lines: Vec<String> = (0..count).map(link).collect();
    lines.push(format!("a{count}: {end}"));
    lines.join("\n")
}

/// Chains are only as deep as the evaluation makes them; the thread at hand has not the stack.
#[test]
fn long_chains_are_evaluated_on_a_stack_of_their_own() {
    let chain = |link: &dyn Fn(usize) -> String, end: &str| chain(3_000, link, end);
    let sum = chain(&|at| format!("a{at}: a{} + 1", at + 1), "0");
    assert!(outcome(&sum).unwrap().contains("\"a0\": 3000,"));
    let references = chain(&|at| format!("a{at}: a{}", at + 1), "\"end\"");
    assert!(outcome(&references).unwrap().contains("\"a0\": \"end\","));
    // written out, a0 is nested deeper than a value may be
    let structs = chain(&|at| format!("a{at}: {{x: a{}}}", at + 1), "1");
    assert_eq!(outcome(&structs), Err("cue/limit".to_owned()));
}

/// One cause, one report, although every link of the chain is too deep.
#[test]
fn a_chain_that_is_too_long_is_reported_once() {
    let text = chain(60_000, &|at| format!("a{at}: a{} + 1", at + 1), "0");
    let mut session = Session::new();
    let package = session.package_of_text("in.cue", &text);
    let evaluation = session.evaluate(&package);
    let found = explain::findings(evaluation.root().unwrap(), Check::Concrete);
    assert_eq!(found.len(), 1, "{:?}", found.first());
    assert_eq!(found.first().unwrap().code, "cue/limit");
}
