//! No binding gives the role `cluster-admin`.
//!
//! Whatever runs under such an account can do everything on every cluster that enables the addon.
//!
//! Bad:
//! ```yaml
//! kind: ClusterRoleBinding
//! roleRef: {kind: ClusterRole, name: cluster-admin, apiGroup: rbac.authorization.k8s.io}
//! ```
//! Good: a `ClusterRole` of the addon's own that names what it uses.

use crate::proof::Proof;
use crate::rule::{Found, Holds, Rule};
use crate::rules::applied::{applied, at};
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "SEC02",
    title: "nothing is bound to `cluster-admin`",
    severity: Severity::Warning,
    holds: Holds::Always,
    mended: false,
    file: "sec/sec02_cluster_admin.rs",
    source: include_str!("sec02_cluster_admin.rs"),
    found: &[Found::InProof(check)],
};

fn check(proof: &Proof<'_>, findings: &mut Vec<Diagnostic>) {
    for object in applied(proof) {
        if !matches!(object.kind(), "ClusterRoleBinding" | "RoleBinding") {
            continue;
        }
        let Some(role) = at(object.tree, &["roleRef", "name"]) else {
            continue;
        };
        if role.as_str() == Some("cluster-admin") {
            let found = RULE.finding(
                "the binding gives the role `cluster-admin`",
                object.place_of(role.span),
            );
            let found = found.help("bind a role that names what the addon uses");
            findings.push(object.in_case(proof, found));
        }
    }
}
