//! Any text is scanned and parsed without a panic; what parses is formatted, and the formatted text
//! parses and is a fixed point of formatting.

#![no_main]

use cue_syntax::format::Options;
use libfuzzer_sys::fuzz_target;
use source_vocab::SourceMap;

/// The formatted text, when `text` is correct.
fn formatted(text: &str, simplify: bool) -> Option<String> {
    let mut sources = SourceMap::new();
    let file = sources.add("input.cue", text).ok()?;
    let parsed = cue_syntax::parse(&file);
    if parsed.errors.is_empty() {
        return Some(cue_syntax::format(&parsed.file, Options { simplify }));
    }
    // a tree with gaps must still print
    let _ = cue_syntax::format(&parsed.file, Options { simplify });
    None
}

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    for simplify in [false, true] {
        if let Some(once) = formatted(text, simplify) {
            let twice = formatted(&once, simplify);
            assert_eq!(twice.as_deref(), Some(once.as_str()), "not a fixed point");
        }
    }
});
