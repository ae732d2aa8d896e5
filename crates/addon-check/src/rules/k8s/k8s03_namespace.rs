//! The namespace of an object is one that the addon creates (`needNamespace`, or a `Namespace` among its objects), that a
//! dependency creates, or that every cluster with KubeVela has.
//!
//! In any other the objects cannot be created, unless somebody made it before. (An object of a kind that lives in no namespace
//! may name one, to no effect; that is an information.)
//!
//! Bad:
//! ```yaml
//! kind: ConfigMap
//! metadata: {name: settings, namespace: monitoring}
//! ```
//! Good: in `metadata.yaml`
//! ```yaml
//! needNamespace: [monitoring]
//! ```

use super::k8s04_twice::{Scope, scope};
use crate::proof::Proof;
use crate::rule::{Found, Holds, Rule};
use crate::rules::applied::{at, is_fixed};
use crate::rules::object_set::sets;
use source_vocab::{Diagnostic, Severity};
use std::collections::BTreeSet;

pub(super) const RULE: Rule = Rule {
    id: "K8S03",
    title: "the namespace of an object is created",
    severity: Severity::Warning,
    holds: Holds::Always,
    mended: false,
    file: "k8s/k8s03_namespace.rs",
    source: include_str!("k8s03_namespace.rs"),
    found: &[Found::InProof(check)],
};

/// Namespaces of every cluster, and that of KubeVela.
const EVERYWHERE: [&str; 5] = [
    "default",
    "kube-system",
    "kube-public",
    "kube-node-lease",
    "vela-system",
];

fn check(proof: &Proof<'_>, findings: &mut Vec<Diagnostic>) {
    let mut told = BTreeSet::new();
    for set in sets(proof) {
        for object in &set.objects {
            let namespace = object.own_namespace();
            let Some(written) = at(object.tree, &["metadata", "namespace"]) else {
                continue;
            };
            if namespace.is_empty() {
                continue;
            }
            if scope(object) == Some(Scope::Cluster) {
                let message = format!("a {} lives in no namespace", object.kind());
                let place = object.place_of(written.span);
                let found = RULE.milder(Severity::Info, message, place);
                findings.push(found.help("remove `namespace`"));
                continue;
            }
            let is_known = EVERYWHERE.contains(&namespace)
                || set.has("Namespace", namespace)
                || !proof.missing_dependencies().is_empty();
            let is_asked_for = !is_fixed(proof, written.span);
            if is_known || is_asked_for || !told.insert(namespace.to_owned()) {
                continue;
            }
            let message = format!("nothing here creates the namespace `{namespace}`");
            let found = RULE.finding(message, object.place_of(written.span));
            let found = found.help(format!(
                "write `needNamespace: [{namespace}]` into `metadata.yaml`"
            ));
            findings.push(object.in_case(proof, found));
        }
    }
}
