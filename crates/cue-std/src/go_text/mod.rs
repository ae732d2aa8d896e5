//! Text as Go's `fmt` and `strconv` write it.
//!
//! Several packages promise the texts of Go: `strconv` by name, `text/template` through `printf`,
//! `encoding/toml` through its numbers. This module has the rules once: [`float`] and
//! [`number`] for numbers, [`quote`] for literals, [`value`] for what a Go program would hold, [`printf`] for verbs.
//!
//! A Go string is bytes that are *usually* UTF-8, so texts under work are bytes here; a byte that
//! belongs to no character counts as one character, and leaves as U+FFFD through [`into_text`].

pub(crate) mod float;
pub(crate) mod number;
pub(crate) mod printf;
pub(crate) mod quote;
pub(crate) mod value;

use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory};

/// The first character of `bytes` and its length; a stray byte is no character of length one.
pub(crate) fn first_char(bytes: &[u8]) -> Option<(Option<char>, usize)> {
    let lead = *bytes.first()?;
    let length = match lead {
        0..=0x7f => return Some((Some(char::from(lead)), 1)),
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => return Some((None, 1)),
    };
    let found = bytes
        .get(..length)
        .and_then(|bytes| std::str::from_utf8(bytes).ok())
        .and_then(|text| text.chars().next());
    Some(match found {
        Some(c) => (Some(c), length),
        None => (None, 1),
    })
}

/// The characters of `bytes`, each with its length; `None` for a stray byte.
pub(crate) fn chars(bytes: &[u8]) -> impl Iterator<Item = (Option<char>, usize)> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let (c, length) = first_char(rest)?;
        rest = rest.get(length..).unwrap_or_default();
        Some((c, length))
    })
}

/// The number of characters, stray bytes counted one by one.
pub(crate) fn char_count(bytes: &[u8]) -> usize {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.chars().count(),
        Err(_) => chars(bytes).count(),
    }
}

/// UTF-8 from bytes: each stray byte becomes U+FFFD.
pub(crate) fn into_text(bytes: Vec<u8>) -> String {
    match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => chars(error.as_bytes())
            .map(|(c, _)| c.unwrap_or(char::REPLACEMENT_CHARACTER))
            .collect(),
    }
}

/// Appends one character.
pub(crate) fn push_char(out: &mut Vec<u8>, c: char) {
    out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
}

/// Go's `unicode.IsPrint`: letters, marks, numbers, punctuation, symbols and the blank.
pub(crate) fn is_print(c: char) -> bool {
    if c.is_ascii() {
        return !c.is_ascii_control();
    }
    !matches!(
        c.general_category_group(),
        GeneralCategoryGroup::Other | GeneralCategoryGroup::Separator
    )
}

/// Go's `unicode.IsGraphic`: what [`is_print`] has and the spaces of all scripts.
pub(crate) fn is_graphic(c: char) -> bool {
    is_print(c)
        || matches!(
            c,
            '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stray_bytes_count_one_by_one() {
        assert_eq!(char_count(b"a\xe2\x82"), 3);
        assert_eq!(into_text(b"a\xe2\x82b".to_vec()), "a\u{fffd}\u{fffd}b");
        assert_eq!(first_char("\u{e9}x".as_bytes()), Some((Some('\u{e9}'), 2)));
        assert_eq!(first_char(b""), None);
    }

    #[test]
    fn printable_is_what_has_a_glyph() {
        assert!(is_print(' ') && is_print('\u{e9}') && is_print('\u{fffd}'));
        assert!(!is_print('\n') && !is_print('\u{a0}') && !is_print('\u{200b}'));
        assert!(is_graphic('\u{a0}') && !is_graphic('\u{2028}'));
    }
}
