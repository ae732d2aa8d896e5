//! Base64 as `!!binary` uses it: the standard alphabet with padding, line breaks ignored.

/// The bytes; `None` when the text is no base64 (`encoding/base64`'s `StdEncoding`).
pub fn decode(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> = text
        .bytes()
        .filter(|byte| !matches!(byte, b'\r' | b'\n'))
        .collect();
    let padding = digits
        .iter()
        .rev()
        .take_while(|&&byte| byte == b'=')
        .count();
    if !digits.len().is_multiple_of(4) || padding > 2 {
        return None;
    }
    let mut out = Vec::with_capacity(digits.len() / 4 * 3);
    let (mut bits, mut count) = (0u32, 0u32);
    for &digit in digits.get(..digits.len() - padding)? {
        let value = match digit {
            b'A'..=b'Z' => digit - b'A',
            b'a'..=b'z' => digit - b'a' + 26,
            b'0'..=b'9' => digit - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push(u8::try_from(bits >> count & 0xFF).ok()?);
        }
    }
    Some(out)
}

/// The character for six bits.
fn digit(value: u32) -> char {
    let offset = match value {
        0..26 => u32::from(b'A'),
        26..52 => u32::from(b'a') - 26,
        52..62 => u32::from(b'0').wrapping_sub(52),
        62 => u32::from(b'+').wrapping_sub(62),
        _ => u32::from(b'/').wrapping_sub(63),
    };
    char::from_u32(value.wrapping_add(offset)).unwrap_or('=')
}

/// The text of bytes in the standard alphabet, with padding, on one line.
pub fn encode(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4 {
            if place <= chunk.len() {
                out.push(digit(bits >> (18 - 6 * place) & 63));
            } else {
                out.push('=');
            }
        }
    }
    out
}

/// The text of bytes; each byte that is no UTF-8 becomes U+FFFD, as `encoding/json` does it.
pub(crate) fn lossy(bytes: &[u8]) -> String {
    let mut out = String::new();
    for chunk in bytes.utf8_chunks() {
        out.push_str(chunk.valid());
        out.extend(chunk.invalid().iter().map(|_| '\u{FFFD}'));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_read_strictly() {
        assert_eq!(decode("aGVsbG8="), Some(b"hello".to_vec()));
        assert_eq!(decode("aGVs\nbG8="), Some(b"hello".to_vec()));
        assert_eq!(decode(""), Some(Vec::new()));
        for bad in ["aGVsbG8", "a===", "aGV=bG8=", "aGVs bG8="] {
            assert_eq!(decode(bad), None, "{bad}");
        }
        for (bytes, text) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v")] {
            assert_eq!(encode(bytes.as_bytes()), text);
        }
        assert_eq!(lossy(b"a\xFF\xFEb"), "a\u{FFFD}\u{FFFD}b");
    }
}
