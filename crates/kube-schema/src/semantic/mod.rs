//! What no schema says of an object: names, references inside it, fields that exclude each other, quantities.
//!
//! This is the last stage of the server, behind decoding; an object is expected to have the types of its kind, and what has
//! not counts as absent. Each file knows a family of kinds:
//!
//! ```text
//! metadata.rs      every kind        names.rs     forms of names
//! pod/             pods              quantity.rs  quantities
//! workload.rs      Deployment ...    address.rs   IP addresses
//! batch.rs         Job, CronJob      selector.rs  label and node selectors
//! service.rs       Service ...       cron.rs      schedules and time zones
//! network.rs       Ingress ...       field.rs     places, and the list of faults
//! config.rs storage.rs rbac.rs autoscaling.rs quota.rs admission.rs cluster.rs
//! ```
//!
//! The rules are those of Kubernetes 1.31 with its default feature gates, and where a later release differs, of that. What
//! the server only warns of is no fault, and what it fills in before it looks is not missing.

mod address;
mod admission;
mod autoscaling;
mod batch;
mod cluster;
mod config;
mod cron;
mod field;
mod metadata;
pub(crate) mod names;
mod network;
mod pod;
mod quantity;
mod quota;
mod rbac;
mod selector;
mod service;
mod storage;
mod workload;

use crate::builtin::{Gvk, served};
use crate::fault::{Fault, FaultKind};
use crate::release::Release;
use field::{Faults, Field};
use goyaml::Tree;
use metadata::Finalizers;
use names::Form;
pub(crate) use quantity::Quantity;
use rustc_hash::FxHashSet;

/// The minor version of a release of Kubernetes 1.
type Minor = u8;

/// The group of an `apiVersion`, empty for the core.
fn group(api_version: &str) -> &str {
    api_version.split_once('/').map_or("", |(group, _)| group)
}

/// What the validation of a release finds in an object of a built-in kind that it could decode, in its order; nothing for a
/// kind that is not built in. Each field is named once for each kind of fault.
pub fn validate(object: &Tree, release: Release) -> Vec<Fault> {
    let root = Field::root(object);
    let group = group(root.child("apiVersion").text());
    let kind = root.child("kind").text();
    let mut out = Faults::default();
    if !check(&mut out, &root, group, kind, release.minor()) {
        return Vec::new();
    }
    // what lives in no namespace has its namespace ignored
    let is_namespaced = Gvk::of(object)
        .and_then(|gvk| served(gvk, release))
        .is_none_or(|served| served.namespaced);
    let mut seen = FxHashSet::default();
    let mut list = out.into_list();
    list.retain(|fault| {
        (is_namespaced || fault.field != "metadata.namespace")
            && seen.insert((fault.field.clone(), fault.kind))
    });
    list
}

/// What the validation finds in the `metadata` of a custom resource, or of the definition of one.
pub(crate) fn metadata_of_custom(object: &Tree) -> Vec<Fault> {
    metadata_named(object, names::subdomain)
}

/// What the validation finds in the `metadata` of a resource that is embedded in another: it may have any name, or none.
pub(crate) fn metadata_of_embedded(object: &Tree) -> Vec<Fault> {
    let mut faults = metadata_named(object, names::path_segment);
    faults.retain(|fault| fault.field != "metadata.name" || fault.kind != FaultKind::Required);
    faults
}

fn metadata_named(object: &Tree, form: Form) -> Vec<Fault> {
    let mut out = Faults::default();
    let metadata = Field::root(object);
    metadata::object(&mut out, &metadata.child("metadata"), form, Finalizers::Any);
    out.into_list()
}

/// The form of the names of a kind.
fn naming(group: &str, kind: &str) -> Option<Form> {
    Some(match (group, kind) {
        ("", "Service") => names::label_1035,
        ("", "Namespace") | ("apps", "StatefulSet") => names::label,
        ("rbac.authorization.k8s.io", _)
        | ("apiregistration.k8s.io", "APIService")
        | ("policy", "PodDisruptionBudget")
        | ("certificates.k8s.io", "CertificateSigningRequest") => names::path_segment,
        ("networking.k8s.io", "IPAddress") => names::ip_address,
        ("", "Binding") => return None,
        _ => names::subdomain,
    })
}

/// Looks at an object; false when the kind is none that this knows.
fn check(out: &mut Faults, root: &Field<'_, '_>, group: &str, kind: &str, minor: Minor) -> bool {
    if (group, kind) == ("", "Pod") {
        pod::object(out, root, minor);
        return true;
    }
    let finalizers = match group {
        "admissionregistration.k8s.io"
        | "node.k8s.io"
        | "coordination.k8s.io"
        | "apiregistration.k8s.io"
        | "policy" => Finalizers::Any,
        _ => Finalizers::Standard,
    };
    let Some(form) = naming(group, kind) else {
        return false;
    };
    let before = out.count();
    match (group, kind) {
        ("apps", "Deployment") => workload::deployment(out, root, minor),
        ("apps", "ReplicaSet") => workload::replica_set(out, root, minor),
        ("apps", "StatefulSet") => workload::stateful_set(out, root, minor),
        ("apps", "DaemonSet") => workload::daemon_set(out, root, minor),
        ("apps", "ControllerRevision") => workload::controller_revision(out, root),
        ("batch", "Job") => batch::job(out, root, minor),
        ("batch", "CronJob") => batch::cron_job(out, root, minor),
        ("", "ReplicationController") => workload::replication_controller(out, root, minor),
        ("", "PodTemplate") => workload::pod_template(out, root, minor),
        ("", "Service") => service::service(out, root, minor),
        ("", "Endpoints") => service::endpoints(out, root),
        ("", "ConfigMap") => config::config_map(out, root),
        ("", "Secret") => config::secret(out, root),
        ("", "Namespace") => config::namespace(out, root),
        ("", "ServiceAccount" | "Node") | ("networking.k8s.io", "IPAddress" | "ServiceCIDR") => {}
        (
            "resource.k8s.io",
            "DeviceClass" | "ResourceClaim" | "ResourceClaimTemplate" | "ResourceSlice",
        ) => {}
        ("", "PersistentVolumeClaim") => storage::claim_spec(out, &root.child("spec"), minor),
        ("", "PersistentVolume") => storage::volume(out, root, minor),
        ("", "ResourceQuota") => quota::resource_quota(out, root),
        ("", "LimitRange") => quota::limit_range(out, root),
        ("discovery.k8s.io", "EndpointSlice") => service::endpoint_slice(out, root, minor),
        ("networking.k8s.io", "Ingress") => network::ingress(out, root),
        ("networking.k8s.io", "IngressClass") => network::ingress_class(out, root),
        ("networking.k8s.io", "NetworkPolicy") => network::network_policy(out, root),
        ("rbac.authorization.k8s.io", "Role") => rbac::role(out, root, rbac::Scope::Namespace),
        ("rbac.authorization.k8s.io", "ClusterRole") => rbac::role(out, root, rbac::Scope::Cluster),
        ("rbac.authorization.k8s.io", "RoleBinding") => {
            rbac::binding(out, root, rbac::Scope::Namespace);
        }
        ("rbac.authorization.k8s.io", "ClusterRoleBinding") => {
            rbac::binding(out, root, rbac::Scope::Cluster);
        }
        ("autoscaling", "HorizontalPodAutoscaler") => autoscaling::horizontal(out, root, minor),
        ("policy", "PodDisruptionBudget") => quota::disruption_budget(out, root),
        ("scheduling.k8s.io", "PriorityClass") => quota::priority_class(out, root),
        ("node.k8s.io", "RuntimeClass") => storage::runtime_class(out, root),
        ("storage.k8s.io", "StorageClass") => storage::storage_class(out, root),
        ("storage.k8s.io", "CSIDriver") => storage::csi_driver_object(out, root),
        ("storage.k8s.io", "CSINode") => storage::csi_node(out, root),
        ("storage.k8s.io", "VolumeAttachment") => storage::volume_attachment(out, root),
        ("storage.k8s.io", "VolumeAttributesClass") => storage::attributes_class(out, root),
        ("storage.k8s.io", "CSIStorageCapacity") => storage::capacity(out, root),
        (
            "admissionregistration.k8s.io",
            "ValidatingWebhookConfiguration" | "MutatingWebhookConfiguration",
        ) => admission::webhooks(out, root),
        ("admissionregistration.k8s.io", "ValidatingAdmissionPolicy") => {
            admission::validating_policy(out, root);
        }
        ("admissionregistration.k8s.io", "ValidatingAdmissionPolicyBinding") => {
            admission::validating_binding(out, root);
        }
        ("apiregistration.k8s.io", "APIService") => cluster::api_service(out, root),
        ("coordination.k8s.io", "Lease") => cluster::lease(out, root),
        ("flowcontrol.apiserver.k8s.io", "FlowSchema") => cluster::flow_schema(out, root),
        ("flowcontrol.apiserver.k8s.io", "PriorityLevelConfiguration") => {
            cluster::priority_level(out, root);
        }
        ("certificates.k8s.io", "CertificateSigningRequest") => cluster::signing_request(out, root),
        _ => return false,
    }
    // a budget's metadata is looked at only when its spec is right, and a range gets a name
    let metadata = root.child("metadata");
    let is_named_by_server = kind == "LimitRange"
        && ["name", "generateName"]
            .iter()
            .all(|&name| metadata.child(name).text().is_empty());
    if (group, kind) == ("", "Namespace") {
        metadata::namespace(out, &metadata);
    } else if is_named_by_server {
        metadata::unnamed(out, &metadata, finalizers);
    } else if kind != "PodDisruptionBudget" || out.count() == before {
        metadata::object(out, &metadata, form, finalizers);
    }
    true
}
