//! `encoding/toml`: TOML out of values, and values out of TOML.
//!
//! Written as cue v0.14.1 `encoding/toml` does: keys in the order of their bytes, plain entries of
//! a table before its sub-tables, strings in single quotes where they fit, and a list of structs as
//! an array of tables. `{a: 1, b: {c: 2}}` is `a = 1`, an empty line, `[b]`, `c = 2`. Dates are
//! strings here, kept as they are written.

use crate::go_text::float::{self, Width};
use crate::go_text::value::{Map, Value};
use crate::package::{Builder, Outcome, text_kind};
use cue_eval::builtin::{Answer, Call, Failure};
use cue_eval::number::{Decimal, Literal};
use cue_eval::{Data, Kind, Number};
use std::rc::Rc;
use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

/// Where in a document a value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// On lines of its own, as a table.
    Table,
    /// After a key: structs are inline tables.
    Inline,
}

/// Appends a value; `path` is where it stands.
fn write(
    out: &mut Vec<u8>,
    path: &mut Vec<Rc<[u8]>>,
    value: &Value,
    place: Place,
) -> Result<(), Failure> {
    match value {
        Value::Absent | Value::Nil => return Err(Failure::eval("TOML has no null")),
        Value::Map(entries) if place == Place::Table => table(out, path, entries)?,
        Value::Map(entries) => inline_table(out, path, entries)?,
        Value::List(items) if place == Place::Table && is_table_array(value) => {
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(b'\n');
                }
                header(out, path, "[[", "]]\n");
                if let Value::Map(entries) = item {
                    body(out, path, entries)?;
                }
            }
        }
        Value::List(items) => {
            out.push(b'[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.extend_from_slice(b", ");
                }
                write(out, path, item, place)?;
            }
            out.push(b']');
        }
        // bytes are a list of numbers to the library that cue uses
        Value::Bytes(bytes) => {
            let numbers: Vec<String> = bytes.iter().map(u8::to_string).collect();
            out.extend_from_slice(format!("[{}]", numbers.join(", ")).as_bytes());
        }
        Value::String(text) => string(out, text),
        Value::Bool(truth) => out.extend_from_slice(truth.to_string().as_bytes()),
        Value::Int(number) | Value::Int64(number) => {
            out.extend_from_slice(number.to_string().as_bytes());
        }
        Value::Byte(byte) => out.extend_from_slice(byte.to_string().as_bytes()),
        Value::Big(number) => string(out, number.to_string().as_bytes()),
        Value::Float(number) if number.is_nan() => out.extend_from_slice(b"nan"),
        Value::Float(number) if number.is_infinite() => {
            return Err(Failure::eval("an infinite number has no text"));
        }
        Value::Float(number) => {
            let places = (number.fract() == 0.0).then_some(1);
            let text = float::format(*number, 'f', places, Width::Double);
            out.extend_from_slice(text.as_bytes());
        }
        Value::Complex(..) => return Err(Failure::eval("TOML has no complex numbers")),
    }
    Ok(())
}

fn is_table_array(value: &Value) -> bool {
    match value {
        Value::List(items) => {
            !items.is_empty() && items.iter().all(|item| matches!(item, Value::Map(_)))
        }
        _ => false,
    }
}

fn header(out: &mut Vec<u8>, path: &[Rc<[u8]>], open: &str, close: &str) {
    out.extend_from_slice(open.as_bytes());
    for (index, name) in path.iter().enumerate() {
        if index > 0 {
            out.push(b'.');
        }
        key(out, name);
    }
    out.extend_from_slice(close.as_bytes());
}

fn table(out: &mut Vec<u8>, path: &mut Vec<Rc<[u8]>>, entries: &Map) -> Result<(), Failure> {
    if !path.is_empty() {
        header(out, path, "[", "]\n");
    }
    body(out, path, entries)
}

/// Plain entries, then the sub-tables, each after an empty line.
fn body(out: &mut Vec<u8>, path: &mut Vec<Rc<[u8]>>, entries: &Map) -> Result<(), Failure> {
    let is_table = |value: &Value| matches!(value, Value::Map(_)) || is_table_array(value);
    let mut separate = false;
    for (name, value) in entries.iter().filter(|(_, value)| !is_table(value)) {
        if value.is_nil() {
            continue;
        }
        separate = true;
        key(out, name);
        out.extend_from_slice(b" = ");
        write(out, path, value, Place::Inline)?;
        out.push(b'\n');
    }
    for (name, value) in entries.iter().filter(|(_, value)| is_table(value)) {
        if separate {
            out.push(b'\n');
        }
        separate = true;
        path.push(name.clone());
        write(out, path, value, Place::Table)?;
        path.pop();
    }
    Ok(())
}

fn inline_table(out: &mut Vec<u8>, path: &mut Vec<Rc<[u8]>>, entries: &Map) -> Result<(), Failure> {
    out.push(b'{');
    let shown = entries.iter().filter(|(_, value)| !value.is_nil());
    for (index, (name, value)) in shown.enumerate() {
        if index > 0 {
            out.extend_from_slice(b", ");
        }
        key(out, name);
        out.extend_from_slice(b" = ");
        write(out, path, value, Place::Inline)?;
    }
    out.push(b'}');
    Ok(())
}

/// Whether single quotes cannot hold the text.
fn needs_escapes(text: &[u8]) -> bool {
    text.iter()
        .any(|byte| *byte == b'\'' || *byte == 0x7f || (*byte < b' ' && *byte != b'\t'))
}

fn string(out: &mut Vec<u8>, text: &[u8]) {
    if needs_escapes(text) {
        return escaped(out, text);
    }
    out.push(b'\'');
    out.extend_from_slice(text);
    out.push(b'\'');
}

fn escaped(out: &mut Vec<u8>, text: &[u8]) {
    out.push(b'"');
    for byte in text {
        match byte {
            b'\\' => out.extend_from_slice(b"\\\\"),
            b'"' => out.extend_from_slice(b"\\\""),
            0x08 => out.extend_from_slice(b"\\b"),
            0x0c => out.extend_from_slice(b"\\f"),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\t' => out.extend_from_slice(b"\\t"),
            0..=0x1f | 0x7f => out.extend_from_slice(format!("\\u{byte:04X}").as_bytes()),
            byte => out.push(*byte),
        }
    }
    out.push(b'"');
}

fn key(out: &mut Vec<u8>, name: &[u8]) {
    let bare = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if name.is_empty() || !name.iter().all(bare) {
        string(out, name);
    } else {
        out.extend_from_slice(name);
    }
}

fn marshal(c: &mut Call<'_>) -> Outcome {
    let value = Value::from(c.data(0)?);
    if matches!(value, Value::Absent | Value::Nil | Value::Big(_)) {
        return Err(Failure::eval(
            "neither null nor a large number makes a document",
        ));
    }
    let mut out = Vec::new();
    write(&mut out, &mut Vec::new(), &value, Place::Table)?;
    c.charge(out.len())?;
    Ok(crate::go_text::into_text(out).into())
}

/// A value with the text that it was read from, which keeps the spelling of dates and numbers.
fn read(document: &str, value: &Spanned<DeValue<'_>>) -> Result<Data, Failure> {
    let written = || document.get(value.span()).unwrap_or_default();
    Ok(match value.get_ref() {
        DeValue::String(text) => text.as_ref().into(),
        DeValue::Boolean(truth) => Data::Bool(*truth),
        DeValue::Integer(_) => Data::Number(Number::int(number(written())?)),
        DeValue::Float(_) => Data::Number(Number::float(number(written())?)),
        // cue checks these against a layout that has capital letters
        DeValue::Datetime(_) if written().contains([' ', 't', 'z']) => {
            let text = written();
            return Err(Failure::eval(format!("`{text}` is no time in CUE")));
        }
        DeValue::Datetime(_) => written().into(),
        DeValue::Array(items) => array(document, items)?,
        DeValue::Table(entries) => struct_of(document, entries)?,
    })
}

/// A number of CUE, whose literals have all spellings of TOML but `inf` and `nan`.
fn number(text: &str) -> Result<Decimal, Failure> {
    Literal::parse(text)
        .map(|literal| literal.value)
        .map_err(|_| Failure::eval(format!("`{text}` is no number in CUE")))
}

fn array(document: &str, items: &DeArray<'_>) -> Result<Data, Failure> {
    let items: Result<Vec<Data>, Failure> = items.iter().map(|item| read(document, item)).collect();
    Ok(Data::List(items?))
}

fn struct_of(document: &str, entries: &DeTable<'_>) -> Result<Data, Failure> {
    let fields: Result<_, Failure> = entries
        .iter()
        .map(|(name, value)| Ok((name.get_ref().as_ref().into(), read(document, value)?)))
        .collect();
    Ok(Data::Struct(fields?))
}

/// Why a text is no TOML, or a value cannot be written as it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TomlError {
    /// What is wrong.
    pub message: String,
    /// The byte of the text at which it is wrong; 0 for a value.
    pub offset: usize,
}

impl From<Failure> for TomlError {
    fn from(failure: Failure) -> Self {
        let message = match failure {
            Failure::Message { text, .. } => text.to_string(),
            Failure::Bottom(_) | Failure::Suspended => "not a concrete value".to_owned(),
        };
        Self { message, offset: 0 }
    }
}

/// The value of a TOML text.
///
/// # Errors
/// At the first mistake.
pub fn parse(document: &str) -> Result<Data, TomlError> {
    let table = DeTable::parse(document).map_err(|error| TomlError {
        message: error.message().to_owned(),
        offset: error.span().map_or(0, |span| span.start),
    })?;
    Ok(struct_of(document, table.get_ref())?)
}

/// A concrete struct as TOML.
///
/// # Errors
/// When it is no struct, or holds what TOML has not.
pub fn to_text(data: &Data) -> Result<String, TomlError> {
    if !matches!(data, Data::Struct(_)) {
        return Err(Failure::eval("the top of a TOML text is a struct").into());
    }
    let mut out = Vec::new();
    write(
        &mut out,
        &mut Vec::new(),
        &Value::from(data.clone()),
        Place::Table,
    )?;
    Ok(String::from_utf8_lossy(&out).into_owned())
}

fn unmarshal(c: &mut Call<'_>) -> Outcome {
    let bytes = c.bytes(0)?;
    let document = std::str::from_utf8(&bytes).map_err(|_| Failure::eval("invalid UTF-8"))?;
    let table = DeTable::parse(document).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        let line = document
            .get(..at)
            .map_or(1, |before| before.matches('\n').count() + 1);
        Failure::eval(format!("invalid TOML at line {line}: {}", error.message()))
    })?;
    Ok(Answer::Data(struct_of(document, table.get_ref())?))
}

/// Fills the package.
pub(crate) fn fill(b: &mut Builder) {
    b.function("Marshal", &[Kind::TOP], Kind::STRING, marshal);
    b.function("Unmarshal", &[text_kind()], Kind::TOP, unmarshal);
}
