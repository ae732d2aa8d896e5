//! Labels: the names of fields, four bytes each.
//!
//! A [`Label`] packs what kind of name it is with an index: for list elements the index is the
//! position itself, for everything else it names a text in an [`Interner`]. Two labels are equal
//! exactly when they name the same field, so the evaluator compares and hashes only numbers.
//! Hidden names (`_x`, `_#x`) belong to a package: the interned text carries the package path, and
//! `_x` of two packages are two labels. Every `let` is its own label, because it never unifies
//! with the `let` of another struct.
//!
//! Invariant: an [`Interner`] only grows; a label made by it stays valid for its clones.

use rustc_hash::FxHashMap;
use std::fmt::Write as _;
use std::num::NonZeroU32;
use std::sync::Arc;

/// What a label names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LabelKind {
    /// A regular field.
    String,
    /// An element of a list.
    Int,
    /// `#x`.
    Definition,
    /// `_x`.
    Hidden,
    /// `_#x`.
    HiddenDefinition,
    /// The name bound by `let`.
    Let,
}

const KIND_BITS: u32 = 4;
const KIND_MASK: u32 = 0b1111;
const MAX_INDEX: u32 = u32::MAX >> KIND_BITS;

/// The name of a field.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Label(NonZeroU32);

impl Label {
    fn new(kind: LabelKind, index: u32) -> Option<Self> {
        let tag = match kind {
            LabelKind::String => 1,
            LabelKind::Int => 2,
            LabelKind::Definition => 3,
            LabelKind::Hidden => 4,
            LabelKind::HiddenDefinition => 5,
            LabelKind::Let => 6,
        };
        (index <= MAX_INDEX)
            .then(|| NonZeroU32::new(index << KIND_BITS | tag))
            .flatten()
            .map(Self)
    }

    /// Some label, for where a program has too many names anyway.
    pub(crate) const FIRST: Self = Self(NonZeroU32::MIN);

    /// The label of the list element at `index`; `None` beyond 2^28 elements.
    pub fn int(index: usize) -> Option<Self> {
        Self::new(LabelKind::Int, u32::try_from(index).ok()?)
    }

    /// What the label names.
    pub fn kind(self) -> LabelKind {
        match self.0.get() & KIND_MASK {
            1 => LabelKind::String,
            2 => LabelKind::Int,
            3 => LabelKind::Definition,
            4 => LabelKind::Hidden,
            5 => LabelKind::HiddenDefinition,
            _ => LabelKind::Let,
        }
    }

    fn raw_index(self) -> usize {
        (self.0.get() >> KIND_BITS) as usize
    }

    /// The position that an integer label stands for.
    pub fn index(self) -> Option<usize> {
        self.is_int().then(|| self.raw_index())
    }

    /// Whether this names data: a regular field or a list element.
    pub fn is_regular(self) -> bool {
        matches!(self.kind(), LabelKind::String | LabelKind::Int)
    }

    /// Whether this is a regular field.
    pub fn is_string(self) -> bool {
        self.kind() == LabelKind::String
    }

    /// Whether this is a list element.
    pub fn is_int(self) -> bool {
        self.kind() == LabelKind::Int
    }

    /// Whether this is `#x` or `_#x`.
    pub fn is_definition(self) -> bool {
        matches!(
            self.kind(),
            LabelKind::Definition | LabelKind::HiddenDefinition
        )
    }

    /// Whether this is `_x` or `_#x`.
    pub fn is_hidden(self) -> bool {
        matches!(self.kind(), LabelKind::Hidden | LabelKind::HiddenDefinition)
    }

    /// Whether this is bound by `let`.
    pub fn is_let(self) -> bool {
        self.kind() == LabelKind::Let
    }
}

impl std::fmt::Debug for Label {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}({})", self.kind(), self.raw_index())
    }
}

/// The texts of labels.
#[derive(Clone, Debug, Default)]
pub struct Interner {
    texts: Vec<Arc<str>>,
    index: FxHashMap<Arc<str>, u32>,
    lets: u32,
}

/// More than 2^28 different names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("more than 2^28 different field names")]
pub struct TooManyLabels;

impl Interner {
    /// An interner without names.
    pub fn new() -> Self {
        Self::default()
    }

    fn intern(&mut self, text: &str) -> u32 {
        if let Some(&index) = self.index.get(text) {
            return index;
        }
        let index = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
        let text: Arc<str> = text.into();
        self.texts.push(Arc::clone(&text));
        self.index.insert(text, index);
        index
    }

    fn make(&mut self, kind: LabelKind, text: &str) -> Result<Label, TooManyLabels> {
        Label::new(kind, self.intern(text)).ok_or(TooManyLabels)
    }

    /// The label of the regular field called `text`, whatever characters it has.
    pub fn string(&mut self, text: &str) -> Result<Label, TooManyLabels> {
        self.make(LabelKind::String, text)
    }

    /// The label that the identifier `name` declares or refers to inside `package`.
    ///
    /// `package` is the unique path of the package; it scopes hidden names.
    pub fn identifier(&mut self, name: &str, package: &str) -> Result<Label, TooManyLabels> {
        if name.starts_with("_#") {
            self.make(LabelKind::HiddenDefinition, &format!("{name}\0{package}"))
        } else if name.starts_with('#') {
            self.make(LabelKind::Definition, name)
        } else if name.starts_with('_') {
            self.make(LabelKind::Hidden, &format!("{name}\0{package}"))
        } else {
            self.make(LabelKind::String, name)
        }
    }

    /// A label for one `let`, different from every other label.
    pub fn let_binding(&mut self, name: &str) -> Result<Label, TooManyLabels> {
        self.lets += 1;
        let text = format!("{name}\0{:X}", self.lets);
        self.make(LabelKind::Let, &text)
    }

    /// The label of the regular field `text` when that name is already known.
    pub fn find_string(&self, text: &str) -> Option<Label> {
        self.index
            .get(text)
            .and_then(|&index| Label::new(LabelKind::String, index))
    }

    /// The label of the identifier `name` of `package` when that name is already known.
    pub fn find_identifier(&self, name: &str, package: &str) -> Option<Label> {
        let (kind, key) = if name.starts_with("_#") {
            (LabelKind::HiddenDefinition, format!("{name}\0{package}"))
        } else if name.starts_with('#') {
            (LabelKind::Definition, name.to_owned())
        } else if name.starts_with('_') {
            (LabelKind::Hidden, format!("{name}\0{package}"))
        } else {
            (LabelKind::String, name.to_owned())
        };
        self.index
            .get(key.as_str())
            .and_then(|&index| Label::new(kind, index))
    }

    /// The name as written, without package or `let` number; the decimal index of an element.
    pub fn text(&self, label: Label) -> std::borrow::Cow<'_, str> {
        if let Some(index) = label.index() {
            return index.to_string().into();
        }
        let text = self.texts.get(label.raw_index()).map_or("", |text| &**text);
        if label.is_string() {
            return text.into();
        }
        text.split('\0').next().unwrap_or_default().into()
    }

    /// The text of a label as interned; empty for an element.
    pub(crate) fn raw(&self, label: Label) -> &str {
        if label.is_int() {
            return "";
        }
        self.texts.get(label.raw_index()).map_or("", |text| &**text)
    }

    /// The shared text of a regular field's label.
    pub fn shared_text(&self, label: Label) -> Option<&Arc<str>> {
        label
            .is_string()
            .then(|| self.texts.get(label.raw_index()))
            .flatten()
    }

    /// The package that a hidden label belongs to.
    pub fn package(&self, label: Label) -> Option<&str> {
        label.is_hidden().then(|| {
            self.texts
                .get(label.raw_index())
                .and_then(|text| text.split_once('\0'))
                .map_or("", |(_, package)| package)
        })
    }

    /// How the label is written in CUE source: an identifier, or a quoted string where needed.
    pub fn selector(&self, label: Label) -> String {
        let text = self.text(label);
        if label.is_string() && !is_identifier(&text) {
            return quote(&text);
        }
        text.into_owned()
    }
}

/// Whether `text` can stand as a regular field's name without quotes and means that field.
pub fn is_identifier(text: &str) -> bool {
    let mut chars = text.chars();
    let Some(first) = chars.next() else {
        return false;
    };
    (first.is_alphabetic() || first == '$')
        && chars.all(|c| c.is_alphabetic() || c.is_numeric() || c == '_' || c == '$')
}

/// A text for a message: whole when it is short, else its beginning.
pub(crate) fn cut(text: &str, most: usize) -> std::borrow::Cow<'_, str> {
    match text.char_indices().nth(most) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default()).into(),
        None => text.into(),
    }
}

/// `text` as a double-quoted literal in which every character is visible.
pub fn quote(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_names_belong_to_their_package() {
        let mut names = Interner::new();
        let here = names.identifier("_x", "a").unwrap();
        let there = names.identifier("_x", "b").unwrap();
        assert_ne!(here, there);
        assert_eq!(names.text(here), names.text(there));
        assert_eq!(names.package(there), Some("b"));
        assert_eq!(names.identifier("#x", "a"), names.identifier("#x", "b"));
    }

    #[test]
    fn a_let_is_never_the_same_label_again() {
        let mut names = Interner::new();
        assert_ne!(names.let_binding("x"), names.let_binding("x"));
    }

    #[test]
    fn selectors_are_quoted_where_an_identifier_would_mean_something_else() {
        let mut names = Interner::new();
        let plain = names.string("a_b").unwrap();
        let dashed = names.string("a-b").unwrap();
        let hidden_looking = names.string("_x").unwrap();
        assert_eq!(names.selector(plain), "a_b");
        assert_eq!(names.selector(dashed), "\"a-b\"");
        assert_eq!(names.selector(hidden_looking), "\"_x\"");
    }
}
