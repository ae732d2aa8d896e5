//! `metadata`: names, labels, annotations, owners, finalizers.
//!
//! What a name may be is a matter of the kind (`names.rs`); all else is the same for every object. A namespace is not
//! required, because the request gives it. Managed fields are not looked at: the server writes its own.
//!
//! Source: `k8s.io/apimachinery/pkg/api/validation` (`ValidateObjectMetaAccessor`), and
//! `ValidateObjectMeta` of Kubernetes' core group for the finalizers of kinds that go through it ([`Finalizers`]).

use super::field::{Faults, Field, quoted};
use super::names::{self, Form};

/// What the annotations of an object may take, keys and values together.
pub(super) const ANNOTATION_BYTES: usize = 256 * 1024;

/// The name that a missing `metadata.name` gets from `generateName`: a prefix of at most this many bytes, and five letters.
const GENERATED_PREFIX: usize = 58;

/// Whether a finalizer without a prefix has to be one of Kubernetes' own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Finalizers {
    /// It has to be, as in most built-in kinds.
    Standard,
    /// It only has to be a qualified name.
    Any,
}

/// `metadata` of an object whose name has the given form.
pub(super) fn object(
    out: &mut Faults,
    metadata: &Field<'_, '_>,
    name: Form,
    finalizers: Finalizers,
) {
    name_of(out, metadata, name);
    unnamed(out, metadata, finalizers);
}

/// `metadata` of a `Namespace`, whose label with its name the server writes itself.
pub(super) fn namespace(out: &mut Faults, metadata: &Field<'_, '_>) {
    name_of(out, metadata, names::label);
    all_but_name(
        out,
        metadata,
        Finalizers::Standard,
        Some("kubernetes.io/metadata.name"),
    );
}

/// `metadata` of an object to which the server itself gives a name.
pub(super) fn unnamed(out: &mut Faults, metadata: &Field<'_, '_>, finalizers: Finalizers) {
    all_but_name(out, metadata, finalizers, None);
}

fn all_but_name(
    out: &mut Faults,
    metadata: &Field<'_, '_>,
    finalizers: Finalizers,
    own_label: Option<&str>,
) {
    let namespace = metadata.child("namespace");
    if !namespace.text().is_empty() {
        out.form(&namespace, namespace.text(), names::label);
    }
    labels_but(out, &metadata.child("labels"), own_label);
    annotations(out, &metadata.child("annotations"));
    owners(out, &metadata.child("ownerReferences"));
    finalizers_of(out, &metadata.child("finalizers"), finalizers);
}

fn name_of(out: &mut Faults, metadata: &Field<'_, '_>, form: Form) {
    let given = metadata.child("name");
    let prefix = metadata.child("generateName");
    if !prefix.text().is_empty() {
        out.form(&prefix, &names::masked(prefix.text()), form);
    }
    if !given.text().is_empty() {
        out.form(&given, given.text(), form);
        return;
    }
    let text = prefix.text();
    if text.is_empty() {
        out.required_since(&given, "or `generateName`");
        return;
    }
    let cut = (0..=GENERATED_PREFIX.min(text.len()))
        .rev()
        .find_map(|end| text.get(..end))
        .unwrap_or_default();
    // any five letters and digits: what is wrong with the whole is wrong with the prefix
    if let Some(complaint) = form(&format!("{cut}aaaaa")) {
        let text = quoted(text);
        out.invalid(
            &given.at(&prefix),
            format!("a name made from {text} {complaint}"),
        );
    }
}

/// How long a name made from a prefix is.
pub(super) fn generated_len(prefix: &str) -> usize {
    prefix.len().min(GENERATED_PREFIX) + 5
}

/// A map of labels.
pub(super) fn labels(out: &mut Faults, labels: &Field<'_, '_>) {
    labels_but(out, labels, None);
}

fn labels_but(out: &mut Faults, labels: &Field<'_, '_>, skipped: Option<&str>) {
    for (key, value) in labels.entries() {
        if skipped == Some(key) {
            continue;
        }
        out.form(&labels.at(&value.on_key()), key, names::qualified);
        out.form(&labels.at(&value), value.text(), names::label_value);
    }
}

/// A map of annotations.
pub(super) fn annotations(out: &mut Faults, annotations: &Field<'_, '_>) {
    let mut size = 0;
    for (key, value) in annotations.entries() {
        out.form(
            &annotations.at(&value.on_key()),
            key,
            names::qualified_any_case,
        );
        size += key.len() + value.text().len();
    }
    if size > ANNOTATION_BYTES {
        out.too_long(annotations, ANNOTATION_BYTES);
    }
}

fn owners(out: &mut Faults, owners: &Field<'_, '_>) {
    let mut controllers = 0;
    for owner in owners.items() {
        let version = owner.child("apiVersion");
        if version.text().rsplit('/').next().is_none_or(str::is_empty)
            || version.text().matches('/').count() > 1
        {
            let text = quoted(version.text());
            out.invalid(
                &owners.child("apiVersion").at(&version),
                format!("{text} has no version"),
            );
        }
        for name in ["kind", "name", "uid"] {
            let field = owner.child(name);
            if field.text().is_empty() {
                out.invalid(
                    &owners.child(name).at(&field),
                    format!("the `{name}` of an owner must not be empty"),
                );
            }
        }
        if version.text() == "v1" && owner.child("kind").text() == "Event" {
            out.invalid(&owners.at(&owner), "an `Event` cannot be an owner");
        }
        if owner.child("controller").is_true() {
            controllers += 1;
            if controllers > 1 {
                out.invalid(&owners.at(&owner), "only one owner can be the controller");
            }
        }
    }
}

fn finalizers_of(out: &mut Faults, finalizers: &Field<'_, '_>, kind: Finalizers) {
    let (mut orphan, mut delete) = (false, false);
    for finalizer in finalizers.items() {
        let text = finalizer.text();
        out.form(&finalizers.at(&finalizer), text, names::qualified);
        orphan |= text == "orphan";
        delete |= text == "foregroundDeletion";
        if kind == Finalizers::Standard {
            standard_finalizer(out, &finalizer, text);
        }
    }
    if orphan && delete {
        out.invalid(
            finalizers,
            "`orphan` and `foregroundDeletion` cannot both be set",
        );
    }
}

/// A finalizer without a prefix has to be one of Kubernetes' own.
pub(super) fn standard_finalizer(out: &mut Faults, field: &Field<'_, '_>, text: &str) {
    if !text.contains('/') && !matches!(text, "kubernetes" | "orphan" | "foregroundDeletion") {
        let text = quoted(text);
        out.invalid(
            field,
            format!("{text} is no standard finalizer and has no DNS name and `/` before it"),
        );
    }
}
