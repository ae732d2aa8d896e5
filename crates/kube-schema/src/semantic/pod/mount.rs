//! Mounts of volumes and block devices of a container, against the volumes of the pod.
//!
//! Paths and names are unique over mounts and devices. Some faults of a mount are reported at the list, without its
//! index: `volumeMounts.subPath`.

use super::super::Minor;
use super::super::field::{Faults, Field, quoted};
use super::volume::{Block, Volumes, no_backsteps, relative};
use rustc_hash::FxHashSet;
use source_vocab::nearest::nearest;

/// `volumeMounts` and `volumeDevices` of a container.
pub(super) fn all(
    out: &mut Faults,
    container: &Field<'_, '_>,
    volumes: &Volumes<'_>,
    minor: Minor,
) {
    let list = container.child("volumeMounts");
    let devices = container.child("volumeDevices");
    mounts(out, container, &list, &devices, volumes, minor);
    block_devices(out, &list, &devices, volumes);
}

fn mounts(
    out: &mut Faults,
    container: &Field<'_, '_>,
    list: &Field<'_, '_>,
    devices: &Field<'_, '_>,
    volumes: &Volumes<'_>,
    minor: Minor,
) {
    let mut paths = FxHashSet::default();
    for mount in list.items() {
        let name = mount.child("name");
        let text = name.text();
        if text.is_empty() {
            out.required(&name);
        }
        if volumes.is_dropped(text) {
            continue;
        }
        if volumes.get(text).is_none() {
            out.not_found(
                &name,
                format!("no volume of the pod has the name {}", quoted(text)),
            );
            let known = volumes.names();
            if let Some(meant) = nearest(text, known) {
                out.help(format!("did you mean `{meant}`?"));
            }
        }
        let path = mount.child("mountPath");
        if path.text().is_empty() {
            out.required(&path);
        }
        if !paths.insert(path.text()) {
            let text = quoted(path.text());
            out.invalid(
                &path,
                format!("{text} is the path of another mount already"),
            );
        }
        for device in devices.items() {
            if device.child("name").text() == text {
                out.invalid(&name, "is the name of a volume device already");
            }
            if device.child("devicePath").text() == path.text() {
                out.invalid(&path, "is the path of a volume device already");
            }
        }
        sub_paths(out, list, &mount);
        propagation(out, container, list, &mount);
        if minor >= 31 {
            recursive_read_only(out, list, &mount);
        }
    }
}

fn sub_paths(out: &mut Faults, list: &Field<'_, '_>, mount: &Field<'_, '_>) {
    let plain = mount.child("subPath");
    let expanded = mount.child("subPathExpr");
    if !plain.text().is_empty() {
        relative(out, &list.child("subPath").at(&plain), plain.text());
    }
    if !expanded.text().is_empty() {
        if !plain.text().is_empty() {
            out.invalid(&expanded, "must not be set together with `subPath`");
        }
        relative(
            out,
            &list.child("subPathExpr").at(&expanded),
            expanded.text(),
        );
    }
}

fn propagation(
    out: &mut Faults,
    container: &Field<'_, '_>,
    list: &Field<'_, '_>,
    mount: &Field<'_, '_>,
) {
    let given = mount.child("mountPropagation");
    let here = list.child("mountPropagation").at(&given);
    if let Some(text) = given.set_text() {
        if !matches!(text, "Bidirectional" | "HostToContainer" | "None") {
            out.unsupported(&here, text, &["Bidirectional", "HostToContainer", "None"]);
        }
        let security = container.child("securityContext");
        if text == "Bidirectional" && !security.child("privileged").is_true() {
            out.forbidden(&here, "`Bidirectional` is for privileged containers only");
        }
    }
}

fn recursive_read_only(out: &mut Faults, list: &Field<'_, '_>, mount: &Field<'_, '_>) {
    let given = mount.child("mountPropagation");
    let recursive = mount.child("recursiveReadOnly");
    let here = list.child("recursiveReadOnly").at(&recursive);
    match recursive.set_text() {
        None | Some("Disabled") => {}
        Some("Enabled" | "IfPossible") => {
            if !mount.child("readOnly").is_true() {
                out.forbidden(&here, "may only be set when `readOnly` is true");
            }
            if !matches!(given.set_text(), None | Some("None")) {
                out.forbidden(&here, "may only be set when `mountPropagation` is `None`");
            }
        }
        Some(text) => out.unsupported(&here, text, &["Disabled", "Enabled", "IfPossible"]),
    }
}

fn block_devices(
    out: &mut Faults,
    mounts: &Field<'_, '_>,
    devices: &Field<'_, '_>,
    volumes: &Volumes<'_>,
) {
    let (mut names, mut paths) = (FxHashSet::default(), FxHashSet::default());
    for device in devices.items() {
        let name = device.child("name");
        let path = device.child("devicePath");
        if name.text().is_empty() {
            out.required(&name);
        } else if !names.insert(name.text()) {
            let text = quoted(name.text());
            out.invalid(
                &name,
                format!("{text} is the name of another device already"),
            );
        }
        match volumes.get(name.text()) {
            None => {
                let text = quoted(name.text());
                out.not_found(&name, format!("no volume of the pod has the name {text}"));
            }
            Some(Block::Impossible) => out.invalid(
                &name,
                "only a volume of `persistentVolumeClaim` or `ephemeral` can be a device",
            ),
            Some(Block::Possible) => {}
        }
        if path.text().is_empty() {
            out.required(&path);
        }
        if paths.contains(path.text()) {
            let text = quoted(path.text());
            out.invalid(
                &path,
                format!("{text} is the path of another device already"),
            );
        }
        if path.text().split('/').any(|part| part == "..") {
            no_backsteps(out, &path, path.text());
        } else {
            paths.insert(path.text());
        }
        for mount in mounts.items() {
            if mount.child("name").text() == name.text() {
                out.invalid(&name, "is the name of a mount already");
            }
            if mount.child("mountPath").text() == path.text() {
                out.invalid(&path, "is the path of a mount already");
            }
        }
    }
}
