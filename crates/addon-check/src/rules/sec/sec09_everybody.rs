//! No binding gives a role to everybody: not to `system:anonymous`, `system:unauthenticated`, `system:authenticated` or all
//! service accounts.
//!
//! Every pod of the cluster has an account that is authenticated, and an anonymous request needs none at all.
//!
//! Bad:
//! ```yaml
//! kind: ClusterRoleBinding
//! subjects: [{kind: Group, name: "system:authenticated", apiGroup: rbac.authorization.k8s.io}]
//! ```
//! Good:
//! ```yaml
//! subjects: [{kind: ServiceAccount, name: operator, namespace: operators}]
//! ```

use crate::proof::Proof;
use crate::rule::{Found, Holds, Rule};
use crate::rules::applied::{applied, items};
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "SEC09",
    title: "no role is given to everybody",
    severity: Severity::Warning,
    holds: Holds::Always,
    mended: false,
    file: "sec/sec09_everybody.rs",
    source: include_str!("sec09_everybody.rs"),
    found: &[Found::InProof(check)],
};

const EVERYBODY: [&str; 4] = [
    "system:anonymous",
    "system:unauthenticated",
    "system:authenticated",
    "system:serviceaccounts",
];

fn check(proof: &Proof<'_>, findings: &mut Vec<Diagnostic>) {
    for object in applied(proof) {
        if !matches!(object.kind(), "ClusterRoleBinding" | "RoleBinding") {
            continue;
        }
        for subject in items(object.tree, &["subjects"]) {
            let Some(name) = subject.get("name") else {
                continue;
            };
            let Some(text) = name.as_str().filter(|text| EVERYBODY.contains(text)) else {
                continue;
            };
            let message = format!("the binding gives a role to everybody in `{text}`");
            let found = RULE.finding(message, object.place_of(name.span));
            let found = found.help("name the accounts that need it");
            findings.push(object.in_case(proof, found));
        }
    }
}
