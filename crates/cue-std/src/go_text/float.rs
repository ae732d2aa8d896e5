//! 64-bit floats as Go's `strconv.FormatFloat` writes them.
//!
//! A number becomes digits and the place of their point first ([`Digits`]: 0.d₁d₂… × 10^point), and
//! the verb only lays these out. `precision` of `None` asks for the fewest digits that read back as
//! the same float.

use std::fmt::Write as _;

/// How wide the float is that is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Width {
    /// `float32`: the value is rounded first.
    Single,
    /// `float64`.
    Double,
}

/// More significant digits than a 64-bit float ever has; asking for more adds zeros.
const MOST_DIGITS: usize = 1100;

/// The decimal digits of a float, without trailing zeros; none for zero.
struct Digits {
    digits: Vec<u8>,
    point: i32,
}

impl Digits {
    /// From the text of Rust's `{:e}`.
    fn of_scientific(text: &str) -> Self {
        let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
        let mut digits: Vec<u8> = mantissa.bytes().filter(u8::is_ascii_digit).collect();
        while digits.last() == Some(&b'0') {
            digits.pop();
        }
        let point = if digits.is_empty() {
            0
        } else {
            exponent.parse::<i32>().unwrap_or_default() + 1
        };
        Self { digits, point }
    }

    fn at(&self, index: i64) -> char {
        usize::try_from(index)
            .ok()
            .and_then(|index| self.digits.get(index))
            .map_or('0', |&digit| char::from(digit))
    }

    fn count(&self) -> i32 {
        i32::try_from(self.digits.len()).unwrap_or(i32::MAX)
    }

    /// `d.ddde±dd` with `places` digits after the point.
    fn scientific(&self, places: usize, mark: char, out: &mut String) {
        out.push(self.at(0));
        if places > 0 {
            out.push('.');
            out.extend((1..=places).map(|index| self.at(wide(index))));
        }
        let exponent = if self.digits.is_empty() {
            0
        } else {
            self.point - 1
        };
        out.push(mark);
        push_exponent(exponent, out);
    }

    /// `ddd.ddd` with `places` digits after the point.
    fn positional(&self, places: usize, out: &mut String) {
        let point = i64::from(self.point);
        if point > 0 {
            out.extend((0..point).map(|index| self.at(index)));
        } else {
            out.push('0');
        }
        if places > 0 {
            out.push('.');
            out.extend((0..wide(places)).map(|index| self.at(point + index)));
        }
    }
}

/// Writing to a string does not fail.
fn push(out: &mut String, arguments: std::fmt::Arguments<'_>) {
    let _ = out.write_fmt(arguments);
}

fn wide(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// A sign and at least two digits.
fn push_exponent(exponent: i32, out: &mut String) {
    out.push(if exponent < 0 { '-' } else { '+' });
    push(out, format_args!("{:02}", exponent.unsigned_abs()));
}

fn shortest(magnitude: f64, width: Width) -> Digits {
    match width {
        Width::Double => Digits::of_scientific(&format!("{magnitude:e}")),
        Width::Single => Digits::of_scientific(&format!("{:e}", narrow(magnitude))),
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "rounding to 32 bits is what is asked for"
)]
fn narrow(value: f64) -> f32 {
    value as f32
}

fn significant(magnitude: f64, count: usize) -> Digits {
    let places = count.clamp(1, MOST_DIGITS) - 1;
    Digits::of_scientific(&format!("{magnitude:.places$e}"))
}

/// Mantissa and binary exponent: the value is `mantissa * 2^exponent`.
fn parts(magnitude: f64, width: Width) -> (u64, i32) {
    let (bits, mantissa_bits, bias) = match width {
        Width::Double => (magnitude.to_bits(), 52, 1023),
        Width::Single => (u64::from(narrow(magnitude).to_bits()), 23, 127),
    };
    let fraction = bits & ((1 << mantissa_bits) - 1);
    let exponent = i32::try_from(bits >> mantissa_bits).unwrap_or_default();
    if exponent == 0 {
        (fraction, 1 - bias - mantissa_bits)
    } else {
        (
            fraction | 1 << mantissa_bits,
            exponent - bias - mantissa_bits,
        )
    }
}

/// `0x1.8p+01`.
fn hexadecimal(magnitude: f64, places: Option<usize>, width: Width, out: &mut String) {
    let (mut mantissa, mut exponent) = parts(magnitude, width);
    // one hexadecimal digit, then fifteen
    if mantissa == 0 {
        exponent = 0;
    } else {
        let shift = mantissa.leading_zeros().saturating_sub(3);
        mantissa <<= shift;
        exponent += 60 - i32::try_from(shift).unwrap_or_default();
    }
    if let Some(places) = places.filter(|places| *places < 15) {
        let dropped = u32::try_from(4 * (15 - places)).unwrap_or(60);
        let (kept, rest, half) = (
            mantissa >> dropped,
            mantissa & ((1 << dropped) - 1),
            1 << (dropped - 1),
        );
        let up = rest > half || (rest == half && kept & 1 == 1);
        mantissa = (kept + u64::from(up)) << dropped;
        if mantissa >> 61 != 0 {
            mantissa >>= 1;
            exponent += 1;
        }
    }
    push(out, format_args!("0x{:x}", mantissa >> 60));
    let mut fraction = format!("{:015x}", mantissa & ((1 << 60) - 1));
    match places {
        None => fraction.truncate(fraction.trim_end_matches('0').len()),
        Some(places) if places < 15 => fraction.truncate(places),
        Some(places) => fraction.extend(std::iter::repeat_n('0', places - 15)),
    }
    if !fraction.is_empty() {
        out.push('.');
        out.push_str(&fraction);
    }
    out.push('p');
    push_exponent(exponent, out);
}

/// The number in the layout of `verb` (`b e E f g G x X`); a verb that Go does not know is given
/// back after a percent sign.
pub(crate) fn format(value: f64, verb: char, precision: Option<usize>, width: Width) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "+Inf" } else { "-Inf" }.to_owned();
    }
    let mut out = String::new();
    if value.is_sign_negative() {
        out.push('-');
    }
    let magnitude = match width {
        Width::Double => value.abs(),
        Width::Single => f64::from(narrow(value.abs())),
    };
    let mark = if verb == 'G' || verb == 'E' { 'E' } else { 'e' };
    match verb {
        'e' | 'E' => match precision {
            Some(places) => significant(magnitude, places + 1).scientific(places, mark, &mut out),
            None => {
                let digits = shortest(magnitude, width);
                let places = digits.digits.len().saturating_sub(1);
                digits.scientific(places, mark, &mut out);
            }
        },
        'f' => match precision {
            Some(places) => {
                let exact = places.min(MOST_DIGITS);
                push(&mut out, format_args!("{magnitude:.exact$}"));
                out.extend(std::iter::repeat_n('0', places - exact));
            }
            None => {
                let digits = shortest(magnitude, width);
                let places = usize::try_from(digits.count() - digits.point).unwrap_or_default();
                digits.positional(places, &mut out);
            }
        },
        'g' | 'G' => {
            let digits = match precision {
                Some(count) => significant(magnitude, count),
                None => shortest(magnitude, width),
            };
            let count = digits.count();
            let asked = precision.map(|count| i32::try_from(count.max(1)).unwrap_or(i32::MAX));
            let limit = match asked {
                Some(asked) if asked > count && count >= digits.point => count,
                Some(asked) => asked,
                None => 6,
            };
            let exponent = digits.point - 1;
            if exponent < -4 || exponent >= limit {
                let places = asked.map_or(count, |asked| asked.min(count)) - 1;
                digits.scientific(usize::try_from(places).unwrap_or_default(), mark, &mut out);
            } else {
                let places = usize::try_from(count - digits.point).unwrap_or_default();
                digits.positional(places, &mut out);
            }
        }
        'b' => {
            let (mantissa, exponent) = parts(magnitude, width);
            let sign = if exponent < 0 { "" } else { "+" };
            push(&mut out, format_args!("{mantissa}p{sign}{exponent}"));
        }
        'x' => hexadecimal(magnitude, precision, width, &mut out),
        'X' => {
            let mut text = String::new();
            hexadecimal(magnitude, precision, width, &mut text);
            out.push_str(&text.to_ascii_uppercase());
        }
        other => return format!("%{other}"),
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    // expected texts are those of `strconv.FormatFloat` in cue v0.14.1
    #[test]
    fn verbs() {
        let go = |value, verb, precision| format(value, verb, precision, Width::Double);
        for (value, verb, precision, want) in [
            (1.5, 'f', None, "1.5"),
            (1.5, 'f', Some(3), "1.500"),
            (123_456.789, 'e', Some(2), "1.23e+05"),
            (1e6, 'g', None, "1e+06"),
            (123_456.0, 'g', None, "123456"),
            (1e20, 'g', None, "1e+20"),
            (0.000_01, 'g', None, "1e-05"),
            (123_456_789.0, 'g', Some(4), "1.235e+08"),
            (100_000.0, 'g', Some(10), "100000"),
            (0.0, 'e', None, "0e+00"),
            (-0.0, 'g', None, "-0"),
            (1.0, 'x', None, "0x1p+00"),
            (3.5, 'b', None, "7881299347898368p-51"),
            (3.5, 'd', None, "%d"),
        ] {
            assert_eq!(go(value, verb, precision), want, "{value} {verb}");
        }
        assert_eq!(format(0.1, 'g', None, Width::Single), "0.1");
    }
}
