//! The pods in the YAML files of `resources/` are not privileged, do not share the namespaces of their node, mount none of
//! its folders, add no capabilities and do not run as root by their own wish.
//!
//! Such a pod can read and change what belongs to all others on the node. Where it must, as with a driver of storage or a
//! network, an ignore with the reason says so.
//!
//! Bad:
//! ```yaml
//! securityContext: {privileged: true}
//! ```
//! Good:
//! ```yaml
//! securityContext: {allowPrivilegeEscalation: false, runAsNonRoot: true}
//! ```

use crate::input::Input;
use crate::rule::{Found, Holds, Rule};
use goyaml::{Data, Tree};
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "SEC03",
    title: "pods have no rights on their node",
    severity: Severity::Warning,
    holds: Holds::Always,
    mended: false,
    file: "sec/sec03_privileged.rs",
    source: include_str!("sec03_privileged.rs"),
    found: &[Found::InAddon(check)],
};

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    for (_, object) in input.manifests() {
        let is_pod = object
            .get("kind")
            .and_then(Tree::as_str)
            .is_some_and(|kind| {
                matches!(
                    kind,
                    "Pod"
                        | "Deployment"
                        | "DaemonSet"
                        | "StatefulSet"
                        | "ReplicaSet"
                        | "Job"
                        | "CronJob"
                )
            });
        if is_pod {
            look(object, 0, findings);
        }
    }
}

/// How deep an object is searched.
const MAX_DEPTH: u32 = 64;

fn look(tree: &Tree, depth: u32, findings: &mut Vec<Diagnostic>) {
    if depth > MAX_DEPTH {
        return;
    }
    for entry in tree.entries() {
        let is_on = entry.value.data == Data::Bool(true);
        let what = match &*entry.key {
            "privileged" if is_on => "is privileged",
            "hostPID" | "hostIPC" if is_on => "sees the processes of its node",
            "hostNetwork" if is_on => "uses the network of its node",
            "hostPath" if !entry.value.entries().is_empty() => "mounts a folder of its node",
            "runAsUser" if entry.value.coerced().as_deref() == Some("0") => "runs as root",
            "capabilities"
                if entry
                    .value
                    .get("add")
                    .is_some_and(|add| !add.items().is_empty()) =>
            {
                "adds capabilities"
            }
            _ => {
                look(&entry.value, depth + 1, findings);
                continue;
            }
        };
        let found = RULE.finding(format!("the pod {what}"), entry.key_span);
        findings.push(found.help("leave it out, or say in an ignore why it must be"));
    }
    for item in tree.items() {
        look(item, depth + 1, findings);
    }
}
