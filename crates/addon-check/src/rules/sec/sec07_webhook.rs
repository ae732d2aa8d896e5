//! A webhook that refuses requests when it does not answer (`failurePolicy: Fail`, the default) is about some
//! namespaces or objects only.
//!
//! Otherwise, while its pod is down, nothing can be changed in the cluster, the pod itself included.
//!
//! Bad:
//! ```yaml
//! kind: ValidatingWebhookConfiguration
//! webhooks:
//! - name: a.example.org
//!   failurePolicy: Fail
//! ```
//! Good:
//! ```yaml
//! webhooks:
//! - name: a.example.org
//!   failurePolicy: Fail
//!   namespaceSelector:
//!     matchExpressions: [{key: kubernetes.io/metadata.name, operator: NotIn, values: [kube-system, vela-system]}]
//! ```

use crate::proof::Proof;
use crate::rule::{Found, Holds, Rule};
use crate::rules::applied::{applied, items};
use goyaml::Tree;
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "SEC07",
    title: "a webhook that fails does not stop the cluster",
    severity: Severity::Warning,
    holds: Holds::Always,
    mended: false,
    file: "sec/sec07_webhook.rs",
    source: include_str!("sec07_webhook.rs"),
    found: &[Found::InProof(check)],
};

fn check(proof: &Proof<'_>, findings: &mut Vec<Diagnostic>) {
    for object in applied(proof) {
        if !matches!(
            object.kind(),
            "ValidatingWebhookConfiguration" | "MutatingWebhookConfiguration"
        ) {
            continue;
        }
        for webhook in items(object.tree, &["webhooks"]) {
            let policy = webhook.get("failurePolicy");
            let is_open = policy.and_then(Tree::as_str) == Some("Ignore");
            let is_about_some = |key: &str| {
                webhook
                    .get(key)
                    .is_some_and(|selector| !selector.entries().is_empty())
            };
            if is_open || is_about_some("namespaceSelector") || is_about_some("objectSelector") {
                continue;
            }
            let place = policy.map_or(webhook.span.start(), |policy| policy.span);
            let message = "while this webhook does not answer, nothing can be changed anywhere";
            let found = RULE.finding(message, object.place_of(place));
            let found = found.help("leave the system's namespaces out by a `namespaceSelector`");
            findings.push(object.in_case(proof, found));
        }
    }
}
