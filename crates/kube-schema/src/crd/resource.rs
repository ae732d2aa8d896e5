//! A custom resource before the server, stage by stage.
//!
//! ```text
//! decode     the types of metadata, at the root and in embedded resources
//! strict     unknown fields
//! prepare    status dropped where it is a subresource, nulls dropped, defaults put in
//! validate   metadata, the schema, embedded resources, lists that are sets, rules
//! ```
//!
//! A stage that finds something hides those behind it. Rules (`x-kubernetes-validations`) are only evaluated when the
//! object has the shape that they rely on: no missing field, no wrong type, nothing too long. Source:
//! `pkg/registry/customresource` of k8s.io/apiextensions-apiserver.

use super::cel;
use super::defaults;
use super::listtype;
use super::metadata;
use super::path::Path;
use super::prune;
use super::schema::{Schema, integer};
use super::set::Subresources;
use super::value;
use crate::fault::{Fault, FaultKind};
use crate::semantic;
use goyaml::{Data, Tree};
use std::borrow::Cow;

/// The faults of a custom resource.
pub(super) fn validate(
    object: &Tree,
    schema: &Schema,
    subresources: Subresources<'_>,
) -> Vec<Fault> {
    let mut faults = Vec::new();
    metadata::decode(object, schema, &mut faults);
    let (mut strict, decode): (Vec<_>, Vec<_>) =
        faults.into_iter().partition(|fault| fault.kind.is_strict());
    if !decode.is_empty() {
        return decode;
    }
    prune::unknown_of_resource(object, schema, &mut strict);
    if !strict.is_empty() {
        return strict;
    }
    let loses_status = subresources.has_status && object.get("status").is_some();
    let object = if loses_status || defaults::is_needed(object, schema) {
        let mut prepared = object.clone();
        if loses_status && let Data::Map(entries) = &mut prepared.data {
            entries.retain(|entry| &*entry.key != "status");
        }
        defaults::apply(&mut prepared, schema);
        Cow::Owned(prepared)
    } else {
        Cow::Borrowed(object)
    };
    let mut faults = semantic::metadata_of_custom(&object);
    value::check(&object, schema, &Path::Root, &mut faults);
    if let Some(path) = subresources.replicas {
        replicas(&object, path, &mut faults);
    }
    metadata::embedded_at(&object, schema, &Path::Root, &mut faults);
    listtype::duplicates(&object, schema, &Path::Root, &mut faults);
    if !faults.iter().any(|fault| hides_rules(fault.kind)) {
        cel::broken(&object, schema, &Path::Root, &mut faults);
    }
    faults
}

/// Whether an object with such a fault lacks the shape that rules rely on.
fn hides_rules(kind: FaultKind) -> bool {
    matches!(
        kind,
        FaultKind::Required
            | FaultKind::Type
            | FaultKind::TooLong
            | FaultKind::TooMany
            | FaultKind::NotSupported
    )
}

/// The number of replicas of a resource that can be scaled, at a path such as `.spec.replicas`.
fn replicas(object: &Tree, path: &str, faults: &mut Vec<Fault>) {
    let mut names = path.trim_start_matches('.').split('.');
    let found = names.try_fold(object, |tree, name| tree.get(name));
    // a value of another type is told by the schema
    let Some((value, Data::Number(number))) = found.map(|value| (value, &value.data)) else {
        return;
    };
    if integer(*number).is_none_or(|count| !(0..=i64::from(i32::MAX)).contains(&count)) {
        faults.push(Fault {
            field: path.to_owned(),
            kind: FaultKind::Invalid,
            message: "is no number of replicas: an integer that is not negative".to_owned(),
            help: None,
            span: value.span,
        });
    }
}
