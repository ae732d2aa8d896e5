//! Numbers as Go's `strconv` reads them.
//!
//! Integers may tell their base by a prefix, and then have underscores between digits: `0x_ff`,
//! `1_000`. Floats are decimal, or hexadecimal with a binary exponent: `0x1.8p3` is 12.

use num_bigint::BigInt;

/// Where underscores may stand: between digits, or between a prefix and a digit.
fn has_valid_underscores(body: &str) -> bool {
    let lower = body.to_ascii_lowercase();
    let prefixed = ["0b", "0o", "0x"].iter().any(|p| lower.starts_with(p));
    let hexadecimal = lower.starts_with("0x");
    let is_digit = |c: char| c.is_ascii_digit() || (hexadecimal && c.is_ascii_hexdigit());
    let mut last = if prefixed { '0' } else { '^' };
    for c in lower.chars().skip(if prefixed { 2 } else { 0 }) {
        last = match (c, last) {
            (c, _) if is_digit(c) => '0',
            ('_', '0') => '_',
            ('_', _) | (_, '_') => return false,
            _ => '.',
        };
    }
    last != '_'
}

/// The sign and what follows it.
fn signed(text: &str) -> (bool, &str) {
    match text.strip_prefix('-') {
        Some(body) => (true, body),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    }
}

/// An integer without sign; base zero asks for the prefix. `None` when it is none.
pub(crate) fn parse_magnitude(body: &str, base: u32) -> Option<BigInt> {
    let lower = body.to_ascii_lowercase();
    let (radix, digits) = match (base, lower.as_bytes()) {
        (0, [b'0', b'x', ..]) => (16, lower.get(2..)?),
        (0, [b'0', b'b', ..]) => (2, lower.get(2..)?),
        (0, [b'0', b'o', ..]) => (8, lower.get(2..)?),
        (0, [b'0', _, ..]) => (8, lower.get(1..)?),
        (0, _) => (10, lower.as_str()),
        (base, _) => (base, lower.as_str()),
    };
    let digits = if base == 0 && digits.contains('_') {
        has_valid_underscores(body).then(|| digits.replace('_', ""))?
    } else {
        digits.to_owned()
    };
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return None;
    }
    BigInt::parse_bytes(digits.as_bytes(), radix)
}

/// An integer with an optional sign.
pub(crate) fn parse_integer(text: &str, base: u32) -> Option<BigInt> {
    let (negative, body) = signed(text);
    let value = parse_magnitude(body, base)?;
    Some(if negative { -value } else { value })
}

/// A float; one out of range is infinite. `None` when the text is none.
pub(crate) fn parse_float(text: &str) -> Option<f64> {
    let (negative, body) = signed(text);
    let lower = body.to_ascii_lowercase();
    let value = match lower.as_str() {
        "inf" | "infinity" => f64::INFINITY,
        "nan" if body.len() == text.len() => f64::NAN,
        _ if lower.starts_with("0x") => hexadecimal(&lower)?,
        _ => {
            let fine = lower
                .bytes()
                .all(|byte| byte.is_ascii_digit() || b".e+-_".contains(&byte))
                && has_valid_underscores(&lower);
            let plain = lower.replace('_', "");
            plain.parse::<f64>().ok().filter(|_| fine)?
        }
    };
    Some(if negative { -value } else { value })
}

/// `0x1.8p3`, rounded to the nearest float.
fn hexadecimal(text: &str) -> Option<f64> {
    if text.contains('_') && !has_valid_underscores(text) {
        return None;
    }
    let plain = text.replace('_', "");
    let (mantissa, exponent) = plain.strip_prefix("0x")?.split_once('p')?;
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    let digits = digits.trim_start_matches('0');
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    // fifteen digits are more than a float has; what is beyond counts as one bit
    let (kept, rest) = digits.split_at_checked(15).unwrap_or((digits, ""));
    let all = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    let sticky = u64::from(rest.bytes().any(|byte| byte != b'0'));
    let value = match kept {
        "" => 0,
        kept => u64::from_str_radix(kept, 16).ok().filter(|_| all)?,
    };
    let dropped = i32::try_from(4 * rest.len()).ok()?;
    let places = i32::try_from(4 * fraction.len()).ok()?;
    let signs = exponent.trim_start_matches(['+', '-']);
    if signs.is_empty() || exponent.len() - signs.len() > 1 {
        return None;
    }
    let exponent = exponent.parse::<i32>().ok()?.clamp(-100_000, 100_000) + dropped - places;
    #[expect(
        clippy::cast_precision_loss,
        reason = "rounding to the nearest float is what reading a number means"
    )]
    let mantissa = (value << 1 | sticky) as f64;
    // in two steps, since a power of two may be out of range where the product is not
    let exponent = (exponent - 1).clamp(-2200, 2200);
    let half = exponent / 2;
    Some(mantissa * 2f64.powi(half) * 2f64.powi(exponent - half))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers() {
        let read = |text, base| parse_integer(text, base).map(|value| value.to_string());
        for (text, base, want) in [
            ("0xff", 0, Some("255")),
            ("0x_ff", 0, Some("255")),
            ("0_7", 0, Some("7")),
            ("1_000", 0, Some("1000")),
            ("-0b11", 0, Some("-3")),
            ("zz", 36, Some("1295")),
            ("1_000", 10, None),
            ("_1", 0, None),
            ("1__0", 0, None),
            ("08", 0, None),
            ("0x", 0, None),
            ("", 10, None),
        ] {
            assert_eq!(read(text, base).as_deref(), want, "{text}");
        }
    }

    #[test]
    fn floats() {
        for (text, want) in [
            ("1.5", Some(1.5)),
            (".5", Some(0.5)),
            ("5.", Some(5.0)),
            ("0x1.8p1", Some(3.0)),
            ("-0x1p-2", Some(-0.25)),
            ("1_0", Some(10.0)),
            ("1__0", None),
            ("", None),
            ("0x1.8", None),
        ] {
            assert_eq!(parse_float(text), want, "{text}");
        }
        assert!(parse_float("1e400").is_some_and(f64::is_infinite));
    }
}
