//! The fields that every object has, in custom resources and in resources embedded in them.
//!
//! A CRD says nothing about `metadata`: the server decodes it as an `ObjectMeta`, whatever the schema has. A value of another
//! type ends decoding, a field that `ObjectMeta` lacks is an unknown field, null is the same as absent. Resources that are
//! embedded (`x-kubernetes-embedded-resource`) are decoded the same way, and must have an `apiVersion` and a `kind`.
//!
//! Source: `pkg/apiserver/schema/objectmeta` of k8s.io/apiextensions-apiserver.

use super::format;
use super::path::Path;
use super::schema::{Additional, Schema, integer};
use crate::fault::{Fault, FaultKind};
use crate::semantic;
use goyaml::{Data, Tree};
use source_vocab::nearest::nearest;

/// The type of a field of `ObjectMeta`.
#[derive(Clone, Copy)]
enum Shape {
    Text,
    Integer,
    Flag,
    Time,
    Texts,
    TextMap,
    Objects(&'static [(&'static str, Shape)]),
    Anything,
}

const OBJECT_META: &[(&str, Shape)] = &[
    ("name", Shape::Text),
    ("generateName", Shape::Text),
    ("namespace", Shape::Text),
    ("selfLink", Shape::Text),
    ("uid", Shape::Text),
    ("resourceVersion", Shape::Text),
    ("generation", Shape::Integer),
    ("creationTimestamp", Shape::Time),
    ("deletionTimestamp", Shape::Time),
    ("deletionGracePeriodSeconds", Shape::Integer),
    ("labels", Shape::TextMap),
    ("annotations", Shape::TextMap),
    ("ownerReferences", Shape::Objects(OWNER)),
    ("finalizers", Shape::Texts),
    ("managedFields", Shape::Objects(MANAGED)),
];

const OWNER: &[(&str, Shape)] = &[
    ("apiVersion", Shape::Text),
    ("kind", Shape::Text),
    ("name", Shape::Text),
    ("uid", Shape::Text),
    ("controller", Shape::Flag),
    ("blockOwnerDeletion", Shape::Flag),
];

const MANAGED: &[(&str, Shape)] = &[
    ("manager", Shape::Text),
    ("operation", Shape::Text),
    ("apiVersion", Shape::Text),
    ("time", Shape::Time),
    ("fieldsType", Shape::Text),
    ("fieldsV1", Shape::Anything),
    ("subresource", Shape::Text),
];

/// The types and unknown fields of `metadata`, at the root and in embedded resources.
pub(super) fn decode(object: &Tree, schema: &Schema, faults: &mut Vec<Fault>) {
    of_object(object, &Path::Root, faults);
    if schema.any(&|node| node.embedded) {
        each_embedded(object, schema, &Path::Root, &mut |embedded, path| {
            of_object(embedded, path, faults);
        });
    }
}

fn of_object(object: &Tree, path: &Path<'_>, faults: &mut Vec<Fault>) {
    for name in ["apiVersion", "kind"] {
        if let Some(value) = object.get(name) {
            decoded(value, Shape::Text, &path.field(name), faults);
        }
    }
    let Some(metadata) = object.get("metadata") else {
        return;
    };
    structure(metadata, OBJECT_META, &path.field("metadata"), faults);
}

fn structure(
    value: &Tree,
    fields: &[(&'static str, Shape)],
    path: &Path<'_>,
    faults: &mut Vec<Fault>,
) {
    let entries = match &value.data {
        Data::Null => return,
        Data::Map(entries) => entries,
        _ => return faults.push(wrong(value, "a mapping", path)),
    };
    for entry in entries {
        let here = path.field(&entry.key);
        match fields.iter().find(|(name, _)| *name == &*entry.key) {
            Some((_, shape)) => decoded(&entry.value, *shape, &here, faults),
            None => {
                let message = "is no field of an object's metadata";
                let mut fault = here.fault(FaultKind::Unknown, message, entry.key_span);
                let meant = nearest(&entry.key, fields.iter().map(|(name, _)| *name));
                fault.help = meant.map(|meant| format!("did you mean `{meant}`?"));
                faults.push(fault);
            }
        }
    }
}

fn decoded(value: &Tree, shape: Shape, path: &Path<'_>, faults: &mut Vec<Fault>) {
    if value.data == Data::Null {
        return;
    }
    match (shape, &value.data) {
        (Shape::Anything, _) | (Shape::Text, Data::String(_)) | (Shape::Flag, Data::Bool(_)) => {}
        (Shape::Integer, Data::Number(number)) if integer(*number).is_some() => {}
        (Shape::Time, Data::String(text)) => {
            if format::is_of("date-time", text) == Some(false) {
                let message = "is no time such as `2006-01-02T15:04:05Z`";
                faults.push(path.fault(FaultKind::Type, message, value.span));
            }
        }
        (Shape::Texts, Data::List(items)) => {
            for (at, item) in items.iter().enumerate() {
                decoded(item, Shape::Text, &path.index(at), faults);
            }
        }
        (Shape::TextMap, Data::Map(entries)) => {
            for entry in entries {
                decoded(&entry.value, Shape::Text, &path.key(&entry.key), faults);
            }
        }
        (Shape::Objects(fields), Data::List(items)) => {
            for (at, item) in items.iter().enumerate() {
                structure(item, fields, &path.index(at), faults);
            }
        }
        (shape, _) => {
            let expected = match shape {
                Shape::Text | Shape::Anything => "a string",
                Shape::Integer => "an integer",
                Shape::Flag => "`true` or `false`",
                Shape::Time => "a time",
                Shape::Texts | Shape::Objects(_) => "a list",
                Shape::TextMap => "a mapping",
            };
            faults.push(wrong(value, expected, path));
        }
    }
}

fn wrong(value: &Tree, expected: &str, path: &Path<'_>) -> Fault {
    let found = match &value.data {
        Data::Null => "null",
        Data::Bool(_) => "a boolean",
        Data::Number(_) => "a number",
        Data::String(_) => "a string",
        Data::List(_) => "a list",
        Data::Map(_) => "a mapping",
    };
    let message = format!("is {found}, expected {expected}");
    let mut fault = path.fault(FaultKind::Type, message, value.span);
    if expected == "a string" && matches!(value.data, Data::Bool(_) | Data::Number(_)) {
        fault.help = Some("put it into quotes".to_owned());
    }
    fault
}

/// The resources that are embedded, each with its path.
fn each_embedded(
    value: &Tree,
    schema: &Schema,
    path: &Path<'_>,
    see: &mut dyn FnMut(&Tree, &Path<'_>),
) {
    match &value.data {
        Data::Map(entries) => {
            if schema.embedded {
                see(value, path);
            }
            for entry in entries {
                if let Some(known) = schema.properties.get(&entry.key) {
                    each_embedded(&entry.value, known, &path.field(&entry.key), see);
                } else if let Additional::Only(known) = &schema.additional {
                    each_embedded(&entry.value, known, &path.key(&entry.key), see);
                }
            }
        }
        Data::List(items) => {
            if let Some(known) = &schema.items {
                for (at, item) in items.iter().enumerate() {
                    each_embedded(item, known, &path.index(at), see);
                }
            }
        }
        Data::Null | Data::Bool(_) | Data::Number(_) | Data::String(_) => {}
    }
}

/// `apiVersion`, `kind` and `metadata` of the resources embedded in a value.
pub(super) fn embedded_at(value: &Tree, schema: &Schema, path: &Path<'_>, faults: &mut Vec<Fault>) {
    if schema.any(&|node| node.embedded) {
        each_embedded(value, schema, path, &mut |embedded, path| {
            embedded_resource(embedded, path, faults);
            for mut fault in semantic::metadata_of_embedded(embedded) {
                fault.field = format!("{path}.{}", fault.field);
                faults.push(fault);
            }
        });
    }
}

/// What an embedded resource must have.
fn embedded_resource(embedded: &Tree, path: &Path<'_>, faults: &mut Vec<Fault>) {
    for name in ["apiVersion", "kind"] {
        let here = path.field(name);
        let value = embedded.get(name).and_then(Tree::as_str);
        let complaint = match (name, value) {
            (_, None) => {
                let message = "is required in an embedded resource";
                faults.push(here.fault(FaultKind::Required, message, embedded.span));
                continue;
            }
            (_, Some("")) => Some("must not be empty"),
            ("apiVersion", Some(text)) => {
                (text.matches('/').count() > 1).then_some("is no `GROUP/VERSION`")
            }
            (_, Some(text)) => (!is_label_1035(&text.to_lowercase()))
                .then_some("is no kind: letters, digits and dashes are expected"),
        };
        if let Some(message) = complaint {
            let span = embedded.get(name).map_or(embedded.span, |value| value.span);
            faults.push(here.fault(FaultKind::Invalid, message, span));
        }
    }
}

/// A label of DNS that begins with a letter.
pub(super) fn is_label_1035(text: &str) -> bool {
    semantic::names::label_1035(text).is_none()
}
