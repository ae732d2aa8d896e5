//! What a pod may be: `Pod.spec`, and the template of everything that makes pods.
//!
//! ```text
//! mod.rs         the spec as a whole, the template, rules between fields
//! container.rs   name, image, ports, lifecycle; which containers may have what
//! env.rs         env and envFrom, references to fields, resources, ConfigMaps and Secrets
//! mount.rs       volumeMounts and volumeDevices against the volumes
//! probe.rs       probes and handlers
//! resources.rs   requests and limits, names of resources
//! security.rs    security contexts, seccomp and AppArmor with their annotations, Windows
//! scheduling.rs  affinity, tolerations, spreading, gates
//! volume.rs      volumes and their common sources
//! source.rs      sources of volumes by vendor, shared with PersistentVolumes
//! ```
//!
//! Defaults are set before the server looks: a volume without a source is an `emptyDir`, a port is TCP, a restart policy
//! `Always`. A template is looked at without its name.
//!
//! Source: Kubernetes 1.31 `pkg/apis/core/validation` (`ValidatePodSpec`, `ValidatePodTemplateSpec`, `ValidatePodCreate`).

mod container;
mod env;
mod mount;
mod probe;
pub(super) mod resources;
pub(super) mod scheduling;
mod security;
pub(super) mod source;
pub(super) mod volume;

pub(super) use probe::{number as port_number, port as port_number_or_name};

use super::Minor;
use super::address::address;
use super::field::{Faults, Field, quoted};
use super::metadata;
use super::names;
use rustc_hash::FxHashSet;

/// Whose pods these are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Owner {
    /// The object is the pod.
    Pod,
    /// The object makes pods.
    Template,
}

/// What is the same for the whole spec.
#[derive(Clone, Copy, Debug)]
pub(super) struct Setting<'a, 't> {
    /// The release's minor version.
    pub(super) minor: Minor,
    /// Whose pods these are.
    pub(super) owner: Owner,
    /// Claims that the owner makes for each pod, which are volumes of it.
    pub(super) extra: Option<&'a Field<'a, 't>>,
}

/// A `Pod`.
pub(super) fn object(out: &mut Faults, pod: &Field<'_, '_>, minor: Minor) {
    let setting = Setting {
        minor,
        owner: Owner::Pod,
        extra: None,
    };
    let metadata = pod.child("metadata");
    let spec_field = pod.child("spec");
    metadata::object(
        out,
        &metadata,
        names::subdomain,
        metadata::Finalizers::Standard,
    );
    let annotations = metadata.child("annotations");
    security::annotations(out, &annotations, &annotations, &spec_field);
    if spec_field.child("nodeName").text().is_empty() {
        let mirror = annotations.key("kubernetes.io/config.mirror");
        if mirror.is_set() {
            out.invalid(&mirror, "a mirror pod needs `spec.nodeName`");
        }
    }
    spec(
        out,
        &spec_field,
        Some(metadata.child("name").text()),
        setting,
    );
    token_without_account(out, &spec_field);
    for list in ["containers", "initContainers"] {
        let containers = spec_field.child(list);
        for container in containers.items() {
            let image = container.child("image");
            if image.text().trim() != image.text() {
                let text = quoted(image.text());
                out.invalid(&image, format!("{text} has white space at an end"));
            }
        }
    }
    let ephemeral = spec_field.child("ephemeralContainers");
    if !ephemeral.is_empty() {
        out.forbidden(&ephemeral, "cannot be set when a pod is made");
    }
    let node = spec_field.child("nodeName");
    if !node.text().is_empty() && !spec_field.child("schedulingGates").is_empty() {
        out.forbidden(&node, "cannot be set together with `schedulingGates`");
    }
    security::annotations_match(out, &annotations, &spec_field);
}

/// A pod without a service account cannot have its token.
fn token_without_account(out: &mut Faults, spec: &Field<'_, '_>) {
    if !spec.child("serviceAccountName").text().is_empty()
        || !spec.child("serviceAccount").text().is_empty()
    {
        return;
    }
    let volumes = spec.child("volumes");
    for volume in volumes.items() {
        let projected = volume.child("projected");
        let sources = projected.child("sources");
        for source in sources.items() {
            let token = source.child("serviceAccountToken");
            if token.is_set() {
                out.forbidden(&token, "must not be set without `serviceAccountName`");
            }
        }
    }
}

/// A pod template: metadata and spec.
pub(super) fn template(out: &mut Faults, field: &Field<'_, '_>, minor: Minor) {
    template_with_claims(out, field, None, minor);
}

/// A pod template whose owner makes claims for each pod: `volumeClaimTemplates` of a `StatefulSet`.
pub(super) fn template_with_claims<'t>(
    out: &mut Faults,
    template: &Field<'_, 't>,
    claims: Option<&Field<'_, 't>>,
    minor: Minor,
) {
    let setting = Setting {
        minor,
        owner: Owner::Template,
        extra: claims,
    };
    template_metadata(out, template);
    let spec_field = template.child("spec");
    spec(out, &spec_field, None, setting);
    let metadata = template.child("metadata");
    security::annotations_match(out, &metadata.child("annotations"), &spec_field);
    let ephemeral = spec_field.child("ephemeralContainers");
    if !ephemeral.is_empty() {
        out.forbidden(&ephemeral, "cannot be set in a template of pods");
    }
}

/// Labels and annotations of a template, which the server reports without `metadata` in the path.
pub(super) fn template_metadata(out: &mut Faults, template: &Field<'_, '_>) {
    let metadata = template.child("metadata");
    let labels = metadata.child("labels");
    let annotations = metadata.child("annotations");
    for (key, value) in labels.entries() {
        let named = template.child("labels");
        out.form(&named.at(&value.on_key()), key, names::qualified);
        out.form(&named.at(&value), value.text(), names::label_value);
    }
    let mut size = 0;
    let named = template.child("annotations");
    for (key, value) in annotations.entries() {
        out.form(&named.at(&value.on_key()), key, names::qualified_any_case);
        size += key.len() + value.text().len();
    }
    if size > metadata::ANNOTATION_BYTES {
        out.too_long(&named.at(&annotations), metadata::ANNOTATION_BYTES);
    }
    security::annotations(out, &named, &annotations, &template.child("spec"));
}

/// A pod's spec; `name` is the pod's own, where it has one.
fn spec<'t>(out: &mut Faults, spec: &Field<'_, 't>, name: Option<&str>, setting: Setting<'_, 't>) {
    let volumes = spec.child("volumes");
    let around = container::Around {
        volumes: volume::list(out, &volumes, setting.extra, name, setting.minor),
        spec,
    };
    container::all(out, &around, setting);
    if setting.minor >= 34 {
        resource_claims(out, &spec.child("resourceClaims"));
        resources::of_pod(out, spec);
    }
    host_network_ports(out, spec);
    one_of_or_default(
        out,
        &spec.child("restartPolicy"),
        &["Always", "OnFailure", "Never"],
    );
    one_of_or_default(
        out,
        &spec.child("dnsPolicy"),
        &["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"],
    );
    let selector = spec.child("nodeSelector");
    metadata::labels(out, &selector);
    security::pod(out, spec, setting.minor);
    scheduling::affinity(out, &spec.child("affinity"), setting.minor);
    dns(out, spec, setting.minor);
    for gate in spec.child("readinessGates").items() {
        let condition = gate.child("conditionType");
        out.form(&condition, condition.text(), names::qualified);
    }
    scheduling::gates(out, &spec.child("schedulingGates"));
    scheduling::spread(out, &spec.child("topologySpreadConstraints"), setting.minor);
    for (field, form) in [
        ("serviceAccountName", names::subdomain as names::Form),
        ("nodeName", names::subdomain),
        ("priorityClassName", names::subdomain),
    ] {
        let field = spec.child(field);
        if !field.text().is_empty() {
            out.form(&field, field.text(), form);
        }
    }
    // a StatefulSet sets these itself
    for name in ["hostname", "subdomain"] {
        let field = spec.child(name);
        if !field.text().is_empty() && setting.extra.is_none() {
            out.form(&field, field.text(), names::label);
        }
    }
    let runtime = spec.child("runtimeClassName");
    if let Some(text) = runtime.set_text() {
        out.form(&runtime, text, names::subdomain);
    }
    out.in_range(&spec.child("activeDeadlineSeconds"), 1, i32::MAX.into());
    scheduling::tolerations(out, &spec.child("tolerations"));
    for alias in spec.child("hostAliases").items() {
        address(out, &alias.child("ip"));
        for hostname in alias.child("hostnames").items() {
            out.form(&hostname, hostname.text(), names::subdomain);
        }
    }
    out.one_of(
        &spec.child("preemptionPolicy"),
        &["PreemptLowerPriority", "Never"],
    );
    resources::limits_only(out, &spec.child("overhead"), &spec.child("overhead"));
    operating_system(out, spec);
}

/// Claims of resources: each name once, and where the claim comes from.
fn resource_claims(out: &mut Faults, claims: &Field<'_, '_>) {
    let mut seen = FxHashSet::default();
    for claim in claims.items() {
        let name = claim.child("name");
        if name.text().is_empty() {
            out.required(&name);
        } else if seen.insert(name.text()) {
            out.form(&name, name.text(), names::label);
        } else {
            out.duplicate(&name, name.text());
        }
        let sources = ["resourceClaimName", "resourceClaimTemplateName"];
        let count = sources
            .iter()
            .filter(|&&source| claim.child(source).is_set())
            .count();
        if count != 1 {
            out.invalid(
                &claim,
                "exactly one of `resourceClaimName` and `resourceClaimTemplateName` is expected",
            );
        }
        for source in sources {
            let source = claim.child(source);
            if let Some(text) = source.set_text() {
                out.form(&source, text, names::subdomain);
            }
        }
    }
}

/// One of the values; absent and empty give the default.
pub(super) fn one_of_or_default(out: &mut Faults, field: &Field<'_, '_>, allowed: &[&str]) {
    if !field.text().is_empty() {
        out.one_of(field, allowed);
    }
}

/// A container's port on the host's network is the host's port.
fn host_network_ports(out: &mut Faults, spec: &Field<'_, '_>) {
    if !spec.child("hostNetwork").is_true() {
        return;
    }
    let containers = spec.child("containers");
    for container in containers.items() {
        let ports = container.child("ports");
        for port in ports.items() {
            let host = port.child("hostPort");
            if host.int() != 0 && host.int() != port.child("containerPort").int() {
                out.invalid(
                    &host,
                    format!(
                        "`{}` must be the same as `containerPort` with `hostNetwork`",
                        host.int()
                    ),
                );
            }
        }
    }
}

fn dns(out: &mut Faults, spec: &Field<'_, '_>, minor: Minor) {
    let config = spec.child("dnsConfig");
    let nameservers = config.child("nameservers");
    if spec.child("dnsPolicy").text() == "None" {
        if !config.is_set() {
            out.required_since(&config, "as `dnsPolicy` is `None`");
            return;
        }
        if nameservers.is_empty() {
            out.required_since(&nameservers, "at least one, as `dnsPolicy` is `None`");
            return;
        }
    }
    if nameservers.len() > 3 {
        let count = nameservers.len();
        out.invalid(
            &nameservers,
            format!("has {count} nameservers, at most 3 are allowed"),
        );
    }
    for nameserver in nameservers.items() {
        address(out, &nameserver);
    }
    let searches = config.child("searches");
    if searches.len() > 32 {
        let count = searches.len();
        out.invalid(
            &searches,
            format!("has {count} search paths, at most 32 are allowed"),
        );
    }
    let length: usize = searches.items().map(|one| one.text().len() + 1).sum();
    if length > 2049 {
        out.invalid(&searches, "must have at most 2048 characters in all");
    }
    for search in searches.items() {
        let text = search.text().strip_suffix('.').unwrap_or(search.text());
        // from 1.33 on: `.` alone, and underscores
        if minor >= 33 {
            if search.text() != "." {
                out.form(&search, text, names::search_path);
            }
        } else {
            out.form(&search, text, names::subdomain);
        }
    }
    for option in config.child("options").items() {
        if option.child("name").text().is_empty() {
            out.required(&option);
        }
    }
}

fn operating_system(out: &mut Faults, spec: &Field<'_, '_>) {
    let system = spec.child("os");
    if !system.is_set() {
        return;
    }
    let name = system.child("name");
    match name.text() {
        "" => out.required(&name),
        "linux" => security::linux(out, spec),
        "windows" => security::windows(out, spec),
        other => out.unsupported(&system.at(&name), other, &["linux", "windows"]),
    }
}
