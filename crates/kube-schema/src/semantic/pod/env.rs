//! Environment variables, and the references in them to fields, resources, ConfigMaps and Secrets.
//!
//! A variable has a value or exactly one source. A name that stands twice is only warned of.

use super::super::Minor;
use super::super::field::{Faults, Field, quoted};
use super::super::names::{self, Form};

fn name_form(minor: Minor) -> Form {
    if minor >= 32 {
        names::env_name_relaxed
    } else {
        names::env_name
    }
}

/// `env`.
pub(super) fn list(out: &mut Faults, variables: &Field<'_, '_>, minor: Minor) {
    for variable in variables.items() {
        let name = variable.child("name");
        if name.text().is_empty() {
            out.required(&name);
        } else {
            out.form(&name, name.text(), name_form(minor));
        }
        let source = variable.child("valueFrom");
        if source.is_set() {
            value_from(out, &source, variable.child("value").text());
            let reference = source.child("fieldRef");
            if minor < 29 && reference.child("fieldPath").text() == "status.hostIPs" {
                out.forbidden(&reference, "`status.hostIPs` can be named from 1.29 on");
            }
        }
    }
}

fn value_from(out: &mut Faults, source: &Field<'_, '_>, value: &str) {
    const FIELDS: [&str; 9] = [
        "metadata.name",
        "metadata.namespace",
        "metadata.uid",
        "spec.nodeName",
        "spec.serviceAccountName",
        "status.hostIP",
        "status.hostIPs",
        "status.podIP",
        "status.podIPs",
    ];
    let mut count = 0;
    for kind in [
        "fieldRef",
        "resourceFieldRef",
        "configMapKeyRef",
        "secretKeyRef",
        "fileKeyRef",
    ] {
        let reference = source.child(kind);
        if !reference.is_set() {
            continue;
        }
        count += 1;
        match kind {
            "fieldRef" => field_ref(out, &reference, &FIELDS),
            "resourceFieldRef" => resource_ref(out, &reference, Place::Variable),
            "configMapKeyRef" | "secretKeyRef" => key_ref(out, &reference),
            _ => {}
        }
    }
    if count == 0 {
        out.invalid(
            source,
            "one of `fieldRef`, `resourceFieldRef`, `configMapKeyRef` and `secretKeyRef` is expected",
        );
    } else if !value.is_empty() {
        out.invalid(source, "must not be set when `value` is not empty");
    } else if count > 1 {
        out.invalid(source, "only one source is allowed");
    }
}

fn key_ref(out: &mut Faults, reference: &Field<'_, '_>) {
    let name = reference.child("name");
    out.form(&name, name.text(), names::subdomain);
    let key = reference.child("key");
    if key.text().is_empty() {
        out.required(&key);
    } else {
        out.form(&key, key.text(), names::config_key);
    }
}

/// A reference to a field of the pod; `fields` are those that may be named here.
pub(super) fn field_ref(out: &mut Faults, reference: &Field<'_, '_>, fields: &[&str]) {
    const KNOWN: [&str; 10] = [
        "metadata.annotations",
        "metadata.labels",
        "metadata.name",
        "metadata.namespace",
        "metadata.uid",
        "spec.nodeName",
        "spec.serviceAccountName",
        "status.hostIP",
        "status.hostIPs",
        "status.podIP",
    ];
    const KNOWN_TOO: [&str; 4] = [
        "status.podIPs",
        "status.phase",
        "spec.restartPolicy",
        "spec.schedulerName",
    ];
    let path = reference.child("fieldPath");
    let text = path.text();
    if text.is_empty() {
        out.required(&path);
        return;
    }
    let version = reference.child("apiVersion");
    if !matches!(version.text(), "" | "v1") {
        let text = quoted(version.text());
        out.invalid(
            &path.at(&version),
            format!("{text} is no version of a pod, `v1` is expected"),
        );
        return;
    }
    let subscript = text
        .strip_suffix("']")
        .and_then(|rest| rest.split_once("['"));
    if let Some((base, key)) = subscript {
        match base {
            "metadata.annotations" => {
                out.form(&reference.at(&path), key, names::qualified_any_case);
            }
            "metadata.labels" => out.form(&reference.at(&path), key, names::qualified),
            _ => {
                let text = quoted(text);
                out.invalid(
                    &path,
                    format!("{text} is no field that can be named: `{base}` takes no subscript"),
                );
            }
        }
        return;
    }
    // `spec.host` is an old name of `spec.nodeName`
    let name = if text == "spec.host" {
        "spec.nodeName"
    } else {
        text
    };
    if !KNOWN.contains(&name) && !KNOWN_TOO.contains(&name) {
        let text = quoted(text);
        out.invalid(
            &path,
            format!("{text} is no field of a pod that can be named"),
        );
    } else if !fields.contains(&name) {
        out.unsupported(&path, text, fields);
    }
}

/// Where a reference to a resource stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// In a variable, where the container is the own one.
    Variable,
    /// In a volume, where the container has to be named.
    Volume,
}

/// A reference to requests or limits of a container.
pub(super) fn resource_ref(out: &mut Faults, reference: &Field<'_, '_>, place: Place) {
    const RESOURCES: [&str; 6] = [
        "limits.cpu",
        "limits.ephemeral-storage",
        "limits.memory",
        "requests.cpu",
        "requests.ephemeral-storage",
        "requests.memory",
    ];
    let container = reference.child("containerName");
    let resource = reference.child("resource");
    let name = resource.text();
    let is_pages = name.starts_with("limits.hugepages-") || name.starts_with("requests.hugepages-");
    if place == Place::Volume && container.text().is_empty() {
        out.required(&container);
    } else if name.is_empty() {
        out.required(&resource);
    } else if !RESOURCES.contains(&name) && !is_pages {
        out.unsupported(&resource, name, &RESOURCES);
    }
    divisor(out, &reference.child("divisor"), name, is_pages);
}

fn divisor(out: &mut Faults, divisor: &Field<'_, '_>, resource: &str, is_pages: bool) {
    let Some(quantity) = divisor.quantity() else {
        return;
    };
    let is_cpu = matches!(resource, "limits.cpu" | "requests.cpu");
    let is_bytes = is_pages
        || matches!(
            resource,
            "limits.memory"
                | "requests.memory"
                | "limits.ephemeral-storage"
                | "requests.ephemeral-storage"
        );
    let is_power = || {
        let value = quantity.value();
        let powers = |base: i128| (0..=6).map(move |power| base.pow(power));
        quantity.is_whole()
            && (powers(1000).any(|one| one == value) || powers(1024).any(|one| one == value))
    };
    if quantity.is_zero() {
        return;
    }
    if is_cpu && !(quantity.milli() == 1 || quantity.milli() == 1000) {
        out.invalid(divisor, "must be `1m` or `1` for the resource `cpu`");
    } else if is_bytes && !is_power() {
        out.invalid(
            divisor,
            "must be 1 with one of the suffixes of thousands (`k`, `M`, ...) or of 1024 (`Ki`, `Mi`, ...), or none",
        );
    }
}

/// `envFrom`.
pub(super) fn from(out: &mut Faults, sources: &Field<'_, '_>, minor: Minor) {
    for source in sources.items() {
        let prefix = source.child("prefix");
        if !prefix.text().is_empty() {
            out.form(&prefix, prefix.text(), name_form(minor));
        }
        let mut count = 0;
        for kind in ["configMapRef", "secretRef"] {
            let reference = source.child(kind);
            if !reference.is_set() {
                continue;
            }
            count += 1;
            let name = reference.child("name");
            if name.text().is_empty() {
                out.required(&name);
            } else {
                out.form(&name, &names::masked(name.text()), names::subdomain);
            }
        }
        if count != 1 {
            out.invalid(
                &sources.at(&source),
                "exactly one of `configMapRef` and `secretRef` is expected",
            );
        }
    }
}
