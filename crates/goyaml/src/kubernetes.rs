//! A syntax tree as sigs.k8s.io/yaml reads it: [`Tree`], a JSON-like value with places.
//!
//! The Go library first decodes into `map[interface{}]interface{}` and then makes JSON of it.
//! What follows from that, and is done here:
//! * keys may be any scalar and become strings: `1.50` is the key `1.5`, `yes` is `true`; a null
//!   or a list as key is an error;
//! * a key that stands twice silently takes the last value; here both places are kept in
//!   [`Resolved::duplicates`], and whoever decodes strictly makes errors of them;
//! * a merge key writes into the map at the point where it stands, so it overrides what stands
//!   before it in the same map;
//! * a number or boolean that is wanted as a string becomes one ([`Tree::coerced`]), with the
//!   digits of a `float32`: `version: 1.10` is the version `1.1`;
//! * infinities cannot become JSON and fail.

use crate::node::{Node, NodeKind, ScalarStyle};
use crate::number::{Magnitude, Number};
use crate::scalar::{Dialect, Resolved as Meaning, resolve_plain, resolve_tagged};
use crate::value::{Map, Value};
use rustc_hash::FxHashMap;
use source_vocab::{Diagnostic, Span};
use std::borrow::Cow;

/// A value with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Tree {
    /// Where it stands.
    pub span: Span,
    /// What it is.
    pub data: Data,
}

/// What a [`Tree`] is.
#[derive(Clone, Debug, PartialEq)]
pub enum Data {
    /// `null`, `~` or nothing.
    Null,
    /// A boolean, in any of the YAML 1.1 spellings.
    Bool(bool),
    /// A finite number.
    Number(Magnitude),
    /// Text.
    String(Box<str>),
    /// A list.
    List(Vec<Tree>),
    /// A mapping; each key once, in the order of first appearance.
    Map(Vec<Entry>),
}

/// A key and its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The key, as a string.
    pub key: Box<str>,
    /// Where the key stands (the last place, when it stands twice).
    pub key_span: Span,
    /// The value.
    pub value: Tree,
}

/// A key that stands twice in one mapping.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duplicate {
    /// The key.
    pub key: Box<str>,
    /// The earlier place.
    pub first: Span,
    /// The later place, whose value counts.
    pub second: Span,
}

impl From<&Duplicate> for Diagnostic {
    fn from(found: &Duplicate) -> Self {
        let message = format!(
            "the key `{}` stands twice in this mapping, the last one counts",
            found.key
        );
        Self::error("yaml/duplicate-key", message, found.second)
            .at("again here")
            .label(found.first, "first here")
            .help("remove one of the two")
    }
}

/// What decoding gives.
#[derive(Clone, Debug, PartialEq)]
pub struct Resolved {
    /// The value.
    pub tree: Tree,
    /// The keys that stand twice, in the order of the second place.
    pub duplicates: Vec<Duplicate>,
    /// Keys that are set by a merge key and otherwise too. That is what merge keys are for, but
    /// Go's strict decoder refuses it like a key that stands twice.
    pub overrides: Vec<Duplicate>,
}

/// A node that cannot be decoded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ValueError {
    /// `yaml/bad-tag`, `yaml/bad-key`, `yaml/bad-merge` or `yaml/not-finite`.
    pub code: &'static str,
    /// What is wrong: a lower-case sentence.
    pub message: String,
    /// Where.
    pub span: Span,
}

impl From<ValueError> for Diagnostic {
    fn from(error: ValueError) -> Self {
        Self::error(error.code, error.message, error.span)
    }
}

/// Decodes a document's root.
///
/// # Errors
/// [`ValueError`] where Go's library fails.
pub fn resolve(root: &Node) -> Result<Resolved, ValueError> {
    let mut found = Found::default();
    let tree = tree(root, &mut found)?;
    Ok(Resolved {
        tree,
        duplicates: found.duplicates,
        overrides: found.overrides,
    })
}

#[derive(Default)]
struct Found {
    duplicates: Vec<Duplicate>,
    overrides: Vec<Duplicate>,
}

fn tree(node: &Node, found: &mut Found) -> Result<Tree, ValueError> {
    let data = match &node.kind {
        NodeKind::Scalar { text, style } => scalar(node, text, *style)?,
        NodeKind::Sequence { items, .. } => Data::List(
            items
                .iter()
                .map(|item| tree(item, found))
                .collect::<Result<_, _>>()?,
        ),
        NodeKind::Mapping { entries, .. } => {
            let mut map = Mapping::default();
            map.fill(entries, Origin::Written, found)?;
            Data::Map(map.entries)
        }
    };
    Ok(Tree {
        span: node.span,
        data,
    })
}

fn scalar(node: &Node, text: &str, style: ScalarStyle) -> Result<Data, ValueError> {
    let meaning = match node.tag.as_deref() {
        None if style == ScalarStyle::Plain => resolve_plain(Dialect::Kubernetes, text),
        None => Meaning::String,
        Some("!!binary") => return binary(node, text),
        Some(tag) => resolve_tagged(Dialect::Kubernetes, tag, text).ok_or_else(|| ValueError {
            code: "yaml/bad-tag",
            message: format!("`{text}` is no `{tag}`"),
            span: node.span,
        })?,
    };
    Ok(match meaning {
        Meaning::Null => Data::Null,
        Meaning::Bool(value) => Data::Bool(value),
        Meaning::Int(value) => Data::Number(value),
        Meaning::Float(value) if value.is_finite() => Data::Number(Magnitude::Float(value)),
        Meaning::Float(_) => {
            return Err(ValueError {
                code: "yaml/not-finite",
                message: format!("`{text}` cannot be written as JSON, a finite number is expected"),
                span: node.span,
            });
        }
        Meaning::Timestamp | Meaning::String => Data::String(text.into()),
    })
}

/// `!!binary`: base64 of bytes; bytes that are no text end up as U+FFFD in the JSON step.
fn binary(node: &Node, text: &str) -> Result<Data, ValueError> {
    let bytes = crate::base64::decode(text).ok_or_else(|| ValueError {
        code: "yaml/bad-tag",
        message: "the value of a `!!binary` is no base64".to_owned(),
        span: node.span,
    })?;
    let text = crate::base64::lossy(&bytes);
    Ok(Data::String(text.into()))
}

/// Whether an entry stands in the mapping itself or came by a merge key.
#[derive(Clone, Copy, PartialEq)]
enum Origin {
    Written,
    Merged,
}

/// A mapping while it is filled. Small ones are searched, large ones indexed.
#[derive(Default)]
struct Mapping {
    entries: Vec<Entry>,
    written: Vec<Origin>,
    index: FxHashMap<Box<str>, usize>,
}

const INDEX_FROM: usize = 16;

impl Mapping {
    fn position(&mut self, key: &str) -> Option<usize> {
        if self.entries.len() < INDEX_FROM {
            return self.entries.iter().position(|entry| &*entry.key == key);
        }
        if self.index.len() < self.entries.len() {
            for (at, entry) in self.entries.iter().enumerate().skip(self.index.len()) {
                self.index.insert(entry.key.clone(), at);
            }
        }
        self.index.get(key).copied()
    }

    fn fill(
        &mut self,
        entries: &[(Node, Node)],
        origin: Origin,
        found: &mut Found,
    ) -> Result<(), ValueError> {
        for (key, value) in entries {
            if key.is_merge_key() {
                self.merge(value, found)?;
                continue;
            }
            let key_span = key.span;
            let key = key_text(key)?;
            // The same text anchored once and merged often has its own duplicates reported once.
            let value = match origin {
                Origin::Written => tree(value, found)?,
                Origin::Merged => tree(value, &mut Found::default())?,
            };
            let Some(at) = self.position(&key) else {
                self.entries.push(Entry {
                    key,
                    key_span,
                    value,
                });
                self.written.push(origin);
                continue;
            };
            let (Some(entry), Some(before)) = (self.entries.get_mut(at), self.written.get_mut(at))
            else {
                continue;
            };
            let list = match (*before, origin) {
                (Origin::Written, Origin::Written) => &mut found.duplicates,
                _ => &mut found.overrides,
            };
            list.push(Duplicate {
                key,
                first: entry.key_span,
                second: key_span,
            });
            entry.key_span = key_span;
            entry.value = value;
            *before = origin;
        }
        Ok(())
    }

    fn merge(&mut self, value: &Node, found: &mut Found) -> Result<(), ValueError> {
        match &value.kind {
            NodeKind::Mapping { entries, .. } => self.fill(entries, Origin::Merged, found),
            NodeKind::Sequence { items, .. } => {
                // backwards, since earlier mappings take precedence
                for item in items.iter().rev() {
                    let NodeKind::Mapping { entries, .. } = &item.kind else {
                        return Err(bad_merge(item.span));
                    };
                    self.fill(entries, Origin::Merged, found)?;
                }
                Ok(())
            }
            NodeKind::Scalar { .. } => Err(bad_merge(value.span)),
        }
    }
}

fn bad_merge(span: Span) -> ValueError {
    ValueError {
        code: "yaml/bad-merge",
        message: "the value of `<<` must be a mapping or a list of mappings".to_owned(),
        span,
    }
}

fn key_text(node: &Node) -> Result<Box<str>, ValueError> {
    let bad = |what: &str| ValueError {
        code: "yaml/bad-key",
        message: format!("{what} cannot be a key, a string is expected"),
        span: node.span,
    };
    let NodeKind::Scalar { text, style } = &node.kind else {
        return Err(bad("a list or mapping"));
    };
    match scalar(node, text, *style) {
        Ok(Data::String(text)) => Ok(text),
        Ok(Data::Bool(value)) => Ok(if value { "true" } else { "false" }.into()),
        Ok(Data::Number(Magnitude::Uint(_))) => Err(bad("a number of this size")),
        Ok(Data::Number(number)) => Ok(number.to_string_target().into()),
        Ok(Data::Null) => Err(bad("`null`")),
        Ok(Data::List(_) | Data::Map(_)) => Err(bad("a list or mapping")),
        Err(error) if error.code == "yaml/not-finite" => Ok(match text.trim_start_matches('+') {
            text if text.starts_with('-') => "-.inf",
            text if text.eq_ignore_ascii_case(".nan") => ".nan",
            _ => ".inf",
        }
        .into()),
        Err(error) => Err(error),
    }
}

/// A step into a [`Tree`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step<'a> {
    /// Into a mapping.
    Key(&'a str),
    /// Into a list, from 0.
    Index(usize),
}

impl Tree {
    /// The value without places.
    pub fn to_value(&self) -> Value {
        match &self.data {
            Data::Null => Value::Null,
            Data::Bool(value) => Value::Bool(*value),
            Data::Number(number) => number.to_number().map_or(Value::Null, Value::Number),
            Data::String(text) => Value::String(text.as_ref().to_owned()),
            Data::List(items) => Value::List(items.iter().map(Self::to_value).collect()),
            Data::Map(entries) => Value::Map(
                entries
                    .iter()
                    .map(|entry| (entry.key.as_ref().to_owned(), entry.value.to_value()))
                    .collect::<Map>(),
            ),
        }
    }

    /// The entries; empty when it is no mapping.
    pub fn entries(&self) -> &[Entry] {
        match &self.data {
            Data::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The elements; empty when it is no list.
    pub fn items(&self) -> &[Tree] {
        match &self.data {
            Data::List(items) => items,
            _ => &[],
        }
    }

    /// The entry under `key`, matched exactly.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries().iter().find(|entry| &*entry.key == key)
    }

    /// The value under `key`, matched exactly.
    pub fn get(&self, key: &str) -> Option<&Tree> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The value at the end of a path.
    pub fn at(&self, path: &[Step<'_>]) -> Option<&Tree> {
        path.iter().try_fold(self, |tree, step| match step {
            Step::Key(key) => tree.get(key),
            Step::Index(index) => tree.items().get(*index),
        })
    }

    /// The text, when it is a string.
    pub fn as_str(&self) -> Option<&str> {
        match &self.data {
            Data::String(text) => Some(text),
            _ => None,
        }
    }

    /// The text it becomes where a string is wanted: a string itself, numbers and booleans as
    /// the Go library writes them; `None` for null, lists and mappings.
    pub fn coerced(&self) -> Option<Cow<'_, str>> {
        match &self.data {
            Data::String(text) => Some(Cow::Borrowed(text)),
            Data::Number(number) => Some(Cow::Owned(number.to_string_target())),
            Data::Bool(true) => Some(Cow::Borrowed("true")),
            Data::Bool(false) => Some(Cow::Borrowed("false")),
            Data::Null | Data::List(_) | Data::Map(_) => None,
        }
    }

    /// The word for its kind in messages, as `encoding/json` says it.
    pub fn kind(&self) -> &'static str {
        match &self.data {
            Data::Null => "null",
            Data::Bool(_) => "bool",
            Data::Number(_) => "number",
            Data::String(_) => "string",
            Data::List(_) => "array",
            Data::Map(_) => "object",
        }
    }

    /// The number's JSON text, when it is a number.
    pub fn as_number(&self) -> Option<Number> {
        match &self.data {
            Data::Number(number) => number.to_number(),
            _ => None,
        }
    }
}
