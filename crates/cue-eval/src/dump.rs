//! The golden form of a value: one line of JSON that says everything about it.
//!
//! Every node is an object with one key for its kind, plus `open` or `fields` where they apply;
//! defaults are applied at every level, numbers are canonical, labels that look like definitions or
//! hidden names are quoted. It exists to be compared, by conformance and by regression cases.

use crate::bottom::Code;
use crate::ir::ArcKind;
use crate::kind::Kind;
use crate::label::{Label, quote};
use crate::number::{Decimal, NumberKind};
use crate::term::ListEnd;
use crate::value::{Field, Shape, Value};
use std::fmt::Write as _;

/// `text` as a JSON string.
pub fn json_string(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if u32::from(c) < 0x20 => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Standard base64 with padding.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let word = chunk.iter().enumerate().fold(0_u32, |word, (at, &byte)| {
            word | u32::from(byte) << (16 - 8 * at)
        });
        for digit in 0..4 {
            if digit <= chunk.len() {
                let index = (word >> (18 - 6 * digit) & 63) as usize;
                out.push(char::from(DIGITS[index]));
            } else {
                out.push('=');
            }
        }
    }
    out
}

/// The value in golden form.
pub fn dump(value: Value<'_>) -> String {
    let mut out = String::new();
    write_node(&mut out, value, 0);
    out
}

fn code_name(code: Code) -> &'static str {
    match code {
        Code::Eval => "eval",
        Code::User | Code::Literal => "user",
        Code::StructuralCycle => "structural-cycle",
        Code::Incomplete => "incomplete",
        Code::Cycle => "cycle",
    }
}

fn mask(kind: Kind) -> String {
    if Kind::TOP.without(Kind::FUNC).is_within(kind) {
        return "_".to_owned();
    }
    let names: Vec<&str> = kind.names().collect();
    names.join("|")
}

fn write_fields(out: &mut String, value: Value<'_>, fields: &[Field<'_>], depth: u32) {
    out.push('[');
    for (at, field) in fields.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        out.push('[');
        out.push_str(&json_string(&label_text(value, field.label)));
        out.push(',');
        write_node(out, field.value, depth + 1);
        out.push(']');
    }
    out.push(']');
}

fn label_text(value: Value<'_>, label: Label) -> String {
    let text = value.graph().labels().text(label);
    if label.is_string() && text.starts_with(['_', '#', '"']) {
        return quote(&text);
    }
    text.into_owned()
}

fn write_node(out: &mut String, value: Value<'_>, depth: u32) {
    if depth > 2000 {
        out.push_str("{\"error\":\"eval\"}");
        return;
    }
    let value = value.default();
    let shape = value.shape();
    let fields: Vec<Field<'_>> = value
        .arcs()
        .into_iter()
        .filter(|field| field.kind == ArcKind::Member && !field.label.is_int())
        .collect();
    let mut shows_fields = true;
    match shape {
        Shape::Null => out.push_str("{\"null\":true"),
        Shape::Bool(value) => {
            let _ = write!(out, "{{\"bool\":{value}");
        }
        Shape::Number(number) => match number.kind {
            NumberKind::Int => {
                let _ = write!(out, "{{\"int\":\"{}\"", int_text(&number.decimal));
            }
            NumberKind::Float => {
                let _ = write!(out, "{{\"float\":\"{}\"", number.decimal.canonical());
            }
        },
        Shape::String(text) => {
            let _ = write!(out, "{{\"string\":{}", json_string(text));
        }
        Shape::Bytes(bytes) => {
            let _ = write!(out, "{{\"bytes\":\"{}\"", base64(bytes));
        }
        Shape::Struct => {
            out.push_str("{\"struct\":");
            write_fields(out, value, &fields, depth);
            shows_fields = false;
        }
        Shape::List(end) => {
            out.push_str("{\"list\":[");
            for (at, element) in value.elements().into_iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                write_node(out, element, depth + 1);
            }
            out.push(']');
            if end == ListEnd::Open {
                out.push_str(",\"open\":true");
            }
        }
        Shape::Incomplete(_) => {
            let _ = write!(out, "{{\"incomplete\":\"{}\"", mask(value.default_kind()));
        }
        Shape::Error(id) => {
            let code = value.graph().bottom(id).code;
            let _ = write!(out, "{{\"error\":\"{}\"", code_name(code));
            shows_fields = code.is_incomplete();
        }
    }
    if shows_fields && !fields.is_empty() {
        out.push_str(",\"fields\":");
        write_fields(out, value, &fields, depth);
    }
    out.push('}');
}

fn int_text(decimal: &Decimal) -> String {
    decimal
        .integer_text()
        .unwrap_or_else(|| decimal.to_string())
}
