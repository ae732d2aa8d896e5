//! The shape of a version in a text, found by one scan.
//!
//! The library finds it with a regular expression: an optional `v`, up to three numbers, an
//! optional `-prerelease`, an optional `+build`. Nothing that may follow a version can continue
//! one, so taking as much as fits gives what its backtracking gives. In a constraint the numbers
//! may also have the letters `x`, `X`, `*` and, by an oversight of the library, `|`.

use std::ops::Range;

/// Byte ranges of the parts of a version; an absent part is empty.
#[derive(Clone, Debug, Default)]
pub(crate) struct Parts {
    pub(crate) major: Range<usize>,
    pub(crate) minor: Range<usize>,
    pub(crate) patch: Range<usize>,
    pub(crate) prerelease: Range<usize>,
    pub(crate) metadata: Range<usize>,
    /// Where the version ends.
    pub(crate) end: usize,
}

pub(crate) fn is_digit(byte: u8) -> bool {
    byte.is_ascii_digit()
}

pub(crate) fn is_digit_or_wildcard(byte: u8) -> bool {
    byte.is_ascii_digit() || matches!(byte, b'x' | b'X' | b'*' | b'|')
}

/// White space as Go's `\s` has it.
pub(crate) fn is_space(byte: u8) -> bool {
    matches!(byte, b'\t' | b'\n' | b'\x0c' | b'\r' | b' ')
}

/// The first byte at or after `at` that `matches` does not hold for.
pub(crate) fn skip(text: &str, at: usize, matches: impl Fn(u8) -> bool) -> usize {
    let rest = text.as_bytes().get(at..).unwrap_or_default();
    at + rest.iter().take_while(|&&byte| matches(byte)).count()
}

fn starts_with(text: &str, at: usize, byte: u8) -> bool {
    text.as_bytes().get(at) == Some(&byte)
}

/// The longest version that starts at byte `at`, when there is one.
pub(crate) fn version(text: &str, at: usize, number: impl Fn(u8) -> bool) -> Option<Parts> {
    let start = at + usize::from(starts_with(text, at, b'v'));
    let mut parts = Parts {
        major: start..skip(text, start, &number),
        ..Parts::default()
    };
    if parts.major.is_empty() {
        return None;
    }
    parts.end = parts.major.end;
    for part in [&mut parts.minor, &mut parts.patch] {
        let end = parts.end;
        let found = end + 1..skip(text, end + 1, &number);
        if starts_with(text, end, b'.') && !found.is_empty() {
            parts.end = found.end;
            *part = found;
        } else {
            break;
        }
    }
    for (sign, part) in [(b'-', &mut parts.prerelease), (b'+', &mut parts.metadata)] {
        let found = parts.end + 1..identifiers(text, parts.end + 1);
        if starts_with(text, parts.end, sign) && !found.is_empty() {
            parts.end = found.end;
            *part = found;
        }
    }
    Some(parts)
}

/// The end of a dotted list of identifiers that starts at `at`; `at` when there is none.
fn identifiers(text: &str, at: usize) -> usize {
    let letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    let mut end = skip(text, at, letter);
    while end > at && starts_with(text, end, b'.') {
        let next = skip(text, end + 1, letter);
        if next == end + 1 {
            break;
        }
        end = next;
    }
    end
}
