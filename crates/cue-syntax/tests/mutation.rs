//! Damaged texts: truncated, with bytes flipped, and spliced from two files.
//!
//! Every run damages the same texts in the same way (the seed is written here), so a failure comes
//! back until it is mended. Parsing and formatting must neither panic nor hang.

#![expect(clippy::expect_used, reason = "a test may fail")]

use serde_json::Value;
use source_vocab::SourceMap;

/// A small generator of numbers that look random: xorshift with 64 bits.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap_or(0) % bound.max(1)
    }
}

/// Pieces of syntax that hurt when they stand in a wrong place.
const PIECES: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    "\"",
    "'",
    "\"\"\"",
    "'''\n",
    "#",
    "\\(",
    "\\",
    "\n",
    ",",
    ":",
    "...",
    "//",
    "/",
    "@a(",
    "=",
    "?",
    "!",
    "|",
    "&",
    "*",
    "_|_",
    "for",
    "if ",
    "let x=",
    "in ",
    "0x",
    "1_",
    "1e",
    "Ki",
    "\r",
    "\u{feff}",
    "\0",
    "import",
    "package a",
];

fn damage(text: &str, other: &str, numbers: &mut Numbers) -> String {
    let mut bytes = text.as_bytes().to_vec();
    match numbers.below(5) {
        0 => bytes.truncate(numbers.below(bytes.len() + 1)),
        1 => {
            let at = numbers.below(bytes.len() + 1);
            bytes.drain(..at);
        }
        2 => {
            for _ in 0..=numbers.below(4) {
                let at = numbers.below(bytes.len());
                let bit = numbers.below(7);
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= 1 << bit;
                }
            }
        }
        3 => {
            let at = numbers.below(bytes.len() + 1);
            let from = numbers.below(other.len() + 1);
            bytes.truncate(at);
            bytes.extend_from_slice(&other.as_bytes()[from..]);
        }
        _ => {
            for _ in 0..=numbers.below(3) {
                let at = numbers.below(bytes.len() + 1);
                let piece = PIECES[numbers.below(PIECES.len())];
                bytes.splice(at..at, piece.bytes());
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn read_and_print(text: &str) {
    let mut sources = SourceMap::new();
    let file = sources.add("damaged.cue", text).expect("a small file");
    let parsed = cue_syntax::parse(&file);
    for error in &parsed.errors {
        assert!(!error.message.is_empty());
    }
    for simplify in [false, true] {
        let options = cue_syntax::format::Options { simplify };
        let _ = cue_syntax::format(&parsed.file, options);
    }
}

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "tests read their corpus from the disk"
)]
fn damaged_texts_are_read_and_printed_without_a_panic() {
    let Some(dir) = testkit::conformance_or_skip("mutation", "cue/parse") else {
        return;
    };
    let cases = std::fs::read_to_string(dir.join("cases.jsonl")).expect("the corpus");
    let texts: Vec<String> = cases
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("JSON"))
        .filter_map(|case| case["src"].as_str().map(str::to_owned))
        .filter(|text| text.len() < 4_000)
        .collect();
    let rounds: usize = if cfg!(debug_assertions) { 1 } else { 20 };
    let seed = std::env::var("MUTATION_SEED")
        .ok()
        .and_then(|seed| seed.parse().ok())
        .unwrap_or(0x9E37_79B9_7F4A_7C15);
    let mut numbers = Numbers(seed);
    for round in 0..rounds {
        for (index, text) in texts.iter().enumerate() {
            let other = &texts[numbers.below(texts.len())];
            let damaged = damage(text, other, &mut numbers);
            let outcome = std::panic::catch_unwind(|| read_and_print(&damaged));
            assert!(
                outcome.is_ok(),
                "seed {seed}, round {round}, text {index} panics:\n{damaged}"
            );
        }
    }
}
