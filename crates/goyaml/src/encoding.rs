//! Bytes to text, as libyaml's reader does it.
//!
//! A byte order mark decides between UTF-8 and UTF-16; without one the text is UTF-8. Bytes that
//! do not form characters, and control characters that YAML forbids, are refused with their
//! offset, where Go says only "invalid leading UTF-8 octet" or "control characters are not
//! allowed". Offsets count bytes of the input.

use std::borrow::Cow;

/// Why bytes are not YAML text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EncodingError {
    /// Bytes that are no UTF-8.
    #[error("the byte at offset {offset} is not part of UTF-8 text")]
    NotUtf8 {
        /// Where the first bad byte is.
        offset: usize,
    },
    /// An unpaired surrogate or half a unit.
    #[error("the bytes at offset {offset} are not part of UTF-16 text")]
    NotUtf16 {
        /// Where the first bad unit is.
        offset: usize,
    },
}

/// How the bytes of a file stand for text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8.
    Utf8,
    /// UTF-8 after a byte order mark.
    Utf8WithMark,
    /// UTF-16 of either byte order, after a byte order mark.
    Utf16,
}

impl Encoding {
    /// By the byte order mark.
    pub fn of(bytes: &[u8]) -> Self {
        match bytes {
            [0xEF, 0xBB, 0xBF, ..] => Self::Utf8WithMark,
            [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => Self::Utf16,
            _ => Self::Utf8,
        }
    }
}

/// The text of a YAML file, without its byte order mark.
///
/// # Errors
/// [`EncodingError`] names the first byte that is not text.
pub fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, EncodingError> {
    if let Some(rest) = bytes.strip_prefix(b"\xEF\xBB\xBF") {
        return utf8(rest, 3);
    }
    if let Some(rest) = bytes.strip_prefix(b"\xFF\xFE") {
        return utf16(rest, u16::from_le_bytes);
    }
    if let Some(rest) = bytes.strip_prefix(b"\xFE\xFF") {
        return utf16(rest, u16::from_be_bytes);
    }
    utf8(bytes, 0)
}

fn utf8(bytes: &[u8], skipped: usize) -> Result<Cow<'_, str>, EncodingError> {
    std::str::from_utf8(bytes)
        .map(Cow::Borrowed)
        .map_err(|error| EncodingError::NotUtf8 {
            offset: skipped + error.valid_up_to(),
        })
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<Cow<'static, str>, EncodingError> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    if !rest.is_empty() {
        return Err(EncodingError::NotUtf16 {
            offset: 2 + bytes.len() - 1,
        });
    }
    let units = pairs.iter().map(|pair| unit(*pair));
    let mut text = String::with_capacity(bytes.len());
    let mut offset = 2;
    for decoded in char::decode_utf16(units) {
        let c = decoded.map_err(|_| EncodingError::NotUtf16 { offset })?;
        offset += 2 * c.len_utf16();
        text.push(c);
    }
    Ok(Cow::Owned(text))
}

/// The offset of the first character that libyaml refuses in a stream.
pub(crate) fn first_forbidden(text: &str) -> Option<(usize, char)> {
    // Nearly all text is printable ASCII: look at bytes first.
    let suspicious =
        |byte: u8| byte >= 0x7F || (byte < 0x20 && !matches!(byte, b'\n' | b'\t' | b'\r'));
    if !text.bytes().any(suspicious) {
        return None;
    }
    text.char_indices().find(|&(_, c)| !is_allowed(c))
}

/// sigs.k8s.io/yaml v1.4.0 goyaml.v2 `readerc.go`, `yaml_parser_update_buffer`.
fn is_allowed(c: char) -> bool {
    matches!(c,
        '\t' | '\n' | '\r' | ' '..='\u{7E}' | '\u{85}' | '\u{A0}'..='\u{D7FF}'
        | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..='\u{10FFFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn byte_order_marks_choose_the_encoding() {
        assert_eq!(decode(b"\xEF\xBB\xBFa: 1").unwrap(), "a: 1");
        assert_eq!(decode(b"\xFF\xFEa\0:\0").unwrap(), "a:");
        assert_eq!(
            decode(b"\xFE\xFF\0a\xD8\x3D\xDE\x00").unwrap(),
            "a\u{1F600}"
        );
        assert_eq!(decode(b"a: 1").unwrap(), "a: 1");
    }

    #[test]
    fn bad_bytes_are_named_by_offset() {
        assert_eq!(decode(b"ab\xFF"), Err(EncodingError::NotUtf8 { offset: 2 }));
        assert_eq!(
            decode(b"\xFF\xFEa\0b"),
            Err(EncodingError::NotUtf16 { offset: 4 })
        );
        assert_eq!(
            decode(b"\xFF\xFE\x00\xD8a\0"),
            Err(EncodingError::NotUtf16 { offset: 2 })
        );
    }

    #[test]
    fn control_characters_are_found() {
        assert_eq!(first_forbidden("a\tb\r\n\u{85}\u{1F600}"), None);
        assert_eq!(first_forbidden("a\u{0}"), Some((1, '\0')));
        assert_eq!(first_forbidden("\u{e9}\u{7f}"), Some((2, '\u{7f}')));
    }
}
