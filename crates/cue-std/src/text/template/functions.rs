//! The predefined functions of templates.
//!
//! Arguments come evaluated, `nil` and no value both as [`Value::Absent`] or [`Value::Nil`]; `and`
//! and `or` are not here, since they do not evaluate all of theirs. Escapers work on the text that
//! `print` would give.

use crate::go_text::printf::{TooLong, sprint, sprintf, sprintln};
use crate::go_text::value::Value;
use crate::go_text::{first_char, is_print};
use crate::net;
use std::cmp::Ordering;
use std::rc::Rc;

/// A predefined function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Function {
    And,
    Call,
    Html,
    Index,
    Slice,
    Js,
    Len,
    Not,
    Or,
    Print,
    Printf,
    Println,
    UrlQuery,
    Eq,
    Ge,
    Gt,
    Le,
    Lt,
    Ne,
}

/// Names in the order of the manual.
const NAMES: [(&str, Function); 19] = [
    ("and", Function::And),
    ("call", Function::Call),
    ("html", Function::Html),
    ("index", Function::Index),
    ("slice", Function::Slice),
    ("js", Function::Js),
    ("len", Function::Len),
    ("not", Function::Not),
    ("or", Function::Or),
    ("print", Function::Print),
    ("printf", Function::Printf),
    ("println", Function::Println),
    ("urlquery", Function::UrlQuery),
    ("eq", Function::Eq),
    ("ge", Function::Ge),
    ("gt", Function::Gt),
    ("le", Function::Le),
    ("lt", Function::Lt),
    ("ne", Function::Ne),
];

/// What a call gives, or why it fails.
pub(super) type Outcome = Result<Value, String>;

impl Function {
    /// The function of that name.
    pub(super) fn named(name: &str) -> Option<Self> {
        NAMES
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, function)| *function)
    }

    /// Its name.
    pub(super) fn name(self) -> &'static str {
        NAMES
            .iter()
            .find(|(_, function)| *function == self)
            .map_or("", |(name, _)| name)
    }

    /// How many arguments it takes, at least and at most.
    pub(super) fn arity(self) -> (usize, usize) {
        match self {
            Self::Html | Self::Js | Self::Print | Self::Println | Self::UrlQuery => (0, usize::MAX),
            Self::And
            | Self::Call
            | Self::Eq
            | Self::Index
            | Self::Or
            | Self::Printf
            | Self::Slice => (1, usize::MAX),
            Self::Len | Self::Not => (1, 1),
            Self::Ge | Self::Gt | Self::Le | Self::Lt | Self::Ne => (2, 2),
        }
    }

    /// Calls it; texts have at most `limit` bytes.
    pub(super) fn call(self, args: &[Value], limit: usize) -> Outcome {
        let first = args.first().unwrap_or(&Value::Absent);
        let second = args.get(1).unwrap_or(&Value::Absent);
        let rest = args.get(1..).unwrap_or_default();
        let text = |text: Vec<u8>| Ok(Value::String(text.into()));
        let sized = |made: Result<Vec<u8>, TooLong>| {
            made.map(|text| Value::String(text.into()))
                .map_err(|TooLong| "the text is too long".to_owned())
        };
        match self {
            Self::And | Self::Or => Err("its arguments are evaluated one by one".to_owned()),
            Self::Call if first.is_nil() => Err("call of nil".to_owned()),
            Self::Call => Err(format!(
                "a value of type {} is no function",
                first.type_name()
            )),
            Self::Html => text(html(&shown(args, limit)?)),
            Self::Js => text(js(&shown(args, limit)?)),
            Self::UrlQuery => text(net::query_escape(&shown(args, limit)?)),
            Self::Print => sized(sprint(args, limit)),
            Self::Println => sized(sprintln(args, limit)),
            Self::Printf => match first {
                Value::String(format) => sized(sprintf(format, rest, limit)),
                other => Err(format!("expected a string, found {}", other.type_name())),
            },
            Self::Len => len(first),
            Self::Index => index(first, rest),
            Self::Slice => slice(first, rest),
            Self::Not => Ok(Value::Bool(!is_true(first))),
            Self::Eq => equals_one(first, rest).map(Value::Bool),
            Self::Ne => equal(first, second).map(|equal| Value::Bool(!equal)),
            Self::Lt => less(first, second).map(Value::Bool),
            Self::Ge => less(first, second).map(|less| Value::Bool(!less)),
            Self::Le => at_most(first, second).map(Value::Bool),
            Self::Gt => at_most(first, second).map(|at_most| Value::Bool(!at_most)),
        }
    }
}

/// Whether a condition holds: anything but zero, empty and nothing.
pub(super) fn is_true(value: &Value) -> bool {
    match value {
        Value::Absent | Value::Nil => false,
        Value::Bool(truth) => *truth,
        Value::Int(number) | Value::Int64(number) => *number != 0,
        Value::Byte(byte) => *byte != 0,
        Value::Big(_) => true,
        Value::Float(number) => !is_zero(*number),
        Value::Complex(real, imaginary) => !is_zero(*real) || !is_zero(*imaginary),
        Value::String(bytes) | Value::Bytes(bytes) => !bytes.is_empty(),
        Value::List(items) => !items.is_empty(),
        Value::Map(entries) => !entries.is_empty(),
    }
}

fn is_zero(number: f64) -> bool {
    number.classify() == std::num::FpCategory::Zero
}

/// The text that an escaper works on.
fn shown(args: &[Value], limit: usize) -> Result<Vec<u8>, String> {
    if let [Value::String(text)] = args {
        return Ok(text.to_vec());
    }
    let args: Vec<Value> = args
        .iter()
        .map(|arg| {
            if arg.is_nil() {
                Value::text("<no value>")
            } else {
                arg.clone()
            }
        })
        .collect();
    sprint(&args, limit).map_err(|TooLong| "the text is too long".to_owned())
}

/// Escapes what has a meaning in HTML.
pub(super) fn html(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for byte in text {
        match byte {
            0 => out.extend_from_slice("\u{fffd}".as_bytes()),
            b'"' => out.extend_from_slice(b"&#34;"),
            b'\'' => out.extend_from_slice(b"&#39;"),
            b'&' => out.extend_from_slice(b"&amp;"),
            b'<' => out.extend_from_slice(b"&lt;"),
            b'>' => out.extend_from_slice(b"&gt;"),
            byte => out.push(*byte),
        }
    }
    out
}

/// Escapes what has a meaning in a string of JavaScript.
pub(super) fn js(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((c, length)) = first_char(rest) {
        let (bytes, after) = rest.split_at(length);
        rest = after;
        match c {
            Some('\\') => out.extend_from_slice(b"\\\\"),
            Some('\'') => out.extend_from_slice(b"\\'"),
            Some('"') => out.extend_from_slice(b"\\\""),
            Some(c) if "<>&=".contains(c) || c < ' ' || (!c.is_ascii() && !is_print(c)) => {
                out.extend_from_slice(format!("\\u{:04X}", u32::from(c)).as_bytes());
            }
            _ => out.extend_from_slice(bytes),
        }
    }
    out
}

fn len(value: &Value) -> Outcome {
    match value {
        Value::String(bytes) | Value::Bytes(bytes) => Ok(Value::count(bytes.len())),
        Value::List(items) => Ok(Value::count(items.len())),
        Value::Map(entries) => Ok(Value::count(entries.len())),
        other => Err(format!("len of a value of type {}", other.type_name())),
    }
}

/// A position in something of `length` parts, `length` included.
fn position(index: &Value, length: usize) -> Result<usize, String> {
    let number = match index {
        Value::Int(number) | Value::Int64(number) => *number,
        Value::Byte(byte) => i64::from(*byte),
        other => return Err(format!("cannot index with type {}", other.type_name())),
    };
    usize::try_from(number)
        .ok()
        .filter(|at| *at <= length)
        .ok_or_else(|| format!("index out of range: {number}"))
}

fn index(item: &Value, indices: &[Value]) -> Outcome {
    if item.is_nil() {
        return Err("index of untyped nil".to_owned());
    }
    let mut item = item.clone();
    for index in indices {
        let found = match &item {
            Value::String(bytes) | Value::Bytes(bytes) => bytes
                .get(position(index, bytes.len())?)
                .map(|byte| Value::Byte(*byte)),
            Value::List(items) => items.get(position(index, items.len())?).cloned(),
            Value::Map(entries) => match index {
                Value::String(name) => Some(entries.get(name).cloned().unwrap_or(Value::Nil)),
                other => {
                    return Err(format!(
                        "a map is indexed by string, not by {}",
                        other.type_name()
                    ));
                }
            },
            other => {
                return Err(format!(
                    "cannot index a value of type {}",
                    other.type_name()
                ));
            }
        };
        item = found.ok_or_else(|| "index out of range".to_owned())?;
    }
    Ok(item)
}

fn slice(item: &Value, indices: &[Value]) -> Outcome {
    let length = match item {
        Value::String(bytes) | Value::Bytes(bytes) => bytes.len(),
        Value::List(items) => items.len(),
        other => {
            return Err(format!(
                "cannot slice a value of type {}",
                other.type_name()
            ));
        }
    };
    let mut bounds = [0, length, length];
    match (indices.len(), item) {
        (0..=2, _) | (3, Value::Bytes(_) | Value::List(_)) => {}
        (3, _) => return Err("cannot slice a string with three indices".to_owned()),
        (count, _) => return Err(format!("too many slice indices: {count}")),
    }
    for (bound, index) in bounds.iter_mut().zip(indices) {
        *bound = position(index, length)?;
    }
    let [from, to, capacity] = bounds;
    if from > to || to > capacity {
        return Err(format!("invalid slice index: {from} > {to}"));
    }
    Ok(match item {
        Value::String(bytes) => Value::String(bytes.get(from..to).unwrap_or_default().into()),
        Value::Bytes(bytes) => Value::Bytes(bytes.get(from..to).unwrap_or_default().into()),
        Value::List(items) => Value::List(items.get(from..to).unwrap_or_default().into()),
        other => other.clone(),
    })
}

/// Kinds that can be compared, within one kind only; integers of both signs are one.
enum Basic<'v> {
    Bool(bool),
    Integer(i64),
    Float(f64),
    Complex(f64, f64),
    Text(&'v [u8]),
}

fn basic(value: &Value) -> Option<Basic<'_>> {
    Some(match value {
        Value::Bool(truth) => Basic::Bool(*truth),
        Value::Int(number) | Value::Int64(number) => Basic::Integer(*number),
        Value::Byte(byte) => Basic::Integer(i64::from(*byte)),
        Value::Float(number) => Basic::Float(*number),
        Value::Complex(real, imaginary) => Basic::Complex(*real, *imaginary),
        Value::String(text) => Basic::Text(text),
        _ => return None,
    })
}

fn incompatible<T>(left: &Value, right: &Value) -> Result<T, String> {
    Err(format!(
        "incompatible types for comparison: {} and {}",
        left.type_name(),
        right.type_name()
    ))
}

fn equals_one(value: &Value, others: &[Value]) -> Result<bool, String> {
    if others.is_empty() {
        return Err("missing argument for comparison".to_owned());
    }
    for other in others {
        if equal(value, other)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn equal(left: &Value, right: &Value) -> Result<bool, String> {
    if left.is_nil() || right.is_nil() {
        return Ok(left.is_nil() && right.is_nil());
    }
    Ok(match (basic(left), basic(right)) {
        (Some(Basic::Bool(a)), Some(Basic::Bool(b))) => a == b,
        (Some(Basic::Integer(a)), Some(Basic::Integer(b))) => a == b,
        (Some(Basic::Float(a)), Some(Basic::Float(b))) => {
            a.partial_cmp(&b) == Some(Ordering::Equal)
        }
        (Some(Basic::Complex(a, b)), Some(Basic::Complex(c, d))) => {
            a.partial_cmp(&c) == Some(Ordering::Equal) && b.partial_cmp(&d) == Some(Ordering::Equal)
        }
        (Some(Basic::Text(a)), Some(Basic::Text(b))) => a == b,
        (None, None) => match (left, right) {
            // these are pointers to a Go program
            (Value::Big(a), Value::Big(b)) => Rc::ptr_eq(a, b),
            _ => {
                return Err(format!(
                    "values of type {} and {} cannot be compared",
                    left.type_name(),
                    right.type_name()
                ));
            }
        },
        _ => return incompatible(left, right),
    })
}

fn less(left: &Value, right: &Value) -> Result<bool, String> {
    match (basic(left), basic(right)) {
        (Some(Basic::Integer(a)), Some(Basic::Integer(b))) => Ok(a < b),
        (Some(Basic::Float(a)), Some(Basic::Float(b))) => Ok(a < b),
        (Some(Basic::Text(a)), Some(Basic::Text(b))) => Ok(a < b),
        _ => incompatible(left, right),
    }
}

fn at_most(left: &Value, right: &Value) -> Result<bool, String> {
    Ok(less(left, right)? || equal(left, right)?)
}
