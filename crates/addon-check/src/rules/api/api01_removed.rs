//! The objects in the YAML files of `resources/` are of versions of the API that every Kubernetes has that
//! `system.kubernetes` admits.
//!
//! A cluster whose API server does not know the version refuses the object, and the addon is never ready.
//!
//! Bad: with `system: {kubernetes: ">=1.25"}`
//! ```yaml
//! apiVersion: policy/v1beta1
//! kind: PodDisruptionBudget
//! ```
//! Good:
//! ```yaml
//! apiVersion: policy/v1
//! kind: PodDisruptionBudget
//! ```

use crate::input::Input;
use crate::rule::{Found, Holds, Rule};
use addon_index::requirement::admits;
use goyaml::Tree;
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "API01",
    title: "no object is of an API that a release of Kubernetes in `system.kubernetes` removed",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "api/api01_removed.rs",
    source: include_str!("api01_removed.rs"),
    found: &[Found::InAddon(check)],
};

/// A version of the API that a release of Kubernetes removed: group and version, kinds (none: all), the minor release,
/// and what takes its place (Kubernetes "Deprecated API Migration Guide").
pub(super) struct Removed {
    pub(super) api: &'static str,
    pub(super) kinds: &'static [&'static str],
    pub(super) minor: u64,
    pub(super) instead: &'static str,
}

const fn removed(
    api: &'static str,
    kinds: &'static [&'static str],
    minor: u64,
    instead: &'static str,
) -> Removed {
    Removed {
        api,
        kinds,
        minor,
        instead,
    }
}

#[rustfmt::skip]
const REMOVED: &[Removed] = &[
    removed("apps/v1beta1", &[], 16, "apps/v1"),
    removed("apps/v1beta2", &[], 16, "apps/v1"),
    removed("extensions/v1beta1", &["Ingress"], 22, "networking.k8s.io/v1"),
    removed("extensions/v1beta1", &["NetworkPolicy"], 16, "networking.k8s.io/v1"),
    removed("extensions/v1beta1", &["Deployment", "DaemonSet", "ReplicaSet"], 16, "apps/v1"),
    removed("admissionregistration.k8s.io/v1beta1", &["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"], 22, "admissionregistration.k8s.io/v1"),
    removed("apiextensions.k8s.io/v1beta1", &[], 22, "apiextensions.k8s.io/v1"),
    removed("apiregistration.k8s.io/v1beta1", &[], 22, "apiregistration.k8s.io/v1"),
    removed("authentication.k8s.io/v1beta1", &["TokenReview"], 22, "authentication.k8s.io/v1"),
    removed("authorization.k8s.io/v1beta1", &[], 22, "authorization.k8s.io/v1"),
    removed("certificates.k8s.io/v1beta1", &["CertificateSigningRequest"], 22, "certificates.k8s.io/v1"),
    removed("coordination.k8s.io/v1beta1", &["Lease"], 22, "coordination.k8s.io/v1"),
    removed("networking.k8s.io/v1beta1", &["Ingress", "IngressClass"], 22, "networking.k8s.io/v1"),
    removed("rbac.authorization.k8s.io/v1beta1", &[], 22, "rbac.authorization.k8s.io/v1"),
    removed("scheduling.k8s.io/v1beta1", &[], 22, "scheduling.k8s.io/v1"),
    removed("storage.k8s.io/v1beta1", &["CSIDriver", "CSINode", "StorageClass", "VolumeAttachment"], 22, "storage.k8s.io/v1"),
    removed("batch/v1beta1", &["CronJob"], 25, "batch/v1"),
    removed("discovery.k8s.io/v1beta1", &["EndpointSlice"], 25, "discovery.k8s.io/v1"),
    removed("events.k8s.io/v1beta1", &["Event"], 25, "events.k8s.io/v1"),
    removed("autoscaling/v2beta1", &[], 25, "autoscaling/v2"),
    removed("policy/v1beta1", &["PodDisruptionBudget"], 25, "policy/v1"),
    removed("policy/v1beta1", &["PodSecurityPolicy"], 25, "the admission of Pod security by namespace labels"),
    removed("node.k8s.io/v1beta1", &["RuntimeClass"], 25, "node.k8s.io/v1"),
    removed("autoscaling/v2beta2", &[], 26, "autoscaling/v2"),
    removed("flowcontrol.apiserver.k8s.io/v1beta1", &[], 26, "flowcontrol.apiserver.k8s.io/v1"),
    removed("storage.k8s.io/v1beta1", &["CSIStorageCapacity"], 27, "storage.k8s.io/v1"),
    removed("flowcontrol.apiserver.k8s.io/v1beta2", &[], 29, "flowcontrol.apiserver.k8s.io/v1"),
    removed("flowcontrol.apiserver.k8s.io/v1beta3", &[], 32, "flowcontrol.apiserver.k8s.io/v1"),
];

/// The removed API that an object is of.
pub(super) fn removed_api(object: &Tree) -> Option<&'static Removed> {
    let text = |key: &str| object.get(key).and_then(Tree::as_str);
    let (api, kind) = (text("apiVersion")?, text("kind")?);
    REMOVED.iter().find(|removed| {
        removed.api == api && (removed.kinds.is_empty() || removed.kinds.contains(&kind))
    })
}

/// The latest minor release of Kubernetes that is thought of.
const LATEST: u64 = 60;

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    let Some(system) = &input.addon.meta().system else {
        return;
    };
    let range = &system.value.kubernetes;
    if range.is_empty() {
        return;
    }
    for (_, object) in input.manifests() {
        let (Some(removed), Some(api)) = (removed_api(object), object.get("apiVersion")) else {
            continue;
        };
        let admits = |minor: u64| admits(range, &format!("v1.{minor}.9")) == Ok(true);
        let Some(minor) = (removed.minor..LATEST).find(|minor| admits(*minor)) else {
            continue;
        };
        let message = format!(
            "Kubernetes 1.{} removed `{}`, and `system.kubernetes` admits 1.{minor}",
            removed.minor, removed.api
        );
        let found = RULE
            .finding(message, api.span)
            .label(input.metadata_place(range.span), "what the addon admits");
        findings.push(found.help(format!("use {}", removed.instead)));
    }
}
