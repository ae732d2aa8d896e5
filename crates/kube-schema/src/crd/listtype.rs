//! Lists whose elements must differ: `x-kubernetes-list-type` set and map.
//!
//! Source: `pkg/apiserver/schema/listtype` of k8s.io/apiextensions-apiserver. An element that stands a third time is not
//! reported again. Elements are compared by what they are as JSON, so the order of keys does not matter.

use super::path::Path;
use super::schema::{Additional, ListType, Schema, integer};
use crate::fault::{Fault, FaultKind};
use goyaml::{Data, Tree};
use rustc_hash::FxHashMap;
use source_vocab::Span;
use std::fmt::Write as _;

/// The duplicates below a value.
pub(super) fn duplicates(value: &Tree, schema: &Schema, path: &Path<'_>, faults: &mut Vec<Fault>) {
    match &value.data {
        Data::Map(entries) => {
            for entry in entries {
                if let Some(known) = schema.properties.get(&entry.key) {
                    duplicates(&entry.value, known, &path.field(&entry.key), faults);
                } else if let Additional::Only(known) = &schema.additional {
                    duplicates(&entry.value, known, &path.key(&entry.key), faults);
                }
            }
        }
        Data::List(items) => {
            match &schema.list {
                ListType::Atomic => {}
                ListType::Set => twice(
                    items.iter().map(|item| (item.span, identity(item))),
                    path,
                    faults,
                ),
                ListType::Map(keys) => of_keys(items, keys, path, faults),
            }
            if let Some(known) = &schema.items {
                for (at, item) in items.iter().enumerate() {
                    duplicates(item, known, &path.index(at), faults);
                }
            }
        }
        Data::Null | Data::Bool(_) | Data::Number(_) | Data::String(_) => {}
    }
}

fn of_keys(items: &[Tree], keys: &[Box<str>], path: &Path<'_>, faults: &mut Vec<Fault>) {
    let odd = items
        .iter()
        .position(|item| !matches!(item.data, Data::Map(_) | Data::Null));
    if let Some(at) = odd {
        let span = items.get(at).map(|item| item.span).unwrap_or_default();
        let message = "must be a mapping, because the list is a map by its elements' keys";
        faults.push(path.index(at).fault(FaultKind::Invalid, message, span));
        return;
    }
    let identities = items.iter().map(|item| {
        let mut out = String::new();
        for key in keys {
            // a key that is not there differs from every value, a null as well
            match item.get(key) {
                Some(value) => write_identity(value, &mut out),
                None => out.push('-'),
            }
            out.push(';');
        }
        (item.span, out)
    });
    twice(identities, path, faults);
}

fn twice(items: impl Iterator<Item = (Span, String)>, path: &Path<'_>, faults: &mut Vec<Fault>) {
    let mut seen: FxHashMap<String, usize> = FxHashMap::default();
    for (at, (span, identity)) in items.enumerate() {
        let times = seen.entry(identity).or_default();
        *times += 1;
        if *times == 2 {
            let message = "stands in this list already";
            let here = path.index(at);
            faults.push(here.fault(FaultKind::DuplicateValue, message, span));
        }
    }
}

fn identity(tree: &Tree) -> String {
    let mut out = String::new();
    write_identity(tree, &mut out);
    out
}

/// Writes what equal values have in common; different values never give the same text.
fn write_identity(tree: &Tree, out: &mut String) {
    // writing into a string cannot fail
    let _ = match &tree.data {
        Data::Null => write!(out, "null"),
        Data::Bool(value) => write!(out, "{value}"),
        Data::Number(number) => match integer(*number) {
            Some(value) => write!(out, "{value}"),
            None => write!(out, "{}", number.to_string_target()),
        },
        Data::String(text) => write!(out, "{text:?}"),
        Data::List(items) => {
            out.push('[');
            for item in items {
                write_identity(item, out);
                out.push(',');
            }
            write!(out, "]")
        }
        Data::Map(entries) => {
            let mut sorted: Vec<_> = entries.iter().collect();
            sorted.sort_by(|left, right| left.key.cmp(&right.key));
            out.push('{');
            for entry in sorted {
                let _ = write!(out, "{:?}:", entry.key);
                write_identity(&entry.value, out);
                out.push(',');
            }
            write!(out, "}}")
        }
    };
}

/// Whether two values are the same as JSON.
pub(super) fn is_same(left: &Tree, right: &Tree) -> bool {
    identity(left) == identity(right)
}
