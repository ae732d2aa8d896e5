//! A place in an object while it is judged, and the list of faults found there.
//!
//! A [`Field`] is a cursor on the stack: it knows its parent, so a path is only spelled out when there is something to
//! complain about. It stands for a field of the decoded object, therefore an absent member and a null are the same, and a
//! member of another type than wanted counts as absent, since decoding has refused it already.
//!
//! ```text
//! spec.containers[0].ports[1].name
//!   child   index    index
//! spec.hard[pods]
//!           key
//! ```
//!
//! A fault stands where the value does; that of a list or map, or of a field that may not be there at all, at its key.
//! Some of the server's paths do not exist in the object (`spec.template.labels` for `spec.template.metadata.labels`);
//! [`Field::at`] gives such a path the place of the real field.

use super::quantity::Quantity;
use crate::fault::{Fault, FaultKind};
use goyaml::{Data, Entry, Magnitude, Tree};
use rustc_hash::FxHashMap;
use source_vocab::Span;
use source_vocab::nearest::nearest;
use std::fmt::Write as _;

/// How a field is reached from its parent.
#[derive(Clone, Copy, Debug)]
enum Step<'t> {
    /// The object itself.
    Root,
    /// A member of a structure: `.name`.
    Child(&'t str),
    /// An entry of a map: `[key]`.
    Key(&'t str),
    /// An element of a list: `[0]`.
    Index(usize),
}

/// A field of the object.
#[derive(Clone, Copy, Debug)]
pub(super) struct Field<'p, 't> {
    parent: Option<&'p Field<'p, 't>>,
    step: Step<'t>,
    tree: Option<&'t Tree>,
    span: Span,
    key_span: Option<Span>,
}

/// A value that may be a number or a text, as ports and percentages are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum IntOrText<'t> {
    /// A number.
    Int(i64),
    /// A text.
    Text(&'t str),
}

/// The quantity that a value stands for.
pub(super) fn quantity_of(tree: &Tree) -> Option<Quantity> {
    match &tree.data {
        // the server takes white space at the ends away
        Data::String(text) => Quantity::parse(text.trim()),
        Data::Number(number) => Quantity::parse(number.to_number()?.as_str()),
        _ => None,
    }
}

fn present(tree: &Tree) -> Option<&Tree> {
    (tree.data != Data::Null).then_some(tree)
}

impl<'t> Field<'_, 't> {
    /// The object itself.
    pub(super) fn root(object: &'t Tree) -> Self {
        Self {
            parent: None,
            step: Step::Root,
            tree: present(object),
            span: object.span,
            key_span: None,
        }
    }

    fn step<'q>(&'q self, step: Step<'t>, tree: Option<&'t Tree>) -> Field<'q, 't> {
        Field {
            parent: Some(self),
            step,
            tree: tree.and_then(present),
            span: tree.map_or(self.span, |tree| tree.span),
            key_span: None,
        }
    }

    fn entry<'q>(&'q self, step: Step<'t>, entry: Option<&'t Entry>) -> Field<'q, 't> {
        let mut field = self.step(step, entry.map(|entry| &entry.value));
        field.key_span = entry
            .map(|entry| entry.key_span)
            .filter(|span| !span.is_detached());
        field
    }

    /// The member `name`.
    pub(super) fn child<'q>(&'q self, name: &'t str) -> Field<'q, 't> {
        let entry = self.tree.and_then(|tree| tree.entry(name));
        self.entry(Step::Child(name), entry)
    }

    /// The entry `key` of a map.
    pub(super) fn key<'q>(&'q self, key: &'t str) -> Field<'q, 't> {
        let entry = self.tree.and_then(|tree| tree.entry(key));
        self.entry(Step::Key(key), entry)
    }

    /// The path of the entry `key`, without looking for it.
    pub(super) fn path_to_key<'q>(&'q self, key: &'t str) -> Field<'q, 't> {
        self.step(Step::Key(key), None)
    }

    /// The keys of a map, to look many up.
    pub(super) fn values_by_key(&self) -> FxHashMap<&'t str, &'t Tree> {
        let entries = self.tree.map_or(&[] as &[_], Tree::entries);
        entries
            .iter()
            .map(|entry| (&*entry.key, &entry.value))
            .collect()
    }

    /// The element at `index` of a list.
    pub(super) fn index<'q>(&'q self, index: usize) -> Field<'q, 't> {
        let tree = self.tree.and_then(|tree| tree.items().get(index));
        self.step(Step::Index(index), tree)
    }

    /// The elements of a list.
    pub(super) fn items<'q>(&'q self) -> impl Iterator<Item = Field<'q, 't>> {
        let items = self.tree.map_or(&[] as &[Tree], Tree::items);
        items
            .iter()
            .enumerate()
            .map(|(index, tree)| self.step(Step::Index(index), Some(tree)))
    }

    /// The entries of a map, in the order of the text.
    pub(super) fn entries<'q>(&'q self) -> impl Iterator<Item = (&'t str, Field<'q, 't>)> {
        let entries = self.tree.map_or(&[] as &[_], Tree::entries);
        entries
            .iter()
            .map(|entry| (&*entry.key, self.entry(Step::Key(&entry.key), Some(entry))))
    }

    /// The field, reported where its key stands.
    pub(super) fn on_key(self) -> Self {
        Self {
            span: self.key_span.unwrap_or(self.span),
            ..self
        }
    }

    /// The value and the place of `other` under this path.
    pub(super) fn at(self, other: &Field<'_, 't>) -> Self {
        Self {
            tree: other.tree,
            span: other.span,
            key_span: other.key_span,
            ..self
        }
    }

    /// Whether the field is there and not null.
    pub(super) fn is_set(&self) -> bool {
        self.tree.is_some()
    }

    /// How many elements or entries it has.
    pub(super) fn len(&self) -> usize {
        self.tree.map_or(0, |tree| match &tree.data {
            Data::List(items) => items.len(),
            Data::Map(entries) => entries.len(),
            _ => 0,
        })
    }

    /// Whether it has no elements or entries.
    pub(super) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The text, empty when there is none.
    pub(super) fn text(&self) -> &'t str {
        self.set_text().unwrap_or_default()
    }

    /// The text, when the field is there.
    pub(super) fn set_text(&self) -> Option<&'t str> {
        self.tree.and_then(Tree::as_str)
    }

    /// The number, when the field is there.
    pub(super) fn set_int(&self) -> Option<i64> {
        match self.tree?.data {
            Data::Number(Magnitude::Int(value)) => Some(value),
            Data::Number(Magnitude::Uint(_)) => Some(i64::MAX),
            _ => None,
        }
    }

    /// The number, 0 when there is none.
    pub(super) fn int(&self) -> i64 {
        self.set_int().unwrap_or_default()
    }

    /// The truth value, when the field is there.
    pub(super) fn set_bool(&self) -> Option<bool> {
        match self.tree?.data {
            Data::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// Whether it is true.
    pub(super) fn is_true(&self) -> bool {
        self.set_bool() == Some(true)
    }

    /// The number or text, when the field is there.
    pub(super) fn int_or_text(&self) -> Option<IntOrText<'t>> {
        match &self.tree?.data {
            Data::String(text) => Some(IntOrText::Text(text)),
            _ => self.set_int().map(IntOrText::Int),
        }
    }

    /// The quantity, when the field is there and is one.
    pub(super) fn quantity(&self) -> Option<Quantity> {
        self.tree.and_then(quantity_of)
    }

    /// The value itself.
    pub(super) fn tree(&self) -> Option<&'t Tree> {
        self.tree
    }

    /// The path as the server writes it.
    fn path(&self) -> String {
        let mut steps = vec![self.step];
        let mut at = self.parent;
        while let Some(field) = at {
            steps.push(field.step);
            at = field.parent;
        }
        let mut out = String::new();
        for step in steps.iter().rev() {
            // writing into a string cannot fail
            let _ = match step {
                Step::Root => Ok(()),
                Step::Child(name) if out.is_empty() => out.write_str(name),
                Step::Child(name) => write!(out, ".{name}"),
                Step::Key(key) => write!(out, "[{key}]"),
                Step::Index(index) => write!(out, "[{index}]"),
            };
        }
        out
    }
}

/// What has been found so far.
#[derive(Debug, Default)]
pub(super) struct Faults {
    list: Vec<Fault>,
}

/// A text for a message: in backticks, cut when it is long.
pub(super) fn quoted(text: &str) -> String {
    const LONGEST: usize = 60;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("`{}…`", text.get(..end).unwrap_or_default()),
        None => format!("`{text}`"),
    }
}

impl Faults {
    /// The faults, in the order in which they were found.
    pub(super) fn into_list(self) -> Vec<Fault> {
        self.list
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.list.len()
    }

    fn add(&mut self, field: &Field<'_, '_>, kind: FaultKind, message: String) {
        let is_collection = field
            .tree
            .is_some_and(|tree| matches!(tree.data, Data::List(_) | Data::Map(_)));
        let span = match kind {
            FaultKind::Forbidden => field.on_key().span,
            _ if is_collection => field.on_key().span,
            _ => field.span,
        };
        self.list.push(Fault {
            field: field.path(),
            kind,
            message,
            help: None,
            span,
        });
    }

    /// A value has to be there.
    pub(super) fn required(&mut self, field: &Field<'_, '_>) {
        self.add(field, FaultKind::Required, "a value is required".to_owned());
    }

    /// A value has to be there, for a reason.
    pub(super) fn required_since(&mut self, field: &Field<'_, '_>, reason: &str) {
        self.add(
            field,
            FaultKind::Required,
            format!("a value is required, {reason}"),
        );
    }

    /// The value breaks a rule: a sentence that names the value.
    pub(super) fn invalid(&mut self, field: &Field<'_, '_>, message: impl Into<String>) {
        self.add(field, FaultKind::Invalid, message.into());
    }

    /// The field may not be set here.
    pub(super) fn forbidden(&mut self, field: &Field<'_, '_>, message: impl Into<String>) {
        self.add(field, FaultKind::Forbidden, message.into());
    }

    /// The element stands in the list already.
    pub(super) fn duplicate(&mut self, field: &Field<'_, '_>, value: &str) {
        let message = format!("{} stands here a second time", quoted(value));
        self.add(field, FaultKind::DuplicateValue, message);
    }

    /// What the value names is not there.
    pub(super) fn not_found(&mut self, field: &Field<'_, '_>, message: impl Into<String>) {
        self.add(field, FaultKind::NotFound, message.into());
    }

    /// The value is none of those allowed.
    pub(super) fn unsupported(&mut self, field: &Field<'_, '_>, value: &str, allowed: &[&str]) {
        let texts: Vec<String> = allowed.iter().map(|one| format!("`{one}`")).collect();
        let message = format!(
            "{} is not supported, expected {}",
            quoted(value),
            match texts.as_slice() {
                [one] => one.clone(),
                many => format!("one of {}", many.join(", ")),
            }
        );
        self.add(field, FaultKind::NotSupported, message);
        let meant = allowed
            .iter()
            .copied()
            .find(|one| one.eq_ignore_ascii_case(value))
            .or_else(|| nearest(value, allowed.iter().copied()))
            .filter(|meant| !meant.is_empty() && !value.is_empty());
        if let Some(meant) = meant {
            self.help(format!("did you mean `{meant}`?"));
        }
    }

    /// What to do about the fault that was found last.
    pub(super) fn help(&mut self, help: String) {
        if let Some(last) = self.list.last_mut() {
            last.help = Some(help);
        }
    }

    /// The value is longer than `limit` bytes.
    pub(super) fn too_long(&mut self, field: &Field<'_, '_>, limit: usize) {
        let message = format!("must have at most {limit} bytes");
        self.add(field, FaultKind::TooLong, message);
    }

    /// The list has more than `limit` elements.
    pub(super) fn too_many(&mut self, field: &Field<'_, '_>, count: usize, limit: usize) {
        let message = format!("has {count} elements, at most {limit} are allowed");
        self.add(field, FaultKind::TooMany, message);
    }

    /// The text has to be of a form, see [`super::names`].
    pub(super) fn form(&mut self, field: &Field<'_, '_>, text: &str, form: super::names::Form) {
        if let Some(complaint) = form(text) {
            self.invalid(field, format!("{} {complaint}", quoted(text)));
            let plain = text.to_lowercase().replace(['_', ' '], "-");
            let plain = plain.trim_matches('-');
            if plain != text && !plain.is_empty() && form(plain).is_none() {
                self.help(format!("write `{plain}`"));
            }
        }
    }

    /// The text has to be one of `allowed`; absent is fine.
    pub(super) fn one_of(&mut self, field: &Field<'_, '_>, allowed: &[&str]) {
        if let Some(text) = field.set_text()
            && !allowed.contains(&text)
        {
            self.unsupported(field, text, allowed);
        }
    }

    /// The number must not be negative.
    pub(super) fn not_negative(&mut self, field: &Field<'_, '_>) {
        if let Some(value) = field.set_int()
            && value < 0
        {
            self.invalid(
                field,
                format!("`{value}` is negative, at least 0 is expected"),
            );
        }
    }

    /// The number has to be in a range, both ends included; absent is fine.
    pub(super) fn in_range(&mut self, field: &Field<'_, '_>, low: i64, high: i64) {
        if let Some(value) = field.set_int()
            && !(low..=high).contains(&value)
        {
            self.invalid(
                field,
                format!("`{value}` is out of range, {low} to {high} is expected"),
            );
        }
    }
}
