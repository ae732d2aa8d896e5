//! `encoding/hex`: bytes as hexadecimal digits, and dumps of them.

use crate::package::{Builder, text_kind};
use cue_eval::Kind;
use cue_eval::builtin::Failure;
use std::fmt::Write as _;

fn decode(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) || !text.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok())
        .collect()
}

fn encode(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

/// The layout of `hexdump -C`, as Go's.
fn dump(bytes: &[u8]) -> String {
    let mut out = String::new();
    for (line, chunk) in bytes.chunks(16).enumerate() {
        let _ = write!(out, "{:08x} ", line * 16);
        for at in 0..16 {
            match chunk.get(at) {
                Some(byte) => {
                    let _ = write!(out, " {byte:02x}");
                }
                None => out.push_str("   "),
            }
            if at == 7 {
                out.push(' ');
            }
        }
        out.push_str("  |");
        for byte in chunk {
            out.push(if (b' '..=b'~').contains(byte) {
                char::from(*byte)
            } else {
                '.'
            });
        }
        out.push_str("|\n");
    }
    out
}

/// Fills the package.
pub(crate) fn fill(b: &mut Builder) {
    let (int, string) = (Kind::INT, Kind::STRING);
    b.function("EncodedLen", &[int], int, |c| {
        Ok(c.i64(0)?.saturating_mul(2).into())
    });
    b.function("DecodedLen", &[int], int, |c| Ok((c.i64(0)? / 2).into()));
    b.function("Decode", &[string], text_kind(), |c| {
        decode(&c.string(0)?)
            .map(Into::into)
            .ok_or_else(|| Failure::eval("not hexadecimal digits in pairs"))
    });
    b.function("Dump", &[text_kind()], string, |c| {
        let bytes = c.bytes(0)?;
        c.charge(bytes.len().saturating_mul(5))?;
        Ok(dump(&bytes).into())
    });
    b.function("Encode", &[text_kind()], string, |c| {
        Ok(encode(&c.bytes(0)?).into())
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_come_in_pairs() {
        assert_eq!(decode("00fF").unwrap(), [0, 255]);
        assert_eq!(decode("0"), None);
        assert_eq!(decode("zz"), None);
        assert_eq!(encode(&[0, 255]), "00ff");
        assert_eq!(
            dump(b"abc"),
            "00000000  61 62 63                                          |abc|\n"
        );
    }
}
