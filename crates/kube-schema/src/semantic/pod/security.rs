//! Security contexts of pods and containers, profiles of seccomp and `AppArmor`, and what Linux and Windows pods may not have.
//!
//! Profiles can also be given by old annotations, which then must agree with the fields.

use super::super::Minor;
use super::super::field::{Faults, Field, quoted};
use super::super::names;
use super::volume::relative;
use rustc_hash::FxHashSet;

const APP_ARMOR: &str = "container.apparmor.security.beta.kubernetes.io/";
const SECCOMP_POD: &str = "seccomp.security.alpha.kubernetes.io/pod";
const SECCOMP_CONTAINER: &str = "container.seccomp.security.alpha.kubernetes.io/";

/// The lists of containers of a pod.
const CONTAINERS: [&str; 3] = ["initContainers", "containers", "ephemeralContainers"];

fn user(out: &mut Faults, field: &Field<'_, '_>) {
    out.in_range(field, 0, i32::MAX.into());
}

/// `securityContext` of a container; `host_users` is what the pod says of the host's users, where the release knows it.
pub(super) fn container(out: &mut Faults, context: &Field<'_, '_>, host_users: Option<bool>) {
    user(out, &context.child("runAsUser"));
    user(out, &context.child("runAsGroup"));
    seccomp(out, &context.child("seccompProfile"));
    if context.child("allowPrivilegeEscalation").set_bool() == Some(false) {
        if context.child("privileged").is_true() {
            out.invalid(
                context,
                "`allowPrivilegeEscalation` cannot be false when `privileged` is true",
            );
        }
        let capabilities = context.child("capabilities");
        for added in capabilities.child("add").items() {
            if added.text() == "CAP_SYS_ADMIN" {
                out.invalid(
                    &context.at(&added),
                    "`allowPrivilegeEscalation` cannot be false when `CAP_SYS_ADMIN` is added",
                );
            }
        }
    }
    windows_options(out, &context.child("windowsOptions"));
    app_armor(out, &context.child("appArmorProfile"));
    let proc_mount = context.child("procMount");
    if let Some(host_users) = host_users {
        out.one_of(&proc_mount, &["Default", "Unmasked"]);
        if host_users && proc_mount.text() == "Unmasked" {
            out.invalid(&proc_mount, "`Unmasked` needs `hostUsers: false`");
        }
    }
}

/// `securityContext` of a pod, and the fields of its spec that belong to it.
pub(super) fn pod(out: &mut Faults, spec: &Field<'_, '_>, minor: Minor) {
    let context = spec.child("securityContext");
    for name in ["fsGroup", "runAsUser", "runAsGroup"] {
        user(out, &context.child(name));
    }
    for group in context.child("supplementalGroups").items() {
        user(out, &group);
    }
    let shared = spec.child("shareProcessNamespace");
    if shared.is_true() && spec.child("hostPID").is_true() {
        out.invalid(
            &context.child("shareProcessNamespace").at(&shared),
            "cannot be true together with `hostPID`",
        );
    }
    sysctls(out, spec, &context.child("sysctls"));
    out.one_of(
        &context.child("fsGroupChangePolicy"),
        &["Always", "OnRootMismatch"],
    );
    seccomp(out, &context.child("seccompProfile"));
    windows_options(out, &context.child("windowsOptions"));
    app_armor(out, &context.child("appArmorProfile"));
    if minor >= 33 {
        out.one_of(
            &context.child("supplementalGroupsPolicy"),
            &["Merge", "Strict"],
        );
        out.one_of(&context.child("seLinuxChangePolicy"), &["Recursive"]);
        if spec.child("hostUsers").set_bool() == Some(false) {
            for (field, named) in [
                ("hostNetwork", "hostNetwork"),
                ("hostPID", "HostPID"),
                ("hostIPC", "HostIPC"),
            ] {
                let field = spec.child(field);
                if field.is_true() {
                    out.forbidden(
                        &spec.child(named).at(&field),
                        "cannot be true when `hostUsers` is false",
                    );
                }
            }
        }
    }
    host_process(out, spec);
}

fn sysctls(out: &mut Faults, spec: &Field<'_, '_>, sysctls: &Field<'_, '_>) {
    const IPC: [&str; 10] = [
        "kernel.sem",
        "kernel.shm",
        "kernel.shmall",
        "kernel.shmmax",
        "kernel.shmmni",
        "kernel.shm_rmid_forced",
        "kernel.msg",
        "kernel.msgmax",
        "kernel.msgmnb",
        "kernel.msgmni",
    ];
    let mut seen = FxHashSet::default();
    for sysctl in sysctls.items() {
        let name = sysctl.child("name");
        let text = name.text();
        if text.is_empty() {
            out.required(&name);
        } else if names::sysctl(text).is_some() {
            out.form(&name, text, names::sysctl);
        } else if !seen.insert(text) {
            out.duplicate(&name, text);
        }
        let dotted = text.replace('/', ".");
        if spec.child("hostNetwork").is_true() && dotted.starts_with("net.") {
            out.invalid(
                &name,
                format!("{} cannot be set with `hostNetwork`", quoted(text)),
            );
        }
        let is_ipc = IPC.contains(&dotted.as_str()) || dotted.starts_with("fs.mqueue.");
        if spec.child("hostIPC").is_true() && is_ipc {
            out.invalid(
                &name,
                format!("{} cannot be set with `hostIPC`", quoted(text)),
            );
        }
    }
}

fn seccomp(out: &mut Faults, profile: &Field<'_, '_>) {
    if !profile.is_set() {
        return;
    }
    let kind = profile.child("type");
    let local = profile.child("localhostProfile");
    match kind.text() {
        "" => out.required(&kind),
        "Localhost" => match local.set_text() {
            None => out.required_since(&local, "as the type is `Localhost`"),
            Some(path) => relative(out, &local, path),
        },
        "RuntimeDefault" | "Unconfined" => {}
        other => out.unsupported(&kind, other, &["Localhost", "RuntimeDefault", "Unconfined"]),
    }
    if kind.text() != "Localhost" && local.is_set() {
        out.invalid(&local, "can only be set when the type is `Localhost`");
    }
}

fn app_armor(out: &mut Faults, profile: &Field<'_, '_>) {
    if !profile.is_set() {
        return;
    }
    let kind = profile.child("type");
    let local = profile.child("localhostProfile");
    match kind.text() {
        "" => out.required(&kind),
        "Localhost" => match local.set_text() {
            None => out.required_since(&local, "as the type is `Localhost`"),
            Some(path) if path.trim() != path => {
                out.invalid(
                    &local,
                    format!("{} has white space at an end", quoted(path)),
                );
            }
            Some("") => out.required_since(&local, "as the type is `Localhost`"),
            Some(path) if path.len() > 4095 => out.too_long(&local, 4095),
            Some(_) => {}
        },
        "RuntimeDefault" | "Unconfined" if local.is_set() => {
            out.invalid(&local, "can only be set when the type is `Localhost`");
        }
        "RuntimeDefault" | "Unconfined" => {}
        other => out.unsupported(&kind, other, &["Localhost", "RuntimeDefault", "Unconfined"]),
    }
}

fn windows_options(out: &mut Faults, options: &Field<'_, '_>) {
    let name = options.child("gmsaCredentialSpecName");
    if let Some(text) = name.set_text() {
        out.form(&name, text, names::subdomain);
    }
    let spec = options.child("gmsaCredentialSpec");
    match spec.set_text().map(str::len) {
        Some(0) => out.invalid(&spec, "must not be empty"),
        Some(65_537..) => out.invalid(&spec, "must be smaller than 64 KiB"),
        _ => {}
    }
    let user = options.child("runAsUserName");
    let Some(text) = user.set_text() else {
        return;
    };
    let (domain, account) = text.split_once('\\').unwrap_or(("", text));
    let bad = r#""/\:;|=,+*?<>@[]"#;
    if text.is_empty() || text.chars().any(char::is_control) || account.contains('\\') {
        out.invalid(
            &user,
            "must be `user` or `domain\\user` without control characters",
        );
    } else if domain.len() >= 256 || account.len() > 104 || account.is_empty() {
        out.invalid(
            &user,
            "needs a user of 1 to 104 characters and a domain of less than 256",
        );
    } else if account.chars().all(|one| matches!(one, '.' | ' '))
        || account.contains(|one| bad.contains(one))
    {
        out.invalid(&user, format!("{} is no name of a user", quoted(account)));
    }
}

/// All containers are host processes or none is, and those are on the host's network.
fn host_process(out: &mut Faults, spec: &Field<'_, '_>) {
    let own = |context: &Field<'_, '_>| {
        context
            .child("windowsOptions")
            .child("hostProcess")
            .set_bool()
    };
    let of_pod = own(&spec.child("securityContext"));
    let (mut all, mut host) = (0, 0);
    for list in CONTAINERS {
        for container in spec.child(list).items() {
            all += 1;
            let context = container.child("securityContext");
            let of_container = own(&context);
            if let (Some(pod), Some(container)) = (of_pod, of_container)
                && pod != container
            {
                let options = context.child("windowsOptions");
                out.invalid(
                    &options.child("hostProcess"),
                    format!("must be `{pod}` as it is for the pod"),
                );
            }
            host += usize::from(of_container.or(of_pod) == Some(true));
        }
    }
    if host == 0 {
        return;
    }
    if host != all {
        out.invalid(spec, "all containers must be host processes when one is");
    }
    let network = spec.child("hostNetwork");
    if !network.is_true() {
        out.invalid(&network, "must be true when containers are host processes");
    }
}

/// Nothing of Windows in a pod for Linux.
pub(super) fn linux(out: &mut Faults, spec: &Field<'_, '_>) {
    let message = "cannot be set for a pod of Linux";
    let context = spec.child("securityContext");
    let options = context.child("windowsOptions");
    if options.is_set() {
        out.forbidden(&options, message);
    }
    for list in CONTAINERS {
        for container in spec.child(list).items() {
            let context = container.child("securityContext");
            let options = context.child("windowsOptions");
            if options.is_set() {
                out.forbidden(&options, message);
            }
        }
    }
}

/// Nothing of Linux in a pod for Windows.
pub(super) fn windows(out: &mut Faults, spec: &Field<'_, '_>) {
    const OF_POD: [&str; 10] = [
        "appArmorProfile",
        "seLinuxOptions",
        "seccompProfile",
        "fsGroup",
        "fsGroupChangePolicy",
        "sysctls",
        "runAsUser",
        "runAsGroup",
        "supplementalGroups",
        "supplementalGroupsPolicy",
    ];
    const OF_CONTAINER: [&str; 10] = [
        "appArmorProfile",
        "seLinuxOptions",
        "seccompProfile",
        "capabilities",
        "readOnlyRootFilesystem",
        "privileged",
        "allowPrivilegeEscalation",
        "procMount",
        "runAsUser",
        "runAsGroup",
    ];
    let mut barred = |field: &Field<'_, '_>| {
        if field.is_set() {
            out.forbidden(field, "cannot be set for a pod of Windows");
        }
    };
    let context = spec.child("securityContext");
    for name in OF_POD {
        let field = context.child(name);
        if name != "sysctls" || !field.is_empty() {
            barred(&field);
        }
    }
    for name in ["hostUsers", "hostPID", "hostIPC", "shareProcessNamespace"] {
        let field = spec.child(name);
        if field.is_true() || matches!(name, "hostUsers" | "shareProcessNamespace") {
            barred(&field);
        }
    }
    for list in CONTAINERS {
        for container in spec.child(list).items() {
            let context = container.child("securityContext");
            for name in OF_CONTAINER {
                barred(&context.child(name));
            }
        }
    }
}

/// The annotations that say something of the pod; `named` is their path in the server's words.
pub(super) fn annotations(
    out: &mut Faults,
    named: &Field<'_, '_>,
    annotations: &Field<'_, '_>,
    spec: &Field<'_, '_>,
) {
    for (key, value) in annotations.entries() {
        let text = value.text();
        if key == SECCOMP_POD || key.starts_with(SECCOMP_CONTAINER) {
            let here = named.child(key).at(&value);
            match text {
                "runtime/default" | "docker/default" | "unconfined" => {}
                _ => match text.strip_prefix("localhost/") {
                    Some(path) => relative(out, &here, path),
                    None => out.invalid(&here, format!("{} is no seccomp profile", quoted(text))),
                },
            }
        } else if let Some(container) = key.strip_prefix(APP_ARMOR) {
            let here = named.key(key).at(&value);
            let is_there = CONTAINERS.iter().any(|list| {
                let containers = spec.child(list);
                containers
                    .items()
                    .any(|one| one.child("name").text() == container)
            });
            if !is_there {
                out.invalid(
                    &here,
                    format!("no container has the name {}", quoted(container)),
                );
            }
            if !matches!(text, "" | "runtime/default" | "unconfined")
                && !text.starts_with("localhost/")
            {
                out.invalid(&here, format!("{} is no AppArmor profile", quoted(text)));
            }
        } else if key == "controller.kubernetes.io/pod-deletion-cost" {
            let is_plain =
                text == "0" || text.starts_with(['-', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
            if !is_plain || text.parse::<i32>().is_err() {
                let here = named.key(key).at(&value);
                out.invalid(
                    &here,
                    format!("{} is no whole number of 32 bits", quoted(text)),
                );
            }
        }
    }
}

/// Profiles given by annotation and by field agree.
pub(super) fn annotations_match(
    out: &mut Faults,
    annotations: &Field<'_, '_>,
    spec: &Field<'_, '_>,
) {
    let of_pod = spec.child("securityContext");
    if let Some(given) = annotations.key(SECCOMP_POD).set_text() {
        agree(out, given, &of_pod.child("seccompProfile"));
    }
    let is_windows = spec.child("os").child("name").text() == "windows";
    for (key, value) in annotations.entries() {
        let (container, field) = if let Some(name) = key.strip_prefix(SECCOMP_CONTAINER) {
            (name, "seccompProfile")
        } else if let Some(name) = key.strip_prefix(APP_ARMOR) {
            (name, "appArmorProfile")
        } else {
            continue;
        };
        if field == "appArmorProfile" && is_windows {
            continue;
        }
        for list in CONTAINERS {
            for one in spec.child(list).items() {
                if one.child("name").text() != container {
                    continue;
                }
                let context = one.child("securityContext");
                let mut profile = context.child(field);
                if !profile.is_set() && field == "appArmorProfile" {
                    profile = profile.at(&of_pod.child(field));
                }
                agree(out, value.text(), &profile);
            }
        }
    }
}

fn agree(out: &mut Faults, annotation: &str, profile: &Field<'_, '_>) {
    let local = profile.child("localhostProfile");
    let (field, agrees) = match profile.child("type").text() {
        "Unconfined" => ("type", annotation == "unconfined"),
        "RuntimeDefault" => (
            "type",
            matches!(annotation, "runtime/default" | "docker/default"),
        ),
        "Localhost" => match annotation.strip_prefix("localhost/") {
            None => ("type", false),
            Some(path) => ("localhostProfile", local.set_text() == Some(path)),
        },
        _ => return,
    };
    if !agrees {
        out.forbidden(
            &profile.child(field),
            format!(
                "must agree with the annotation, which says {}",
                quoted(annotation)
            ),
        );
    }
}
