//! CUE's number literals.
//!
//! `1_000`, `0x1F`, `0b11`, `0o17`, `.5`, `5.`, `1.5e-3`, and multipliers, which make an int of any
//! decimal: `4K`, `1.5Gi`. The scanner of cue-syntax finds where a literal ends; here it gets its
//! value, and every literal that is malformed is refused, whatever the scanner thought of it.
//!
//! One difference from cue v0.14.1 is wanted: a literal whose exponent leaves ±100000 is an error
//! here, where cue silently drops the exponent (`1e100001` exports as `1`).

use super::arith::Rounding;
use super::decimal::Coefficient;
use super::{Decimal, MAX_EXPONENT, NumberKind};
use num_bigint::BigUint;

/// A literal's value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Literal {
    /// The number.
    pub value: Decimal,
    /// Whether it was written as an int or as a float.
    pub kind: NumberKind,
}

/// Why a text is not a number literal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LiteralError {
    /// Not a number at all, or with something behind it.
    Malformed,
    /// An underscore that is not between digits.
    Underscore,
    /// A multiplier makes a fraction, as in `1.0001Ki`.
    NotAnInt,
    /// The exponent is beyond ±100000.
    ExponentOutOfRange,
}

impl std::fmt::Display for LiteralError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Malformed => "invalid number",
            Self::Underscore => "illegal `_` in number",
            Self::NotAnInt => "number cannot be represented as int",
            Self::ExponentOutOfRange => "exponent out of range",
        })
    }
}

impl std::error::Error for LiteralError {}

impl Literal {
    /// Reads a literal of CUE, with an optional sign before it.
    ///
    /// # Errors
    /// [`LiteralError`] for anything else.
    pub fn parse(text: &str) -> Result<Self, LiteralError> {
        let (negative, body) = match text.as_bytes().first() {
            Some(b'-') => (true, text.get(1..).unwrap_or_default()),
            Some(b'+') => (false, text.get(1..).unwrap_or_default()),
            _ => (false, text),
        };
        if body.len() > MOST_DIGITS {
            return Err(LiteralError::ExponentOutOfRange);
        }
        let mut literal = Self::unsigned(body)?;
        literal.value.negative =
            negative && (!literal.value.is_zero() || literal.kind == NumberKind::Float);
        Ok(literal)
    }

    fn unsigned(body: &str) -> Result<Self, LiteralError> {
        let based = |prefix: &str, radix| body.strip_prefix(prefix).map(|rest| (rest, radix));
        if let Some((digits, radix)) = based("0x", 16)
            .or_else(|| based("0X", 16))
            .or_else(|| based("0b", 2))
            .or_else(|| based("0o", 8))
        {
            let clean = digits_without_separators(digits)?;
            let value =
                BigUint::parse_bytes(clean.as_bytes(), radix).ok_or(LiteralError::Malformed)?;
            return Ok(Self {
                value: Decimal::from_parts(false, Coefficient::from(value), 0),
                kind: NumberKind::Int,
            });
        }
        if let Some((mantissa, factor)) = split_multiplier(body) {
            let value = Decimal::parse_text(&mantissa_digits(mantissa)?)
                .ok_or(LiteralError::Malformed)?
                .mul(&factor)
                .map_err(|_| LiteralError::ExponentOutOfRange)?;
            let (value, inexact) = value.to_integral(Rounding::HalfUp);
            if inexact {
                return Err(LiteralError::NotAnInt);
            }
            return Ok(Self {
                value,
                kind: NumberKind::Int,
            });
        }
        let (mantissa, exponent) = match body.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, Some(exponent)),
            None => (body, None),
        };
        let is_float = exponent.is_some() || mantissa.contains('.');
        if !is_float && mantissa.len() > 1 && mantissa.starts_with('0') {
            return Err(LiteralError::Malformed);
        }
        let mut plain = mantissa_digits(mantissa)?;
        if !plain.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
            return Err(LiteralError::Malformed);
        }
        if let Some(exponent) = exponent {
            let (sign, digits) = match exponent.as_bytes().first() {
                Some(b'-') => ("-", exponent.get(1..).unwrap_or_default()),
                Some(b'+') => ("", exponent.get(1..).unwrap_or_default()),
                _ => ("", exponent),
            };
            plain.push('E');
            plain.push_str(sign);
            plain.push_str(&digits_without_separators(digits)?);
        }
        let value = Decimal::parse_text(&plain).ok_or(LiteralError::ExponentOutOfRange)?;
        Ok(Self {
            value,
            kind: if is_float {
                NumberKind::Float
            } else {
                NumberKind::Int
            },
        })
    }
}

impl Decimal {
    /// Reads `[-+]digits[.digits][E[-+]digits]`, the common form of JSON, YAML and Go.
    ///
    /// `None` for anything else, and for exponents beyond ±100000.
    pub fn parse_text(text: &str) -> Option<Self> {
        let (negative, body) = match text.as_bytes().first()? {
            b'-' => (true, text.get(1..)?),
            b'+' => (false, text.get(1..)?),
            _ => (false, text),
        };
        if body.len() > MOST_DIGITS {
            return None;
        }
        let (mantissa, exponent) = match body.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => {
                let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
                if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
                    return None;
                }
                (mantissa, exponent.parse::<i64>().ok()?)
            }
            None => (body, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        if whole.is_empty() && fraction.is_empty() {
            return None;
        }
        if !whole
            .bytes()
            .chain(fraction.bytes())
            .all(|b| b.is_ascii_digit())
        {
            return None;
        }
        let digits = format!("{whole}{fraction}");
        let coefficient = match digits.parse::<u64>() {
            Ok(small) => Coefficient::Small(small),
            Err(_) => Coefficient::from(BigUint::parse_bytes(digits.as_bytes(), 10)?),
        };
        let exponent = exponent.checked_sub(i64::try_from(fraction.len()).ok()?)?;
        let number = Self::from_parts(negative, coefficient, i32::try_from(exponent).ok()?);
        let adjusted = if number.is_zero() {
            exponent
        } else {
            number.adjusted()
        };
        (adjusted.abs() <= MAX_EXPONENT).then_some(number)
    }
}

/// Twice [`MAX_EXPONENT`], and some: a longer text is no number in range, even when every other
/// character is a separator.
const MOST_DIGITS: usize = 200_064;

/// The digits, and the power that a trailing multiplier stands for.
fn split_multiplier(body: &str) -> Option<(&str, Decimal)> {
    let (rest, base) = match body.strip_suffix('i') {
        Some(rest) => (rest, 1024i64),
        None => (body, 1000i64),
    };
    let power = match rest.as_bytes().last()? {
        b'K' => 1,
        b'M' => 2,
        b'G' => 3,
        b'T' => 4,
        b'P' => 5,
        _ => return None,
    };
    let mantissa = rest.get(..rest.len() - 1)?;
    Some((mantissa, Decimal::from(base.pow(power))))
}

/// `whole.fraction` with the separators gone and at least one digit.
fn mantissa_digits(mantissa: &str) -> Result<String, LiteralError> {
    match mantissa.split_once('.') {
        None => digits_without_separators(mantissa),
        Some(("", fraction)) => Ok(format!("0.{}", digits_without_separators(fraction)?)),
        Some((whole, "")) => Ok(format!("{}.", digits_without_separators(whole)?)),
        Some((whole, fraction)) => Ok(format!(
            "{}.{}",
            digits_without_separators(whole)?,
            digits_without_separators(fraction)?
        )),
    }
}

fn digits_without_separators(digits: &str) -> Result<String, LiteralError> {
    if digits.ends_with('_') || digits.starts_with('_') || digits.contains("__") {
        return Err(LiteralError::Underscore);
    }
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_hexdigit() || b == b'_') {
        return Err(LiteralError::Malformed);
    }
    Ok(digits.replace('_', ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_have_the_values_of_cue() {
        for (source, text, kind) in [
            ("1_000", "1000", NumberKind::Int),
            ("0x1F", "31", NumberKind::Int),
            ("0b101", "5", NumberKind::Int),
            ("0o17", "15", NumberKind::Int),
            ("3M", "3000000", NumberKind::Int),
            ("1.5K", "1500", NumberKind::Int),
            ("1.5Gi", "1610612736", NumberKind::Int),
            (".5", "0.5", NumberKind::Float),
            ("5.", "5", NumberKind::Float),
            ("1.50", "1.50", NumberKind::Float),
            ("1e3", "1E+3", NumberKind::Float),
            ("1_000.5", "1000.5", NumberKind::Float),
            ("1.e3", "1E+3", NumberKind::Float),
            ("-1.5e-7", "-1.5E-7", NumberKind::Float),
            ("0", "0", NumberKind::Int),
        ] {
            let literal = Literal::parse(source).unwrap();
            assert_eq!(literal.value.to_string(), text, "{source}");
            assert_eq!(literal.kind, kind, "{source}");
        }
    }

    #[test]
    fn malformed_literals_are_refused() {
        for (source, error) in [
            ("", LiteralError::Malformed),
            ("01", LiteralError::Malformed),
            ("1__0", LiteralError::Underscore),
            ("1_", LiteralError::Underscore),
            ("1E", LiteralError::Malformed),
            ("0x", LiteralError::Malformed),
            ("0b2", LiteralError::Malformed),
            ("1.0001Ki", LiteralError::NotAnInt),
            ("1e100001", LiteralError::ExponentOutOfRange),
            ("1e999999999999999999999", LiteralError::ExponentOutOfRange),
            ("12a", LiteralError::Malformed),
        ] {
            assert_eq!(Literal::parse(source), Err(error), "{source}");
        }
    }
}
