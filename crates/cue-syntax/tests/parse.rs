//! The parser against the corpus of cue v0.14.1: the same texts accepted, the first error at the same place.

#![expect(clippy::expect_used, reason = "a test may fail")]

use serde_json::Value;
use source_vocab::{Place, SourceMap};
use std::collections::BTreeSet;

/// The place of the first error as `line:column`, or `None` when the text is accepted.
fn verdict(text: &str) -> Option<(usize, usize)> {
    let mut sources = SourceMap::new();
    let file = sources.add("case.cue", text).expect("a small file");
    let parsed = cue_syntax::parse(&file);
    let first = parsed.errors.first()?;
    match &first.primary.place {
        Place::Text(span) => {
            let (_, at) = sources.line_column(*span).expect("a place in the file");
            Some((at.line, at.column))
        }
        _ => Some((0, 0)),
    }
}

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "tests read their corpus from the disk"
)]
fn verdicts_and_places_are_those_of_cue() {
    let Some(dir) = testkit::conformance_or_skip("parse", "cue/parse") else {
        return;
    };
    let cases = std::fs::read_to_string(dir.join("cases.jsonl")).expect("the corpus");
    let mut failed = BTreeSet::new();
    let mut details = Vec::new();
    let mut total = 0;
    for line in cases.lines() {
        let case: Value = serde_json::from_str(line).expect("JSON");
        let (id, text) = (case["id"].as_str().unwrap(), case["src"].as_str().unwrap());
        let want = (case["result"] == "error").then(|| {
            let number = |key: &str| usize::try_from(case[key].as_u64().unwrap()).unwrap();
            (number("line"), number("col"))
        });
        let got = verdict(text);
        total += 1;
        let kind = match (want, got) {
            (None, Some(_)) | (Some(_), None) => "verdict",
            (Some(want), Some(got)) if want != (0, 0) && want != got => "place",
            _ => continue,
        };
        failed.insert(format!("{kind} {id}"));
        details.push(format!(
            "{kind} {id}: want {want:?} got {got:?} {}\n{text}",
            case["msg"]
        ));
    }
    println!("{} of {total} cases differ", failed.len());
    if std::env::var_os("SHOW").is_some() {
        println!("{}", details.join("\n----\n"));
    }
    let list = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/known/parse.txt");
    testkit::ratchet::assert_as_listed(list, &failed);
}

/// On the 2 MiB of stack that a test thread has.
#[test]
fn nesting_and_chains_end_in_a_diagnostic() {
    for (open, close) in [
        ("[", "]"),
        ("{a:", "}"),
        ("(", ")"),
        ("-", ""),
        ("a: ", ""),
        ("\"\\(", ")\""),
    ] {
        let text = format!("x: {}1{}", open.repeat(50_000), close.repeat(50_000));
        let found = verdict(&text);
        assert!(found.is_some(), "{open} is accepted");
    }
    for chain in [".a", "[0]", "()", " & 1"] {
        let text = format!("x: a{}", chain.repeat(50_000));
        assert!(verdict(&text).is_some(), "{chain} is accepted");
    }
    let text = format!("x: {}1", "1 | ".repeat(2_400));
    assert_eq!(verdict(&text), None);
}

#[test]
fn every_prefix_of_a_text_is_read_without_a_panic() {
    let text = r##"@experiment(structcmp)
package a
import ("strings", x "a.b/c:d")
// doc
#A: {a?: int | *1, b!: =~"^a", [X=string]: X, "\(x)-y": 1, (z): 2, ...} @go(A)
let y = [for i, v in x if v > 1 let w = v {w}, ...int]
s: """
	multi \(s)
	"""
b: '\xff' + #"raw \#(x)"#
c: X={d: X.e[1:2](3, "4")."f", if: 1, for?: 2}
if c.d != _|_ {e: !true && -1.5e3 <= 0x1F}
"##;
    for at in (0..=text.len()).filter(|at| text.is_char_boundary(*at)) {
        verdict(&text[..at]);
        verdict(&text[at..]);
        verdict(&format!(
            "{}{}",
            &text[..at],
            &text[at / 2 + usize::from(!text.is_char_boundary(at / 2))..]
        ));
    }
    assert_eq!(verdict(text), None);
}
