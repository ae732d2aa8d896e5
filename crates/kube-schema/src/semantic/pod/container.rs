//! Containers: names, images, ports, and what init and ephemeral containers may not have.
//!
//! Names are unique over containers and init containers; host ports are unique over the containers, and within each init
//! container, since those run one after the other. An init container has probes and a lifecycle only when it is a sidecar
//! (`restartPolicy: Always`, from 1.29 on).

use super::super::field::{Faults, Field, quoted};
use super::super::names;
use super::volume::Volumes;
use super::{Owner, Setting, env, mount, one_of_or_default, probe, resources, security};
use rustc_hash::FxHashSet;

/// What containers refer to in their pod.
pub(super) struct Around<'p, 't> {
    /// The volumes without a fault.
    pub(super) volumes: Volumes<'t>,
    /// The pod's spec.
    pub(super) spec: &'p Field<'p, 't>,
}

/// All containers of a pod.
pub(super) fn all(out: &mut Faults, around: &Around<'_, '_>, setting: Setting<'_, '_>) {
    let spec = around.spec;
    let containers = spec.child("containers");
    let mut names = FxHashSet::default();
    if containers.is_empty() {
        out.required_since(&containers, "at least one container");
    }
    let grace = spec
        .child("terminationGracePeriodSeconds")
        .set_int()
        .unwrap_or(30);
    let host_network = spec.child("hostNetwork").is_true() && setting.owner == Owner::Pod;
    for container in containers.items() {
        common(out, &container, around, setting);
        let name = container.child("name");
        if !names.insert(name.text()) {
            out.duplicate(&name, name.text());
        }
        probe::lifecycle(out, &container.child("lifecycle"), grace, setting.minor);
        probe::all(out, &container);
        let restart = container.child("restartPolicy");
        match setting.minor {
            29..=33 if restart.is_set() => {
                out.forbidden(&restart, "may only be set for init containers");
            }
            // 1.34 drops what it does not know yet
            ..=34 => {}
            35.. => out.one_of(&restart, &["Always", "Never", "OnFailure"]),
        }
    }
    host_ports(out, containers.items(), &containers, host_network);
    let init = spec.child("initContainers");
    for container in init.items() {
        common(out, &container, around, setting);
        init_only(out, &container, grace, setting);
        let name = container.child("name");
        if !names.insert(name.text()) && !name.text().is_empty() {
            out.duplicate(&name, name.text());
        }
        host_ports(out, std::iter::once(container), &init, false);
    }
    ephemeral(out, spec, &mut names, around, setting);
}

fn init_only(out: &mut Faults, container: &Field<'_, '_>, grace: i64, setting: Setting<'_, '_>) {
    let restart = container.child("restartPolicy");
    match setting.minor {
        29..=33 => out.one_of(&restart, &["Always"]),
        ..=34 => {}
        35.. => out.one_of(&restart, &["Always", "Never", "OnFailure"]),
    }
    let lifecycle = container.child("lifecycle");
    if restart.text() == "Always" && setting.minor >= 29 {
        probe::lifecycle(out, &lifecycle, grace, setting.minor);
        probe::all(out, container);
    } else {
        for name in [
            "lifecycle",
            "livenessProbe",
            "readinessProbe",
            "startupProbe",
        ] {
            let field = container.child(name);
            if field.is_set() {
                out.forbidden(
                    &field,
                    "must not be set for init containers without `restartPolicy: Always`",
                );
            }
        }
    }
}

/// What holds for every kind of container.
fn common(
    out: &mut Faults,
    container: &Field<'_, '_>,
    around: &Around<'_, '_>,
    setting: Setting<'_, '_>,
) {
    let name = container.child("name");
    if name.text().is_empty() {
        out.required(&name);
    } else {
        out.form(&name, name.text(), names::label);
    }
    let image = container.child("image");
    if image.text().is_empty() {
        out.required(&image);
    }
    one_of_or_default(
        out,
        &container.child("terminationMessagePolicy"),
        &["File", "FallbackToLogsOnError"],
    );
    ports(out, &container.child("ports"));
    env::list(out, &container.child("env"), setting.minor);
    env::from(out, &container.child("envFrom"), setting.minor);
    mount::all(out, container, &around.volumes, setting.minor);
    one_of_or_default(
        out,
        &container.child("imagePullPolicy"),
        &["Always", "IfNotPresent", "Never"],
    );
    let resources = container.child("resources");
    resources::requirements(out, &resources);
    if setting.minor >= 34 {
        claims(out, &resources.child("claims"), around);
    }
    if setting.minor >= 33 {
        resize_policy(out, &container.child("resizePolicy"), around);
    }
    let host_users = around.spec.child("hostUsers").set_bool().unwrap_or(true);
    security::container(
        out,
        &container.child("securityContext"),
        (setting.minor >= 33).then_some(host_users),
    );
}

/// Claims of a container are claims of its pod.
fn claims(out: &mut Faults, claims: &Field<'_, '_>, around: &Around<'_, '_>) {
    let of_pod = around.spec.child("resourceClaims");
    let mut seen = FxHashSet::default();
    for claim in claims.items() {
        let name = claim.child("name").text();
        if name.is_empty() {
            out.required(&claim);
            continue;
        }
        if !seen.insert((name, claim.child("request").text())) {
            out.duplicate(&claim, name);
        }
        if !of_pod.items().any(|one| one.child("name").text() == name) {
            out.not_found(
                &claim,
                format!("no resource claim of the pod has the name {}", quoted(name)),
            );
        }
    }
}

fn resize_policy(out: &mut Faults, policies: &Field<'_, '_>, around: &Around<'_, '_>) {
    let mut seen = FxHashSet::default();
    for policy in policies.items() {
        let resource = policy.child("resourceName").text();
        let restart = policy.child("restartPolicy").text();
        let here = policies.at(&policy);
        if !seen.insert(resource) {
            out.duplicate(&policy, resource);
        }
        if !matches!(resource, "cpu" | "memory") {
            out.unsupported(&here, resource, &["cpu", "memory"]);
        }
        if !matches!(restart, "NotRequired" | "RestartContainer") {
            out.unsupported(&here, restart, &["NotRequired", "RestartContainer"]);
        }
        if around.spec.child("restartPolicy").text() == "Never" && restart == "RestartContainer" {
            out.invalid(
                &here,
                "must be `NotRequired` as the pod's `restartPolicy` is `Never`",
            );
        }
    }
}

fn ports(out: &mut Faults, ports: &Field<'_, '_>) {
    let mut names = FxHashSet::default();
    for port in ports.items() {
        let name = port.child("name");
        if !name.text().is_empty() {
            if names::port_name(name.text()).is_some() {
                out.form(&name, name.text(), names::port_name);
            } else if !names.insert(name.text()) {
                out.duplicate(&name, name.text());
            }
        }
        let number = port.child("containerPort");
        if number.int() == 0 {
            out.required(&number);
        } else {
            out.in_range(&number, 1, 65535);
        }
        let host = port.child("hostPort");
        if host.int() != 0 {
            out.in_range(&host, 1, 65535);
        }
        one_of_or_default(out, &port.child("protocol"), &["SCTP", "TCP", "UDP"]);
    }
}

/// Host ports are unique by protocol, address and number. The path of an init container's port begins at its list.
fn host_ports<'p, 't: 'p>(
    out: &mut Faults,
    containers: impl Iterator<Item = Field<'p, 't>>,
    list: &Field<'_, 't>,
    host_network: bool,
) {
    let mut seen = FxHashSet::default();
    for (position, container) in containers.enumerate() {
        let ports = container.child("ports");
        for (index, port) in ports.items().enumerate() {
            let own = port.child("hostPort").int();
            let number = if own == 0 && host_network {
                port.child("containerPort").int()
            } else {
                own
            };
            let protocol = match port.child("protocol").text() {
                "" => "TCP",
                given => given,
            };
            if number != 0 && !seen.insert((protocol, port.child("hostIP").text(), number)) {
                let container = list.index(position);
                let ports = container.child("ports");
                let reported = ports.index(index);
                let here = reported.child("hostPort").at(&port);
                out.duplicate(&here, &format!("{protocol}/{number}"));
            }
        }
    }
}

/// Ephemeral containers: no ports, probes or resources; what they aim at must be there.
fn ephemeral<'t>(
    out: &mut Faults,
    spec: &Field<'_, 't>,
    names: &mut FxHashSet<&'t str>,
    around: &Around<'_, '_>,
    setting: Setting<'_, '_>,
) {
    const BARRED: [&str; 8] = [
        "ports",
        "resources",
        "livenessProbe",
        "readinessProbe",
        "startupProbe",
        "lifecycle",
        "resizePolicy",
        "restartPolicy",
    ];
    let others = names.clone();
    for container in spec.child("ephemeralContainers").items() {
        common(out, &container, around, setting);
        let name = container.child("name");
        if !names.insert(name.text()) {
            out.duplicate(&name, name.text());
        }
        let target = container.child("targetContainerName");
        if !target.text().is_empty() && !others.contains(target.text()) {
            out.not_found(&target, "no container of the pod has this name");
        }
        for barred in BARRED {
            let field = container.child(barred);
            if !field.is_empty() || (field.is_set() && field.set_text().is_some()) {
                out.forbidden(&field, "cannot be set for an ephemeral container");
            }
        }
        for mount in container.child("volumeMounts").items() {
            for path in ["subPath", "subPathExpr"] {
                let field = mount.child(path);
                if !field.text().is_empty() {
                    out.forbidden(&field, "cannot be set for an ephemeral container");
                }
            }
        }
    }
}
