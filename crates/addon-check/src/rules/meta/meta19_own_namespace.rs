//! `needNamespace` names namespaces that belong to the addon.
//!
//! KubeVela makes each of them a component of the addon, and deletes it, with all that is in it, when the addon is disabled.
//! `default`, `kube-system` and their like exist in every cluster, are refused to be deleted, and keep the addon from being
//! disabled.
//!
//! Bad:
//! ```yaml
//! needNamespace: [kube-system]
//! ```
//! Good: leave it out; the namespace is there.

use crate::input::Input;
use crate::rule::{Found, Holds, Rule};
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "META19",
    title: "`needNamespace` names no namespace that others need",
    severity: Severity::Warning,
    holds: Holds::Always,
    mended: false,
    file: "meta/meta19_own_namespace.rs",
    source: include_str!("meta19_own_namespace.rs"),
    found: &[Found::InAddon(check)],
};

/// Namespaces that every cluster has.
const EVERYWHERE: [&str; 4] = ["default", "kube-system", "kube-public", "kube-node-lease"];

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    for namespace in &input.addon.meta().need_namespace.value {
        if EVERYWHERE.contains(&namespace.value.as_str()) {
            let message = format!(
                "the namespace `{}` is in every cluster, and is deleted with the addon",
                namespace.value
            );
            let found = RULE.finding(message, input.metadata_place(namespace.span));
            findings.push(found.help("remove the entry"));
        }
    }
}
