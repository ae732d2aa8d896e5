//! Numbers under the verbs of `fmt`.
//!
//! Flags meet here: a zero flag fills integers between sign and digits, a precision asks for digits,
//! `#` adds what Go would need to read the number back. `%+08.3f` of 3.14159 is `+003.142`.

use super::Printer;
use crate::go_text::float::{self, Width};
use crate::go_text::value::Value;
use crate::go_text::{is_print, quote};
use num_bigint::{BigInt, Sign};

impl Printer {
    pub(super) fn integer(&mut self, value: &Value, magnitude: u64, negative: bool, verb: char) {
        let signed = !matches!(value, Value::Byte(_));
        match verb {
            'v' if self.flags.sharp_v && !signed => {
                self.digits(&format!("{magnitude:x}"), "0x", false);
            }
            'v' | 'd' => self.digits(&magnitude.to_string(), "", negative),
            'b' => {
                let prefix = if self.flags.sharp { "0b" } else { "" };
                self.digits(&format!("{magnitude:b}"), prefix, negative);
            }
            'o' => self.octal(&format!("{magnitude:o}"), negative),
            'O' => {
                self.flags_octal(&format!("{magnitude:o}"), negative);
            }
            'x' => {
                let prefix = if self.flags.sharp { "0x" } else { "" };
                self.digits(&format!("{magnitude:x}"), prefix, negative);
            }
            'X' => {
                let prefix = if self.flags.sharp { "0X" } else { "" };
                self.digits(&format!("{magnitude:X}"), prefix, negative);
            }
            'c' | 'q' | 'U' => {
                // the bits, as Go sees them
                let bits = if negative {
                    magnitude.wrapping_neg()
                } else {
                    magnitude
                };
                self.character(bits, verb);
            }
            _ => self.bad_verb(value, verb),
        }
    }

    fn octal(&mut self, digits: &str, negative: bool) {
        if self.flags.sharp {
            self.sharp_octal(digits, "", negative);
        } else {
            self.digits(digits, "", negative);
        }
    }

    fn flags_octal(&mut self, digits: &str, negative: bool) {
        if self.flags.sharp {
            self.sharp_octal(digits, "0o", negative);
        } else {
            self.digits(digits, "0o", negative);
        }
    }

    /// `#` makes an octal number start with a zero, unless it does already.
    fn sharp_octal(&mut self, digits: &str, prefix: &str, negative: bool) {
        let Some(filled) = self.zeros(digits, negative) else {
            return;
        };
        let lead = if filled.starts_with('0') { "" } else { "0" };
        self.signed(&format!("{prefix}{lead}{filled}"), negative);
    }

    /// An integer's digits after filling with zeros; `None` when nothing is to be shown.
    fn zeros(&mut self, digits: &str, negative: bool) -> Option<String> {
        let flags = self.flags;
        let least = match (flags.precision, flags.width) {
            (Some(0), _) if digits == "0" => {
                self.padding(flags.width.unwrap_or_default(), false);
                return None;
            }
            (Some(precision), _) => precision,
            (None, Some(width)) if flags.zero && !flags.minus => {
                width.saturating_sub(usize::from(negative || flags.plus || flags.space))
            }
            _ => 0,
        };
        Some(filled(digits, least))
    }

    pub(super) fn digits(&mut self, digits: &str, prefix: &str, negative: bool) {
        if let Some(filled) = self.zeros(digits, negative) {
            self.signed(&format!("{prefix}{filled}"), negative);
        }
    }

    fn signed(&mut self, text: &str, negative: bool) {
        let sign = self.sign(negative);
        self.pad_with(format!("{sign}{text}").as_bytes(), false);
    }

    fn sign(&self, negative: bool) -> &'static str {
        match (negative, self.flags.plus, self.flags.space) {
            (true, _, _) => "-",
            (false, true, _) => "+",
            (false, false, true) => " ",
            _ => "",
        }
    }

    /// The verbs that take a number for a character.
    fn character(&mut self, code: u64, verb: char) {
        let known = u32::try_from(code).ok().filter(|code| *code <= 0x10_ffff);
        let c = known
            .and_then(char::from_u32)
            .unwrap_or(char::REPLACEMENT_CHARACTER);
        match verb {
            'c' => self.pad(c.encode_utf8(&mut [0; 4]).as_bytes()),
            'q' => {
                let text = quote::rune(i64::from(u32::from(c)), self.keep());
                self.pad(text.as_bytes());
            }
            _ => {
                let least = self.flags.precision.unwrap_or_default().max(4);
                let mut text = format!("U+{}", filled(&format!("{code:X}"), least));
                let shown = known.and_then(char::from_u32).filter(|c| is_print(*c));
                if let Some(c) = shown.filter(|_| self.flags.sharp) {
                    text.extend([" '", c.encode_utf8(&mut [0; 4]), "'"]);
                }
                self.pad_with(text.as_bytes(), false);
            }
        }
    }

    /// `*big.Int` formats itself, after rules of its own.
    pub(super) fn big(&mut self, number: &BigInt, verb: char) {
        let flags = self.flags;
        let radix = match verb {
            'b' => 2,
            'o' | 'O' => 8,
            'd' | 's' | 'v' => 10,
            'x' | 'X' => 16,
            _ => {
                let text = format!("%!{verb}(big.Int={number})");
                return self.push(text.as_bytes());
            }
        };
        let digits = number.magnitude().to_str_radix(radix);
        let digits = if verb == 'X' {
            digits.to_ascii_uppercase()
        } else {
            digits
        };
        let sign = match number.sign() {
            Sign::Minus => "-",
            _ if flags.plus || flags.plus_v => "+",
            _ if flags.space => " ",
            _ => "",
        };
        let prefix = match verb {
            'O' => "0o",
            'b' if flags.sharp => "0b",
            'o' if flags.sharp => "0",
            'x' if flags.sharp => "0x",
            'X' if flags.sharp => "0X",
            _ => "",
        };
        let mut zeros = flags
            .precision
            .map_or(0, |precision| precision.saturating_sub(digits.len()));
        let length = sign.len() + prefix.len() + zeros + digits.len();
        let missing = flags.width.map_or(0, |width| width.saturating_sub(length));
        let (mut left, mut right) = (0, 0);
        if flags.minus {
            right = missing;
        } else if flags.zero && flags.precision.is_none() {
            zeros = missing;
        } else {
            left = missing;
        }
        self.padding(left, false);
        self.push(sign.as_bytes());
        self.push(prefix.as_bytes());
        self.padding(zeros, true);
        self.push(digits.as_bytes());
        self.padding(right, false);
    }

    pub(super) fn float(&mut self, value: &Value, number: f64, verb: char) {
        match verb {
            'v' => self.float_as(number, 'g', None),
            'b' | 'g' | 'G' | 'x' | 'X' => self.float_as(number, verb, None),
            'f' | 'e' | 'E' => self.float_as(number, verb, Some(6)),
            'F' => self.float_as(number, 'f', Some(6)),
            _ => self.bad_verb(value, verb),
        }
    }

    fn float_as(&mut self, number: f64, verb: char, default: Option<usize>) {
        let flags = self.flags;
        let precision = flags.precision.or(default);
        let text = float::format(number, verb, precision, Width::Double);
        let (sign, body) = match text.strip_prefix('-') {
            Some(body) => ("-", body),
            None => ("+", text.strip_prefix('+').unwrap_or(&text)),
        };
        let sign = if sign == "+" && !flags.plus {
            if flags.space { " " } else { "" }
        } else {
            sign
        };
        if body.starts_with(['I', 'N']) {
            let infinite = body.starts_with('I');
            let sign = if infinite || flags.space || flags.plus {
                if infinite && sign.is_empty() {
                    "+"
                } else {
                    sign
                }
            } else {
                ""
            };
            // an infinite operand keeps its sign only when asked for, or when negative
            let sign = if infinite && sign == "+" && !flags.plus {
                ""
            } else {
                sign
            };
            return self.pad_with(format!("{sign}{body}").as_bytes(), false);
        }
        let body = if flags.sharp && verb != 'b' {
            with_point(body, verb, precision)
        } else {
            body.to_owned()
        };
        let length = sign.len() + body.len();
        let width = flags.width.unwrap_or_default();
        if flags.zero && !flags.minus && !sign.is_empty() && width > length {
            self.push(sign.as_bytes());
            self.padding(width - length, true);
            return self.push(body.as_bytes());
        }
        self.pad(format!("{sign}{body}").as_bytes());
    }

    pub(super) fn complex(&mut self, value: &Value, real: f64, imaginary: f64, verb: char) {
        if !"vbgGxXfFeE".contains(verb) {
            return self.bad_verb(value, verb);
        }
        let plus = self.flags.plus;
        self.push(b"(");
        self.float(value, real, verb);
        self.flags.plus = true;
        self.float(value, imaginary, verb);
        self.push(b"i)");
        self.flags.plus = plus;
    }
}

/// Zeros before a number until it has `least` digits.
fn filled(digits: &str, least: usize) -> String {
    let mut out = "0".repeat(least.saturating_sub(digits.len()));
    out.push_str(digits);
    out
}

/// `#`: a point always, and the zeros that `%g` would drop.
fn with_point(body: &str, verb: char, precision: Option<usize>) -> String {
    let hexadecimal = matches!(verb, 'x' | 'X');
    let tail_at = body
        .find(|c: char| matches!(c, 'p' | 'P') || (!hexadecimal && matches!(c, 'e' | 'E')))
        .unwrap_or(body.len());
    let (number, tail) = body.split_at(tail_at);
    let mut wanted = if matches!(verb, 'g' | 'G' | 'x' | 'X') {
        precision.unwrap_or(6)
    } else {
        0
    };
    let mut significant = false;
    for c in number.chars().filter(|c| *c != '.') {
        significant |= c != '0';
        if significant {
            wanted = wanted.saturating_sub(1);
        }
    }
    let mut out = number.to_owned();
    if !number.contains('.') {
        if number == "0" {
            wanted = wanted.saturating_sub(1);
        }
        out.push('.');
    }
    out.extend(std::iter::repeat_n('0', wanted));
    out.push_str(tail);
    out
}
