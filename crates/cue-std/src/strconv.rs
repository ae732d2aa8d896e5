//! `strconv`: numbers and quoted strings as Go spells them.

use crate::go_text::float::{self, Width};
use crate::go_text::number::{self, parse_integer, parse_magnitude};
use crate::go_text::quote::{self, Keep};
use crate::go_text::{into_text, is_graphic, is_print};
use crate::package::{Builder, Outcome, failed, float_argument};
use cue_eval::builtin::{Call, Failure};
use cue_eval::number::Decimal;
use cue_eval::{Kind, Number};
use cue_syntax::literal::{Unquoted, unquote};
use num_bigint::BigInt;

const S: Kind = Kind::STRING;
const I: Kind = Kind::INT;

fn in_bits(value: &BigInt, bits: i64, sign: Sign) -> bool {
    let bits = match bits {
        0 => 64,
        bits => u64::try_from(bits).unwrap_or(64),
    };
    if sign == Sign::Allowed {
        let magnitude = if value.sign() == num_bigint::Sign::Minus {
            (value + 1u32).bits()
        } else {
            value.bits()
        };
        magnitude < bits
    } else {
        value.sign() != num_bigint::Sign::Minus && value.bits() <= bits
    }
}

/// Whether a minus or plus may stand before the digits.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sign {
    Allowed,
    Refused,
}

fn parse_int(text: &str, base: i64, bits: i64, sign: Sign) -> Result<BigInt, Failure> {
    let wrong = |why: &str| Failure::eval(format!("parsing `{text}`: {why}"));
    let base = u32::try_from(base)
        .ok()
        .filter(|base| matches!(base, 0 | 2..=36))
        .ok_or_else(|| wrong("invalid base"))?;
    if !(0..=64).contains(&bits) {
        return Err(wrong("invalid bit size"));
    }
    let value = match sign {
        Sign::Allowed => parse_integer(text, base),
        Sign::Refused => parse_magnitude(text, base),
    }
    .ok_or_else(|| wrong("invalid syntax"))?;
    if in_bits(&value, bits, sign) {
        Ok(value)
    } else {
        Err(wrong("value out of range"))
    }
}

fn parse_float(c: &mut Call<'_>) -> Outcome {
    let (text, bits) = (c.string(0)?, c.i64(1)?);
    let value = number::parse_float(&text)
        .ok_or_else(|| Failure::eval(format!("parsing `{text}`: invalid syntax")))?;
    #[expect(
        clippy::cast_possible_truncation,
        reason = "rounding to 32 bits is what is asked for"
    )]
    let value = if bits == 32 {
        f64::from(value as f32)
    } else {
        value
    };
    // an infinite number may be asked for, but not be the result of a large one
    if value.is_infinite() && text.bytes().any(|byte| byte.is_ascii_digit()) {
        return Err(Failure::eval(format!(
            "parsing `{text}`: value out of range"
        )));
    }
    Ok(Number::float(Decimal::from_f64(value)).into())
}

fn format_float(c: &mut Call<'_>) -> Outcome {
    let (value, verb, precision, bits) = (float_argument(c, 0)?, c.i64(1)?, c.i64(2)?, c.i64(3)?);
    let verb = u8::try_from(verb)
        .map(char::from)
        .map_err(|_| Failure::eval(format!("`{verb}` is not a byte")))?;
    let width = match bits {
        32 => Width::Single,
        64 => Width::Double,
        _ => return Err(Failure::eval(format!("illegal bit size `{bits}`"))),
    };
    let precision = usize::try_from(precision).ok();
    c.charge(precision.unwrap_or_default())?;
    Ok(float::format(value, verb, precision, width).into())
}

/// A character argument as its number, of 32 bits.
fn rune(c: &mut Call<'_>) -> Result<i64, Failure> {
    let code = c.i64(0)?;
    if code.unsigned_abs() >> 32 == 0 {
        Ok(code)
    } else {
        Err(Failure::eval(format!("`{code}` overflows a rune")))
    }
}

fn quote_rune(c: &mut Call<'_>, keep: Keep) -> Outcome {
    Ok(quote::rune(rune(c)?, keep).into())
}

fn quote_string(c: &mut Call<'_>, keep: Keep) -> Outcome {
    Ok(quote::string(c.string(0)?.as_bytes(), keep).into())
}

fn test_rune(c: &mut Call<'_>, test: fn(char) -> bool) -> Outcome {
    let rune = u32::try_from(rune(c)?).ok().and_then(char::from_u32);
    Ok(rune.is_some_and(test).into())
}

/// The digits of bases up to 62.
const DIGITS: &[u8; 62] = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

fn format_int(c: &mut Call<'_>) -> Outcome {
    let value = c.integer(0)?;
    let base = c.i64(1)?;
    let radix = u32::try_from(base)
        .ok()
        .filter(|radix| (2..=62).contains(radix))
        .ok_or_else(|| Failure::eval(format!("illegal base `{base}`")))?;
    if radix <= 36 {
        return Ok(value.to_str_radix(radix).into());
    }
    let (sign, digits) = value.to_radix_be(radix);
    let mut out = String::new();
    if sign == num_bigint::Sign::Minus {
        out.push('-');
    }
    for digit in digits {
        out.push(
            DIGITS
                .get(usize::from(digit))
                .map_or('0', |d| char::from(*d)),
        );
    }
    Ok(out.into())
}

/// Fills the package.
pub(crate) fn fill(b: &mut Builder) {
    b.constant("IntSize", 64i64);
    // a literal of CUE, not of Go
    b.function("Unquote", &[S], S, |c| {
        Ok(match unquote(&c.string(0)?).map_err(failed)? {
            Unquoted::String(text) => text.into(),
            Unquoted::Bytes(bytes) => into_text(bytes).into(),
        })
    });
    b.function("ParseBool", &[S], Kind::BOOL, |c| match &*c.string(0)? {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Ok(true.into()),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Ok(false.into()),
        other => Err(Failure::eval(format!("parsing `{other}`: invalid syntax"))),
    });
    b.function("FormatBool", &[Kind::BOOL], S, |c| {
        Ok(if c.boolean(0)? { "true" } else { "false" }.into())
    });
    b.function("ParseFloat", &[S, I], Kind::NUMBER, parse_float);
    b.function("ParseUint", &[S, I, I], I, |c| {
        let value = parse_int(&c.string(0)?, c.i64(1)?, c.i64(2)?, Sign::Refused)?;
        Ok(Number::from(value).into())
    });
    b.function("ParseInt", &[S, I, I], I, |c| {
        let value = parse_int(&c.string(0)?, c.i64(1)?, c.i64(2)?, Sign::Allowed)?;
        Ok(Number::from(value).into())
    });
    b.function("Atoi", &[S], I, |c| {
        Ok(Number::from(parse_int(&c.string(0)?, 10, 64, Sign::Allowed)?).into())
    });
    b.function("FormatFloat", &[Kind::NUMBER, I, I, I], S, format_float);
    b.function("FormatUint", &[I, I], S, format_int);
    b.function("FormatInt", &[I, I], S, format_int);
    for (name, of_rune, keep) in [
        ("Quote", "QuoteRune", Keep::Printable),
        ("QuoteToASCII", "QuoteRuneToASCII", Keep::Ascii),
        ("QuoteToGraphic", "QuoteRuneToGraphic", Keep::Graphic),
    ] {
        b.function(name, &[S], S, move |c| quote_string(c, keep));
        b.function(of_rune, &[I], S, move |c| quote_rune(c, keep));
    }
    b.function("IsPrint", &[I], Kind::BOOL, |c| test_rune(c, is_print));
    b.function("IsGraphic", &[I], Kind::BOOL, |c| test_rune(c, is_graphic));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_respect_bits() {
        let parse = |text: &str, bits| parse_int(text, 10, bits, Sign::Allowed).ok();
        assert_eq!(parse("-128", 8), Some(BigInt::from(-128)));
        assert_eq!(parse("128", 8), None);
        assert_eq!(parse("1", 65), None);
        assert!(parse_int("+1", 10, 64, Sign::Refused).is_err());
        assert!(parse_int("1", 1, 64, Sign::Allowed).is_err());
    }
}
