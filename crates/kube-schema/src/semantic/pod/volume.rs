//! Volumes of a pod, and the sources that every cluster has.
//!
//! A volume has one source; the first one in the server's order counts and each further one is reported. A volume with a
//! fault is not known to mounts, so a mount of it is reported too, as the server does.

use super::super::Minor;
use super::super::field::{Faults, Field, quoted};
use super::super::storage::claim_template;
use super::super::{names, selector};
use super::env::{Place, field_ref, resource_ref};
use super::{one_of_or_default, source};
use rustc_hash::{FxHashMap, FxHashSet};

/// Whether a volume can be a block device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Block {
    /// It is a claim.
    Possible,
    /// It is something else.
    Impossible,
}

/// The volumes without a fault, by name.
#[derive(Debug, Default)]
pub(in super::super) struct Volumes<'t> {
    known: FxHashMap<&'t str, Block>,
    dropped: FxHashSet<&'t str>,
    claims: FxHashSet<&'t str>,
}

impl Volumes<'_> {
    /// The volume of a name.
    pub(super) fn get(&self, name: &str) -> Option<Block> {
        self.known.get(name).copied()
    }

    /// Their names, sorted.
    pub(super) fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.known.keys().copied().collect();
        names.sort_unstable();
        names
    }

    /// Whether the volume is one of a kind that the release drops together with its mounts.
    pub(super) fn is_dropped(&self, name: &str) -> bool {
        self.dropped.contains(name)
    }
}

/// The sources of a volume, in the order in which the server looks for them, and their names where it reports a second one.
const SOURCES: [(&str, &str); 30] = [
    ("emptyDir", "emptyDir"),
    ("hostPath", "hostPath"),
    ("gitRepo", "gitRepo"),
    ("gcePersistentDisk", "gcePersistentDisk"),
    ("awsElasticBlockStore", "awsElasticBlockStore"),
    ("secret", "secret"),
    ("nfs", "nfs"),
    ("iscsi", "iscsi"),
    ("glusterfs", "glusterfs"),
    ("flocker", "flocker"),
    ("persistentVolumeClaim", "persistentVolumeClaim"),
    ("rbd", "rbd"),
    ("cinder", "cinder"),
    ("cephfs", "cephFS"),
    ("quobyte", "quobyte"),
    ("downwardAPI", "downwarAPI"),
    ("fc", "fc"),
    ("flexVolume", "flexVolume"),
    ("configMap", "configMap"),
    ("azureFile", "azureFile"),
    ("vsphereVolume", "vsphereVolume"),
    ("photonPersistentDisk", "photonPersistentDisk"),
    ("portworxVolume", "portworxVolume"),
    ("azureDisk", "azureDisk"),
    ("storageos", "storageos"),
    ("projected", "projected"),
    ("scaleIO", "scaleIO"),
    ("csi", "csi"),
    ("ephemeral", "ephemeral"),
    ("image", "image"),
];

/// `volumes`; `pod` is the pod's own name, where it has one.
pub(super) fn list<'t>(
    out: &mut Faults,
    volumes: &Field<'_, 't>,
    claims: Option<&Field<'_, 't>>,
    pod: Option<&str>,
    minor: Minor,
) -> Volumes<'t> {
    let mut found = Volumes::default();
    for (index, claim) in claims.into_iter().flat_map(Field::items).enumerate() {
        let volume = volumes.index(index);
        let own = claim.child("metadata");
        let text = own.child("name").text();
        let before = out.count();
        if text.is_empty() {
            out.required(&volume.child("name").at(&claim));
            let source = volume.child("persistentVolumeClaim");
            out.required(&source.child("claimName").at(&claim));
        } else {
            out.form(
                &volume.child("name").at(&own.child("name")),
                text,
                names::label,
            );
        }
        if out.count() == before {
            found.known.insert(text, Block::Possible);
            found.claims.insert(text);
        }
    }
    for volume in volumes.items() {
        let name = volume.child("name");
        let text = name.text();
        if found.claims.contains(text) {
            continue;
        }
        // such a volume is dropped with its mounts by releases that have none of images
        if minor < 35 && volume.child("image").is_set() {
            found.dropped.insert(text);
            continue;
        }
        let before = out.count();
        sources(out, &volume, text, pod, minor);
        if text.is_empty() {
            out.required(&name);
        } else {
            out.form(&name, text, names::label);
        }
        if found.known.contains_key(text) {
            out.duplicate(&name, text);
        }
        if out.count() == before {
            let block = volume.child("persistentVolumeClaim").is_set()
                || volume.child("ephemeral").is_set();
            found.known.insert(
                text,
                if block {
                    Block::Possible
                } else {
                    Block::Impossible
                },
            );
        }
    }
    found
}

fn sources(out: &mut Faults, volume: &Field<'_, '_>, name: &str, pod: Option<&str>, minor: Minor) {
    let mut count = 0;
    for (kind, named) in SOURCES {
        let field = volume.child(kind);
        if !field.is_set() {
            continue;
        }
        count += 1;
        if count > 1 {
            let here = volume.child(named).at(&field);
            out.forbidden(&here, "only one source is allowed for a volume");
            continue;
        }
        match kind {
            "emptyDir" => empty_dir(out, &field),
            "secret" => files(out, &field, "secretName"),
            "configMap" => files(out, &field, "name"),
            "persistentVolumeClaim" => need(out, &field, "claimName"),
            "downwardAPI" => downward(out, &field),
            "projected" => projected(out, &field),
            "ephemeral" => ephemeral(out, volume, &field, name, pod, minor),
            "image" => image(out, &field),
            _ => source::check(out, volume, kind, source::Use::Pod { volume: name }),
        }
    }
}

/// A text member that has to be there.
pub(super) fn need(out: &mut Faults, field: &Field<'_, '_>, member: &'static str) {
    let member = field.child(member);
    if member.text().is_empty() {
        out.required(&member);
    }
}

fn image(out: &mut Faults, source: &Field<'_, '_>) {
    need(out, source, "reference");
    one_of_or_default(
        out,
        &source.child("pullPolicy"),
        &["Always", "IfNotPresent", "Never"],
    );
}

fn empty_dir(out: &mut Faults, source: &Field<'_, '_>) {
    let limit = source.child("sizeLimit");
    if limit
        .quantity()
        .is_some_and(super::super::quantity::Quantity::is_negative)
    {
        out.forbidden(&limit, "must not be negative");
    }
}

/// A mode of a file: permission bits.
pub(super) fn mode(out: &mut Faults, field: &Field<'_, '_>) {
    out.in_range(field, 0, 0o777);
}

fn files(out: &mut Faults, source: &Field<'_, '_>, name: &'static str) {
    need(out, source, name);
    mode(out, &source.child("defaultMode"));
    for item in source.child("items").items() {
        key_to_path(out, &item);
    }
}

fn key_to_path(out: &mut Faults, item: &Field<'_, '_>) {
    need(out, item, "key");
    let path = item.child("path");
    if path.text().is_empty() {
        out.required(&path);
    }
    inner_path(out, &path, path.text());
    mode(out, &item.child("mode"));
}

/// `..` is no part of a path.
pub(super) fn no_backsteps(out: &mut Faults, field: &Field<'_, '_>, path: &str) {
    if path.split('/').any(|part| part == "..") {
        out.invalid(field, format!("{} contains `..`", quoted(path)));
    }
}

/// A relative path without `..`.
pub(super) fn relative(out: &mut Faults, field: &Field<'_, '_>, path: &str) {
    if path.starts_with('/') {
        out.invalid(field, format!("{} is not a relative path", quoted(path)));
    }
    no_backsteps(out, field, path);
}

/// A relative path without `..` whose first part does not begin so either.
fn inner_path(out: &mut Faults, field: &Field<'_, '_>, path: &str) {
    relative(out, field, path);
    if path.starts_with("..") && path != ".." && !path.starts_with("../") {
        out.invalid(field, format!("{} begins with `..`", quoted(path)));
    }
}

/// The faults of a file are reported at the list's owner.
fn downward_file(out: &mut Faults, owner: &Field<'_, '_>, file: &Field<'_, '_>) {
    const FIELDS: [&str; 5] = [
        "metadata.annotations",
        "metadata.labels",
        "metadata.name",
        "metadata.namespace",
        "metadata.uid",
    ];
    let path = file.child("path");
    let named = owner.child("path").at(&path);
    if path.text().is_empty() {
        out.required(&named);
    }
    inner_path(out, &named, path.text());
    let field = file.child("fieldRef");
    let resource = file.child("resourceFieldRef");
    if field.is_set() {
        field_ref(out, &owner.child("fieldRef").at(&field), &FIELDS);
        if resource.is_set() {
            out.invalid(
                &owner.at(&resource),
                "`fieldRef` and `resourceFieldRef` cannot both be set",
            );
        }
    } else if resource.is_set() {
        resource_ref(
            out,
            &owner.child("resourceFieldRef").at(&resource),
            Place::Volume,
        );
    } else {
        out.required_since(&owner.at(file), "one of `fieldRef` and `resourceFieldRef`");
    }
    mode(out, &owner.child("mode").at(&file.child("mode")));
}

fn downward(out: &mut Faults, source: &Field<'_, '_>) {
    mode(out, &source.child("defaultMode"));
    for file in source.child("items").items() {
        downward_file(out, source, &file);
    }
}

fn projected(out: &mut Faults, volume: &Field<'_, '_>) {
    mode(out, &volume.child("defaultMode"));
    let mut paths = FxHashSet::default();
    let mut path = |out: &mut Faults, field: &Field<'_, '_>| {
        let text = field.text();
        if !text.is_empty() && !paths.insert(text.to_owned()) {
            let text = quoted(text);
            out.invalid(
                &volume.at(field),
                format!("the path {text} stands twice in this volume"),
            );
        }
    };
    for source in volume.child("sources").items() {
        let mut count = 0;
        for kind in ["secret", "configMap"] {
            let files = source.child(kind);
            if !files.is_set() {
                continue;
            }
            count += 1;
            need(out, &files, "name");
            for item in files.child("items").items() {
                key_to_path(out, &item);
                path(out, &item.child("path"));
            }
        }
        let downward = source.child("downwardAPI");
        if downward.is_set() {
            count += 1;
            for file in downward.child("items").items() {
                downward_file(out, &downward, &file);
                path(out, &file.child("path"));
            }
        }
        let token = source.child("serviceAccountToken");
        if token.is_set() {
            count += 1;
            service_account_token(out, volume, &token);
        }
        let bundle = source.child("clusterTrustBundle");
        if bundle.is_set() {
            count += 1;
            selector::label(out, &bundle.child("labelSelector"));
        }
        if count > 1 {
            out.forbidden(&source, "only one kind is allowed for a source");
        }
    }
}

fn service_account_token(out: &mut Faults, volume: &Field<'_, '_>, token: &Field<'_, '_>) {
    let seconds = token.child("expirationSeconds");
    out.in_range(&seconds, 600, 1 << 32);
    let path = token.child("path");
    let named = volume.child("path").at(&path);
    if path.text().is_empty() {
        out.required(&named);
    } else {
        inner_path(out, &named, path.text());
    }
}

fn ephemeral(
    out: &mut Faults,
    volume: &Field<'_, '_>,
    source: &Field<'_, '_>,
    name: &str,
    pod: Option<&str>,
    minor: Minor,
) {
    let template = source.child("volumeClaimTemplate");
    if template.is_set() {
        claim_template(out, &template, minor);
    } else {
        out.required(&template);
    }
    if let Some(pod) = pod.filter(|pod| !pod.is_empty() && !name.is_empty()) {
        let claim = format!("{pod}-{name}");
        if let Some(complaint) = names::subdomain(&claim) {
            let claim = quoted(&claim);
            out.invalid(
                &volume.child("name"),
                format!("the claim's name {claim} {complaint}"),
            );
        }
    }
}
