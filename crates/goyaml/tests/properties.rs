//! What holds for every value and every text.

use goyaml::{Map, Node, NodeKind, Value};
use proptest::prelude::*;

/// Pieces that mean something to YAML, so that texts of them reach odd corners.
const PIECES: &[&str] = &[
    "a",
    "b",
    "word",
    " ",
    "  ",
    "\t",
    "\n",
    "\n\n",
    "\r",
    ":",
    ": ",
    "- ",
    "? ",
    "-",
    "---",
    "...",
    "#",
    " #",
    "'",
    "\"",
    "\\",
    "{",
    "}",
    "[",
    "]",
    ",",
    "&a ",
    "*a",
    "!",
    "!!int ",
    "!!str ",
    "<<: ",
    "|",
    "|-\n",
    ">",
    ">\n",
    "%",
    "@",
    "`",
    "é",
    "漢",
    "😀",
    "\u{a0}",
    "\u{feff}",
    "yes",
    "~",
    "0x1f",
    "1_0",
    "1e3",
    "1.50",
    "12:30",
    "2001-01-01",
    "\u{1}",
    "\u{7f}",
    "null",
    "a: 1\n",
    "- x\n",
    "  b: 2\n",
    "%YAML 1.1\n",
    "\u{85}",
    "\u{2028}",
];

fn text(pieces: std::ops::Range<usize>) -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(PIECES), pieces).prop_map(|pieces| pieces.concat())
}

/// Strings as values: U+2028 and U+2029 are left out, since the emitter writes them as Go does,
/// which only readers of YAML 1.1 take back.
fn string() -> impl Strategy<Value = String> {
    prop_oneof![
        text(0..8).prop_map(|text| text.replace('\u{2028}', "")),
        "[ -~]{0,12}",
        prop::collection::vec("[a-z:#'-]{1,12}", 0..40).prop_map(|words| words.join(" ")),
        prop::collection::vec("[ a-z]{0,12}", 0..6).prop_map(|lines| lines.join("\n")),
    ]
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(|value| Value::Number(value.into())),
        string().prop_map(Value::String),
    ];
    leaf.prop_recursive(4, 40, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::List),
            prop::collection::vec((string(), inner), 0..5)
                .prop_map(|entries| Value::Map(entries.into_iter().collect::<Map>())),
        ]
    })
}

/// Every span lies in the text, on characters, and children lie inside or come from an anchor.
fn check_spans(node: &Node, text: &str) {
    let (lo, hi) = (node.span.lo as usize - 1, node.span.hi as usize - 1);
    assert!(
        lo <= hi && text.get(lo..hi).is_some(),
        "{:?} in {text:?}",
        node.span
    );
    match &node.kind {
        NodeKind::Scalar { .. } => {}
        NodeKind::Sequence { items, .. } => items.iter().for_each(|item| check_spans(item, text)),
        NodeKind::Mapping { entries, .. } => entries.iter().for_each(|(key, value)| {
            check_spans(key, text);
            check_spans(value, text);
        }),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_value_written_and_read_is_the_same(value in value()) {
        let text = goyaml::to_string(&value);
        let again = goyaml::from_slice(text.as_bytes());
        prop_assert_eq!(again.as_ref().ok(), Some(&value), "{}", text);
    }

    #[test]
    fn written_text_ends_in_one_line_feed_and_is_stable(value in value()) {
        let text = goyaml::to_string(&value);
        prop_assert!(text.ends_with('\n'));
        let again = goyaml::from_slice(text.as_bytes()).unwrap();
        prop_assert_eq!(goyaml::to_string(&again), text);
    }

    #[test]
    fn any_text_is_read_or_refused_with_places_inside_it(text in text(0..40)) {
        let stream = goyaml::parse(&text, 1);
        for document in &stream.documents {
            check_spans(&document.root, &text);
            if let Err(error) = goyaml::resolve(&document.root) {
                prop_assert!(error.span.hi as usize <= text.len() + 1);
            }
        }
        if let Some(error) = stream.error {
            prop_assert!(error.span.hi as usize <= text.len() + 1, "{:?}", error);
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = goyaml::from_slice(&bytes);
    }
}

#[test]
fn aliases_cannot_multiply_a_document() {
    // ten levels of ten: ten thousand million leaves
    let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..10 {
        let before = level - 1;
        let list = vec![format!("*a{before}"); 10].join(", ");
        text = format!("{text}a{level}: &a{level} [{list}]\n");
    }
    let error = goyaml::parse(&text, 1).error.unwrap();
    assert_eq!(error.code, "yaml/alias-budget");
}

#[test]
fn long_text_cannot_be_multiplied_by_aliases() {
    let long = "x".repeat(1 << 20);
    let text = format!("a: &a {long}\nb: [{}]\n", vec!["*a"; 100].join(", "));
    let error = goyaml::parse(&text, 1).error.unwrap();
    assert_eq!(error.code, "yaml/alias-budget");
}

#[test]
fn nested_anchors_cannot_multiply_a_document() {
    let mut text = String::from("use: [*x]\n");
    text.insert_str(0, "x: &x 1\nbig: ");
    let big = format!(
        "{}{}{}\n",
        "&a [".repeat(200),
        "word, ".repeat(20_000),
        "]".repeat(200)
    );
    let text = text.replace("big: use", &format!("big: {big}use"));
    let stream = goyaml::parse(&text, 1);
    assert_eq!(
        stream.error.map(|error| error.code),
        Some("yaml/alias-budget")
    );
}

#[test]
fn deep_nesting_is_refused() {
    let stairs = (0..2000).fold(String::new(), |text, depth| {
        text + &" ".repeat(depth) + "a:\n"
    });
    for text in [
        "[".repeat(100_000),
        "{a: ".repeat(100_000),
        "- ".repeat(100_000),
        stairs,
        "? ".repeat(100_000),
        "!".repeat(100_000),
        "&a ".repeat(100_000),
    ] {
        assert!(goyaml::parse(&text, 1).error.is_some());
    }
}

#[test]
fn an_escape_is_a_whole_character() {
    let fails = |text: &str| {
        goyaml::parse(text, 0)
            .error
            .map(|error| (error.code, error.span.lo))
    };
    // both halves of a pair; after an escaped backslash it is text
    assert_eq!(fails(r#"a: "x\ud83d\ude00""#), Some(("yaml/syntax", 5)));
    assert_eq!(fails(r#"a: "\\\uD83D\uDE00""#), Some(("yaml/syntax", 6)));
    for sound in [
        r#"a: "\\ud83d""#,
        r#"a: "\ud7ff\ue000\U0001F600""#,
        r"a: '\ud83d'",
        r"a: \ud83d",
    ] {
        assert_eq!(fails(sound), None, "{sound}");
    }
}
