//! Go's string and character literals, written and read.

use super::{chars, is_graphic, is_print, push_char};
use std::fmt::Write as _;

/// Which characters a quoted text keeps as they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keep {
    /// Those that have a glyph.
    Printable,
    /// And the spaces of all scripts.
    Graphic,
    /// Only those of ASCII.
    Ascii,
}

impl Keep {
    fn has(self, c: char) -> bool {
        match self {
            Self::Printable => is_print(c),
            Self::Graphic => is_graphic(c),
            Self::Ascii => c.is_ascii() && is_print(c),
        }
    }
}

/// Writing to a string does not fail.
fn push_format(out: &mut String, arguments: std::fmt::Arguments<'_>) {
    let _ = out.write_fmt(arguments);
}

fn push_escaped(out: &mut String, c: char, quote: char, keep: Keep) {
    match c {
        c if c == quote || c == '\\' => {
            out.push('\\');
            out.push(c);
        }
        c if keep.has(c) => out.push(c),
        '\u{7}' => out.push_str("\\a"),
        '\u{8}' => out.push_str("\\b"),
        '\u{c}' => out.push_str("\\f"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        '\u{b}' => out.push_str("\\v"),
        c if c < ' ' || c == '\u{7f}' => {
            push_format(out, format_args!("\\x{:02x}", u32::from(c)));
        }
        c if u32::from(c) < 0x10000 => push_format(out, format_args!("\\u{:04x}", u32::from(c))),
        c => push_format(out, format_args!("\\U{:08x}", u32::from(c))),
    }
}

/// A double-quoted literal; a stray byte is written by its number.
pub(crate) fn string(text: &[u8], keep: Keep) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    let mut at = 0;
    for (c, length) in chars(text) {
        match c {
            Some(c) => push_escaped(&mut out, c, '"', keep),
            None => push_format(
                &mut out,
                format_args!("\\x{:02x}", text.get(at).copied().unwrap_or_default()),
            ),
        }
        at += length;
    }
    out.push('"');
    out
}

/// A character literal; a number that is no character is shown as U+FFFD.
pub(crate) fn rune(code: i64, keep: Keep) -> String {
    let c = u32::try_from(code).ok().and_then(char::from_u32);
    let mut out = String::from("'");
    push_escaped(
        &mut out,
        c.unwrap_or(char::REPLACEMENT_CHARACTER),
        '\'',
        keep,
    );
    out.push('\'');
    out
}

/// Whether the text fits a back-quoted literal of one line.
pub(crate) fn fits_backquotes(text: &[u8]) -> bool {
    chars(text).all(|(c, _)| {
        c.is_some_and(|c| c == '\t' || (c >= ' ' && c != '\u{7f}' && c != '`' && c != '\u{feff}'))
    })
}

/// Reads a literal: `"..."`, `` `...` `` or `'c'`; `None` when it is not one.
pub(crate) fn read(literal: &str) -> Option<Vec<u8>> {
    let quote = literal.chars().next()?;
    let inner = literal.strip_prefix(quote)?.strip_suffix(quote)?;
    match quote {
        '`' => return (!inner.contains('`')).then(|| inner.replace('\r', "").into_bytes()),
        '"' | '\'' => {}
        _ => return None,
    }
    let mut out = Vec::with_capacity(inner.len());
    let mut rest = inner;
    let mut count = 0;
    while !rest.is_empty() {
        count += 1;
        let (unit, after) = unit(rest, quote)?;
        match unit {
            Unit::Char(c) => push_char(&mut out, c),
            Unit::Byte(byte) => out.push(byte),
        }
        rest = after;
    }
    (quote == '"' || count == 1).then_some(out)
}

/// Reads a character literal; `None` when it is not one.
pub(crate) fn read_rune(literal: &str) -> Option<i64> {
    let inner = literal.strip_prefix('\'')?.strip_suffix('\'')?;
    match unit(inner, '\'')? {
        (Unit::Char(c), "") => Some(i64::from(u32::from(c))),
        (Unit::Byte(byte), "") => Some(i64::from(byte)),
        _ => None,
    }
}

/// What one escape or character of a literal stands for.
enum Unit {
    Char(char),
    Byte(u8),
}

fn unit(text: &str, quote: char) -> Option<(Unit, &str)> {
    let mut chars = text.chars();
    let c = chars.next()?;
    if c == quote || c == '\n' {
        return None;
    }
    if c != '\\' {
        return Some((Unit::Char(c), chars.as_str()));
    }
    let escape = chars.next()?;
    let rest = chars.as_str();
    let numbered = |skip: usize, digits: usize, radix: u32| {
        let (code, after) = text.get(skip..)?.split_at_checked(digits)?;
        let all = code.chars().all(|c| c.is_digit(radix));
        let code = u32::from_str_radix(code, radix).ok().filter(|_| all)?;
        Some((code, after))
    };
    let simple = match escape {
        'a' => '\u{7}',
        'b' => '\u{8}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'v' => '\u{b}',
        '\\' => '\\',
        '\'' | '"' if escape == quote => escape,
        'x' => {
            let (code, after) = numbered(2, 2, 16)?;
            return Some((Unit::Byte(u8::try_from(code).ok()?), after));
        }
        '0'..='7' => {
            let (code, after) = numbered(1, 3, 8)?;
            return Some((Unit::Byte(u8::try_from(code).ok()?), after));
        }
        'u' | 'U' => {
            let (code, after) = numbered(2, if escape == 'u' { 4 } else { 8 }, 16)?;
            return Some((Unit::Char(char::from_u32(code)?), after));
        }
        _ => return None,
    };
    Some((Unit::Char(simple), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writing() {
        let all = "a\"b\\\n\u{1}\u{e9}\u{a0}".as_bytes();
        assert_eq!(
            string(all, Keep::Printable),
            "\"a\\\"b\\\\\\n\\x01\u{e9}\\u00a0\""
        );
        assert_eq!(string("\u{a0}".as_bytes(), Keep::Graphic), "\"\u{a0}\"");
        assert_eq!(
            string("\u{e9}\u{1F600}".as_bytes(), Keep::Ascii),
            "\"\\u00e9\\U0001f600\""
        );
        assert_eq!(string(b"\xff", Keep::Printable), "\"\\xff\"");
        assert_eq!(rune(39, Keep::Printable), "'\\''");
        assert_eq!(rune(-1, Keep::Ascii), "'\\ufffd'");
    }

    #[test]
    fn reading() {
        assert_eq!(
            read(r#""a\x41\101\u00e9""#).unwrap(),
            "aAA\u{e9}".as_bytes()
        );
        assert_eq!(read(r#""\xff""#).unwrap(), b"\xff");
        assert_eq!(read("`a\\n\r`").unwrap(), b"a\\n");
        for wrong in [
            "'ab'",
            "\"a",
            "\"\\'\"",
            "\"\\ud800\"",
            "''",
            "\"\\u12\"",
            "\"",
        ] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
        assert_eq!(read_rune("'\\n'"), Some(10));
        assert_eq!(read_rune("'\u{e9}'"), Some(0xe9));
        assert_eq!(read_rune("'"), None);
    }
}
