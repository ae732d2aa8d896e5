//! Sources of volumes that a pod and a `PersistentVolume` have in common.
//!
//! The same source can have more members in a `PersistentVolume`, such as the namespace of a Secret ([`Use`]).

use super::super::field::{Faults, Field, quoted};
use super::super::names;
use super::volume::{need, no_backsteps, relative};

/// Where the source stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Use<'a> {
    /// In a pod, in the volume of this name.
    Pod {
        /// The volume's name.
        volume: &'a str,
    },
    /// In the `PersistentVolume` of this name.
    Persistent {
        /// The object's name.
        volume: &'a str,
    },
}

impl Use<'_> {
    fn is_persistent(self) -> bool {
        matches!(self, Self::Persistent { .. })
    }
}

/// The source `kind` of a volume, which is there.
pub(in super::super) fn check(
    out: &mut Faults,
    volume: &Field<'_, '_>,
    kind: &'static str,
    usage: Use<'_>,
) {
    let source = volume.child(kind);
    match kind {
        "hostPath" => host_path(out, &source),
        "gitRepo" => {
            need(out, &source, "repository");
            let directory = source.child("directory");
            relative(out, &directory, directory.text());
        }
        "gcePersistentDisk" => {
            let named = volume.child("persistentDisk").at(&source);
            need(out, &named, "pdName");
            out.in_range(&named.child("partition"), 0, 255);
        }
        "awsElasticBlockStore" => {
            need(out, &source, "volumeID");
            out.in_range(&source.child("partition"), 0, 255);
        }
        "nfs" => {
            need(out, &source, "server");
            let path = source.child("path");
            if path.text().is_empty() {
                out.required(&path);
            } else if !path.text().starts_with('/') {
                out.invalid(
                    &path,
                    format!("{} is not an absolute path", quoted(path.text())),
                );
            }
        }
        "iscsi" => iscsi(out, volume, &source, usage),
        "glusterfs" => {
            need(out, &source, "endpoints");
            need(out, &source, "path");
            let namespace = source.child("endpointsNamespace");
            if let Some(text) = namespace.set_text() {
                out.form(&namespace, text, names::label);
            }
        }
        "flocker" => flocker(out, &source),
        "rbd" => {
            let monitors = source.child("monitors");
            if monitors.is_empty() {
                out.required(&monitors);
            }
            need(out, &source, "image");
        }
        "cinder" => {
            need(out, &source, "volumeID");
            secret(out, &source, usage);
        }
        "cephfs" => {
            let monitors = source.child("monitors");
            if monitors.is_empty() {
                out.required(&monitors);
            }
        }
        "quobyte" => quobyte(out, &source),
        "fc" => fibre_channel(out, &source),
        "flexVolume" => flex(out, &source),
        "azureFile" => {
            need(out, &source, "secretName");
            need(out, &source, "shareName");
            let namespace = source.child("secretNamespace");
            if namespace.set_text() == Some("") {
                out.required(&namespace);
            }
        }
        "azureDisk" => azure_disk(out, &source),
        "vsphereVolume" => need(out, &source, "volumePath"),
        "photonPersistentDisk" => need(out, &source, "pdID"),
        "portworxVolume" => need(out, &source, "volumeID"),
        "scaleIO" => {
            for member in ["gateway", "system", "volumeName"] {
                need(out, &source, member);
            }
        }
        "storageos" => {
            let name = source.child("volumeName");
            if name.text().is_empty() {
                out.required(&name);
            } else {
                out.form(&name, name.text(), names::label);
            }
            let namespace = source.child("volumeNamespace");
            if !namespace.text().is_empty() {
                out.form(&namespace, namespace.text(), names::label);
            }
            secret(out, &source, usage);
        }
        "local" => {
            let path = source.child("path");
            if path.text().is_empty() {
                out.required(&path);
            }
            no_backsteps(out, &path, path.text());
        }
        "csi" => csi(out, &source, usage),
        _ => {}
    }
}

fn host_path(out: &mut Faults, source: &Field<'_, '_>) {
    let path = source.child("path");
    if path.text().is_empty() {
        out.required(&path);
        return;
    }
    no_backsteps(out, &path, path.text());
    out.one_of(
        &source.child("type"),
        &[
            "",
            "BlockDevice",
            "CharDevice",
            "Directory",
            "DirectoryOrCreate",
            "File",
            "FileOrCreate",
            "Socket",
        ],
    );
}

/// A Secret by name, in a `PersistentVolume` by name and namespace.
fn secret(out: &mut Faults, source: &Field<'_, '_>, usage: Use<'_>) {
    let secret = source.child("secretRef");
    if secret.is_set() {
        need(out, &secret, "name");
        if usage.is_persistent() {
            need(out, &secret, "namespace");
        }
    }
}

/// A name of an initiator or target: `iqn.2001-04.com.example:a`, `eui.` and 16 letters or digits, or `naa.` and 32.
fn is_initiator(text: &str) -> bool {
    let plain = |rest: &str, count: usize| {
        rest.len() == count && rest.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    if let Some(rest) = text.strip_prefix("iqn.") {
        let date = rest.as_bytes().iter().take(8).zip(b"0000-00.");
        let is_date = rest.len() > 8
            && date.clone().count() == 8
            && date.into_iter().all(|(byte, form)| match form {
                b'0' => byte.is_ascii_digit(),
                _ => byte == form,
            });
        let is_text = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-');
        return is_date
            && rest
                .get(8..)
                .and_then(|name| name.split_once(':'))
                .is_some_and(|(domain, tail)| {
                    !domain.is_empty()
                        && domain.bytes().all(is_text)
                        && !tail.is_empty()
                        && !tail.contains(|one: char| one.is_whitespace() || ",;*&$|".contains(one))
                });
    }
    text.strip_prefix("eui.")
        .is_some_and(|rest| plain(rest, 16))
        || text
            .strip_prefix("naa.")
            .is_some_and(|rest| plain(rest, 32))
}

fn iscsi(out: &mut Faults, volume: &Field<'_, '_>, source: &Field<'_, '_>, usage: Use<'_>) {
    let portal = source.child("targetPortal");
    need(out, source, "targetPortal");
    let target = source.child("iqn");
    if target.text().is_empty() {
        out.required(&target);
    } else if !is_initiator(target.text()) {
        out.invalid(
            &target,
            format!("{} is no name of iSCSI", quoted(target.text())),
        );
    }
    out.in_range(&source.child("lun"), 0, 255);
    let chap =
        source.child("chapAuthDiscovery").is_true() || source.child("chapAuthSession").is_true();
    let secret_ref = source.child("secretRef");
    if chap && !secret_ref.is_set() {
        out.required_since(&secret_ref, "as CHAP is on");
    }
    if usage.is_persistent() && secret_ref.is_set() {
        need(out, &secret_ref, "name");
    }
    let initiator = source.child("initiatorName");
    let Some(text) = initiator.set_text() else {
        return;
    };
    if !is_initiator(text) {
        let here = source.child("initiatorname").at(&initiator);
        out.invalid(&here, format!("{} is no name of iSCSI", quoted(text)));
    }
    let (Use::Pod { volume: name } | Use::Persistent { volume: name }) = usage;
    if name.len() + 1 + portal.text().len() > 64 {
        let named = volume.child("name");
        let persistent = source.child("targetportal").at(&portal);
        let here = if usage.is_persistent() {
            persistent
        } else {
            named
        };
        out.invalid(
            &here,
            "the volume's name and `targetPortal` must have at most 63 characters together",
        );
    }
}

fn flocker(out: &mut Faults, source: &Field<'_, '_>) {
    let name = source.child("datasetName");
    let id = source.child("datasetUUID");
    match (name.text().is_empty(), id.text().is_empty()) {
        (true, true) => out.required_since(source, "one of `datasetName` and `datasetUUID`"),
        (false, false) => {
            out.invalid(source, "`datasetName` and `datasetUUID` cannot both be set");
        }
        _ => {}
    }
    if name.text().contains('/') {
        out.invalid(&name, format!("{} contains a `/`", quoted(name.text())));
    }
}

fn quobyte(out: &mut Faults, source: &Field<'_, '_>) {
    let registry = source.child("registry");
    if registry.text().is_empty() {
        out.required(&registry);
    } else if source.child("tenant").text().len() >= 65 {
        out.required(&source.child("tenant"));
    } else if !registry.text().split(',').all(|pair| pair.contains(':')) {
        let text = quoted(registry.text());
        out.invalid(
            &registry,
            format!("{text} is no list of `host:port` with commas between them"),
        );
    }
    need(out, source, "volume");
}

fn fibre_channel(out: &mut Faults, source: &Field<'_, '_>) {
    let targets = source.child("targetWWNs");
    let ids = source.child("wwids");
    match (targets.is_empty(), ids.is_empty()) {
        (true, true) => out.required_since(&targets, "or `wwids`"),
        (false, false) => out.invalid(&targets, "`targetWWNs` and `wwids` cannot both be set"),
        _ => {}
    }
    let lun = source.child("lun");
    if !targets.is_empty() {
        if lun.is_set() {
            out.in_range(&lun, 0, 255);
        } else {
            out.required_since(&lun, "as `targetWWNs` is set");
        }
    }
}

fn flex(out: &mut Faults, source: &Field<'_, '_>) {
    need(out, source, "driver");
    for (key, option) in source.child("options").entries() {
        let domain = key.split('/').next().unwrap_or(key);
        let dotted = format!(".{}", domain.to_lowercase());
        if dotted.ends_with(".kubernetes.io") || dotted.ends_with(".k8s.io") {
            out.invalid(&option, format!("{} is in a reserved domain", quoted(key)));
        }
    }
}

fn azure_disk(out: &mut Faults, source: &Field<'_, '_>) {
    need(out, source, "diskName");
    let address = source.child("diskURI");
    if address.text().is_empty() {
        out.required(&address);
    }
    out.one_of(
        &source.child("cachingMode"),
        &["None", "ReadOnly", "ReadWrite"],
    );
    let kind = source.child("kind");
    out.one_of(&kind, &["Dedicated", "Managed", "Shared"]);
    let (begin, form) = if kind.text() == "Managed" {
        (
            "/subscriptions/",
            "/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}",
        )
    } else {
        (
            "https://",
            "https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd",
        )
    };
    if !address.text().starts_with(begin) {
        out.unsupported(&address, address.text(), &[form]);
    }
}

/// The name of a CSI driver.
pub(in super::super) fn csi_driver(out: &mut Faults, driver: &Field<'_, '_>) {
    if driver.text().is_empty() {
        out.required(driver);
        return;
    }
    if driver.text().len() > 63 {
        out.too_long(driver, 63);
    }
    out.form(driver, driver.text(), names::csi_driver);
}

fn csi(out: &mut Faults, source: &Field<'_, '_>, usage: Use<'_>) {
    csi_driver(out, &source.child("driver"));
    if !usage.is_persistent() {
        let secret = source.child("nodePublishSecretRef");
        if secret.is_set() {
            need(out, &secret, "name");
        }
        let name = secret.child("name");
        if !name.text().is_empty() {
            out.form(
                &source.child("name").at(&name),
                name.text(),
                names::subdomain,
            );
        }
        return;
    }
    need(out, source, "volumeHandle");
    for member in [
        "controllerPublishSecretRef",
        "controllerExpandSecretRef",
        "nodePublishSecretRef",
        "nodeExpandSecretRef",
    ] {
        let secret = source.child(member);
        if !secret.is_set() {
            continue;
        }
        for (part, form) in [
            ("name", names::subdomain as names::Form),
            ("namespace", names::label),
        ] {
            let part = secret.child(part);
            if part.text().is_empty() {
                out.required(&part);
            } else {
                out.form(&part, part.text(), form);
            }
        }
    }
}
