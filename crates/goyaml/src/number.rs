//! Numbers as Go's `strconv`, `encoding/json` and goyaml read and print them.
//!
//! A [`Number`] is its JSON text, so nothing is lost on the way through; [`Number::read`] gives
//! the machine value that goyaml would take it for: `int64`, else `uint64`, else `float64`.

use std::fmt;

/// A number as JSON text.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Number(Box<str>);

/// What Go holds a number in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Magnitude {
    /// `int64`.
    Int(i64),
    /// `uint64`, above the range of `int64`.
    Uint(u64),
    /// `float64`, finite.
    Float(f64),
}

impl Number {
    /// A number from JSON text; `None` when the text is not a JSON number.
    pub fn from_json(text: &str) -> Option<Self> {
        is_json_number(text).then(|| Self(text.into()))
    }

    /// The JSON text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What goyaml reads it as: the smallest of the three kinds that holds it.
    pub fn read(&self) -> Magnitude {
        if let Ok(int) = self.0.parse() {
            return Magnitude::Int(int);
        }
        if let Ok(uint) = self.0.parse() {
            return Magnitude::Uint(uint);
        }
        Magnitude::Float(self.0.parse().unwrap_or(f64::MAX))
    }

    /// As `int64`, when it is an integer in range.
    pub fn as_i64(&self) -> Option<i64> {
        self.0.parse().ok()
    }

    /// As `uint64`, when it is an integer in range.
    pub fn as_u64(&self) -> Option<u64> {
        self.0.parse().ok()
    }

    /// The nearest `float64`.
    pub fn as_f64(&self) -> f64 {
        self.0.parse().unwrap_or(f64::NAN)
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<i64> for Number {
    fn from(value: i64) -> Self {
        Self(value.to_string().into())
    }
}

impl From<u64> for Number {
    fn from(value: u64) -> Self {
        Self(value.to_string().into())
    }
}

impl Magnitude {
    /// The number that `encoding/json` writes for it; `None` for infinities and not-a-number.
    pub fn to_number(self) -> Option<Number> {
        match self {
            Self::Int(value) => Some(value.into()),
            Self::Uint(value) => Some(value.into()),
            Self::Float(value) => value.is_finite().then(|| Number(json_float(value).into())),
        }
    }

    /// The text that sigs.k8s.io/yaml puts where the target is a string: floats with the digits
    /// that a `float32` needs (v1.4.0 `yaml.go`, `convertToJSONableObject`).
    pub fn to_string_target(self) -> String {
        match self {
            Self::Int(value) => value.to_string(),
            Self::Uint(value) => value.to_string(),
            Self::Float(value) => format_g(value, Precision::Single),
        }
    }

    /// The text that goyaml writes for it.
    pub fn to_yaml(self) -> String {
        match self {
            Self::Int(value) => value.to_string(),
            Self::Uint(value) => value.to_string(),
            Self::Float(value) => match format_g(value, Precision::Double).as_str() {
                "+Inf" => ".inf".to_owned(),
                "-Inf" => "-.inf".to_owned(),
                "NaN" => ".nan".to_owned(),
                text => text.to_owned(),
            },
        }
    }
}

/// Which type's shortest digits are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precision {
    /// `float32`.
    Single,
    /// `float64`.
    Double,
}

/// The shortest digits and the exponent of the first of them: `1234.5` is (`12345`, 3).
fn shortest(value: f64, precision: Precision) -> (String, i32) {
    let text = match precision {
        // narrowing is the point: Go asks for the digits of a float32
        Precision::Single => {
            #[expect(clippy::cast_possible_truncation, reason = "strconv rounds to float32")]
            let narrow = value as f32;
            format!("{narrow:e}")
        }
        Precision::Double => format!("{value:e}"),
    };
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    (digits, exponent.parse().unwrap_or(0))
}

/// `strconv.FormatFloat(value, 'g', -1, …)`.
pub fn format_g(value: f64, precision: Precision) -> String {
    #[expect(clippy::cast_possible_truncation, reason = "strconv rounds to float32")]
    let infinite = match precision {
        Precision::Single => (value as f32).is_infinite(),
        Precision::Double => value.is_infinite(),
    };
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if infinite {
        return if value > 0.0 { "+Inf" } else { "-Inf" }.to_owned();
    }
    let sign = if value.is_sign_negative() { "-" } else { "" };
    let (digits, exponent) = shortest(value, precision);
    if digits != "0" && !(-4..6).contains(&exponent) {
        return format!("{sign}{}", exponential(&digits, exponent, 2));
    }
    format!("{sign}{}", positional(&digits, exponent))
}

/// `encoding/json`'s float text: positional from 1e-6 up to 1e21, else an exponent of at least
/// one digit.
pub fn json_float(value: f64) -> String {
    let sign = if value.is_sign_negative() { "-" } else { "" };
    let (digits, exponent) = shortest(value, Precision::Double);
    let size = value.abs();
    if size != 0.0 && !(1e-6..1e21).contains(&size) {
        return format!("{sign}{}", exponential(&digits, exponent, 1));
    }
    format!("{sign}{}", positional(&digits, exponent))
}

fn exponential(digits: &str, exponent: i32, least: usize) -> String {
    let (first, rest) = digits.split_at(1.min(digits.len()));
    let point = if rest.is_empty() { "" } else { "." };
    let sign = if exponent < 0 { '-' } else { '+' };
    // a positive exponent has two digits at least in both
    let least = if exponent < 0 { least } else { 2 };
    format!(
        "{first}{point}{rest}e{sign}{:0least$}",
        exponent.unsigned_abs()
    )
}

fn positional(digits: &str, exponent: i32) -> String {
    let count = digits.len();
    if exponent < 0 {
        let zeros = "0".repeat(usize::try_from(-exponent - 1).unwrap_or(0));
        return format!("0.{zeros}{digits}");
    }
    let whole = usize::try_from(exponent).unwrap_or(0) + 1;
    if whole >= count {
        return format!("{digits}{}", "0".repeat(whole - count));
    }
    let (head, tail) = digits.split_at(whole);
    format!("{head}.{tail}")
}

/// Splits off the digits at the start.
fn digits(text: &str) -> (&str, &str) {
    let count = text.bytes().take_while(u8::is_ascii_digit).count();
    text.split_at_checked(count).unwrap_or(("", text))
}

/// Whether text is an exponent (`e5`, `E-07`) or nothing.
fn is_exponent_or_empty(text: &str) -> bool {
    let Some(tail) = text.strip_prefix(['e', 'E']) else {
        return text.is_empty();
    };
    let (count, rest) = digits(tail.strip_prefix(['+', '-']).unwrap_or(tail));
    !count.is_empty() && rest.is_empty()
}

fn is_json_number(text: &str) -> bool {
    let (whole, rest) = digits(text.strip_prefix('-').unwrap_or(text));
    if whole.is_empty() || (whole.len() > 1 && whole.starts_with('0')) {
        return false;
    }
    let Some(tail) = rest.strip_prefix('.') else {
        return is_exponent_or_empty(rest);
    };
    let (fraction, rest) = digits(tail);
    !fraction.is_empty() && is_exponent_or_empty(rest)
}

/// `strconv.ParseInt(text, 0, 64)` and, failing that, `ParseUint`, for text without underscores.
pub(crate) fn parse_integer(text: &str) -> Option<Magnitude> {
    let negative = text.starts_with('-');
    let body = text.strip_prefix(['+', '-']).unwrap_or(text);
    let prefixed = |prefixes: [&str; 2]| {
        let rest = prefixes.iter().find_map(|prefix| body.strip_prefix(prefix));
        rest.filter(|rest| !rest.is_empty())
    };
    let (radix, digits) = if let Some(rest) = prefixed(["0x", "0X"]) {
        (16, rest)
    } else if let Some(rest) = prefixed(["0b", "0B"]) {
        (2, rest)
    } else if let Some(rest) = prefixed(["0o", "0O"]).or_else(|| prefixed(["0", "0"])) {
        (8, rest)
    } else {
        (10, body)
    };
    if !digits.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return None; // from_str_radix would take a second sign
    }
    let size = u64::from_str_radix(digits, radix).ok()?;
    if negative {
        return 0i64.checked_sub_unsigned(size).map(Magnitude::Int);
    }
    match i64::try_from(size) {
        Ok(value) => Some(Magnitude::Int(value)),
        // ParseUint takes no sign
        Err(_) if body.len() == text.len() => Some(Magnitude::Uint(size)),
        Err(_) => None,
    }
}

/// goyaml's `yamlStyleFloat` followed by `ParseFloat`: a decimal float that does not overflow.
pub(crate) fn parse_yaml_float(text: &str) -> Option<f64> {
    let body = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (whole, rest) = digits(body);
    let (fraction, rest) = rest.strip_prefix('.').map_or(("", rest), digits);
    if (whole.is_empty() && fraction.is_empty()) || !is_exponent_or_empty(rest) {
        return None;
    }
    finite(text)
}

/// `strconv.ParseFloat` for text that begins with a point: underscores may stand between digits.
pub(crate) fn parse_go_float(text: &str) -> Option<f64> {
    if !text.contains('_') {
        return parse_yaml_float(text);
    }
    let bytes = text.as_bytes();
    let is_digit = |index: usize| bytes.get(index).is_some_and(u8::is_ascii_digit);
    let separated = (0..bytes.len())
        .filter(|&index| bytes.get(index) == Some(&b'_'))
        .all(|index| index > 0 && is_digit(index - 1) && is_digit(index + 1));
    if !separated {
        return None;
    }
    parse_yaml_float(&text.replace('_', ""))
}

fn finite(text: &str) -> Option<f64> {
    text.parse::<f64>().ok().filter(|value| value.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_print_as_go_prints_them() {
        for (value, g64, g32, json) in [
            (1.5, "1.5", "1.5", "1.5"),
            (1000.0, "1000", "1000", "1000"),
            (1e6, "1e+06", "1e+06", "1000000"),
            (
                123_456_789.0,
                "1.23456789e+08",
                "1.2345679e+08",
                "123456789",
            ),
            (0.0001, "0.0001", "0.0001", "0.0001"),
            (0.00001, "1e-05", "1e-05", "0.00001"),
            (1e-7, "1e-07", "1e-07", "1e-7"),
            (1e20, "1e+20", "1e+20", "100000000000000000000"),
            (1e21, "1e+21", "1e+21", "1e+21"),
            (
                2.141_592_653_589_793,
                "2.141592653589793",
                "2.1415927",
                "2.141592653589793",
            ),
            (1_234_567.8, "1.2345678e+06", "1.2345678e+06", "1234567.8"),
            (-0.0, "-0", "-0", "-0"),
        ] {
            assert_eq!(format_g(value, Precision::Double), g64, "g64 of {value}");
            assert_eq!(format_g(value, Precision::Single), g32, "g32 of {value}");
            assert_eq!(json_float(value), json, "json of {value}");
        }
    }

    #[test]
    fn integers_are_read_in_every_base() {
        for (text, want) in [
            ("10", Some(Magnitude::Int(10))),
            ("+10", Some(Magnitude::Int(10))),
            ("-0x1F", Some(Magnitude::Int(-31))),
            ("0b101", Some(Magnitude::Int(5))),
            ("0o17", Some(Magnitude::Int(15))),
            ("017", Some(Magnitude::Int(15))),
            ("08", None),
            ("0x", None),
            ("0", Some(Magnitude::Int(0))),
            ("-9223372036854775808", Some(Magnitude::Int(i64::MIN))),
            ("9223372036854775808", Some(Magnitude::Uint(1 << 63))),
            ("+9223372036854775808", None),
            ("18446744073709551616", None),
            ("--1", None),
            ("0x-1", None),
            ("", None),
        ] {
            assert_eq!(parse_integer(text), want, "{text}");
        }
    }

    #[test]
    fn json_numbers_are_recognised() {
        for good in ["0", "-0", "1.5e+10", "10", "1E5"] {
            assert!(Number::from_json(good).is_some(), "{good}");
        }
        for bad in ["", "01", "1.", ".5", "+1", "1e", "NaN", "1 "] {
            assert!(Number::from_json(bad).is_none(), "{bad}");
        }
    }
}
