//! The pods of an addon are not privileged, do not share the namespaces of their node, mount none of
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

use crate::proof::Proof;
use crate::rule::{Found, Holds, Rule};
use crate::rules::applied::{applied, place_of, pod_spec};
use goyaml::{Data, Tree};
use source_vocab::{Diagnostic, Severity, Span};

pub(super) const RULE: Rule = Rule {
    id: "SEC03",
    title: "pods have no rights on their node",
    severity: Severity::Warning,
    holds: Holds::Always,
    mended: false,
    file: "sec/sec03_privileged.rs",
    source: include_str!("sec03_privileged.rs"),
    found: &[Found::InProof(check)],
};

fn check(proof: &Proof<'_>, findings: &mut Vec<Diagnostic>) {
    for object in applied(proof) {
        if let Some(spec) = pod_spec(&object) {
            let mut found = Vec::new();
            look(spec, 0, &mut found);
            for (what, span) in found {
                let found = RULE.finding(format!("the pod {what}"), object.place_of(span));
                let found = found.help("leave it out, or say in an ignore why it must be");
                findings.push(object.in_case(proof, found));
            }
        }
    }
}

/// How deep an object is searched.
const MAX_DEPTH: u32 = 64;

fn look(tree: &Tree, depth: u32, found: &mut Vec<(&'static str, Span)>) {
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
                look(&entry.value, depth + 1, found);
                continue;
            }
        };
        found.push((what, place_of(entry)));
    }
    for item in tree.items() {
        look(item, depth + 1, found);
    }
}
