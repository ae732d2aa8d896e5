//! Formats: text, and directives that say how an operand is shown.
//!
//! A directive is `%`, flags, width, `.precision` and a verb; width and precision may be `*`, taken
//! from the operands, and `[2]` chooses an operand. What is wrong with a directive is written into
//! the text in its place: `%d` without operand is `%!d(MISSING)`.

use super::{Flags, Printer};
use crate::go_text::value::Value;
use crate::go_text::{first_char, push_char};

/// The largest width or precision that a format may ask for.
const MOST: i64 = 1_000_000;

impl Printer {
    /// A whole format.
    pub(super) fn format(&mut self, format: &[u8], args: &[Value]) {
        let mut cursor = Directives {
            format,
            at: 0,
            args,
            next: 0,
            reordered: false,
            good: true,
        };
        while let Some(text) = cursor.text() {
            self.push(text);
            if self.overflow {
                return;
            }
            if cursor.at >= format.len() {
                break;
            }
            cursor.at += 1;
            if !self.directive(&mut cursor) {
                break;
            }
        }
        if !cursor.reordered
            && let Some(rest) = args.get(cursor.next..)
            && !rest.is_empty()
        {
            self.extra(rest);
        }
    }

    fn extra(&mut self, rest: &[Value]) {
        self.flags = Flags::default();
        self.push(b"%!(EXTRA ");
        for (index, arg) in rest.iter().enumerate() {
            if index > 0 {
                self.push(b", ");
            }
            if arg.is_nil() {
                self.push(b"<nil>");
            } else {
                self.push(arg.type_name().as_bytes());
                self.push(b"=");
                self.operand(arg, 'v');
            }
        }
        self.push(b")");
    }

    /// Everything after a percent sign; `false` at the end of the format.
    fn directive(&mut self, cursor: &mut Directives<'_>) -> bool {
        cursor.good = true;
        self.flags = Flags::default();
        cursor.flags(&mut self.flags);
        let mut after_index = cursor.index();

        if cursor.eat(b'*') {
            let width = cursor.number_argument();
            if width.is_none() {
                self.push(b"%!(BADWIDTH)");
            }
            if width.is_some_and(i64::is_negative) {
                self.flags.minus = true;
                self.flags.zero = false;
            }
            self.flags.width = width.and_then(|width| usize::try_from(width.unsigned_abs()).ok());
            after_index = false;
        } else {
            self.flags.width = cursor.number();
            if after_index && self.flags.width.is_some() {
                cursor.good = false;
            }
        }

        if cursor.at + 1 < cursor.format.len() && cursor.eat(b'.') {
            if after_index {
                cursor.good = false;
            }
            after_index = cursor.index();
            if cursor.eat(b'*') {
                let precision = cursor
                    .number_argument()
                    .and_then(|precision| usize::try_from(precision).ok());
                if precision.is_none() {
                    self.push(b"%!(BADPREC)");
                }
                self.flags.precision = precision;
                after_index = false;
            } else {
                self.flags.precision = Some(cursor.number().unwrap_or(0));
            }
        }

        if !after_index {
            cursor.index();
        }
        let Some(verb) = cursor.verb() else {
            self.push(b"%!(NOVERB)");
            return false;
        };
        let mut shown = b"%!".to_vec();
        push_char(&mut shown, verb);
        match (verb, cursor.args.get(cursor.next)) {
            ('%', _) => self.push(b"%"),
            _ if !cursor.good => {
                shown.extend_from_slice(b"(BADINDEX)");
                self.push(&shown);
            }
            (_, None) => {
                shown.extend_from_slice(b"(MISSING)");
                self.push(&shown);
            }
            (verb, Some(arg)) => {
                if verb == 'v' || verb == 'w' {
                    self.flags.sharp_v = std::mem::take(&mut self.flags.sharp);
                    self.flags.plus_v = std::mem::take(&mut self.flags.plus);
                }
                self.operand(arg, verb);
                cursor.next += 1;
            }
        }
        true
    }
}

/// A format under reading, and its operands.
struct Directives<'f> {
    format: &'f [u8],
    at: usize,
    args: &'f [Value],
    next: usize,
    /// An index like `[2]` was used, so unused operands go unmentioned.
    reordered: bool,
    /// The indices of this directive make sense.
    good: bool,
}

impl<'f> Directives<'f> {
    fn rest(&self) -> &'f [u8] {
        self.format.get(self.at..).unwrap_or_default()
    }

    /// The text up to the next percent sign; `None` at the end.
    fn text(&mut self) -> Option<&'f [u8]> {
        let rest = self.rest();
        if rest.is_empty() {
            return None;
        }
        let length = rest
            .iter()
            .position(|byte| *byte == b'%')
            .unwrap_or(rest.len());
        self.at += length;
        rest.get(..length)
    }

    fn eat(&mut self, byte: u8) -> bool {
        let found = self.rest().first() == Some(&byte);
        self.at += usize::from(found);
        found
    }

    fn flags(&mut self, flags: &mut Flags) {
        while let Some(byte) = self.rest().first() {
            match byte {
                b'#' => flags.sharp = true,
                b'0' => flags.zero = true,
                b'+' => flags.plus = true,
                b'-' => flags.minus = true,
                b' ' => flags.space = true,
                _ => break,
            }
            self.at += 1;
        }
    }

    /// A written number; one that is too large swallows the rest of the format.
    fn number(&mut self) -> Option<usize> {
        let mut found = None;
        while let Some(digit) = self.rest().first().filter(|byte| byte.is_ascii_digit()) {
            let value: i64 = found.unwrap_or(0);
            if value > MOST {
                self.at = self.format.len();
                return None;
            }
            found = Some(value * 10 + i64::from(digit - b'0'));
            self.at += 1;
        }
        found.and_then(|value| usize::try_from(value).ok())
    }

    /// The operand of a `*`.
    fn number_argument(&mut self) -> Option<i64> {
        let arg = self.args.get(self.next)?;
        self.next += 1;
        match arg {
            Value::Int(value) | Value::Int64(value) => Some(*value),
            Value::Byte(value) => Some(i64::from(*value)),
            _ => None,
        }
        .filter(|value| (-MOST..=MOST).contains(value))
    }

    /// An index like `[2]`; whether one stands here.
    fn index(&mut self) -> bool {
        let rest = self.rest();
        if rest.first() != Some(&b'[') {
            return false;
        }
        self.reordered = true;
        let close = rest.iter().position(|byte| *byte == b']');
        let (length, number) = match close {
            Some(close) if rest.len() >= 3 => {
                let inner = rest.get(1..close).unwrap_or_default();
                let number = std::str::from_utf8(inner)
                    .ok()
                    .filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()))
                    .and_then(|text| text.parse::<usize>().ok());
                (close + 1, number)
            }
            _ => (1, None),
        };
        self.at += length;
        match number {
            Some(number) if (1..=self.args.len()).contains(&number) => {
                self.next = number - 1;
                true
            }
            number => {
                self.good = false;
                number.is_some()
            }
        }
    }

    fn verb(&mut self) -> Option<char> {
        let (c, length) = first_char(self.rest())?;
        self.at += length;
        Some(c.unwrap_or(char::REPLACEMENT_CHARACTER))
    }
}
