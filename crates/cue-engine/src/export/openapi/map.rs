//! The objects of a schema: few keys, in the order in which they were set until they are sorted.

use cue_eval::Data;
use std::sync::Arc;

/// An ordered object.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Object {
    entries: Vec<(Arc<str>, Data)>,
}

impl Object {
    /// An object of one key.
    pub(super) fn of(key: &str, value: Data) -> Self {
        let mut made = Self::default();
        made.set(key, value);
        made
    }

    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.entries.iter().any(|(name, _)| &**name == key)
    }

    /// Sets a key, in its old place when it is there.
    pub(super) fn set(&mut self, key: &str, value: Data) {
        match self.entries.iter_mut().find(|(name, _)| &**name == key) {
            Some((_, old)) => *old = value,
            None => self.entries.push((key.into(), value)),
        }
    }

    /// Sets a key of the object under `within`, which is made when it is absent.
    pub(super) fn set_within(&mut self, within: &str, key: &str, value: Data) {
        let mut inner = match self.entries.iter_mut().find(|(name, _)| &**name == within) {
            Some((_, Data::Struct(entries))) => Self {
                entries: std::mem::take(entries),
            },
            _ => Self::default(),
        };
        inner.set(key, value);
        self.set(within, inner.into_data());
    }

    /// Adds the entries of another object behind its own.
    pub(super) fn append(&mut self, other: Self) {
        self.entries.extend(other.entries);
    }

    pub(super) fn retain(&mut self, keep: impl Fn(&str, &Data) -> bool) {
        self.entries.retain(|(name, value)| keep(name, value));
    }

    /// Sorts the keys of a schema as cue does: those that people look at first come first.
    pub(super) fn sort(&mut self) {
        self.entries
            .sort_by(|(a, _), (b, _)| rank(b).cmp(&rank(a)).then_with(|| a.cmp(b)));
    }

    pub(super) fn into_data(self) -> Data {
        Data::Struct(self.entries)
    }
}

/// How far ahead a key stands.
fn rank(key: &str) -> u8 {
    match key {
        "description" => 31,
        "type" => 30,
        "format" => 29,
        "required" => 28,
        "properties" => 27,
        "minProperties" => 26,
        "maxProperties" => 25,
        "minimum" => 24,
        "exclusiveMinimum" => 23,
        "maximum" => 22,
        "exclusiveMaximum" => 21,
        "minItems" => 18,
        "maxItems" => 17,
        "minLength" => 16,
        "maxLength" => 15,
        "items" => 14,
        "enum" => 13,
        "default" => 12,
        _ => 0,
    }
}
