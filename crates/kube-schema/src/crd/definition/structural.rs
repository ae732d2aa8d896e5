//! That a schema is structural: one tree of types says which fields there are, and what stands below junctors only
//! restricts values.
//!
//! ```text
//! type: object                        every field, element and the whole has a type
//! properties:
//!   port:
//!     x-kubernetes-int-or-string: true      or is one of the two that have none
//!     anyOf: [{type: integer}, {type: string}]   the one place where junctors may have types
//!   name:
//!     type: string
//!     anyOf: [{maxLength: 4}, {pattern: x}]   no type, default, description, nullable ... here
//! ```

use super::super::path::Path;
use super::super::schema::{is_set, member, text};
use super::keywords::place;
use crate::fault::{Fault, FaultKind};
use goyaml::{Data, Tree};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Level {
    Root,
    Item,
    Field,
}

/// The faults of a schema as a whole.
pub(super) fn check(props: &Tree, path: &Path<'_>, faults: &mut Vec<Fault>) {
    invariants(props, Level::Root, path, faults);
    complete(props, props, path, path, faults);
}

/// Members of a mapping of schemas.
fn fields(props: &Tree) -> &[goyaml::Entry] {
    props
        .get("properties")
        .map(Tree::entries)
        .unwrap_or_default()
}

fn schema<'t>(props: &'t Tree, key: &str) -> Option<&'t Tree> {
    member(props, key).filter(|tree| matches!(tree.data, Data::Map(_)))
}

fn invariants(props: &Tree, level: Level, path: &Path<'_>, faults: &mut Vec<Fault>) {
    let kind = text(props, "type");
    let of_type = path.field("type");
    let items = schema(props, "items");
    if kind == Some("array") && items.is_none() {
        let message = "is required: a list needs a schema for its elements";
        faults.push(
            path.field("items")
                .fault(FaultKind::Required, message, props.span),
        );
    }
    if let Some(items) = items {
        invariants(items, Level::Item, &path.field("items"), faults);
    }
    let of_fields = path.field("properties");
    for entry in fields(props) {
        invariants(
            &entry.value,
            Level::Field,
            &of_fields.key(&entry.key),
            faults,
        );
    }
    let additional = member(props, "additionalProperties");
    let of_additional = path.field("additionalProperties");
    let embedded = is_set(props, "x-kubernetes-embedded-resource");
    if additional.is_some() {
        let span = place(props, "additionalProperties");
        if level == Level::Root {
            let message = "cannot stand at the root";
            faults.push(of_additional.fault(FaultKind::Forbidden, message, span));
        }
        if embedded {
            let message = "cannot stand in an embedded resource";
            faults.push(of_additional.fault(FaultKind::Forbidden, message, span));
        }
        if let Some(schema) = schema(props, "additionalProperties") {
            invariants(schema, Level::Field, &of_additional, faults);
        }
    }
    let keeps = is_set(props, "x-kubernetes-preserve-unknown-fields");
    let int_or_string = is_set(props, "x-kubernetes-int-or-string");
    if int_or_string {
        for (key, is_there) in [
            ("x-kubernetes-preserve-unknown-fields", keeps),
            ("x-kubernetes-embedded-resource", embedded),
        ] {
            if is_there {
                let message = "cannot be set with `x-kubernetes-int-or-string`";
                faults.push(
                    path.field(key)
                        .fault(FaultKind::Invalid, message, place(props, key)),
                );
            }
        }
    }
    values(props, is_int_or_string(props), path, faults);
    if embedded && kind != Some("object") {
        let fault = kind.map_or(FaultKind::Required, |_| FaultKind::Invalid);
        let message = "must be `object` for an embedded resource";
        faults.push(of_type.fault(fault, message, place(props, "type")));
    } else if kind.is_none() && !int_or_string && !keeps {
        let message = match level {
            Level::Root => "is required at the root",
            Level::Item => "is required for the elements of a list",
            Level::Field => "is required for a field",
        };
        let mut fault = of_type.fault(FaultKind::Required, message, props.span);
        fault.help = Some(missing_type(props, level).to_owned());
        faults.push(fault);
    }
    if level == Level::Root
        && let Some(kind) = kind.filter(|kind| *kind != "object")
    {
        let message = format!("is `{kind}`, expected `object` at the root");
        faults.push(of_type.fault(FaultKind::Invalid, message, place(props, "type")));
    }
    if level == Level::Root || embedded {
        for name in ["kind", "apiVersion"] {
            let found = fields(props).iter().find(|entry| &*entry.key == name);
            if let Some(entry) = found.filter(|entry| text(&entry.value, "type") != Some("string"))
            {
                let message = "must be `string`";
                let of_field = of_fields.key(name);
                let span = place(&entry.value, "type");
                faults.push(
                    of_field
                        .field("type")
                        .fault(FaultKind::Invalid, message, span),
                );
            }
        }
    }
    if let Some(entry) = fields(props).iter().find(|entry| &*entry.key == "metadata") {
        let here = of_fields.key("metadata");
        let is_of_object = level == Level::Root || embedded;
        if is_of_object && text(&entry.value, "type") != Some("object") {
            let message = "must be `object`";
            let span = place(&entry.value, "type");
            faults.push(here.field("type").fault(FaultKind::Invalid, message, span));
        }
        if level == Level::Root && !restricts_names_only(&entry.value) {
            let message = "may only restrict `name` and `generateName`, all else is given";
            faults.push(here.fault(FaultKind::Forbidden, message, entry.value.span));
        }
    }
    if embedded && !keeps && fields(props).is_empty() {
        let message = "is required for an embedded resource that does not keep unknown fields";
        faults.push(of_fields.fault(FaultKind::Required, message, props.span));
    }
}

/// What to write when there is no type.
fn missing_type(props: &Tree, level: Level) -> &'static str {
    let has_types = |key: &str| {
        let items = props.get(key).map(Tree::items).unwrap_or_default();
        items.iter().any(|item| text(item, "type").is_some())
    };
    match level {
        _ if member(props, "properties").is_some() => "write `type: object`",
        _ if member(props, "items").is_some() => "write `type: array`",
        _ if has_types("anyOf") || has_types("oneOf") => {
            "write the type here, or `x-kubernetes-int-or-string: true`"
        }
        Level::Root => "write `type: object`",
        Level::Item | Level::Field => {
            "write one, or `x-kubernetes-preserve-unknown-fields: true` for any value"
        }
    }
}

/// Whether the schema of `metadata` has nothing but restrictions of the two names.
fn restricts_names_only(props: &Tree) -> bool {
    props
        .entries()
        .iter()
        .all(|entry| match (&*entry.key, &entry.value.data) {
            ("type" | "default", _) | (_, Data::Null | Data::Bool(false)) => true,
            ("properties", Data::Map(fields)) => fields
                .iter()
                .all(|field| matches!(&*field.key, "name" | "generateName")),
            (_, Data::List(items)) => items.is_empty(),
            (_, Data::Map(entries)) => entries.is_empty() && &*entry.key == "properties",
            (_, Data::String(text)) => text.is_empty(),
            _ => false,
        })
}

/// The two alternatives, in this order, that an int-or-string may have.
fn is_pair_of_types(of: &Tree) -> bool {
    let items = of.get("anyOf").map(Tree::items).unwrap_or_default();
    let is_only = |item: &Tree, kind: &str| match item.entries() {
        [only] => &*only.key == "type" && only.value.as_str() == Some(kind),
        _ => false,
    };
    matches!(items, [first, second] if is_only(first, "integer") && is_only(second, "string"))
}

/// Where junctors may have types.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Typed {
    Nowhere,
    AnyOf,
    AnyOfOfFirstAllOf,
}

fn is_int_or_string(props: &Tree) -> Typed {
    let all = props.get("allOf").map(Tree::items).unwrap_or_default();
    if is_pair_of_types(props) {
        Typed::AnyOf
    } else if all.first().is_some_and(is_pair_of_types) {
        Typed::AnyOfOfFirstAllOf
    } else {
        Typed::Nowhere
    }
}

/// The junctors of a schema, and its pattern.
fn values(props: &Tree, typed: Typed, path: &Path<'_>, faults: &mut Vec<Fault>) {
    for key in ["anyOf", "allOf", "oneOf"] {
        if key == "anyOf" && typed == Typed::AnyOf {
            continue;
        }
        let of_all = path.field(key);
        let items = props.get(key).map(Tree::items).unwrap_or_default();
        for (at, item) in items.iter().enumerate() {
            let is_excepted = key == "allOf" && at == 0 && typed == Typed::AnyOfOfFirstAllOf;
            let typed = if is_excepted {
                Typed::AnyOf
            } else {
                Typed::Nowhere
            };
            nested(item, typed, &of_all.index(at), faults);
        }
    }
    if let Some(not) = schema(props, "not") {
        nested(not, Typed::Nowhere, &path.field("not"), faults);
    }
    if let Some(pattern) = text(props, "pattern")
        && let Err(error) = goregexp::compile(pattern)
    {
        let message = format!("`{pattern}` is no regular expression of Go: {error}");
        let span = place(props, "pattern");
        faults.push(
            path.field("pattern")
                .fault(FaultKind::Invalid, message, span),
        );
    }
}

/// A schema below a junctor.
fn nested(props: &Tree, typed: Typed, path: &Path<'_>, faults: &mut Vec<Fault>) {
    values(props, typed, path, faults);
    if let Some(items) = schema(props, "items") {
        nested(items, Typed::Nowhere, &path.field("items"), faults);
    }
    let of_fields = path.field("properties");
    for entry in fields(props) {
        nested(
            &entry.value,
            Typed::Nowhere,
            &of_fields.key(&entry.key),
            faults,
        );
    }
    let additional = member(props, "additionalProperties");
    let has_additional = additional.is_some_and(|found| found.data != Data::Bool(false));
    for (key, is_there) in [
        ("type", text(props, "type").is_some()),
        ("additionalProperties", has_additional),
        ("default", member(props, "default").is_some()),
        ("title", text(props, "title").is_some()),
        ("description", text(props, "description").is_some()),
        ("nullable", is_set(props, "nullable")),
        (
            "x-kubernetes-preserve-unknown-fields",
            is_set(props, "x-kubernetes-preserve-unknown-fields"),
        ),
        (
            "x-kubernetes-embedded-resource",
            is_set(props, "x-kubernetes-embedded-resource"),
        ),
        (
            "x-kubernetes-int-or-string",
            is_set(props, "x-kubernetes-int-or-string"),
        ),
        (
            "x-kubernetes-list-map-keys",
            !props
                .get("x-kubernetes-list-map-keys")
                .map(Tree::items)
                .unwrap_or_default()
                .is_empty(),
        ),
        (
            "x-kubernetes-list-type",
            member(props, "x-kubernetes-list-type").is_some(),
        ),
        (
            "x-kubernetes-map-type",
            member(props, "x-kubernetes-map-type").is_some(),
        ),
        (
            "x-kubernetes-validations",
            !props
                .get("x-kubernetes-validations")
                .map(Tree::items)
                .unwrap_or_default()
                .is_empty(),
        ),
    ] {
        if is_there {
            let message = format!("`{key}` cannot stand below `allOf`, `anyOf`, `oneOf` or `not`");
            let mut fault = path
                .field(key)
                .fault(FaultKind::Forbidden, message, place(props, key));
            fault.help = Some("write it in the schema around".to_owned());
            faults.push(fault);
        }
    }
    if let Some(entry) = fields(props).iter().find(|entry| &*entry.key == "metadata") {
        let message = "cannot stand below `allOf`, `anyOf`, `oneOf` or `not`";
        let here = of_fields.key("metadata");
        faults.push(here.fault(FaultKind::Forbidden, message, entry.key_span));
    }
}

/// What the junctors at the root speak of is there without them.
fn complete(
    value: &Tree,
    structure: &Tree,
    path: &Path<'_>,
    spoken: &Path<'_>,
    faults: &mut Vec<Fault>,
) {
    if let Some(not) = schema(value, "not") {
        complete_below(not, structure, path, &spoken.field("not"), faults);
    }
    for key in ["allOf", "anyOf", "oneOf"] {
        let of_all = spoken.field(key);
        let items = value.get(key).map(Tree::items).unwrap_or_default();
        for (at, item) in items.iter().enumerate() {
            complete_below(item, structure, path, &of_all.index(at), faults);
        }
    }
}

fn complete_below(
    value: &Tree,
    structure: &Tree,
    path: &Path<'_>,
    spoken: &Path<'_>,
    faults: &mut Vec<Fault>,
) {
    complete(value, structure, path, spoken, faults);
    let absent = |here: &Path<'_>, spoken: &Path<'_>, span| {
        here.fault(
            FaultKind::Required,
            format!("is required, because `{spoken}` speaks of it"),
            span,
        )
    };
    if let Some(items) = schema(value, "items") {
        let (here, spoken) = (path.field("items"), spoken.field("items"));
        match schema(structure, "items") {
            Some(known) => complete_below(items, known, &here, &spoken, faults),
            None => faults.push(absent(&here, &spoken, items.span)),
        }
    }
    let (of_fields, spoken_fields) = (path.field("properties"), spoken.field("properties"));
    for entry in fields(value) {
        let (here, spoken) = (of_fields.key(&entry.key), spoken_fields.key(&entry.key));
        match fields(structure)
            .iter()
            .find(|known| known.key == entry.key)
        {
            Some(known) => complete_below(&entry.value, &known.value, &here, &spoken, faults),
            None => faults.push(absent(&here, &spoken, entry.key_span)),
        }
    }
}
