//! Small programs with huge values end in a diagnostic that names the limit, and large texts are
//! admitted. The limits are lowered here, so that the tests take no time; that they hold is what counts.
#![expect(clippy::unwrap_used, reason = "a test may fail")]

use cue_engine::{Budget, Check, Session, explain, export};

/// Limits that a test reaches at once.
const SMALL: Budget = Budget {
    steps: 300_000,
    memory: 16 << 20,
    bytes: 1 << 20,
    disjuncts: 2_000,
    ..Budget::DEFAULT
};

/// The codes of what is wrong, and how many steps were taken.
fn codes(text: &str) -> (Vec<String>, u64) {
    let mut session = Session::new().with_budget(SMALL);
    let package = session.package_of_text("in.cue", text);
    let evaluation = session.evaluate(&package);
    let found = explain::findings(evaluation.root().unwrap(), Check::Concrete);
    let codes = found.iter().map(|found| found.code.to_string()).collect();
    (codes, evaluation.graph().unwrap().stats().steps)
}

/// `first`, and sixty lines that each double the one before.
fn doubled(first: &str, line: impl Fn(usize) -> String) -> String {
    let mut lines = vec![first.to_owned()];
    lines.extend((0..60).map(line));
    lines.join("\n")
}

#[test]
fn what_doubles_ends_at_a_limit() {
    let programs = [
        doubled("a0: \"xx\"", |n| format!("a{}: a{n} + a{n}", n + 1)),
        doubled("a0: \"xx\"", |n| {
            format!("a{}: \"\\(a{n})\\(a{n})\"", n + 1)
        }),
        doubled("a0: 'xx'", |n| format!("a{}: '\\(a{n})\\(a{n})'", n + 1)),
        doubled("a0: [1]", |n| {
            format!("a{}: [for x in a{n} {{x}}, for x in a{n} {{x}}]", n + 1)
        }),
        doubled("import \"list\"\na0: [1]", |n| {
            format!("a{}: list.Concat([a{n}, a{n}])", n + 1)
        }),
        doubled("a0: {x: 1}", |n| {
            format!("a{}: {{l: a{n} & {{}}, r: a{n} & {{}}}}", n + 1)
        }),
        doubled("let a60 = 1\nb: a0", |n| {
            format!("let a{n} = {{x: a{0}, y: a{0}}}", n + 1)
        }),
        doubled("b: a0", |n| {
            format!("a{n}: ({{x{n}: 1}} | {{x{n}: 2}}) & a{}", n + 1)
        }) + "\na60: _",
        "m: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]\n".to_owned()
            + "a: [for x in m for y in m for z in m for u in m for v in m for w in m {x}]",
        "import \"strings\"\na: strings.Repeat(\"abc\", 1000000000000)".to_owned(),
        "import \"list\"\na: list.Range(0, 1e12, 1)".to_owned(),
        "import \"list\"\na: list.Repeat([1], 1000000000000)".to_owned(),
    ];
    for text in &programs {
        let (codes, steps) = codes(text);
        assert!(codes.contains(&"cue/limit".to_owned()), "{codes:?}\n{text}");
        // what is under way when the limit is reached may still end
        assert!(steps < 2 * SMALL.steps, "{steps} steps\n{text}");
    }
}

#[test]
fn a_graph_that_shares_is_no_small_tree() {
    let text = doubled("a0: {x: 1}", |n| {
        format!("a{}: {{l: a{n}, r: a{n}}}", n + 1)
    });
    let mut session = Session::new();
    let package = session.package_of_text("in.cue", &text);
    let evaluation = session.evaluate(&package);
    let small = evaluation.lookup("a3").unwrap();
    assert!(export::json(small).is_ok());
    let found = export::json(evaluation.root().unwrap()).unwrap_err();
    assert_eq!(found.first().unwrap().code, "cue/limit");
}

#[test]
fn a_string_of_fifty_mebibytes_is_admitted() {
    let mut text = "{\"a\": \"".to_owned();
    text.extend(std::iter::repeat_n('x', 50 << 20));
    text.push_str("\"}");
    let mut session = Session::new();
    let package = session.package_of_text("in.json", &text);
    let evaluation = session.evaluate(&package);
    let exported = export::json(evaluation.root().unwrap()).unwrap();
    assert!(exported.len() > 50 << 20);
}
