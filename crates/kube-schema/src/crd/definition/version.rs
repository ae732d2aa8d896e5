//! What stands in a version of a CRD.

use super::super::cel;
use super::super::path::Path;
use super::super::schema::{Schema, Type, is_set, member, text};
use super::{defaults, keywords, structural};
use crate::crd::metadata::is_label_1035;
use crate::fault::{Fault, FaultKind};
use crate::release::Release;
use goyaml::{Data, Tree};

/// What a part of a version has to do with.
#[derive(Clone, Copy)]
pub(super) struct Around {
    /// Whether `status` is a subresource.
    pub(super) has_status: bool,
    /// The release of the server.
    pub(super) release: Release,
}

/// A part that the server moves to the top of the spec when all versions have the same.
pub(super) struct Part {
    /// Its name in a version.
    pub(super) key: &'static str,
    /// Its name at the top.
    top: &'static str,
    /// What is wrong with it.
    pub(super) check: fn(&Tree, Around, &Path<'_>, &mut Vec<Fault>),
}

impl Part {
    /// The path of the part in `of`: a version, or the spec.
    pub(super) fn path<'a>(&self, of: &'a Path<'a>, is_top: bool) -> Path<'a> {
        of.field(if is_top { self.top } else { self.key })
    }
}

/// The parts in the order in which the server looks at them.
pub(super) const PARTS: [Part; 4] = [
    Part {
        key: "schema",
        top: "validation",
        check: schema,
    },
    Part {
        key: "subresources",
        top: "subresources",
        check: subresources,
    },
    Part {
        key: "additionalPrinterColumns",
        top: "additionalPrinterColumns",
        check: columns,
    },
    Part {
        key: "selectableFields",
        top: "selectableFields",
        check: selectable,
    },
];

/// Whether `status` is a subresource of the version.
pub(super) fn has_status(version: &Tree) -> bool {
    member(version, "subresources").is_some_and(|all| member(all, "status").is_some())
}

fn openapi(version: &Tree) -> Option<&Tree> {
    member(version, "schema").and_then(|schema| member(schema, "openAPIV3Schema"))
}

/// What no other version has a part in: the name, the warning, and that there is a schema.
pub(super) fn check(version: &Tree, path: &Path<'_>, faults: &mut Vec<Fault>) {
    let name = text(version, "name").unwrap_or_default();
    if !is_label_1035(name) {
        let span = version.get("name").map_or(version.span, |name| name.span);
        let message = format!("`{name}` is no version such as `v1` or `v1beta1`");
        faults.push(path.field("name").fault(FaultKind::Invalid, message, span));
    }
    if openapi(version).is_none() {
        let of_schema = path.field("schema");
        let message = "is required: every version needs a schema";
        let here = of_schema.field("openAPIV3Schema");
        let mut fault = here.fault(FaultKind::Required, message, version.span);
        let help = "write `schema: {openAPIV3Schema: {type: object, properties: ...}}`";
        fault.help = Some(help.to_owned());
        faults.push(fault);
    }
    if let Some(warning) = member(version, "deprecationWarning") {
        let text = warning.as_str().unwrap_or_default();
        let message = if !is_set(version, "deprecated") {
            "can only be set with `deprecated: true`"
        } else if text.len() > 256 {
            "has more than 256 bytes"
        } else if text.is_empty() {
            "must not be empty"
        } else if text.chars().any(char::is_control) {
            "has a character that cannot be printed"
        } else {
            return;
        };
        let here = path.field("deprecationWarning");
        faults.push(here.fault(FaultKind::Invalid, message, warning.span));
    }
}

fn schema(version: &Tree, around: Around, path: &Path<'_>, faults: &mut Vec<Fault>) {
    let Some(props) = openapi(version) else {
        return;
    };
    let here = path.field("openAPIV3Schema");
    let Around {
        has_status,
        release,
    } = around;
    if has_status {
        at_root(props, &here, faults);
    }
    if is_set(props, "nullable") {
        let span = props.get("nullable").map_or(props.span, |flag| flag.span);
        let message = "cannot be set at the root";
        faults.push(
            here.field("nullable")
                .fault(FaultKind::Forbidden, message, span),
        );
    }
    let mut is_sound = false;
    // a keyword that no schema may have hides what the schema as a whole lacks
    if let Some(key) = keywords::unsupported(props) {
        if key == "$schema" {
            let message = "has a `$schema`, which is not supported";
            faults.push(here.fault(FaultKind::Invalid, message, props.span));
        }
    } else {
        let before = faults.len();
        structural::check(props, &here, faults);
        if faults.len() == before {
            defaults::check(props, &here, faults);
        }
        is_sound = faults.len() == before;
    }
    let before = faults.len();
    keywords::check(props, &here, faults);
    if is_sound && faults.len() == before {
        let schema = Schema::compile(props);
        cel::check(props, &schema, release.into(), &here, faults);
    }
}

/// With `status` as a subresource only such keywords stand at the root as keep their meaning for the status alone.
fn at_root(props: &Tree, path: &Path<'_>, faults: &mut Vec<Fault>) {
    const ALLOWED: [&str; 22] = [
        "description",
        "type",
        "format",
        "title",
        "maximum",
        "exclusiveMaximum",
        "minimum",
        "exclusiveMinimum",
        "maxLength",
        "minLength",
        "pattern",
        "maxItems",
        "minItems",
        "uniqueItems",
        "multipleOf",
        "required",
        "items",
        "properties",
        "externalDocs",
        "example",
        "x-kubernetes-preserve-unknown-fields",
        "x-kubernetes-validations",
    ];
    if let Some(kind) = text(props, "type").filter(|kind| *kind != "object") {
        let span = props.get("type").map_or(props.span, |found| found.span);
        let message = format!("is `{kind}`, expected `object` at the root");
        faults.push(path.field("type").fault(FaultKind::Invalid, message, span));
        return;
    }
    let odd = props.entries().iter().find(|entry| {
        let is_zero = match &entry.value.data {
            Data::Null | Data::Bool(false) => true,
            Data::List(items) => items.is_empty(),
            Data::Map(entries) => entries.is_empty(),
            Data::String(text) => text.is_empty(),
            Data::Bool(true) | Data::Number(_) => false,
        };
        !is_zero && !ALLOWED.contains(&&*entry.key)
    });
    if let Some(entry) = odd {
        let message = format!(
            "has `{}` at the root, which a schema with `status` as a subresource cannot have",
            entry.key
        );
        faults.push(path.fault(FaultKind::Invalid, message, entry.key_span));
    }
}

fn subresources(version: &Tree, _around: Around, path: &Path<'_>, faults: &mut Vec<Fault>) {
    let all = member(version, "subresources");
    let Some(scale) = all.and_then(|all| member(all, "scale")) else {
        return;
    };
    let of_scale = path.field("scale");
    for (key, roots, is_required) in [
        ("specReplicasPath", &[".spec."] as &[&str], true),
        ("statusReplicasPath", &[".status."], true),
        ("labelSelectorPath", &[".spec.", ".status."], false),
    ] {
        let here = of_scale.field(key);
        let span = scale.get(key).map_or(scale.span, |found| found.span);
        match text(scale, key) {
            None if is_required => {
                faults.push(here.fault(FaultKind::Required, "is required", span));
            }
            Some(written) if !roots.iter().any(|root| written.starts_with(root)) => {
                let roots = roots.join("` or `");
                let message = format!("`{written}` does not begin with `{roots}`");
                faults.push(here.fault(FaultKind::Invalid, message, span));
            }
            _ => {}
        }
    }
}

fn columns(version: &Tree, _around: Around, path: &Path<'_>, faults: &mut Vec<Fault>) {
    const TYPES: [&str; 5] = ["boolean", "date", "integer", "number", "string"];
    const FORMATS: [&str; 8] = [
        "byte",
        "date",
        "date-time",
        "double",
        "float",
        "int32",
        "int64",
        "password",
    ];
    let columns = member(version, "additionalPrinterColumns").map(Tree::items);
    for (at, column) in columns.unwrap_or_default().iter().enumerate() {
        let here = path.index(at);
        let span = |key: &str| column.get(key).map_or(column.span, |found| found.span);
        // the server calls the path of a column by its older name
        for (key, name) in [("name", "name"), ("type", "type"), ("jsonPath", "JSONPath")] {
            if text(column, key).is_none() {
                let message = "is required";
                faults.push(
                    here.field(name)
                        .fault(FaultKind::Required, message, span(key)),
                );
            }
        }
        for (key, known) in [("type", &TYPES as &[&str]), ("format", &FORMATS)] {
            if let Some(written) = text(column, key).filter(|written| !known.contains(written)) {
                let message = format!("`{written}` is none of `{}`", known.join("`, `"));
                faults.push(
                    here.field(key)
                        .fault(FaultKind::Invalid, message, span(key)),
                );
            }
        }
        if let Some(written) = text(column, "jsonPath").filter(|path| !path.starts_with('.')) {
            let message = format!("`{written}` does not begin with a dot");
            let mut fault =
                here.field("JSONPath")
                    .fault(FaultKind::Invalid, message, span("jsonPath"));
            fault.help = Some(format!("write `.{}`", written.trim_start_matches('$')));
            faults.push(fault);
        }
    }
}

fn selectable(version: &Tree, _around: Around, path: &Path<'_>, faults: &mut Vec<Fault>) {
    const MOST: usize = 8;
    let fields = member(version, "selectableFields")
        .map(Tree::items)
        .unwrap_or_default();
    let mut seen: Vec<&str> = Vec::new();
    for (at, field) in fields.iter().enumerate() {
        let of_field = path.index(at);
        let here = of_field.field("jsonPath");
        let span = field.get("jsonPath").map_or(field.span, |found| found.span);
        let Some(written) = text(field, "jsonPath") else {
            faults.push(here.fault(FaultKind::Required, "is required", span));
            continue;
        };
        let found = openapi(version).and_then(|props| keywords::at_path(props, written));
        let message = match found {
            None => format!("`{written}` leads to no field of the schema"),
            Some(_) if written.starts_with(".metadata") => {
                format!("`{written}` leads into the metadata, which needs no such entry")
            }
            Some(props) if !is_selectable(props) => {
                format!("`{written}` leads to no string, boolean or integer")
            }
            Some(_) if seen.contains(&written) => {
                let message = format!("`{written}` stands here already");
                faults.push(here.fault(FaultKind::DuplicateValue, message, span));
                continue;
            }
            Some(_) => {
                seen.push(written);
                continue;
            }
        };
        faults.push(here.fault(FaultKind::Invalid, message, span));
    }
    if seen.len() > MOST {
        let message = format!("has {} fields, at most {MOST} are allowed", seen.len());
        let span = member(version, "selectableFields").map_or(version.span, |list| list.span);
        faults.push(path.fault(FaultKind::TooMany, message, span));
    }
}

fn is_selectable(props: &Tree) -> bool {
    let kind = text(props, "type").and_then(Type::read);
    matches!(kind, Some(Type::String | Type::Boolean | Type::Integer))
}
