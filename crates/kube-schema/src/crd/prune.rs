//! Fields that a CRD does not have, which strict decoding refuses and lenient decoding drops.
//!
//! Source: `pkg/apiserver/schema/pruning` of k8s.io/apiextensions-apiserver. `x-kubernetes-preserve-unknown-fields` keeps
//! the keys of a node, and of the nodes below it that have no schema of their own; where a field below it is specified,
//! its schema counts again.

use super::path::Path;
use super::schema::{Additional, Schema};
use crate::fault::{Fault, FaultKind};
use goyaml::{Data, Entry, Tree};
use source_vocab::nearest::nearest;

/// The fields that every object has, whatever the schema says.
const OF_ALL_OBJECTS: [&str; 3] = ["apiVersion", "kind", "metadata"];

/// Which node this is, for the fields of all objects.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Level {
    /// The custom resource itself.
    Resource,
    /// Something inside it.
    Inside,
}

/// The unknown fields of a custom resource.
pub(super) fn unknown_of_resource(object: &Tree, schema: &Schema, faults: &mut Vec<Fault>) {
    prune(object, Some(schema), Level::Resource, &Path::Root, faults);
}

/// The unknown fields of a value inside.
pub(super) fn unknown(value: &Tree, schema: &Schema, path: &Path<'_>, faults: &mut Vec<Fault>) {
    prune(value, Some(schema), Level::Inside, path, faults);
}

/// What is below a node whose unknown keys go.
fn prune(
    value: &Tree,
    schema: Option<&Schema>,
    level: Level,
    path: &Path<'_>,
    faults: &mut Vec<Fault>,
) {
    if let Some(schema) = schema.filter(|schema| schema.preserves) {
        return keep(value, schema, level, path, faults);
    }
    match &value.data {
        Data::Map(entries) => {
            for entry in entries
                .iter()
                .filter(|entry| !is_of_object(entry, schema, level))
            {
                let here = path.field(&entry.key);
                if !below(entry, schema, &here, faults) {
                    faults.push(unknown_field(entry, schema, &here));
                }
            }
        }
        Data::List(items) => {
            let of_items = schema.and_then(|schema| schema.items.as_deref());
            for (at, item) in items.iter().enumerate() {
                prune(item, of_items, Level::Inside, &path.index(at), faults);
            }
        }
        Data::Null | Data::Bool(_) | Data::Number(_) | Data::String(_) => {}
    }
}

/// What is below a node that keeps its unknown keys; the elements of a list keep theirs as well.
fn keep(value: &Tree, schema: &Schema, level: Level, path: &Path<'_>, faults: &mut Vec<Fault>) {
    match &value.data {
        Data::Map(entries) => {
            for entry in entries {
                if !is_of_object(entry, Some(schema), level) {
                    below(entry, Some(schema), &path.field(&entry.key), faults);
                }
            }
        }
        Data::List(items) => {
            let Some(of_items) = &schema.items else {
                return;
            };
            for (at, item) in items.iter().enumerate() {
                keep(item, of_items, Level::Inside, &path.index(at), faults);
            }
        }
        Data::Null | Data::Bool(_) | Data::Number(_) | Data::String(_) => {}
    }
}

/// Whether it is a field that every object has, where one stands.
fn is_of_object(entry: &Entry, schema: Option<&Schema>, level: Level) -> bool {
    let is_object = level == Level::Resource || schema.is_some_and(|schema| schema.embedded);
    is_object && OF_ALL_OBJECTS.contains(&&*entry.key)
}

/// Looks below a key that the schema has; false when it has none such.
fn below(entry: &Entry, schema: Option<&Schema>, here: &Path<'_>, faults: &mut Vec<Fault>) -> bool {
    let Some(schema) = schema else {
        return false;
    };
    let known = match (schema.properties.get(&entry.key), &schema.additional) {
        (Some(known), _) => Some(known),
        (None, Additional::Only(known)) => Some(&**known),
        // the key is fine, and nothing is known about what stands there
        (None, Additional::Any | Additional::Forbidden) => None,
        (None, Additional::None) => return false,
    };
    prune(&entry.value, known, Level::Inside, here, faults);
    true
}

fn unknown_field(entry: &Entry, schema: Option<&Schema>, path: &Path<'_>) -> Fault {
    let mut fault = path.fault(
        FaultKind::Unknown,
        "is no field of this kind",
        entry.key_span,
    );
    let known = schema.map(|schema| schema.properties.keys().map(AsRef::as_ref));
    let meant = known.and_then(|known| nearest(&entry.key, known));
    fault.help = meant.map(|meant| format!("did you mean `{meant}`?"));
    fault
}
