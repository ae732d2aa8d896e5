//! Which keywords a schema may have, and which of them go together.
//!
//! The walk visits every schema there is, below junctors too. Paths of properties have brackets: `properties[spec]`.

use super::super::path::Path;
use super::super::schema::{is_set, member, text};
use crate::fault::{Fault, FaultKind};
use goyaml::{Data, Tree};
use source_vocab::Span;

const TYPES: [&str; 6] = ["array", "boolean", "integer", "number", "object", "string"];

/// Where a schema stands, for what is allowed there.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Level {
    /// It is the whole.
    Root,
    /// It is what `apiVersion`, `kind` or `metadata` of the resource are like, where nothing has a default.
    MetadataOfRoot,
    /// It is what those of an embedded resource are like.
    MetadataOfEmbedded,
    Inside,
}

/// A member's place, or that of the schema.
pub(super) fn place(props: &Tree, key: &str) -> Span {
    props.get(key).map_or(props.span, |found| found.span)
}

/// A keyword somewhere in the schema that makes the server give up on its structure.
pub(super) fn unsupported(props: &Tree) -> Option<&'static str> {
    let is_there = |key: &str| match member(props, key).map(|found| &found.data) {
        None => false,
        Some(Data::String(text)) => !text.is_empty(),
        Some(Data::Map(entries)) => !entries.is_empty() || key == "additionalItems",
        Some(_) => key == "additionalItems",
    };
    let here = [
        "id",
        "$schema",
        "$ref",
        "patternProperties",
        "dependencies",
        "additionalItems",
        "definitions",
    ];
    let is_list = |key: &str| matches!(member(props, key).map(|found| &found.data), Some(Data::List(items)) if !items.is_empty());
    if is_list("items") {
        return Some("items");
    }
    let keeps = props.get("x-kubernetes-preserve-unknown-fields");
    if keeps.is_some_and(|flag| flag.data == Data::Bool(false)) {
        return Some("x-kubernetes-preserve-unknown-fields");
    }
    here.into_iter()
        .find(|key| is_there(key))
        .or_else(|| below(props).find_map(unsupported))
}

/// The schemas directly below one that structure it or validate it.
fn below(props: &Tree) -> impl Iterator<Item = &Tree> {
    let single = ["items", "additionalProperties", "not"];
    let single = single.into_iter().filter_map(|key| member(props, key));
    let lists = ["allOf", "anyOf", "oneOf"].into_iter();
    let lists = lists.flat_map(|key| props.get(key).map(Tree::items).unwrap_or_default());
    let fields = props
        .get("properties")
        .map(Tree::entries)
        .unwrap_or_default();
    single
        .chain(lists)
        .chain(fields.iter().map(|entry| &entry.value))
        .filter(|tree| matches!(tree.data, Data::Map(_)))
}

/// The faults of a schema and of all below it.
pub(super) fn check(props: &Tree, path: &Path<'_>, faults: &mut Vec<Fault>) {
    visit(props, Level::Root, path, faults);
}

fn visit(props: &Tree, level: Level, path: &Path<'_>, faults: &mut Vec<Fault>) {
    // null is a schema without keywords, anything else has been refused before
    if !matches!(props.data, Data::Map(_)) {
        return;
    }
    forbidden(props, level, path, faults);
    kinds_of_lists(props, path, faults);
    rules(props, path, faults);
    if let Some(schema) = member(props, "additionalProperties") {
        let fields = member(props, "properties")
            .map(Tree::entries)
            .unwrap_or_default();
        if !fields.is_empty() && schema.data != Data::Bool(true) {
            let message = "cannot stand beside `properties`";
            let here = path.field("additionalProperties");
            let span = props
                .entry("additionalProperties")
                .map(|entry| entry.key_span);
            faults.push(here.fault(FaultKind::Forbidden, message, span.unwrap_or(props.span)));
        }
        let inside = match level {
            Level::MetadataOfEmbedded => Level::MetadataOfRoot,
            level => level.inside(),
        };
        visit(schema, inside, &path.field("additionalProperties"), faults);
    }
    let of_fields = path.field("properties");
    let is_resource = level == Level::Root || is_set(props, "x-kubernetes-embedded-resource");
    for entry in props
        .get("properties")
        .map(Tree::entries)
        .unwrap_or_default()
    {
        let is_meta = is_resource && matches!(&*entry.key, "metadata" | "kind" | "apiVersion");
        let inside = match (is_meta, level) {
            (true, Level::Root) => Level::MetadataOfRoot,
            (true, _) => Level::MetadataOfEmbedded,
            (false, level) => level.inside(),
        };
        visit(&entry.value, inside, &of_fields.key(&entry.key), faults);
    }
    if let Some(not) = member(props, "not") {
        visit(not, level.inside(), &path.field("not"), faults);
    }
    for key in ["allOf", "oneOf", "anyOf"] {
        let of_all = path.field(key);
        let items = props.get(key).map(Tree::items).unwrap_or_default();
        for (at, item) in items.iter().enumerate() {
            visit(item, level.inside(), &of_all.index(at), faults);
        }
    }
    if let Some(items) = member(props, "items") {
        visit(items, level.inside(), &path.field("items"), faults);
    }
}

impl Level {
    /// The level of what is below, where nothing else says it.
    fn inside(self) -> Self {
        match self {
            Self::Root => Self::Inside,
            level => level,
        }
    }
}

fn forbidden(props: &Tree, level: Level, path: &Path<'_>, faults: &mut Vec<Fault>) {
    let mut complain = |key: &str, kind: FaultKind, message: String| {
        faults.push(path.field(key).fault(kind, message, place(props, key)));
    };
    if let Some(kind) = text(props, "type").filter(|kind| !TYPES.contains(kind)) {
        let message = match kind {
            "null" => "cannot be `null`, use `nullable: true`".to_owned(),
            _ => format!(
                "`{kind}` is no type, expected one of `{}`",
                TYPES.join("`, `")
            ),
        };
        complain("type", FaultKind::NotSupported, message);
    }
    if member(props, "default").is_some() && level == Level::MetadataOfRoot {
        let message = "cannot be set for `apiVersion`, `kind` and `metadata` of the resource";
        complain("default", FaultKind::Forbidden, message.to_owned());
    }
    let unsupported = [
        ("id", Presence::Text),
        ("additionalItems", Presence::Any),
        ("patternProperties", Presence::Entries),
        ("definitions", Presence::Entries),
        ("dependencies", Presence::Any),
        ("$ref", Presence::Any),
    ];
    for (key, presence) in unsupported {
        if presence.is(member(props, key)) {
            complain(
                key,
                FaultKind::Forbidden,
                format!("`{key}` is not supported in a CRD"),
            );
        }
    }
    let items = member(props, "items").map(|items| &items.data);
    if matches!(items, Some(Data::List(items)) if !items.is_empty()) {
        let message = "must be one schema, not a list of schemas";
        complain("items", FaultKind::Forbidden, message.to_owned());
    }
    let is_meta = matches!(level, Level::MetadataOfRoot | Level::MetadataOfEmbedded);
    if is_meta && is_set(props, "x-kubernetes-embedded-resource") {
        let message = "cannot be set inside of metadata";
        complain(
            "x-kubernetes-embedded-resource",
            FaultKind::Forbidden,
            message.to_owned(),
        );
    }
    if is_set(props, "uniqueItems") {
        let message = "cannot be set, use `x-kubernetes-list-type: set`";
        complain("uniqueItems", FaultKind::Forbidden, message.to_owned());
    }
    let keeps = props.get("x-kubernetes-preserve-unknown-fields");
    if keeps.is_some_and(|flag| flag.data == Data::Bool(false)) {
        let message = "is `false`, expected `true` or nothing";
        complain(
            "x-kubernetes-preserve-unknown-fields",
            FaultKind::Invalid,
            message.to_owned(),
        );
    }
}

/// When a keyword counts as set.
#[derive(Clone, Copy)]
enum Presence {
    Any,
    Text,
    Entries,
}

impl Presence {
    fn is(self, found: Option<&Tree>) -> bool {
        found.is_some_and(|tree| match self {
            Self::Any => true,
            Self::Text => tree.as_str().is_some_and(|text| !text.is_empty()),
            Self::Entries => !tree.entries().is_empty(),
        })
    }
}

/// `x-kubernetes-list-type`, `x-kubernetes-list-map-keys` and `x-kubernetes-map-type`.
fn kinds_of_lists(props: &Tree, path: &Path<'_>, faults: &mut Vec<Fault>) {
    const LIST: &str = "x-kubernetes-list-type";
    const KEYS: &str = "x-kubernetes-list-map-keys";
    const MAP: &str = "x-kubernetes-map-type";
    let kind = text(props, "type");
    let items = member(props, "items").filter(|items| matches!(items.data, Data::Map(_)));
    let list = member(props, LIST).map(|list| list.as_str().unwrap_or_default());
    let keys = props.get(KEYS).map(Tree::items).unwrap_or_default();
    let of_type = path.field("type");
    for (key, wanted, found) in [
        (MAP, "object", member(props, MAP).is_some()),
        (LIST, "array", list.is_some()),
    ] {
        if found && kind != Some(wanted) {
            let fault = match kind {
                None => FaultKind::Required,
                Some(_) => FaultKind::Invalid,
            };
            let message = format!("must be `{wanted}` with `{key}`");
            faults.push(of_type.fault(fault, message, place(props, "type")));
        }
    }
    for (key, allowed) in [
        (MAP, &["atomic", "granular"] as &[&str]),
        (LIST, &["atomic", "set", "map"]),
    ] {
        let written = member(props, key).map(|found| found.as_str().unwrap_or_default());
        if let Some(written) = written.filter(|written| !allowed.contains(written)) {
            let message = format!("`{written}` is none of `{}`", allowed.join("`, `"));
            faults.push(
                path.field(key)
                    .fault(FaultKind::NotSupported, message, place(props, key)),
            );
        }
    }
    if !keys.is_empty() && list != Some("map") {
        let fault = match list {
            None => FaultKind::Required,
            Some(_) => FaultKind::Invalid,
        };
        let message = format!("must be `map` with `{KEYS}`");
        faults.push(path.field(LIST).fault(fault, message, place(props, LIST)));
    }
    let of_items = path.field("items");
    if let (Some("set"), Some("array"), Some(items)) = (list, kind, items) {
        let of_item = |key: &str| text(items, key);
        let odd = match of_item("type") {
            Some("array") => of_item(LIST)
                .is_some_and(|list| list != "atomic")
                .then_some(LIST),
            Some("object") => (of_item(MAP) != Some("atomic")).then_some(MAP),
            _ => None,
        };
        if let Some(key) = odd {
            let message = "must be `atomic` in an element of a list of type `set`";
            faults.push(
                of_items
                    .field(key)
                    .fault(FaultKind::Invalid, message, place(items, key)),
            );
        }
    }
    if let (Some("set" | "map"), Some(items)) = (list, items)
        && is_set(items, "nullable")
    {
        let message = "cannot be set for the elements of a list of type `set` or `map`";
        let here = of_items.field("nullable");
        faults.push(here.fault(FaultKind::Forbidden, message, place(items, "nullable")));
    }
    if list != Some("map") {
        return;
    }
    let of_keys = path.field(KEYS);
    if keys.is_empty() {
        let message = "is required with `x-kubernetes-list-type: map`";
        faults.push(of_keys.fault(FaultKind::Required, message, place(props, LIST)));
    }
    let Some(items) = items else {
        let message = "is required with `x-kubernetes-list-type: map`";
        faults.push(of_items.fault(FaultKind::Required, message, props.span));
        return;
    };
    if text(items, "type") != Some("object") {
        let message = "must be `object` in a list of type `map`";
        faults.push(of_items.field("type").fault(
            FaultKind::Invalid,
            message,
            place(items, "type"),
        ));
        return;
    }
    map_keys(items, keys, path, faults);
}

/// The keys by which the elements of a list of type `map` are told apart.
fn map_keys(items: &Tree, keys: &[Tree], path: &Path<'_>, faults: &mut Vec<Fault>) {
    let of_items = path.field("items");
    let of_fields = of_items.field("properties");
    let of_keys = path.field("x-kubernetes-list-map-keys");
    let required = items.get("required").map(Tree::items).unwrap_or_default();
    let mut seen: Vec<&str> = Vec::new();
    for key in keys {
        let name = key.as_str().unwrap_or_default();
        if seen.contains(&name) {
            let message = format!("has `{name}` twice");
            faults.push(of_keys.fault(FaultKind::Invalid, message, key.span));
        }
        seen.push(name);
        let field = member(items, "properties").and_then(|fields| fields.get(name));
        let Some(field) = field else {
            let message = format!("has `{name}`, which is no property of the elements");
            faults.push(of_keys.fault(FaultKind::Invalid, message, key.span));
            continue;
        };
        let here = of_fields.key(name);
        if matches!(text(field, "type"), Some("array" | "object")) {
            let message = "must be a scalar, because it is a key of the list";
            faults.push(here.field("type").fault(
                FaultKind::Invalid,
                message,
                place(field, "type"),
            ));
        }
        let is_required = required.iter().any(|one| one.as_str() == Some(name));
        if !is_required && member(field, "default").is_none() {
            let message =
                "is required, because the property is a key of the list and not required itself";
            let mut fault = here
                .field("default")
                .fault(FaultKind::Required, message, field.span);
            fault.help = Some(format!("add `{name}` to `required` of the elements"));
            faults.push(fault);
        }
        if is_set(field, "nullable") {
            let message = "cannot be set for a key of the list";
            let place = place(field, "nullable");
            faults.push(
                here.field("nullable")
                    .fault(FaultKind::Forbidden, message, place),
            );
        }
    }
}

/// `x-kubernetes-validations`, apart from what the expressions mean.
fn rules(props: &Tree, path: &Path<'_>, faults: &mut Vec<Fault>) {
    const REASONS: [&str; 4] = [
        "FieldValueDuplicate",
        "FieldValueForbidden",
        "FieldValueInvalid",
        "FieldValueRequired",
    ];
    let of_all = path.field("x-kubernetes-validations");
    let all = props.get("x-kubernetes-validations").map(Tree::items);
    for (at, rule) in all.unwrap_or_default().iter().enumerate() {
        let here = of_all.index(at);
        let written = |key: &str| text(rule, key).unwrap_or_default();
        let is_blank = |key: &str| !written(key).is_empty() && written(key).trim().is_empty();
        let has_lines = |key: &str| written(key).trim().contains(['\n', '\r']);
        let mut complain = |key: &str, kind: FaultKind, message: &str| {
            faults.push(here.field(key).fault(kind, message, place(rule, key)));
        };
        if written("rule").trim().is_empty() {
            complain("rule", FaultKind::Required, "is required");
        } else if is_blank("message") {
            complain("message", FaultKind::Invalid, "must not be blank");
        } else if has_lines("message") {
            complain("message", FaultKind::Invalid, "must be one line");
        } else if has_lines("rule") && written("message").is_empty() {
            let message = "is required, because the rule has several lines";
            complain("message", FaultKind::Required, message);
        }
        if is_blank("messageExpression") {
            complain(
                "messageExpression",
                FaultKind::Required,
                "must not be blank",
            );
        }
        if member(rule, "reason").is_some() && !REASONS.contains(&written("reason")) {
            let message = format!(
                "`{}` is none of `{}`",
                written("reason"),
                REASONS.join("`, `")
            );
            complain("reason", FaultKind::NotSupported, &message);
        }
        let field = written("fieldPath");
        if is_blank("fieldPath") || field.contains(['\n', '\r']) {
            complain(
                "fieldPath",
                FaultKind::Invalid,
                "must be a path in one line",
            );
        } else if !field.is_empty() && at_path(props, field).is_none() {
            let message = format!("`{field}` leads to no field of this schema");
            complain("fieldPath", FaultKind::Invalid, &message);
        }
    }
}

/// The schema at the end of a path such as `.spec.ports`, or `.spec.labels['a.b']`.
pub(super) fn at_path<'t>(props: &'t Tree, path: &str) -> Option<&'t Tree> {
    let mut at = props;
    let mut rest = path;
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let name;
        if let Some(after) = rest.strip_prefix('.') {
            let end = after.find(['.', '[']).unwrap_or(after.len());
            (name, rest) = after.split_at(end);
        } else {
            let after = rest.strip_prefix("['")?;
            let (inside, after) = after.split_once("']")?;
            (name, rest) = (inside, after);
        }
        if name.is_empty() {
            return None;
        }
        let field = member(at, "properties").and_then(|fields| fields.get(name));
        at = match field {
            Some(field) => field,
            None => member(at, "additionalProperties")
                .filter(|schema| matches!(schema.data, Data::Map(_)))?,
        };
    }
    Some(at)
}
