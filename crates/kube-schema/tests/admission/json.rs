//! JSON and trees: the records have JSON, the product has trees, and objects are told apart by the digest of their JSON.

use goyaml::{Data, Entry, Magnitude, Tree};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use source_vocab::Span;
use std::fmt::Write as _;

/// A tree without places. A number with a point or an exponent is a float, as in the text that was posted.
pub(crate) fn tree(value: &Value) -> Tree {
    let data = match value {
        Value::Null => Data::Null,
        Value::Bool(value) => Data::Bool(*value),
        Value::Number(number) => Data::Number(match (number.as_i64(), number.as_u64()) {
            (Some(int), _) => Magnitude::Int(int),
            (None, Some(uint)) => Magnitude::Uint(uint),
            (None, None) => Magnitude::Float(number.as_f64().unwrap_or(f64::MAX)),
        }),
        Value::String(text) => Data::String(text.as_str().into()),
        Value::Array(items) => Data::List(items.iter().map(tree).collect()),
        Value::Object(fields) => Data::Map(
            fields
                .iter()
                .map(|(key, value)| Entry {
                    key: key.as_str().into(),
                    key_span: Span::DETACHED,
                    value: tree(value),
                })
                .collect(),
        ),
    };
    Tree {
        span: Span::DETACHED,
        data,
    }
}

/// The digest that the records name an object by: its JSON with sorted keys, without blanks, in UTF-8.
pub(crate) fn digest(object: &Tree) -> String {
    let mut text = String::new();
    write(object, &mut text);
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().fold(String::new(), |mut hex, byte| {
        write!(hex, "{byte:02x}").expect("memory takes it");
        hex
    })
}

fn write(value: &Tree, into: &mut String) {
    match &value.data {
        Data::Null => into.push_str("null"),
        Data::Bool(value) => into.push_str(if *value { "true" } else { "false" }),
        Data::Number(_) => {
            let number = value.as_number().expect("a finite number");
            into.push_str(number.as_str());
        }
        Data::String(text) => quote(text, into),
        Data::List(items) => {
            into.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    into.push(',');
                }
                write(item, into);
            }
            into.push(']');
        }
        Data::Map(entries) => {
            let mut entries: Vec<_> = entries.iter().collect();
            entries.sort_by(|left, right| left.key.cmp(&right.key));
            into.push('{');
            for (at, entry) in entries.iter().enumerate() {
                if at > 0 {
                    into.push(',');
                }
                quote(&entry.key, into);
                into.push(':');
                write(&entry.value, into);
            }
            into.push('}');
        }
    }
}

fn quote(text: &str, into: &mut String) {
    into.push_str(&serde_json::to_string(text).expect("a text is JSON"));
}
