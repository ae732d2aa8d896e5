//! Go's `fmt`: the verbs of `Sprintf`, and `Sprint` and `Sprintln`.
//!
//! A verb that does not suit its operand is no error: the text then says so (`%!d(string=hi)`),
//! which is why formatting only fails by size. [`directive`] reads formats, this file shows operands,
//! numbers among them by [`number`]. Rules as in Go's package `fmt`.

mod directive;
mod number;

use super::quote::{self, Keep};
use super::value::Value;
use super::{char_count, chars, push_char};

/// The text would be longer than allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooLong;

/// `Sprintf`, at most `limit` bytes.
pub(crate) fn sprintf(format: &[u8], args: &[Value], limit: usize) -> Result<Vec<u8>, TooLong> {
    let mut printer = Printer::new(limit);
    printer.format(format, args);
    printer.finish()
}

/// `Sprint`: blanks between operands when neither is a string.
pub(crate) fn sprint(args: &[Value], limit: usize) -> Result<Vec<u8>, TooLong> {
    let mut printer = Printer::new(limit);
    let mut after_text = true;
    for arg in args {
        let text = matches!(arg, Value::String(_));
        if !text && !after_text {
            printer.push(b" ");
        }
        printer.operand(arg, 'v');
        after_text = text;
    }
    printer.finish()
}

/// `Sprintln`: blanks between operands and a line feed.
pub(crate) fn sprintln(args: &[Value], limit: usize) -> Result<Vec<u8>, TooLong> {
    let mut printer = Printer::new(limit);
    for (index, arg) in args.iter().enumerate() {
        if index > 0 {
            printer.push(b" ");
        }
        printer.operand(arg, 'v');
    }
    printer.push(b"\n");
    printer.finish()
}

/// What stands between the percent sign and the verb.
#[derive(Clone, Copy, Debug, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "one for each flag character, and two for those that `v` gives another meaning"
)]
struct Flags {
    minus: bool,
    plus: bool,
    sharp: bool,
    space: bool,
    zero: bool,
    /// `%+v`
    plus_v: bool,
    /// `%#v`: Go syntax
    sharp_v: bool,
    width: Option<usize>,
    precision: Option<usize>,
}

struct Printer {
    out: Vec<u8>,
    limit: usize,
    overflow: bool,
    flags: Flags,
}

impl Printer {
    fn new(limit: usize) -> Self {
        Self {
            out: Vec::new(),
            limit,
            overflow: false,
            flags: Flags::default(),
        }
    }

    fn finish(self) -> Result<Vec<u8>, TooLong> {
        if self.overflow {
            Err(TooLong)
        } else {
            Ok(self.out)
        }
    }

    fn push(&mut self, bytes: &[u8]) {
        if self.room(bytes.len()) {
            self.out.extend_from_slice(bytes);
        }
    }

    fn room(&mut self, bytes: usize) -> bool {
        self.overflow |= self.out.len().saturating_add(bytes) > self.limit;
        !self.overflow
    }

    fn padding(&mut self, count: usize, zero: bool) {
        if self.room(count) {
            let byte = if zero { b'0' } else { b' ' };
            self.out.extend(std::iter::repeat_n(byte, count));
        }
    }

    /// Appends a text filled up to the width.
    fn pad(&mut self, text: &[u8]) {
        let zero = self.flags.zero && !self.flags.minus;
        self.pad_with(text, zero);
    }

    fn pad_with(&mut self, text: &[u8], zero: bool) {
        let missing = match self.flags.width {
            Some(width) => width.saturating_sub(char_count(text)),
            None => 0,
        };
        if self.flags.minus {
            self.push(text);
            self.padding(missing, false);
        } else {
            self.padding(missing, zero);
            self.push(text);
        }
    }

    /// One operand of a format.
    fn operand(&mut self, value: &Value, verb: char) {
        match (value, verb) {
            (Value::Absent | Value::Nil, 'T' | 'v') => self.pad(b"<nil>"),
            (Value::Absent | Value::Nil, _) => self.bad_verb(value, verb),
            (_, 'T') => {
                let name = self.cut(value.type_name().as_bytes()).to_vec();
                self.pad(&name);
            }
            // an address differs from run to run, so it is refused like any other bad verb
            (_, 'p') => self.bad_verb(value, verb),
            (Value::Bytes(bytes), 'v' | 'd' | 's' | 'x' | 'X' | 'q') => {
                self.bytes(bytes, verb, "[]byte");
            }
            _ => self.value(value, verb),
        }
    }

    /// An operand, or a part of one.
    fn value(&mut self, value: &Value, verb: char) {
        if self.overflow {
            return;
        }
        match value {
            Value::Absent | Value::Nil if self.flags.sharp_v => self.push(b"interface {}(nil)"),
            Value::Absent | Value::Nil => self.push(b"<nil>"),
            Value::Bool(truth) => match verb {
                't' | 'v' => self.pad(if *truth { b"true" } else { b"false" }),
                _ => self.bad_verb(value, verb),
            },
            Value::Int(number) | Value::Int64(number) => {
                let magnitude = number.unsigned_abs();
                self.integer(value, magnitude, *number < 0, verb);
            }
            Value::Byte(byte) => self.integer(value, u64::from(*byte), false, verb),
            Value::Big(number) => self.big(number, verb),
            Value::Float(number) => self.float(value, *number, verb),
            Value::Complex(real, imaginary) => self.complex(value, *real, *imaginary, verb),
            Value::String(text) => self.string(value, text, verb),
            Value::Bytes(bytes) => match verb {
                's' | 'q' | 'x' | 'X' => self.bytes(bytes, verb, "[]uint8"),
                _ => self.sequence(value, verb, bytes.len(), |index| {
                    bytes.get(index).map(|byte| Value::Byte(*byte))
                }),
            },
            Value::List(_) | Value::Map(_) if verb == 'w' => self.bad_verb(value, verb),
            Value::List(items) => {
                self.sequence(value, verb, items.len(), |index| items.get(index).cloned());
            }
            Value::Map(entries) => {
                let go = self.flags.sharp_v;
                self.push(if go {
                    b"map[string]interface {}{"
                } else {
                    b"map["
                });
                for (index, (name, entry)) in entries.iter().enumerate() {
                    self.separate(index);
                    self.value(&Value::String(name.clone()), verb);
                    self.push(b":");
                    self.value(entry, verb);
                }
                self.push(if go { b"}" } else { b"]" });
            }
        }
    }

    fn separate(&mut self, index: usize) {
        if index > 0 {
            self.push(if self.flags.sharp_v { b", " } else { b" " });
        }
    }

    fn sequence(
        &mut self,
        whole: &Value,
        verb: char,
        length: usize,
        item: impl Fn(usize) -> Option<Value>,
    ) {
        let go = self.flags.sharp_v;
        if go {
            self.push(whole.type_name().as_bytes());
        }
        self.push(if go { b"{" } else { b"[" });
        for index in 0..length {
            self.separate(index);
            if let Some(item) = item(index) {
                self.value(&item, verb);
            }
        }
        self.push(if go { b"}" } else { b"]" });
    }

    fn bad_verb(&mut self, value: &Value, verb: char) {
        self.push(b"%!");
        let mut text = Vec::new();
        push_char(&mut text, verb);
        self.push(&text);
        self.push(b"(");
        if value.is_nil() {
            self.push(b"<nil>");
        } else {
            self.push(value.type_name().as_bytes());
            self.push(b"=");
            self.operand(value, 'v');
        }
        self.push(b")");
    }

    /// At most as many characters as the precision allows.
    fn cut<'t>(&self, text: &'t [u8]) -> &'t [u8] {
        let Some(precision) = self.flags.precision else {
            return text;
        };
        let length = chars(text).take(precision).map(|(_, length)| length).sum();
        text.get(..length).unwrap_or(text)
    }

    fn string(&mut self, value: &Value, text: &[u8], verb: char) {
        match verb {
            'v' if self.flags.sharp_v => self.quoted(text),
            'v' | 's' => {
                let text = self.cut(text);
                self.pad(text);
            }
            'x' | 'X' => self.hexadecimal(text, verb),
            'q' => self.quoted(text),
            _ => self.bad_verb(value, verb),
        }
    }

    fn quoted(&mut self, text: &[u8]) {
        let text = self.cut(text);
        if self.flags.sharp && quote::fits_backquotes(text) {
            let mut out = b"`".to_vec();
            out.extend_from_slice(text);
            out.push(b'`');
            return self.pad(&out);
        }
        let out = quote::string(text, self.keep());
        self.pad(out.as_bytes());
    }

    /// Two digits a byte, with `#` and blank as separators.
    fn hexadecimal(&mut self, bytes: &[u8], verb: char) {
        let shown = match self.flags.precision {
            Some(precision) => bytes.get(..precision).unwrap_or(bytes),
            None => bytes,
        };
        if !self.room(shown.len().saturating_mul(5)) {
            return;
        }
        let prefix = match (self.flags.sharp, verb) {
            (false, _) => "",
            (true, 'X') => "0X",
            (true, _) => "0x",
        };
        let mut out = String::new();
        for (index, byte) in shown.iter().enumerate() {
            if index > 0 && self.flags.space {
                out.push(' ');
            }
            if index == 0 || self.flags.space {
                out.push_str(prefix);
            }
            let digits = if verb == 'X' {
                format!("{byte:02X}")
            } else {
                format!("{byte:02x}")
            };
            out.push_str(&digits);
        }
        self.pad(out.as_bytes());
    }

    fn bytes(&mut self, bytes: &[u8], verb: char, name: &str) {
        match verb {
            's' => {
                let bytes = self.cut(bytes);
                self.pad(bytes);
            }
            'q' => self.quoted(bytes),
            'x' | 'X' => self.hexadecimal(bytes, verb),
            _ if self.flags.sharp_v => {
                self.push(name.as_bytes());
                self.push(b"{");
                for (index, byte) in bytes.iter().enumerate() {
                    self.separate(index);
                    self.digits(&format!("{byte:x}"), "0x", false);
                }
                self.push(b"}");
            }
            _ => {
                self.push(b"[");
                for (index, byte) in bytes.iter().enumerate() {
                    self.separate(index);
                    self.digits(&byte.to_string(), "", false);
                }
                self.push(b"]");
            }
        }
    }

    fn keep(&self) -> Keep {
        if self.flags.plus {
            Keep::Ascii
        } else {
            Keep::Printable
        }
    }
}
