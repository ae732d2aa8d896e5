//! Decoding of a built-in kind, as the API server does it with strict field validation.
//!
//! What decides is how Go reads JSON into the types behind the schema, which is not what a JSON schema validator says:
//! * null is the same as nothing, everywhere;
//! * an integer is digits: `3.0` and `1e1` are none, and it has to fit 32 or 64 bits;
//! * a quantity may be a number, an int-or-string may not be a fraction, times are strings in one exact form;
//! * names of fields are case-sensitive, and a field that only another release has is unknown;
//! * some types decode themselves, and inside them unknown fields are dropped in silence.
//!
//! The server stops at one value of a wrong type and then says nothing about fields; here all of them are found, since one
//! does not follow from another. A required field is a matter of validation, which comes after decoding: such faults are
//! kept apart, and [`super::required`] knows the fields that the schema requires and the server does not.
//!
//! The object is walked once for a set of releases. Each step narrows the set to the releases that have the field in that
//! form, and a fault carries what is left of it:
//! ```text
//! spec.template.spec.newField          {1.28 … 1.35} at spec
//!   row newField: releases {1.33 …}    fault for {1.28 … 1.32}, on with {1.33 …}
//! ```

use super::data::{Definition, Property, Type, TypeId};
use super::meant::{field_meant, last_part, quantity_meant};
use super::path::{Path, Step};
use super::required::enforced;
use super::scalar::{Fraction, is_base64, is_quantity, is_time};
use crate::fault::{Fault, FaultKind};
use crate::release::Releases;
use goyaml::{Data, Entry, Magnitude, Tree};
use source_vocab::Span;

/// What decoding finds, each with the releases that say so.
#[derive(Debug, Default)]
pub(super) struct Decoded {
    /// Wrong types and unknown fields.
    pub(super) faults: Vec<(Fault, Releases)>,
    /// Required fields that are missing.
    pub(super) missing: Vec<(Fault, Releases)>,
}

/// What is said about fields that a definition does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fields {
    /// A fault.
    Strict,
    /// Nothing: the type decodes itself.
    Dropped,
}

/// Whether required fields are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Needs {
    /// They are.
    Checked,
    /// They are not: the server drops what stands here before it validates.
    Ignored,
}

/// Where in an object the walk is, and what holds there.
#[derive(Clone, Copy, Debug)]
struct Place<'a> {
    path: &'a Path<'a>,
    releases: Releases,
    fields: Fields,
    needs: Needs,
}

/// Decodes `object` as `definition` for each of `releases`.
pub(super) fn decode(object: &Tree, definition: Definition, releases: Releases) -> Decoded {
    let mut decoded = Decoded::default();
    let place = Place {
        path: &Path::default(),
        releases,
        fields: Fields::Strict,
        needs: Needs::Checked,
    };
    match &object.data {
        Data::Map(_) => decoded.structure(object, definition, place),
        _ => decoded.wrong_type(object, "a mapping", place),
    }
    decoded
}

impl Decoded {
    fn value(&mut self, value: &Tree, of: TypeId, place: Place<'_>) {
        if value.data == Data::Null {
            return;
        }
        match of.get() {
            Type::Any => {}
            Type::Text => match &value.data {
                Data::String(_) => {}
                _ => self.wrong_type(value, "a string", place),
            },
            Type::Bool => match &value.data {
                Data::Bool(_) => {}
                _ => self.wrong_type(value, "a boolean", place),
            },
            Type::Int32 => self.integer(
                value,
                "an integer",
                i64::from(i32::MIN)..=i32::MAX.into(),
                place,
            ),
            Type::Int64 => self.integer(value, "an integer", i64::MIN..=i64::MAX, place),
            Type::Double => match &value.data {
                Data::Number(_) => {}
                _ => self.wrong_type(value, "a number", place),
            },
            Type::IntOrString => match &value.data {
                Data::String(_) => {}
                _ => self.integer(
                    value,
                    "an integer or a string",
                    i64::from(i32::MIN)..=i32::MAX.into(),
                    place,
                ),
            },
            Type::Quantity => self.quantity(value, place),
            Type::Bytes => self.bytes(value, place),
            Type::Time => self.time(value, Fraction::Any, place),
            Type::MicroTime => self.time(value, Fraction::Micro, place),
            Type::List(item) => match &value.data {
                Data::List(items) => self.items(items, item, place),
                _ => self.wrong_type(value, "a list", place),
            },
            Type::Map(inner) => match &value.data {
                Data::Map(_) => self.mapping(value, inner, place),
                _ => self.wrong_type(value, "a mapping", place),
            },
            Type::Struct(definition) => match &value.data {
                Data::Map(_) => self.structure(value, definition, place),
                _ => self.wrong_type(value, "a mapping", place),
            },
            Type::OrBool(definition) => match &value.data {
                Data::Map(_) => self.structure(value, definition, dropped(place)),
                Data::Bool(_) => {}
                _ => self.wrong_type(value, "a boolean or a schema", place),
            },
            Type::OrList(definition) => match &value.data {
                Data::Map(_) => self.structure(value, definition, dropped(place)),
                Data::List(items) => {
                    for (index, item) in items.iter().enumerate() {
                        let path = place.path.then(Step::Index(index));
                        let place = Place {
                            path: &path,
                            ..dropped(place)
                        };
                        match &item.data {
                            Data::Map(_) => self.structure(item, definition, place),
                            Data::Null => {}
                            _ => self.wrong_type(item, "a schema", place),
                        }
                    }
                }
                _ => {}
            },
            Type::OrTexts(definition) => match &value.data {
                Data::Map(_) => self.structure(value, definition, dropped(place)),
                Data::List(items) => {
                    for (index, item) in items.iter().enumerate() {
                        let path = place.path.then(Step::Index(index));
                        if !matches!(item.data, Data::String(_) | Data::Null) {
                            self.wrong_type(
                                item,
                                "a string",
                                Place {
                                    path: &path,
                                    ..place
                                },
                            );
                        }
                    }
                }
                _ => {}
            },
        }
    }

    fn items(&mut self, items: &[Tree], of: TypeId, place: Place<'_>) {
        for (index, item) in items.iter().enumerate() {
            let path = place.path.then(Step::Index(index));
            let place = Place {
                path: &path,
                ..place
            };
            match (of.get(), &item.data) {
                // null is an element in which nothing is set
                (Type::Struct(definition), Data::Null) => {
                    self.structure(item, definition, place);
                }
                _ => self.value(item, of, place),
            }
        }
    }

    fn mapping(&mut self, value: &Tree, of: TypeId, place: Place<'_>) {
        let is_structured = matches!(of.get(), Type::Struct(_));
        for entry in value.entries() {
            let step = if is_structured {
                Step::Field(&entry.key)
            } else {
                Step::Key(&entry.key)
            };
            let path = place.path.then(step);
            self.value(
                &entry.value,
                of,
                Place {
                    path: &path,
                    ..place
                },
            );
        }
    }

    fn structure(&mut self, value: &Tree, definition: Definition, place: Place<'_>) {
        let is_root = place.path.is_root();
        for entry in value.entries() {
            let path = place.path.field(&entry.key);
            let mut unknown = place.releases;
            let mut place = Place {
                path: &path,
                ..place
            };
            if is_dropped(entry, is_root, definition) {
                place.needs = Needs::Ignored;
            }
            for form in definition.forms(&entry.key) {
                let releases = form.releases.and(unknown);
                unknown = unknown.without(releases);
                if !releases.is_empty() {
                    self.value(&entry.value, form.of, Place { releases, ..place });
                }
            }
            if !unknown.is_empty() && place.fields == Fields::Strict {
                let place = Place {
                    releases: unknown,
                    ..place
                };
                self.unknown(&entry.key, entry.key_span, value, definition, place);
            }
        }
        if place.needs == Needs::Ignored {
            return;
        }
        for property in definition.properties() {
            let is_set = value
                .get(property.name)
                .is_some_and(|value| value.data != Data::Null);
            if !is_set {
                self.lacking(value.span, definition, property, None, place);
            }
        }
    }

    /// Names what is missing because `property` is not there: in Go it is then a structure in which nothing is set, and
    /// the server complains about the fields inside. `whole` is the outermost thing that is missing.
    fn lacking(
        &mut self,
        span: Span,
        definition: Definition,
        property: Property,
        whole: Option<&Path<'_>>,
        place: Place<'_>,
    ) {
        let mut required = property.required.and(place.releases);
        if !required.is_empty() {
            required = required.and(enforced(definition.name(), property.name));
        }
        let is_required = !required.is_empty();
        // `spec` is never a pointer in Go
        let releases = match property.name {
            "spec" => property.releases.and(place.releases),
            _ if is_required => required,
            _ => return,
        };
        let path = place.path.field(property.name);
        let before = self.missing.len();
        if let Type::Struct(inner) = property.of.get() {
            let place = Place {
                path: &path,
                releases,
                ..place
            };
            for property in inner.properties() {
                self.lacking(span, inner, property, whole.or(Some(&path)), place);
            }
        }
        if self.missing.len() == before && is_required {
            let fault = Fault {
                field: named(definition, property.name, place.path),
                kind: FaultKind::Required,
                message: "is required".to_owned(),
                help: whole.map(|whole| format!("`{whole}` is missing")),
                span,
            };
            self.missing.push((fault, required));
        }
    }

    fn unknown(
        &mut self,
        name: &str,
        span: Span,
        value: &Tree,
        definition: Definition,
        place: Place<'_>,
    ) {
        let elsewhere = definition
            .forms(name)
            .fold(Releases::NONE, |all, form| all.or(form.releases));
        let help = if elsewhere.is_empty() {
            field_meant(name, value, definition, place.releases)
        } else {
            Some(format!("only Kubernetes {elsewhere} has it"))
        };
        let fault = Fault {
            field: place.path.to_string(),
            kind: FaultKind::Unknown,
            message: format!("is no field of `{}`", last_part(definition.name())),
            help,
            span,
        };
        self.faults.push((fault, place.releases));
    }

    fn wrong_type(&mut self, value: &Tree, wanted: &str, place: Place<'_>) {
        let found = match &value.data {
            Data::Null => "null",
            Data::Bool(_) => "a boolean",
            Data::Number(_) => "a number",
            Data::String(_) => "a string",
            Data::List(_) => "a list",
            Data::Map(_) => "a mapping",
        };
        let help = match (wanted, &value.data) {
            ("a string", Data::Bool(_) | Data::Number(_)) => value
                .coerced()
                .map(|text| format!("write it in quotes: `\"{text}\"`")),
            ("an integer", Data::String(text)) if text.parse::<i64>().is_ok() => {
                Some(format!("write it without quotes: `{text}`"))
            }
            ("a boolean", Data::String(text)) if matches!(&**text, "true" | "false") => {
                Some(format!("write it without quotes: `{text}`"))
            }
            _ => None,
        };
        let message = format!("must be {wanted}, not {found}");
        self.bad(value, FaultKind::Type, message, help, place);
    }

    fn bad(
        &mut self,
        value: &Tree,
        kind: FaultKind,
        message: String,
        help: Option<String>,
        place: Place<'_>,
    ) {
        let fault = Fault {
            field: place.path.to_string(),
            kind,
            message,
            help,
            span: value.span,
        };
        self.faults.push((fault, place.releases));
    }

    fn integer(
        &mut self,
        value: &Tree,
        wanted: &str,
        range: std::ops::RangeInclusive<i64>,
        place: Place<'_>,
    ) {
        let Data::Number(number) = &value.data else {
            self.wrong_type(value, wanted, place);
            return;
        };
        let message = match number {
            Magnitude::Int(number) if range.contains(number) => return,
            Magnitude::Int(_) | Magnitude::Uint(_) => {
                format!("must be between {} and {}", range.start(), range.end())
            }
            Magnitude::Float(_) => format!("must be {wanted}, not a fraction"),
        };
        self.bad(value, FaultKind::Invalid, message, None, place);
    }

    fn quantity(&mut self, value: &Tree, place: Place<'_>) {
        let text = match &value.data {
            Data::String(text) => text,
            Data::Number(_) => return,
            _ => {
                self.wrong_type(value, "a quantity", place);
                return;
            }
        };
        if !is_quantity(text) {
            let message = "is no quantity: expected a number with an optional suffix such as `m`, `k`, `M`, `Mi`, `Gi`";
            self.bad(
                value,
                FaultKind::Invalid,
                message.to_owned(),
                quantity_meant(text),
                place,
            );
        }
    }

    fn bytes(&mut self, value: &Tree, place: Place<'_>) {
        match &value.data {
            Data::String(text) if is_base64(text) => {}
            Data::String(_) => self.bad(
                value,
                FaultKind::Invalid,
                "must be base64, with its padding".to_owned(),
                None,
                place,
            ),
            Data::List(items) => {
                for item in items {
                    self.integer(item, "base64", 0..=255, place);
                }
            }
            _ => self.wrong_type(value, "base64", place),
        }
    }

    fn time(&mut self, value: &Tree, fraction: Fraction, place: Place<'_>) {
        let Data::String(text) = &value.data else {
            self.wrong_type(value, "a time", place);
            return;
        };
        if !is_time(text, fraction) {
            let form = match fraction {
                Fraction::Any => "2006-01-02T15:04:05Z",
                Fraction::Micro => "2006-01-02T15:04:05.000000Z",
            };
            self.bad(
                value,
                FaultKind::Invalid,
                format!("must be a time of the form `{form}`"),
                None,
                place,
            );
        }
    }
}

/// A missing field as the server names it: it leaves out which owner it is about, and names some lists and elements where
/// their one field is meant.
fn named(definition: Definition, name: &str, path: &Path<'_>) -> String {
    let parent = path.to_string();
    let list = parent.rsplit_once('[').map_or(&*parent, |(list, _)| list);
    match definition.name() {
        "meta.v1.OwnerReference" => format!("{list}.{name}"),
        "core.v1.ContainerResizePolicy" => list.to_owned(),
        "core.v1.PodSchedulingGate" => parent,
        _ => path.field(name).to_string(),
    }
}

/// Whether the server drops a field before it validates: a creation has no status, and a claim's source of a kind that it
/// does not know is forgotten (`EnforceDataSourceBackwardsCompatibility`).
fn is_dropped(field: &Entry, is_root: bool, definition: Definition) -> bool {
    match &*field.key {
        "status" => is_root,
        // of the metadata of a template only labels and annotations count
        "metadata" => !is_root,
        "dataSource" => definition.name() == "core.v1.PersistentVolumeClaimSpec",
        // a source in another namespace belongs to a feature that is off
        "dataSourceRef" => field
            .value
            .get("namespace")
            .is_some_and(|name| name.data != Data::Null),
        _ => false,
    }
}

fn dropped(place: Place<'_>) -> Place<'_> {
    Place {
        fields: Fields::Dropped,
        ..place
    }
}

#[cfg(test)]
mod tests;
