//! `PersistentVolumeClaim`, `PersistentVolume`, `StorageClass` and the other kinds of storage.
//!
//! A claim stands in a `StatefulSet` and in a pod's ephemeral volume too. The server speaks of the wanted storage as
//! `spec.resources[storage]`.
//!
//! Source: Kubernetes 1.31 `pkg/apis/core/validation` (`ValidatePersistentVolumeClaimSpec`, `ValidatePersistentVolumeSpec`)
//! and `pkg/apis/storage/validation`.

use super::field::{Faults, Field, quoted};
use super::pod::source::{Use, check, csi_driver};
use super::pod::{resources, scheduling};
use super::{Minor, metadata, names, selector};
use goyaml::Tree;
use rustc_hash::FxHashSet;

/// The first release with classes of attributes.
const ATTRIBUTES_CLASS: Minor = 34;

const ACCESS_MODES: [&str; 4] = [
    "ReadOnlyMany",
    "ReadWriteMany",
    "ReadWriteOnce",
    "ReadWriteOncePod",
];

fn access_modes(out: &mut Faults, modes: &Field<'_, '_>) {
    if modes.is_empty() {
        out.required_since(modes, "at least one access mode");
    }
    let (mut single, mut other) = (false, false);
    for mode in modes.items() {
        let text = mode.text();
        if !ACCESS_MODES.contains(&text) {
            out.unsupported(&modes.at(&mode), text, &ACCESS_MODES);
        } else if text == "ReadWriteOncePod" {
            single = true;
        } else {
            other = true;
        }
    }
    if single && other {
        out.forbidden(
            modes,
            "`ReadWriteOncePod` cannot be used with other access modes",
        );
    }
}

fn class(out: &mut Faults, class: &Field<'_, '_>) {
    if !class.text().is_empty() {
        out.form(class, class.text(), names::subdomain);
    }
}

/// `spec` of a claim.
pub(super) fn claim_spec(out: &mut Faults, spec: &Field<'_, '_>, minor: Minor) {
    access_modes(out, &spec.child("accessModes"));
    let selector = spec.child("selector");
    selector::label(out, &selector);
    let resources = spec.child("resources");
    let requests = resources.child("requests");
    let storage = requests.key("storage");
    let named = resources.key("storage").at(&storage);
    match storage.quantity() {
        None => out.required_since(&named, "how much storage is wanted"),
        Some(amount) if !amount.is_positive() => {
            out.invalid(&named, "must be greater than zero");
        }
        Some(_) => {}
    }
    class(out, &spec.child("storageClassName"));
    out.one_of(&spec.child("volumeMode"), &["Block", "Filesystem"]);
    if minor >= ATTRIBUTES_CLASS {
        class(out, &spec.child("volumeAttributesClassName"));
    }
    data_sources(out, spec);
}

/// Where the data come from. The server drops a reference into another namespace, and an old style source that is neither a
/// claim nor a snapshot; then each of the two stands for the other.
fn data_sources(out: &mut Faults, spec: &Field<'_, '_>) {
    let source = spec.child("dataSource");
    let reference = spec.child("dataSourceRef");
    let has_reference = reference.is_set() && reference.child("namespace").text().is_empty();
    let is_old = matches!(
        (source.child("apiGroup").text(), source.child("kind").text()),
        ("", "PersistentVolumeClaim") | ("snapshot.storage.k8s.io", "VolumeSnapshot")
    );
    let has_source = source.is_set() && (has_reference || is_old);
    match (has_source, has_reference) {
        (true, false) => {
            data_source(out, &source);
            data_source(out, &spec.child("dataSourceRef").at(&source));
        }
        (false, true) => {
            data_source(out, &spec.child("dataSource").at(&reference));
            data_source(out, &reference);
        }
        (true, true) => {
            data_source(out, &source);
            data_source(out, &reference);
            let same = ["apiGroup", "kind", "name"]
                .iter()
                .all(|&member| source.child(member).text() == reference.child(member).text());
            if !same {
                out.invalid(
                    &spec.at(&source),
                    "`dataSource` must be the same as `dataSourceRef`, or left out",
                );
            }
        }
        (false, false) => {}
    }
}

fn data_source(out: &mut Faults, source: &Field<'_, '_>) {
    for member in ["name", "kind"] {
        let member = source.child(member);
        if member.text().is_empty() {
            out.required(&member);
        }
    }
    let group = source.child("apiGroup");
    if !group.text().is_empty() {
        out.form(&group, group.text(), names::subdomain);
    } else if source.child("kind").text() != "PersistentVolumeClaim" {
        out.invalid(
            source,
            "must be a `PersistentVolumeClaim` when `apiGroup` is not set",
        );
    }
}

/// A template of a claim in a pod's volume: only labels and annotations, and the spec.
pub(super) fn claim_template(out: &mut Faults, template: &Field<'_, '_>, minor: Minor) {
    let meta = template.child("metadata");
    metadata::labels(out, &meta.child("labels"));
    metadata::annotations(out, &meta.child("annotations"));
    for entry in meta.tree().map_or(&[] as &[_], Tree::entries) {
        let field = meta.child(&entry.key);
        if !matches!(&*entry.key, "labels" | "annotations" | "creationTimestamp")
            && field.is_set()
            && (field.set_text() != Some(""))
        {
            out.forbidden(&field, "cannot be set here");
        }
    }
    claim_spec(out, &template.child("spec"), minor);
}

/// The sources of a `PersistentVolume`, in the server's order, and their names where it reports a second one.
const SOURCES: [(&str, &str); 22] = [
    ("hostPath", "hostPath"),
    ("gcePersistentDisk", "gcePersistentDisk"),
    ("awsElasticBlockStore", "awsElasticBlockStore"),
    ("glusterfs", "glusterfs"),
    ("flocker", "flocker"),
    ("nfs", "nfs"),
    ("rbd", "rbd"),
    ("quobyte", "quobyte"),
    ("cephfs", "cephFS"),
    ("iscsi", "iscsi"),
    ("cinder", "cinder"),
    ("fc", "fc"),
    ("flexVolume", "flexVolume"),
    ("azureFile", "azureFile"),
    ("vsphereVolume", "vsphereVolume"),
    ("photonPersistentDisk", "photonPersistentDisk"),
    ("portworxVolume", "portworxVolume"),
    ("azureDisk", "azureDisk"),
    ("scaleIO", "scaleIO"),
    ("local", "local"),
    ("storageos", "storageos"),
    ("csi", "csi"),
];

/// A `PersistentVolume`.
pub(super) fn volume(out: &mut Faults, object: &Field<'_, '_>, minor: Minor) {
    const OPTIONS: &str = "volume.beta.kubernetes.io/mount-options";
    const WITH_OPTIONS: [&str; 13] = [
        "gcePersistentDisk",
        "awsElasticBlockStore",
        "glusterfs",
        "nfs",
        "rbd",
        "quobyte",
        "iscsi",
        "cinder",
        "cephfs",
        "azureFile",
        "vsphereVolume",
        "azureDisk",
        "photonPersistentDisk",
    ];
    let metadata = object.child("metadata");
    let annotations = metadata.child("annotations");
    let spec = object.child("spec");
    volume_spec(out, &spec, metadata.child("name").text(), minor);
    let options = annotations.key(OPTIONS);
    if options.is_set() && !WITH_OPTIONS.iter().any(|&kind| spec.child(kind).is_set()) {
        out.forbidden(
            &annotations.child(OPTIONS).at(&options),
            "this kind of volume has no mount options",
        );
    }
    let class = spec.child("volumeAttributesClassName");
    if let Some(text) = class.set_text().filter(|_| minor >= ATTRIBUTES_CLASS) {
        if text.is_empty() {
            out.required(&class);
        } else {
            out.form(&class, text, names::subdomain);
        }
        let csi = spec.child("csi");
        if !csi.is_set() {
            out.required_since(&csi, "as `volumeAttributesClassName` is set");
        }
    }
}

fn volume_spec(out: &mut Faults, spec: &Field<'_, '_>, name: &str, minor: Minor) {
    access_modes(out, &spec.child("accessModes"));
    let capacity = spec.child("capacity");
    if capacity.is_empty() {
        out.required(&capacity);
    }
    if !capacity.key("storage").is_set() || capacity.len() > 1 {
        out.unsupported(&capacity, "capacity", &["storage"]);
    }
    for (_, amount) in capacity.entries() {
        if amount
            .quantity()
            .is_some_and(|amount| !amount.is_positive())
        {
            out.invalid(&amount, "must be greater than zero");
        }
    }
    let reclaim = spec.child("persistentVolumeReclaimPolicy");
    if !reclaim.text().is_empty() {
        out.one_of(&reclaim, &["Delete", "Recycle", "Retain"]);
    }
    let affinity = spec.child("nodeAffinity");
    if affinity.is_set() {
        let required = affinity.child("required");
        if required.is_set() {
            selector::node(out, &required, minor);
        } else {
            out.required_since(&required, "constraints of the node");
        }
    }
    let mut count = 0;
    for (kind, named) in SOURCES {
        let source = spec.child(kind);
        if !source.is_set() {
            continue;
        }
        count += 1;
        if count > 1 && kind != "flexVolume" {
            out.forbidden(
                &spec.child(named).at(&source),
                "only one source is allowed for a volume",
            );
            continue;
        }
        check(out, spec, kind, Use::Persistent { volume: name });
        if kind == "local" && !affinity.is_set() {
            out.required_since(&affinity, "as the volume is local");
        }
    }
    if count == 0 {
        out.required_since(spec, "the source of the volume");
    }
    let path = spec.child("hostPath").child("path").text();
    if reclaim.text() == "Recycle"
        && !path.is_empty()
        && path.split('/').all(|part| matches!(part, "" | "."))
    {
        out.forbidden(&reclaim, "cannot be `Recycle` for the root of the host");
    }
    class(out, &spec.child("storageClassName"));
    out.one_of(&spec.child("volumeMode"), &["Block", "Filesystem"]);
}

fn parameters(out: &mut Faults, parameters: &Field<'_, '_>) {
    const MOST_BYTES: usize = 256 * 1024;
    if parameters.len() > 512 {
        out.too_long(parameters, 512);
        return;
    }
    let mut size = 0;
    for (key, value) in parameters.entries() {
        if key.is_empty() {
            out.invalid(&parameters.at(&value), "a key must not be empty");
        }
        size += key.len() + value.text().len();
    }
    if size > MOST_BYTES {
        out.too_long(parameters, MOST_BYTES);
    }
}

/// A `StorageClass`.
pub(super) fn storage_class(out: &mut Faults, object: &Field<'_, '_>) {
    let provisioner = object.child("provisioner");
    if provisioner.text().is_empty() {
        out.required(&provisioner);
    } else {
        out.form(&provisioner, provisioner.text(), names::qualified_any_case);
    }
    parameters(out, &object.child("parameters"));
    let reclaim = object.child("reclaimPolicy");
    if !reclaim.text().is_empty() {
        out.one_of(&reclaim, &["Delete", "Retain"]);
    }
    out.one_of(
        &object.child("volumeBindingMode"),
        &["Immediate", "WaitForFirstConsumer"],
    );
    topologies(out, &object.child("allowedTopologies"));
}

fn topologies(out: &mut Faults, topologies: &Field<'_, '_>) {
    for term in topologies.items() {
        let mut keys = FxHashSet::default();
        for requirement in term.child("matchLabelExpressions").items() {
            let values = requirement.child("values");
            if values.is_empty() {
                out.required(&values);
            }
            let mut seen = FxHashSet::default();
            for value in values.items() {
                if !seen.insert(value.text()) {
                    out.duplicate(&value, value.text());
                }
            }
            let key = requirement.child("key");
            out.form(&key, key.text(), names::qualified);
            if !keys.insert(key.text()) {
                out.duplicate(&key, key.text());
            }
        }
    }
}

/// A `CSIDriver`.
pub(super) fn csi_driver_object(out: &mut Faults, object: &Field<'_, '_>) {
    let spec = object.child("spec");
    let policy = spec.child("fsGroupPolicy");
    out.one_of(&policy, &["File", "None", "ReadWriteOnceWithFSType"]);
    let modes = spec.child("volumeLifecycleModes");
    for mode in modes.items() {
        if !matches!(mode.text(), "Persistent" | "Ephemeral") {
            out.unsupported(&modes.at(&mode), mode.text(), &["Ephemeral", "Persistent"]);
        }
    }
    let mut audiences = FxHashSet::default();
    for request in spec.child("tokenRequests").items() {
        let audience = request.child("audience");
        if !audiences.insert(audience.text()) {
            out.duplicate(&audience, audience.text());
        }
        let seconds = request.child("expirationSeconds");
        if seconds.is_set() && !(600..=1 << 32).contains(&seconds.int()) {
            let number = seconds.int();
            out.invalid(&seconds, format!("`{number}` must be from 600 to 2^32"));
        }
    }
}

/// A `CSINode`.
pub(super) fn csi_node(out: &mut Faults, object: &Field<'_, '_>) {
    let mut seen = FxHashSet::default();
    let spec = object.child("spec");
    for driver in spec.child("drivers").items() {
        let name = driver.child("name");
        csi_driver(out, &name);
        if !seen.insert(name.text()) {
            out.duplicate(&name, name.text());
        }
        let node = driver.child("nodeID");
        match node.text().len() {
            0 => out.required(&node),
            257.. => out.invalid(&node, "must have at most 256 characters"),
            _ => {}
        }
        out.not_negative(&driver.child("allocatable").child("count"));
        let mut keys = FxHashSet::default();
        for key in driver.child("topologyKeys").items() {
            if !keys.insert(key.text()) {
                out.duplicate(&driver.at(&key), key.text());
            }
            out.form(&driver.at(&key), key.text(), names::qualified);
        }
    }
}

/// A `VolumeAttachment`.
pub(super) fn volume_attachment(out: &mut Faults, object: &Field<'_, '_>) {
    let spec = object.child("spec");
    let attacher = spec.child("attacher");
    csi_driver(out, &attacher);
    let node = spec.child("nodeName");
    out.form(&node, node.text(), names::subdomain);
    let source = spec.child("source");
    let volume = source.child("persistentVolumeName");
    let inline = source.child("inlineVolumeSpec");
    match (volume.is_set(), inline.is_set()) {
        (false, false) => out.required_since(&source, "the volume to attach"),
        (true, true) => out.forbidden(&source, "only one of both is allowed"),
        (true, false) => {
            if volume.text().is_empty() {
                out.required(&volume);
            } else {
                out.form(&volume, volume.text(), names::subdomain);
            }
        }
        (false, true) => {}
    }
}

/// A `VolumeAttributesClass`.
pub(super) fn attributes_class(out: &mut Faults, object: &Field<'_, '_>) {
    let driver = object.child("driverName");
    csi_driver(out, &driver);
    let given = object.child("parameters");
    parameters(out, &given);
    if given.is_empty() {
        out.required_since(&given, "at least one parameter");
    }
}

/// A `CSIStorageCapacity`.
pub(super) fn capacity(out: &mut Faults, object: &Field<'_, '_>) {
    selector::label(out, &object.child("nodeTopology"));
    let class = object.child("storageClassName");
    if class.text().is_empty() {
        out.required(&class);
    } else {
        out.form(&class, class.text(), names::subdomain);
    }
    for amount in ["capacity", "maximumVolumeSize"] {
        let amount = object.child(amount);
        if amount
            .quantity()
            .is_some_and(super::quantity::Quantity::is_negative)
        {
            out.invalid(&amount, "is negative, at least 0 is expected");
        }
    }
}

/// A `RuntimeClass`.
pub(super) fn runtime_class(out: &mut Faults, object: &Field<'_, '_>) {
    let handler = object.child("handler");
    out.form(&handler, handler.text(), names::label);
    let overhead = object.child("overhead");
    resources::limits_only(out, &overhead.child("podFixed"), &overhead);
    let rules = object.child("scheduling");
    metadata::labels(out, &rules.child("nodeSelector"));
    let tolerations = rules.child("tolerations");
    scheduling::tolerations(out, &tolerations.child("tolerations").at(&tolerations));
    let mut seen = FxHashSet::default();
    for toleration in tolerations.items() {
        let key =
            ["key", "operator", "value", "effect"].map(|member| toleration.child(member).text());
        if !seen.insert(key) {
            let text = quoted(key.first().copied().unwrap_or_default());
            out.duplicate(&toleration, &text);
        }
    }
}
