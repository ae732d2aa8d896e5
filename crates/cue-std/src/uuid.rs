//! `uuid`: universally unique identifiers.
//!
//! Four spellings are read: plain, with `urn:uuid:` before it, in braces, and without dashes; the
//! plain one is written. Rules as in cue v0.14.1 `pkg/uuid` and the library it stands on, of which
//! `Parse` is laxer than `Valid`: it does not look at the braces.

use crate::package::{Builder, failed};
use cue_eval::builtin::{Answer, Failure};
use cue_eval::{Kind, Number};
use md5::{Digest, Md5};
use num_bigint::{BigInt, Sign};
use sha1::Sha1;

/// The 128 bits of an identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Uuid([u8; 16]);

impl Uuid {
    fn parse(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is not a UUID");
        let digits: String = match text.len() {
            32 => text.to_owned(),
            36 | 38 | 45 => {
                let plain = match text.len() {
                    36 => text,
                    38 => text.get(1..37).ok_or_else(wrong)?,
                    _ => text
                        .split_at_checked(9)
                        .filter(|(urn, _)| urn.eq_ignore_ascii_case("urn:uuid:"))
                        .map(|(_, plain)| plain)
                        .ok_or_else(wrong)?,
                };
                let lengths: Vec<usize> = plain.split('-').map(str::len).collect();
                if lengths != [8, 4, 4, 4, 12] {
                    return Err(wrong());
                }
                plain.replace('-', "")
            }
            length => return Err(format!("`{text}` has {length} bytes, a UUID has 36")),
        };
        let mut bytes = [0; 16];
        for (byte, pair) in bytes.iter_mut().zip(digits.as_bytes().chunks(2)) {
            let value = std::str::from_utf8(pair)
                .ok()
                .filter(|pair| pair.bytes().all(|b| b.is_ascii_hexdigit()))
                .and_then(|pair| u8::from_str_radix(pair, 16).ok());
            *byte = value.ok_or_else(wrong)?;
        }
        Ok(Self(bytes))
    }

    /// Whether the text is one of the four spellings, braces included.
    fn validate(text: &str) -> Result<(), String> {
        Self::parse(text)?;
        if text.len() == 38 && !(text.starts_with('{') && text.ends_with('}')) {
            return Err(format!("`{text}` is not a UUID in braces"));
        }
        Ok(())
    }

    /// The name-based identifier of a digest.
    fn of_digest(digest: &[u8], version: u8) -> Self {
        let mut bytes = [0; 16];
        for (byte, value) in bytes.iter_mut().zip(digest) {
            *byte = *value;
        }
        bytes[6] = bytes[6] & 0x0f | version << 4;
        bytes[8] = bytes[8] & 0x3f | 0x80;
        Self(bytes)
    }

    fn variant(self) -> i64 {
        match self.0[8] {
            byte if byte & 0xc0 == 0x80 => 1,
            byte if byte & 0xe0 == 0xc0 => 3,
            byte if byte & 0xe0 == 0xe0 => 4,
            _ => 2,
        }
    }

    fn version(self) -> i64 {
        i64::from(self.0[6] >> 4)
    }
}

impl std::fmt::Display for Uuid {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (index, byte) in self.0.iter().enumerate() {
            if matches!(index, 4 | 6 | 8 | 10) {
                f.write_str("-")?;
            }
            write!(f, "{byte:02x}")?;
        }
        Ok(())
    }
}

fn of_integer(value: &BigInt) -> Result<Uuid, Failure> {
    let bytes = value.magnitude().to_bytes_be();
    let mut out = [0; 16];
    let start = out
        .len()
        .checked_sub(bytes.len())
        .ok_or_else(|| Failure::eval("the number has more than 128 bits"))?;
    for (byte, value) in out.iter_mut().skip(start).zip(bytes) {
        *byte = value;
    }
    Ok(Uuid(out))
}

/// Fills the package.
pub(crate) fn fill(b: &mut Builder) {
    let s = Kind::STRING;
    b.function("Valid", &[s], Kind::BOTTOM, |c| {
        Uuid::validate(&c.string(0)?).map_err(failed)?;
        Ok(Answer::from(true))
    });
    b.function("Parse", &[s], s, |c| {
        let uuid = Uuid::parse(&c.string(0)?).map_err(failed)?;
        Ok(uuid.to_string().into())
    });
    b.function("URN", &[s], s, |c| {
        let uuid = Uuid::parse(&c.string(0)?).map_err(failed)?;
        Ok(format!("urn:uuid:{uuid}").into())
    });
    b.function("FromInt", &[Kind::INT], s, |c| {
        Ok(of_integer(&c.integer(0)?)?.to_string().into())
    });
    // the number is made of the characters, as in cue
    b.function("ToInt", &[s], Kind::INT, |c| {
        let text = c.string(0)?;
        Ok(Number::from(BigInt::from_bytes_be(Sign::Plus, text.as_bytes())).into())
    });
    b.function("Variant", &[s], Kind::INT, |c| {
        let uuid = Uuid::parse(&c.string(0)?).map_err(failed)?;
        Ok(uuid.variant().into())
    });
    b.function("Version", &[s], Kind::INT, |c| {
        let uuid = Uuid::parse(&c.string(0)?).map_err(failed)?;
        Ok(uuid.version().into())
    });
    let text = crate::package::text_kind();
    b.function("SHA1", &[s, text], s, |c| {
        let space = Uuid::parse(&c.string(0)?).map_err(failed)?;
        let digest = Sha1::new()
            .chain_update(space.0)
            .chain_update(&c.bytes(1)?)
            .finalize();
        Ok(Uuid::of_digest(&digest, 5).to_string().into())
    });
    b.function("MD5", &[s, text], s, |c| {
        let space = Uuid::parse(&c.string(0)?).map_err(failed)?;
        let digest = Md5::new()
            .chain_update(space.0)
            .chain_update(&c.bytes(1)?)
            .finalize();
        Ok(Uuid::of_digest(&digest, 3).to_string().into())
    });
    b.source(
        r#"
ns: {
	DNS:  "6ba7b810-9dad-11d1-80b4-00c04fd430c8"
	URL:  "6ba7b811-9dad-11d1-80b4-00c04fd430c8"
	OID:  "6ba7b812-9dad-11d1-80b4-00c04fd430c8"
	X500: "6ba7b814-9dad-11d1-80b4-00c04fd430c8"
	Nil:  "00000000-0000-0000-0000-000000000000"
}
variants: {
	Invalid:   0
	RFC4122:   1
	Reserved:  2
	Microsoft: 3
	Future:    4
}
"#,
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    const DNS: &str = "6ba7b810-9dad-11d1-80b4-00c04fd430c8";

    #[test]
    fn spellings() {
        let plain = Uuid::parse(DNS).unwrap();
        for text in [
            "URN:UUID:6ba7b810-9dad-11d1-80b4-00c04fd430c8",
            "{6BA7B810-9dad-11d1-80b4-00c04fd430c8}",
            "6ba7b8109dad11d180b400c04fd430c8",
        ] {
            assert_eq!(Uuid::parse(text), Ok(plain), "{text}");
            assert_eq!(Uuid::validate(text), Ok(()), "{text}");
        }
        assert_eq!(plain.to_string(), DNS);
        assert_eq!((plain.version(), plain.variant()), (1, 1));
        let lax = "<6ba7b810-9dad-11d1-80b4-00c04fd430c8>";
        assert_eq!(Uuid::parse(lax), Ok(plain));
        assert!(Uuid::validate(lax).is_err());
        for wrong in ["", "6ba7b810", "6ba7b810x9dad-11d1-80b4-00c04fd430c8"] {
            assert!(Uuid::parse(wrong).is_err(), "{wrong}");
        }
    }
}
