//! What is wrong with the properties that somebody gives to a definition.
//!
//! Both judges, the CUE engine ([`super::template`]) and the schemas of the built-in definitions ([`super::schema`]), speak in
//! these words, so that a rule does not know which of them it asked. A [`Fault`] has the path of the property below
//! `properties` and the nearest place of the author's text: the key of an unknown property, the value of a wrong one, the
//! mapping in which a property is missing.

use goyaml::{Data, Entry, Tree};
use source_vocab::{Label, Span};

/// What kind of fault it is: one rule each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum FaultKind {
    /// The definition has no such parameter.
    Unknown,
    /// The parameter takes no such value.
    Wrong,
    /// The parameter has to be given.
    Missing,
}

/// A fault of the properties.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) kind: FaultKind,
    /// The property: `env[0].name`; empty for the properties as a whole.
    pub(crate) path: String,
    /// Where to look.
    pub(crate) span: Span,
    /// The key of the property, or of the nearest one around it: the value may be one that is referred to and stand
    /// somewhere else.
    pub(crate) key: Span,
    /// What was expected and what was found, for a wrong value: the end of a sentence.
    pub(crate) expected: String,
    /// The name that was probably meant, for an unknown property.
    pub(crate) near: Option<String>,
    /// Other places, in the definition for example.
    pub(crate) labels: Vec<Label>,
    /// Further facts.
    pub(crate) notes: Vec<String>,
}

impl Fault {
    fn new(kind: FaultKind, at: &Cursor) -> Self {
        Self {
            kind,
            path: at.path.clone(),
            span: at.span,
            key: at.key,
            expected: String::new(),
            near: None,
            labels: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// A property that the definition does not know; `known` are those that it has at this place.
    pub(crate) fn unknown(at: &Cursor, name: &str, known: &[&str]) -> Self {
        let near = source_vocab::nearest::nearest(name, known.iter().copied());
        let near = near.map(str::to_owned);
        Self {
            near,
            ..Self::new(FaultKind::Unknown, at)
        }
    }

    /// A property whose value does not fit: "must be an integer, found a string".
    pub(crate) fn wrong(at: &Cursor, expected: impl Into<String>) -> Self {
        Self {
            expected: expected.into(),
            ..Self::new(FaultKind::Wrong, at)
        }
    }

    /// A property that is not there.
    pub(crate) fn missing(at: &Cursor) -> Self {
        Self::new(FaultKind::Missing, at)
    }
}

/// A place in the properties: the path to it, and the nearest text of the author.
#[derive(Clone, Debug)]
pub(crate) struct Cursor {
    pub(crate) path: String,
    pub(crate) span: Span,
    pub(crate) key: Span,
}

impl Cursor {
    /// The properties as a whole, which stand at `span`.
    pub(crate) fn root(span: Span) -> Self {
        Self {
            path: String::new(),
            span,
            key: span,
        }
    }

    /// The value of an entry.
    pub(crate) fn value(&self, entry: &Entry) -> Self {
        let own = self.key(entry);
        Self {
            span: or(entry.value.span, own.span),
            key: own.key,
            path: own.path,
        }
    }

    /// The key of an entry.
    pub(crate) fn key(&self, entry: &Entry) -> Self {
        Self {
            path: self.below(&entry.key),
            span: or(entry.key_span, or(entry.value.span, self.span)),
            key: or(entry.key_span, self.key),
        }
    }

    /// An element of a list.
    pub(crate) fn element(&self, index: usize, element: &Tree) -> Self {
        Self {
            path: format!("{}[{index}]", self.path),
            span: or(element.span, self.span),
            key: self.key,
        }
    }

    /// A property that is not there.
    pub(crate) fn absent(&self, name: &str) -> Self {
        Self {
            path: self.below(name),
            span: self.span,
            key: self.key,
        }
    }

    fn below(&self, name: &str) -> String {
        let is_plain = !name.is_empty()
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"_-$".contains(&byte));
        match (is_plain, self.path.is_empty()) {
            (true, true) => name.to_owned(),
            (true, false) => format!("{}.{name}", self.path),
            (false, _) => format!("{}[{name:?}]", self.path),
        }
    }
}

fn or(span: Span, other: Span) -> Span {
    if span.is_detached() { other } else { span }
}

/// The words for a value in a message: what it is, and itself where that is short.
pub(crate) fn described(tree: &Tree) -> String {
    match &tree.data {
        Data::Null => "null".to_owned(),
        Data::Bool(value) => format!("the boolean {value}"),
        Data::Number(_) => match tree.coerced() {
            Some(text) => format!("the number {text}"),
            None => "a number".to_owned(),
        },
        Data::String(text) if text.chars().count() <= 40 && !text.contains('\n') => {
            format!("the string {text:?}")
        }
        Data::String(_) => "a string".to_owned(),
        Data::List(_) => "a list".to_owned(),
        Data::Map(_) => "a mapping".to_owned(),
    }
}
