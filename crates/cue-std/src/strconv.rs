//! `strconv`: numbers and quoted strings as Go spells them.

use crate::package::{Builder, Outcome};
use cue_eval::builtin::{Call, Failure};
use cue_eval::number::Decimal;
use cue_eval::{Kind, Number};
use num_bigint::BigInt;
use std::fmt::Write as _;

const S: Kind = Kind::STRING;
const I: Kind = Kind::INT;

/// Which characters a quoted text keeps.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Keep {
    Printable,
    Ascii,
}

fn is_print(c: char) -> bool {
    c == ' ' || (!c.is_control() && !c.is_whitespace() && !is_format(c))
}

/// Characters that are neither control nor space, and yet have no glyph.
fn is_format(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{600}'..='\u{605}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e000}'..='\u{f8ff}'
        | '\u{e0001}'..='\u{10ffff}')
}

fn push_quoted(out: &mut String, c: char, quote: char, keep: Keep) {
    match c {
        c if c == quote || c == '\\' => {
            out.push('\\');
            out.push(c);
        }
        c if c.is_ascii() && is_print(c) => out.push(c),
        c if !c.is_ascii() && keep == Keep::Printable && is_print(c) => out.push(c),
        '\u{7}' => out.push_str("\\a"),
        '\u{8}' => out.push_str("\\b"),
        '\u{c}' => out.push_str("\\f"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        '\u{b}' => out.push_str("\\v"),
        c if c < ' ' || c == '\u{7f}' => {
            let _ = write!(out, "\\x{:02x}", u32::from(c));
        }
        c if u32::from(c) < 0x10000 => {
            let _ = write!(out, "\\u{:04x}", u32::from(c));
        }
        c => {
            let _ = write!(out, "\\U{:08x}", u32::from(c));
        }
    }
}

fn quoted(text: &str, quote: char, keep: Keep) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push(quote);
    for c in text.chars() {
        push_quoted(&mut out, c, quote, keep);
    }
    out.push(quote);
    out
}

/// Reads a Go literal: `"..."`, `` `...` `` or `'c'`.
fn unquote(text: &str) -> Option<String> {
    let quote = text.chars().next()?;
    let inner = text.strip_prefix(quote)?.strip_suffix(quote)?;
    match quote {
        '`' => return (!inner.contains('`')).then(|| inner.replace('\r', "")),
        '"' | '\'' => {}
        _ => return None,
    }
    let mut bytes = Vec::with_capacity(inner.len());
    let mut chars = inner.chars();
    let mut runes = 0;
    while let Some(c) = chars.next() {
        runes += 1;
        let mut push = |c: char| bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
        match c {
            c if c == quote || c == '\n' => return None,
            '\\' => {
                let escape = chars.next()?;
                let mut code = |digits: usize, radix: u32, first: Option<char>| {
                    let mut value = match first {
                        Some(c) => c.to_digit(radix)?,
                        None => 0,
                    };
                    for _ in 0..digits {
                        value = value * radix + chars.next()?.to_digit(radix)?;
                    }
                    Some(value)
                };
                match escape {
                    'a' => push('\u{7}'),
                    'b' => push('\u{8}'),
                    'f' => push('\u{c}'),
                    'n' => push('\n'),
                    'r' => push('\r'),
                    't' => push('\t'),
                    'v' => push('\u{b}'),
                    '\\' => push('\\'),
                    '\'' | '"' if escape == quote => push(escape),
                    'x' => bytes.push(u8::try_from(code(2, 16, None)?).ok()?),
                    'u' => push(char::from_u32(code(4, 16, None)?)?),
                    'U' => push(char::from_u32(code(8, 16, None)?)?),
                    '0'..='7' => bytes.push(u8::try_from(code(2, 8, Some(escape))?).ok()?),
                    _ => return None,
                }
            }
            c => push(c),
        }
    }
    if quote == '\'' && runes != 1 {
        return None;
    }
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

fn in_bits(value: &BigInt, bits: i64, signed: bool) -> bool {
    let bits = match bits {
        0 => 64,
        bits => u64::try_from(bits).unwrap_or(64),
    };
    if signed {
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

fn parse_int(text: &str, base: i64, bits: i64, signed: bool) -> Result<BigInt, Failure> {
    let wrong = |why: &str| Failure::eval(format!("parsing `{text}`: {why}"));
    let syntax = || wrong("invalid syntax");
    let (negative, body) = match text.as_bytes().first() {
        Some(b'-') if signed => (true, text.get(1..).unwrap_or_default()),
        Some(b'+') if signed => (false, text.get(1..).unwrap_or_default()),
        _ => (false, text),
    };
    let (radix, digits) = match (base, body.as_bytes()) {
        (0, [b'0', b'x' | b'X', ..]) => (16, body.get(2..).unwrap_or_default().replace('_', "")),
        (0, [b'0', b'b' | b'B', ..]) => (2, body.get(2..).unwrap_or_default().replace('_', "")),
        (0, [b'0', b'o' | b'O', ..]) => (8, body.get(2..).unwrap_or_default().replace('_', "")),
        (0, [b'0', _, ..]) => (8, body.get(1..).unwrap_or_default().replace('_', "")),
        (0, _) => (10, body.replace('_', "")),
        (base, _) => (
            u32::try_from(base)
                .ok()
                .filter(|base| (2..=36).contains(base))
                .ok_or_else(|| wrong("invalid base"))?,
            body.to_owned(),
        ),
    };
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return Err(syntax());
    }
    let value = BigInt::parse_bytes(digits.as_bytes(), radix).ok_or_else(syntax)?;
    let value = if negative { -value } else { value };
    if !in_bits(&value, bits, signed) {
        return Err(wrong("value out of range"));
    }
    Ok(value)
}

/// `%e` of Go from digits: at least two exponent digits.
fn scientific(value: f64, precision: Option<usize>, upper: bool) -> String {
    let text = match precision {
        Some(precision) => format!("{value:.precision$e}"),
        None => format!("{value:e}"),
    };
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let (sign, digits) = match exponent.strip_prefix('-') {
        Some(digits) => ('-', digits),
        None => ('+', exponent),
    };
    let mark = if upper { 'E' } else { 'e' };
    format!("{mantissa}{mark}{sign}{digits:0>2}")
}

/// Go's `FormatFloat`; `None` for a format it does not know.
pub(crate) fn format_float(value: f64, format: char, precision: i64, bits: i64) -> Option<String> {
    if !value.is_finite() {
        return Some(if value.is_nan() {
            "NaN".to_owned()
        } else if value > 0.0 {
            "+Inf".to_owned()
        } else {
            "-Inf".to_owned()
        });
    }
    #[expect(
        clippy::cast_possible_truncation,
        reason = "rounding to 32 bits is what is asked for"
    )]
    let value = if bits == 32 {
        // the shortest text of the 32-bit value
        if precision < 0 {
            format!("{}", value as f32).parse().unwrap_or(value)
        } else {
            f64::from(value as f32)
        }
    } else {
        value
    };
    let precision = usize::try_from(precision).ok().map(|p| p.min(1000));
    Some(match format {
        'e' | 'E' => scientific(value, precision, format == 'E'),
        'f' | 'F' => match precision {
            Some(precision) => format!("{value:.precision$}"),
            None => format!("{value}"),
        },
        'g' | 'G' => {
            let digits = precision.map(|p| p.max(1));
            let text = scientific(value, digits.map(|p| p - 1), format == 'G');
            let mark = if format == 'G' { 'E' } else { 'e' };
            let (mantissa, exponent) = text.split_once(mark)?;
            let exponent: i64 = exponent.parse().ok()?;
            let significant = mantissa.bytes().filter(u8::is_ascii_digit).count();
            let wide = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
            let limit = match digits {
                None => 21,
                Some(p) if p > significant && wide(significant) > exponent => wide(significant),
                Some(p) => wide(p),
            };
            let trim = |text: &str| {
                if digits.is_some() && text.contains('.') {
                    text.trim_end_matches('0').trim_end_matches('.').to_owned()
                } else {
                    text.to_owned()
                }
            };
            if exponent < -4 || exponent >= limit {
                let mantissa = trim(mantissa);
                format!(
                    "{mantissa}{mark}{}{:02}",
                    if exponent < 0 { '-' } else { '+' },
                    exponent.abs()
                )
            } else {
                match digits {
                    None => format!("{value}"),
                    Some(p) => {
                        let places = usize::try_from(wide(p) - 1 - exponent).unwrap_or(0);
                        trim(&format!("{value:.places$}"))
                    }
                }
            }
        }
        _ => return None,
    })
}

fn rune(c: &mut Call<'_>, keep: Keep) -> Outcome {
    let code = c.i64(0)?;
    let rune = u32::try_from(code).ok().and_then(char::from_u32);
    Ok(quoted(&rune.unwrap_or('\u{fffd}').to_string(), '\'', keep).into())
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
    b.function("Unquote", &[S], S, |c| {
        unquote(&c.string(0)?)
            .map(Into::into)
            .ok_or_else(|| Failure::eval("invalid syntax"))
    });
    b.function("ParseBool", &[S], Kind::BOOL, |c| match &*c.string(0)? {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Ok(true.into()),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Ok(false.into()),
        other => Err(Failure::eval(format!("parsing `{other}`: invalid syntax"))),
    });
    b.function("FormatBool", &[Kind::BOOL], S, |c| {
        Ok(if c.boolean(0)? { "true" } else { "false" }.into())
    });
    b.function("ParseFloat", &[S, I], Kind::NUMBER, |c| {
        let text = c.string(0)?;
        let wrong = || Failure::eval(format!("parsing `{text}`: invalid syntax"));
        if !text.bytes().any(|b| b.is_ascii_digit()) {
            return Err(wrong());
        }
        let value: f64 = text.replace('_', "").parse().map_err(|_| wrong())?;
        Ok(Number::float(Decimal::from_f64(value)).into())
    });
    b.function("ParseUint", &[S, I, I], I, |c| {
        let value = parse_int(&c.string(0)?, c.i64(1)?, c.i64(2)?, false)?;
        Ok(Number::from(value).into())
    });
    b.function("ParseInt", &[S, I, I], I, |c| {
        let value = parse_int(&c.string(0)?, c.i64(1)?, c.i64(2)?, true)?;
        Ok(Number::from(value).into())
    });
    b.function("Atoi", &[S], I, |c| {
        Ok(Number::from(parse_int(&c.string(0)?, 10, 64, true)?).into())
    });
    b.function("FormatFloat", &[Kind::NUMBER, I, I, I], S, |c| {
        let format = u32::try_from(c.i64(1)?).ok().and_then(char::from_u32);
        let (value, precision, bits) = (c.f64(0)?, c.i64(2)?, c.i64(3)?);
        format
            .and_then(|format| format_float(value, format, precision, bits))
            .map(Into::into)
            .ok_or_else(|| Failure::eval("unknown format"))
    });
    b.function("FormatUint", &[I, I], S, format_int);
    b.function("FormatInt", &[I, I], S, format_int);
    b.function("Quote", &[S], S, |c| {
        Ok(quoted(&c.string(0)?, '"', Keep::Printable).into())
    });
    b.function("QuoteToASCII", &[S], S, |c| {
        Ok(quoted(&c.string(0)?, '"', Keep::Ascii).into())
    });
    b.function("QuoteToGraphic", &[S], S, |c| {
        Ok(quoted(&c.string(0)?, '"', Keep::Printable).into())
    });
    b.function("QuoteRune", &[I], S, |c| rune(c, Keep::Printable));
    b.function("QuoteRuneToASCII", &[I], S, |c| rune(c, Keep::Ascii));
    b.function("QuoteRuneToGraphic", &[I], S, |c| rune(c, Keep::Printable));
    for name in ["IsPrint", "IsGraphic"] {
        b.function(name, &[I], Kind::BOOL, |c| {
            let rune = u32::try_from(c.i64(0)?).ok().and_then(char::from_u32);
            Ok(rune.is_some_and(is_print).into())
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoting_follows_go() {
        assert_eq!(
            quoted("a\"b\\\n\u{1}\u{e9}", '"', Keep::Printable),
            "\"a\\\"b\\\\\\n\\x01\u{e9}\""
        );
        assert_eq!(
            quoted("\u{e9}\u{1F600}", '"', Keep::Ascii),
            "\"\\u00e9\\U0001f600\""
        );
        assert_eq!(unquote(r#""a\x41\101\u00e9""#).unwrap(), "aAA\u{e9}");
        assert_eq!(unquote("`a\\n`").unwrap(), "a\\n");
        assert_eq!(unquote("'ab'"), None);
        assert_eq!(unquote("\"a"), None);
    }

    #[test]
    fn integers_respect_bits_and_bases() {
        let parse = |text: &str, base, bits| parse_int(text, base, bits, true).ok();
        assert_eq!(parse("-128", 10, 8), Some(BigInt::from(-128)));
        assert_eq!(parse("128", 10, 8), None);
        assert_eq!(parse("0x1f", 0, 64), Some(BigInt::from(31)));
        assert_eq!(parse("zz", 36, 64), Some(BigInt::from(1295)));
        assert_eq!(parse("1_0", 10, 64), None);
        assert_eq!(parse("", 10, 64), None);
    }

    #[test]
    fn floats_are_formatted_as_in_go() {
        let go = |value, format, precision| format_float(value, format, precision, 64).unwrap();
        assert_eq!(go(1.5, 'f', -1), "1.5");
        assert_eq!(go(1.5, 'f', 3), "1.500");
        assert_eq!(go(123_456.789, 'e', 2), "1.23e+05");
        assert_eq!(go(1e21, 'g', -1), "1e+21");
        assert_eq!(go(1e20, 'g', -1), "100000000000000000000");
        assert_eq!(go(0.000_01, 'g', -1), "1e-05");
        assert_eq!(go(123_456_789.0, 'g', 4), "1.235e+08");
        assert_eq!(go(100_000.0, 'g', 10), "100000");
    }
}
