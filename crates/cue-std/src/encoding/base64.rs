//! `encoding/base64`: the standard alphabet; the encoding argument must be null.

use crate::package::{Builder, text_kind};
use ::base64::Engine as _;
use ::base64::engine::general_purpose::STANDARD;
use cue_eval::builtin::{Call, Failure};
use cue_eval::{Kind, Shape};

/// Bytes in the standard alphabet, padded.
pub(crate) fn encode(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

fn standard_only(c: &Call<'_>) -> Result<(), Failure> {
    match c.value(0).shape() {
        Shape::Null => Ok(()),
        _ => Err(Failure::eval(
            "only the standard encoding is supported, which is `null`",
        )),
    }
}

/// Fills the package.
pub(crate) fn fill(b: &mut Builder) {
    let (top, int, string) = (Kind::TOP, Kind::INT, Kind::STRING);
    b.function("EncodedLen", &[top, int], int, |c| {
        standard_only(c)?;
        Ok(((c.i64(1)?.max(0) + 2) / 3 * 4).into())
    });
    b.function("DecodedLen", &[top, int], int, |c| {
        standard_only(c)?;
        Ok((c.i64(1)?.max(0) / 4 * 3).into())
    });
    b.function("Encode", &[top, text_kind()], string, |c| {
        standard_only(c)?;
        Ok(encode(&c.bytes(1)?).into())
    });
    b.function("Decode", &[top, string], text_kind(), |c| {
        standard_only(c)?;
        let source = c.string(1)?;
        let clean: String = source
            .chars()
            .filter(|c| !matches!(c, '\n' | '\r'))
            .collect();
        goyaml::base64::decode(&clean)
            .map(Into::into)
            .ok_or_else(|| Failure::eval("illegal base64 data"))
    });
}
