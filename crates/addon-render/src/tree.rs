//! Small works on [`Tree`]s, the form in which everything that is rendered is kept.
//!
//! A tree carries the place of every value: in a file of the author, in the text of an argument, or nowhere, for what
//! KubeVela itself adds. That is how `explain` knows where a value comes from and how a diagnostic about a rendered object
//! finds its line.

use goyaml::{Data, Entry, Magnitude, Tree, Value};
use source_vocab::Span;

/// A text at a place.
pub(crate) fn text(value: impl Into<Box<str>>, span: Span) -> Tree {
    Tree {
        span,
        data: Data::String(value.into()),
    }
}

/// A boolean that stands nowhere.
pub(crate) fn boolean(value: bool) -> Tree {
    detached(Data::Bool(value))
}

/// A mapping that stands nowhere.
pub(crate) fn map<const N: usize>(entries: [(&str, Tree); N]) -> Tree {
    detached(Data::Map(
        entries
            .into_iter()
            .map(|(key, value)| entry(key, value))
            .collect(),
    ))
}

/// A list that stands nowhere.
pub(crate) fn list(items: Vec<Tree>) -> Tree {
    detached(Data::List(items))
}

/// A plain value, all of it at one place.
pub(crate) fn of_value(value: &Value, span: Span) -> Tree {
    let data = match value {
        Value::Null => Data::Null,
        Value::Bool(flag) => Data::Bool(*flag),
        Value::Number(number) => Data::Number(number.read()),
        Value::String(text) => Data::String(text.as_str().into()),
        Value::List(items) => Data::List(items.iter().map(|item| of_value(item, span)).collect()),
        Value::Map(map) => Data::Map(
            map.iter()
                .map(|(key, value)| entry(key.as_str(), of_value(value, span)))
                .collect(),
        ),
    };
    Tree { span, data }
}

/// Data that stand nowhere.
pub(crate) fn detached(data: Data) -> Tree {
    Tree {
        span: Span::DETACHED,
        data,
    }
}

/// An entry whose key stands nowhere.
pub(crate) fn entry(key: impl Into<Box<str>>, value: Tree) -> Entry {
    Entry {
        key: key.into(),
        key_span: Span::DETACHED,
        value,
    }
}

/// Whether the tree or a part of it stands at `span`.
pub(crate) fn contains(tree: &Tree, span: Span) -> bool {
    tree.span == span
        || match &tree.data {
            Data::List(items) => items.iter().any(|item| contains(item, span)),
            Data::Map(entries) => entries.iter().any(|entry| contains(&entry.value, span)),
            Data::Null | Data::Bool(_) | Data::Number(_) | Data::String(_) => false,
        }
}

/// The text, when the tree is one.
pub(crate) fn as_text(tree: &Tree) -> Option<&str> {
    match &tree.data {
        Data::String(text) => Some(text),
        _ => None,
    }
}

/// The text under `key`; empty when there is none.
pub(crate) fn text_at<'t>(tree: &'t Tree, key: &str) -> &'t str {
    tree.get(key).and_then(as_text).unwrap_or_default()
}

/// The entries to change; makes a mapping of what is none.
pub(crate) fn entries_mut(tree: &mut Tree) -> &mut Vec<Entry> {
    if !matches!(tree.data, Data::Map(_)) {
        tree.data = Data::Map(Vec::new());
    }
    match &mut tree.data {
        Data::Map(entries) => entries,
        _ => unreachable!("it was made a mapping above"),
    }
}

/// The value under `key`, to change; added as null when it is not there.
pub(crate) fn slot<'t>(tree: &'t mut Tree, key: &str) -> &'t mut Tree {
    let entries = entries_mut(tree);
    let at = entries.iter().position(|entry| &*entry.key == key);
    let at = at.unwrap_or_else(|| {
        entries.push(entry(key, detached(Data::Null)));
        entries.len() - 1
    });
    &mut entries[at].value
}

/// Puts `value` under `key`.
pub(crate) fn set(tree: &mut Tree, key: &str, value: Tree) {
    *slot(tree, key) = value;
}

/// The numbers as Go's `encoding/json` reads them into `interface{}`: all of them floating point.
pub(crate) fn floats(tree: &mut Tree) {
    visit_numbers(tree, &mut |number| {
        *number = Magnitude::Float(as_float(*number));
    });
}

/// The numbers as Kubernetes reads them into an object: `int64`, else floating point.
pub(crate) fn kubernetes_numbers(tree: &mut Tree) {
    visit_numbers(tree, &mut |number| {
        if let Magnitude::Uint(value) = *number {
            *number = i64::try_from(value)
                .map_or_else(|_| Magnitude::Float(as_float(*number)), Magnitude::Int);
        }
    });
}

#[expect(
    clippy::cast_precision_loss,
    reason = "that is what Go does with a large integer"
)]
fn as_float(number: Magnitude) -> f64 {
    match number {
        Magnitude::Int(value) => value as f64,
        Magnitude::Uint(value) => value as f64,
        Magnitude::Float(value) => value,
    }
}

fn visit_numbers(tree: &mut Tree, change: &mut dyn FnMut(&mut Magnitude)) {
    match &mut tree.data {
        Data::Number(number) => change(number),
        Data::List(items) => {
            for item in items {
                visit_numbers(item, change);
            }
        }
        Data::Map(entries) => {
            for entry in entries {
                visit_numbers(&mut entry.value, change);
            }
        }
        Data::Null | Data::Bool(_) | Data::String(_) => {}
    }
}
