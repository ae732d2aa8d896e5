//! A `PodDisruptionBudget` or `NetworkPolicy` selects pods of the addon.
//!
//! One that selects nothing protects nothing, and no one is told.
//!
//! Bad:
//! ```yaml
//! kind: PodDisruptionBudget
//! spec: {minAvailable: 1, selector: {matchLabels: {app: wbe}}}
//! ```
//! Good:
//! ```yaml
//! spec: {minAvailable: 1, selector: {matchLabels: {app: web}}}
//! ```

use crate::proof::Proof;
use crate::rule::{Found, Holds, Rule};
use crate::rules::applied::{at, is_fixed};
use crate::rules::object_set::sets;
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "K8S11",
    title: "a budget or policy is about pods that are there",
    severity: Severity::Warning,
    holds: Holds::Always,
    mended: false,
    file: "k8s/k8s11_selector.rs",
    source: include_str!("k8s11_selector.rs"),
    found: &[Found::InProof(check)],
};

fn check(proof: &Proof<'_>, findings: &mut Vec<Diagnostic>) {
    for set in sets(proof) {
        for object in &set.objects {
            let path = match object.kind() {
                "PodDisruptionBudget" => ["spec", "selector", "matchLabels"],
                "NetworkPolicy" => ["spec", "podSelector", "matchLabels"],
                _ => continue,
            };
            let Some(labels) = at(object.tree, &path) else {
                continue;
            };
            let is_written = |span| is_fixed(proof, span);
            let Some(first) = labels.entries().first() else {
                continue;
            };
            let is_fixed = labels
                .entries()
                .iter()
                .all(|entry| is_written(entry.value.span));
            if is_fixed && set.misses(object, labels) {
                let message = format!("the {} selects no pod of the addon", object.kind());
                let found = RULE.finding(message, object.place_of(first.value.span));
                let found = found.help("select by the labels of a pod template");
                findings.push(object.in_case(proof, found));
            }
        }
    }
}
