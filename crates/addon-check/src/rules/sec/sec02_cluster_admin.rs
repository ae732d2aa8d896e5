//! No binding in `resources/` gives the role `cluster-admin`.
//!
//! Whatever runs under such an account can do everything on every cluster that enables the addon.
//!
//! Bad:
//! ```yaml
//! kind: ClusterRoleBinding
//! roleRef: {kind: ClusterRole, name: cluster-admin, apiGroup: rbac.authorization.k8s.io}
//! ```
//! Good: a `ClusterRole` of the addon's own that names what it uses.

use crate::input::Input;
use crate::rule::{Found, Holds, Rule};
use goyaml::Tree;
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "SEC02",
    title: "nothing is bound to `cluster-admin`",
    severity: Severity::Warning,
    holds: Holds::Always,
    mended: false,
    file: "sec/sec02_cluster_admin.rs",
    source: include_str!("sec02_cluster_admin.rs"),
    found: &[Found::InAddon(check)],
};

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    for (_, object) in input.manifests() {
        let kind = object.get("kind").and_then(Tree::as_str);
        if !matches!(kind, Some("ClusterRoleBinding" | "RoleBinding")) {
            continue;
        }
        let Some(role) = object.get("roleRef").and_then(|role| role.get("name")) else {
            continue;
        };
        if role.as_str() == Some("cluster-admin") {
            let found = RULE.finding("the binding gives the role `cluster-admin`", role.span);
            findings.push(found.help("bind a role that names what the addon uses"));
        }
    }
}
