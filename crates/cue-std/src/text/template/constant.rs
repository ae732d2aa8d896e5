//! Numbers in a template.
//!
//! A number is an `int` when it is written like one, else a `float64`; with an `i` at its end it is
//! a `complex128`.

use crate::go_text::number::{parse_float, parse_integer};
use crate::go_text::quote;
use crate::go_text::value::Value;

/// What a written number stands for.
#[derive(Clone, Debug)]
pub(super) enum Constant {
    /// A value.
    Value(Value),
    /// An integer that only an unsigned type holds: an error where it is used.
    Overflow,
}

/// Reads a character literal.
pub(super) fn rune(text: &str) -> Result<Constant, String> {
    quote::read_rune(text)
        .map(|code| Constant::Value(Value::Int(code)))
        .ok_or_else(|| format!("malformed character constant: {text}"))
}

/// Reads `1+2i`.
pub(super) fn complex(text: &str) -> Result<Constant, String> {
    let parts = text.strip_suffix('i').and_then(|body| {
        // the sign between both parts, not that of an exponent
        let at = body
            .char_indices()
            .skip(1)
            .filter(|(at, c)| {
                matches!(c, '+' | '-')
                    && !body
                        .get(..*at)
                        .is_some_and(|before| before.ends_with(['e', 'E', 'p', 'P']))
            })
            .last()?
            .0;
        let (real, imaginary) = body.split_at(at);
        Some((float(real)?, float(imaginary)?))
    });
    parts
        .map(|(real, imaginary)| Constant::Value(Value::Complex(real, imaginary)))
        .ok_or_else(|| format!("illegal number syntax: `{text}`"))
}

/// Reads any other number.
pub(super) fn number(text: &str) -> Result<Constant, String> {
    if let Some(imaginary) = text.strip_suffix('i').and_then(float) {
        return Ok(Constant::Value(Value::Complex(0.0, imaginary)));
    }
    if let Some(value) = parse_integer(text, 0) {
        return match (i64::try_from(&value), u64::try_from(&value)) {
            (Ok(value), _) => Ok(Constant::Value(Value::Int(value))),
            (_, Ok(_)) if !text.starts_with('+') => Ok(Constant::Overflow),
            _ => Err(format!("integer overflow: `{text}`")),
        };
    }
    match float(text) {
        Some(value) if text.contains(['.', 'e', 'E', 'p', 'P']) => {
            Ok(Constant::Value(Value::Float(value)))
        }
        Some(_) => Err(format!("integer overflow: `{text}`")),
        None => Err(format!("illegal number syntax: `{text}`")),
    }
}

/// A finite float.
fn float(text: &str) -> Option<f64> {
    parse_float(text).filter(|value| value.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        let shown = |text: &str| match number(text) {
            Ok(Constant::Value(value)) => format!("{value:?}"),
            Ok(Constant::Overflow) => "overflow".to_owned(),
            Err(_) => "error".to_owned(),
        };
        for (text, want) in [
            ("12", "Int(12)"),
            ("+12", "Int(12)"),
            ("-0x1F", "Int(-31)"),
            ("0b101", "Int(5)"),
            ("017", "Int(15)"),
            ("1_000", "Int(1000)"),
            ("1.0", "Float(1.0)"),
            ("1e3", "Float(1000.0)"),
            ("0x1e", "Int(30)"),
            ("0x1.8p1", "Float(3.0)"),
            ("2i", "Complex(0.0, 2.0)"),
            ("9223372036854775808", "overflow"),
            ("18446744073709551616", "error"),
            ("08", "error"),
            ("1__0", "error"),
        ] {
            assert_eq!(shown(text), want, "{text}");
        }
    }
}
