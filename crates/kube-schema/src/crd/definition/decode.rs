//! Types of keywords below `items` and `additionalProperties`.
//!
//! The OpenAPI document of the server says nothing about what stands there (`any`), but the decoder does. Unknown keywords
//! are not looked for: the decoder of these two is lenient even when the request is strict.

use super::super::path::Path;
use super::super::schema::{integer, member};
use crate::fault::{Fault, FaultKind};
use goyaml::{Data, Tree};

#[derive(Clone, Copy)]
enum Shape {
    Text,
    Flag,
    Number,
    Integer,
    Texts,
    List,
}

const KEYWORDS: [(&str, Shape); 33] = [
    ("id", Shape::Text),
    ("$schema", Shape::Text),
    ("$ref", Shape::Text),
    ("description", Shape::Text),
    ("type", Shape::Text),
    ("format", Shape::Text),
    ("title", Shape::Text),
    ("pattern", Shape::Text),
    ("maximum", Shape::Number),
    ("minimum", Shape::Number),
    ("multipleOf", Shape::Number),
    ("exclusiveMaximum", Shape::Flag),
    ("exclusiveMinimum", Shape::Flag),
    ("uniqueItems", Shape::Flag),
    ("nullable", Shape::Flag),
    ("maxLength", Shape::Integer),
    ("minLength", Shape::Integer),
    ("maxItems", Shape::Integer),
    ("minItems", Shape::Integer),
    ("maxProperties", Shape::Integer),
    ("minProperties", Shape::Integer),
    ("enum", Shape::List),
    ("required", Shape::Texts),
    ("allOf", Shape::List),
    ("anyOf", Shape::List),
    ("oneOf", Shape::List),
    ("x-kubernetes-preserve-unknown-fields", Shape::Flag),
    ("x-kubernetes-embedded-resource", Shape::Flag),
    ("x-kubernetes-int-or-string", Shape::Flag),
    ("x-kubernetes-list-map-keys", Shape::Texts),
    ("x-kubernetes-list-type", Shape::Text),
    ("x-kubernetes-map-type", Shape::Text),
    ("x-kubernetes-validations", Shape::List),
];

/// Whether somebody has looked at the types here.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Looked {
    Before,
    NotYet,
}

/// The faults of all schemas of a definition's spec.
pub(super) fn below_any(spec: &Tree, faults: &mut Vec<Fault>) {
    let of_spec = Path::Root.field("spec");
    let of_versions = of_spec.field("versions");
    let versions = spec.get("versions").map(Tree::items).unwrap_or_default();
    for (at, version) in versions.iter().enumerate() {
        let here = of_versions.index(at);
        let of_schema = here.field("schema");
        let props = member(version, "schema").and_then(|schema| member(schema, "openAPIV3Schema"));
        if let Some(props) = props {
            visit(
                props,
                Looked::Before,
                &of_schema.field("openAPIV3Schema"),
                faults,
            );
        }
    }
}

fn visit(props: &Tree, looked: Looked, path: &Path<'_>, faults: &mut Vec<Fault>) {
    if looked == Looked::NotYet {
        keywords(props, path, faults);
    }
    for key in ["not", "items", "additionalProperties"] {
        let Some(below) = member(props, key) else {
            continue;
        };
        let here = path.field(key);
        let inside = if key == "not" { looked } else { Looked::NotYet };
        match (&below.data, key) {
            (Data::Map(_), _) => visit(below, inside, &here, faults),
            (Data::Bool(_), "additionalProperties") => {}
            // what is neither a schema nor a list of schemas counts as nothing
            (Data::List(items), "items") => {
                for (at, item) in items.iter().enumerate() {
                    visit(item, Looked::NotYet, &here.index(at), faults);
                }
            }
            (_, "items") => {}
            _ if inside == Looked::Before => {}
            _ => {
                let message = "is no schema, a mapping is expected";
                faults.push(here.fault(FaultKind::Type, message, below.span));
            }
        }
    }
    for key in ["allOf", "anyOf", "oneOf"] {
        let of_all = path.field(key);
        let items = props.get(key).map(Tree::items).unwrap_or_default();
        for (at, item) in items.iter().enumerate() {
            visit(item, looked, &of_all.index(at), faults);
        }
    }
    let of_fields = path.field("properties");
    for entry in props
        .get("properties")
        .map(Tree::entries)
        .unwrap_or_default()
    {
        visit(&entry.value, looked, &of_fields.field(&entry.key), faults);
    }
}

fn keywords(props: &Tree, path: &Path<'_>, faults: &mut Vec<Fault>) {
    match &props.data {
        Data::Map(_) | Data::Null => {}
        _ => {
            let message = "is no schema, a mapping is expected";
            faults.push(path.fault(FaultKind::Type, message, props.span));
            return;
        }
    }
    for (key, shape) in KEYWORDS {
        let Some(found) = member(props, key) else {
            continue;
        };
        let (fits, expected) = match (shape, &found.data) {
            (Shape::Text, data) => (matches!(data, Data::String(_)), "a string"),
            (Shape::Flag, data) => (matches!(data, Data::Bool(_)), "`true` or `false`"),
            (Shape::Number, data) => (matches!(data, Data::Number(_)), "a number"),
            (Shape::Integer, Data::Number(number)) => (integer(*number).is_some(), "an integer"),
            (Shape::Integer, _) => (false, "an integer"),
            (Shape::List, data) => (matches!(data, Data::List(_)), "a list"),
            (Shape::Texts, Data::List(items)) => {
                let is_text = |item: &Tree| matches!(item.data, Data::String(_) | Data::Null);
                (items.iter().all(is_text), "a list of strings")
            }
            (Shape::Texts, _) => (false, "a list of strings"),
        };
        if !fits {
            let message = format!("is no {key}, expected {expected}");
            faults.push(path.field(key).fault(FaultKind::Type, message, found.span));
        }
    }
    if let Some(fields) =
        member(props, "properties").filter(|found| !matches!(found.data, Data::Map(_)))
    {
        let message = "is no mapping of schemas";
        faults.push(
            path.field("properties")
                .fault(FaultKind::Type, message, fields.span),
        );
    }
}
