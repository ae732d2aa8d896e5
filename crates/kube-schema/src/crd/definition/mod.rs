//! A CRD before the server: whether it defines anything.
//!
//! Types and unknown fields have been looked at before (`builtin/`), except below `items` and `additionalProperties`, whose
//! schema the server's OpenAPI document does not give ([`decode`]).
//!
//! The server moves what all versions have in common to the top of the spec before it looks at it, and names the fields
//! there: `spec.validation.openAPIV3Schema` is the schema of every version, `spec.versions[1].schema.openAPIV3Schema` one that
//! differs from others. Faults have these names, and the places of the author's text.
//!
//! ```text
//! mod.rs         name, group, versions, conversion, approval of protected groups
//! names.rs       spec.names
//! version.rs     what a version has beside its schema: columns, subresources, selectable fields
//! keywords.rs    which keywords a schema may have, and which go together
//! structural.rs  that the schema is structural
//! defaults.rs    that defaults fit the schema they stand in
//! ```
//!
//! Source: `pkg/apis/apiextensions/validation` and `pkg/apiserver/schema` of k8s.io/apiextensions-apiserver.

mod conversion;
mod decode;
mod defaults;
mod keywords;
mod names;
mod structural;
mod version;

use super::listtype::is_same;
use super::path::Path;
use super::schema::{is_set, member, text};
use crate::fault::{Fault, FaultKind};
use crate::release::Release;
use crate::semantic;
use goyaml::Tree;
use std::collections::BTreeSet;
use version::Around;

/// What `release` refuses in a `CustomResourceDefinition` whose types and fields are right.
pub fn validate_definition(object: &Tree, release: Release) -> Vec<Fault> {
    let mut faults = validate_names(object);
    faults.extend(validate_versions(object, release));
    faults
}

/// Of [`validate_definition`] what concerns names: metadata, the group, the scope, and what the resource is called.
pub fn validate_names(object: &Tree) -> Vec<Fault> {
    let Some(spec) = member(object, "spec") else {
        return Vec::new();
    };
    let mut faults = semantic::metadata_of_custom(object);
    name(object, spec, &mut faults);
    approval(object, spec, &mut faults);
    let path = Path::Root.field("spec");
    group_and_scope(spec, &path, &mut faults);
    names::check(spec, &path, &mut faults);
    faults
}

/// Of [`validate_definition`] what concerns the versions, their schemas, and how to get from one to another.
pub fn validate_versions(object: &Tree, release: Release) -> Vec<Fault> {
    let mut faults = Vec::new();
    let Some(spec) = member(object, "spec") else {
        return faults;
    };
    decode::below_any(spec, &mut faults);
    if !faults.is_empty() {
        return faults;
    }
    let path = Path::Root.field("spec");
    versions(spec, release, &path, &mut faults);
    conversion::check(spec, &path, &mut faults);
    if is_set(spec, "preserveUnknownFields") {
        let message = "cannot be set, use `x-kubernetes-preserve-unknown-fields` in the schema";
        let here = path.field("preserveUnknownFields");
        let span = spec.get("preserveUnknownFields").map(|flag| flag.span);
        faults.push(here.fault(FaultKind::Invalid, message, span.unwrap_or(spec.span)));
    }
    faults
}

/// `metadata.name` is made of the plural and the group.
fn name(object: &Tree, spec: &Tree, faults: &mut Vec<Fault>) {
    let plural = member(spec, "names").and_then(|names| text(names, "plural"));
    let expected = format!(
        "{}.{}",
        plural.unwrap_or_default(),
        text(spec, "group").unwrap_or_default()
    );
    let metadata = member(object, "metadata");
    let Some(found) = metadata.and_then(|metadata| member(metadata, "name")) else {
        return;
    };
    if found.as_str() != Some(&expected) {
        let written = found.as_str().unwrap_or_default();
        let message =
            format!("is `{written}`, expected `{expected}`: the plural, a dot and the group");
        let path = Path::Root.field("metadata");
        let mut fault = path
            .field("name")
            .fault(FaultKind::Invalid, message, found.span);
        if plural.is_some() && text(spec, "group").is_some() {
            fault.help = Some(format!("write `name: {expected}`"));
        }
        faults.push(fault);
    }
}

/// Groups of Kubernetes itself need a word of approval.
fn approval(object: &Tree, spec: &Tree, faults: &mut Vec<Fault>) {
    const ANNOTATION: &str = "api-approved.kubernetes.io";
    let group = text(spec, "group").unwrap_or_default();
    let is_protected = ["k8s.io", "kubernetes.io"].iter().any(|root| {
        let before = group.strip_suffix(root);
        before.is_some_and(|before| before.is_empty() || before.ends_with('.'))
    });
    if !is_protected {
        return;
    }
    let annotations =
        member(object, "metadata").and_then(|metadata| member(metadata, "annotations"));
    let found = annotations.and_then(|annotations| annotations.get(ANNOTATION));
    let metadata = Path::Root.field("metadata");
    let of_all = metadata.field("annotations");
    let here = of_all.key(ANNOTATION);
    match found.and_then(Tree::as_str).unwrap_or_default() {
        "" => {
            let message = "is required for a group of Kubernetes";
            let span = member(spec, "group").map_or(spec.span, |group| group.span);
            let mut fault = here.fault(FaultKind::Required, message, span);
            fault.help = Some("use a group of your own domain".to_owned());
            faults.push(fault);
        }
        text if text.starts_with("unapproved") => {}
        text if text.contains("://") && super::format::is_request_uri(text) => {}
        _ => {
            let message = "is neither a URL nor a reason that begins with `unapproved`";
            let span = found.map_or(object.span, |found| found.span);
            faults.push(here.fault(FaultKind::Invalid, message, span));
        }
    }
}

fn group_and_scope(spec: &Tree, path: &Path<'_>, faults: &mut Vec<Fault>) {
    let here = path.field("group");
    let span = |key: &str| member(spec, key).map_or(spec.span, |found| found.span);
    match text(spec, "group") {
        None => {
            let message = "is required";
            faults.push(here.fault(FaultKind::Required, message, span("group")));
        }
        Some(group) if !names::is_subdomain(group) => {
            let message =
                format!("`{group}` is no DNS name of lower-case letters, digits, dashes and dots");
            faults.push(here.fault(FaultKind::Invalid, message, span("group")));
        }
        Some(group) if !group.contains('.') => {
            let message =
                format!("`{group}` has no dot, a domain such as `example.com` is expected");
            faults.push(here.fault(FaultKind::Invalid, message, span("group")));
        }
        Some(_) => {}
    }
    let here = path.field("scope");
    match text(spec, "scope") {
        None => {
            let message = "is required: `Namespaced` or `Cluster`";
            faults.push(here.fault(FaultKind::Required, message, span("scope")));
        }
        Some("Namespaced" | "Cluster") => {}
        Some(other) => {
            let message = format!("`{other}` is not supported, expected `Namespaced` or `Cluster`");
            faults.push(here.fault(FaultKind::NotSupported, message, span("scope")));
        }
    }
}

/// Whether all versions have the same under `key`, so that the server keeps it once.
fn is_common(versions: &[Tree], key: &str) -> bool {
    let Some(first) = versions.first() else {
        return false;
    };
    let first = member(first, key);
    versions
        .iter()
        .all(|version| match (first, member(version, key)) {
            (None, None) => true,
            (Some(left), Some(right)) => is_same(left, right),
            _ => false,
        })
}

fn versions(spec: &Tree, release: Release, path: &Path<'_>, faults: &mut Vec<Fault>) {
    let listed = member(spec, "versions");
    let all = listed.map(Tree::items).unwrap_or_default();
    let span = listed.map_or(spec.span, |listed| listed.span.start());
    let of_all = path.field("versions");
    let mut complain = |message: String| {
        faults.push(of_all.fault(FaultKind::Invalid, message, span));
    };
    let mut seen = BTreeSet::new();
    for version in all {
        let name = text(version, "name").unwrap_or_default();
        if !seen.insert(name) {
            complain(format!("has the version `{name}` twice"));
        }
    }
    let stored = all.iter().filter(|version| is_set(version, "storage"));
    match stored.count() {
        1 => {}
        0 => complain("has no version with `storage: true`, expected one".to_owned()),
        many => complain(format!(
            "has {many} versions with `storage: true`, expected one"
        )),
    }
    for (at, version) in all.iter().enumerate() {
        version::check(version, &of_all.index(at), faults);
    }
    // what all have in common is looked at once, under the name that the server has for it
    let common = all.first();
    for part in version::PARTS {
        if is_common(all, part.key) {
            if let Some(first) = common {
                let has_status = all.iter().any(version::has_status);
                let around = Around {
                    has_status,
                    release,
                };
                (part.check)(first, around, &part.path(path, true), faults);
            }
            continue;
        }
        for (at, version) in all.iter().enumerate() {
            let here = of_all.index(at);
            let has_status = version::has_status(version);
            let around = Around {
                has_status,
                release,
            };
            (part.check)(version, around, &part.path(&here, false), faults);
        }
    }
}
