//! Nulls and defaults: the object that the server validates is not quite the one that was sent.
//!
//! A null where the schema has no `nullable` is dropped in mappings, and becomes the default where there is one; then
//! missing fields get their defaults, from the top down, so that a default may bring fields that have defaults themselves.
//! A null element of a list stays. Source: `pkg/apiserver/schema/defaulting` of k8s.io/apiextensions-apiserver.
//!
//! A value that comes from a default has the place of the mapping that it is put into.

use super::schema::{Additional, Schema};
use goyaml::{Data, Entry, Tree};
use source_vocab::Span;

/// Whether applying nulls and defaults can change anything; most schemas have no default, most objects no null.
pub(super) fn is_needed(object: &Tree, schema: &Schema) -> bool {
    schema.any(&|node| node.default.is_some()) || has_null(object)
}

fn has_null(tree: &Tree) -> bool {
    match &tree.data {
        Data::Null => true,
        Data::List(items) => items.iter().any(has_null),
        Data::Map(entries) => entries.iter().any(|entry| has_null(&entry.value)),
        Data::Bool(_) | Data::Number(_) | Data::String(_) => false,
    }
}

/// Drops nulls and puts defaults in.
pub(super) fn apply(object: &mut Tree, schema: &Schema) {
    drop_nulls(object, schema);
    put_defaults(object, schema);
}

fn drop_nulls(value: &mut Tree, schema: &Schema) {
    match &mut value.data {
        Data::Map(entries) => {
            entries.retain_mut(|entry| {
                let Some(known) = schema.of_field(&entry.key) else {
                    return true;
                };
                let is_null = entry.value.data == Data::Null;
                if is_null && !known.nullable && known.default.is_none() {
                    return false;
                }
                drop_nulls(&mut entry.value, known);
                true
            });
        }
        Data::List(items) => {
            if let Some(known) = &schema.items {
                for item in items {
                    drop_nulls(item, known);
                }
            }
        }
        Data::Null | Data::Bool(_) | Data::Number(_) | Data::String(_) => {}
    }
}

fn put_defaults(value: &mut Tree, schema: &Schema) {
    let place = value.span.start();
    match &mut value.data {
        Data::Map(entries) => {
            for (name, known) in &schema.properties {
                let Some(default) = &known.default else {
                    continue;
                };
                match entries.iter_mut().find(|entry| entry.key == *name) {
                    Some(entry) => default_of_null(&mut entry.value, known),
                    None => entries.push(Entry {
                        key: name.clone(),
                        key_span: place,
                        value: moved(default, place),
                    }),
                }
            }
            for entry in entries {
                if let Some(known) = schema.properties.get(&entry.key) {
                    put_defaults(&mut entry.value, known);
                } else if let Additional::Only(known) = &schema.additional {
                    default_of_null(&mut entry.value, known);
                    put_defaults(&mut entry.value, known);
                }
            }
        }
        Data::List(items) => {
            if let Some(known) = &schema.items {
                for item in items {
                    default_of_null(item, known);
                    put_defaults(item, known);
                }
            }
        }
        Data::Null | Data::Bool(_) | Data::Number(_) | Data::String(_) => {}
    }
}

/// A null that may not be one becomes the default, if there is one.
fn default_of_null(value: &mut Tree, schema: &Schema) {
    if value.data == Data::Null
        && !schema.nullable
        && let Some(default) = &schema.default
    {
        *value = moved(default, value.span);
    }
}

/// The same value, all of it at one place.
fn moved(tree: &Tree, place: Span) -> Tree {
    let data = match &tree.data {
        Data::List(items) => Data::List(items.iter().map(|item| moved(item, place)).collect()),
        Data::Map(entries) => {
            let entries = entries.iter().map(|entry| Entry {
                key: entry.key.clone(),
                key_span: place,
                value: moved(&entry.value, place),
            });
            Data::Map(entries.collect())
        }
        data => data.clone(),
    };
    Tree { span: place, data }
}
