//! No object is applied twice: no two have the same API group, kind, namespace and name.
//!
//! Looked at are all objects that come together with one set of arguments: those in components, the outputs of the
//! template, the definitions, the namespaces of `needNamespace`. The later one overwrites the earlier on the cluster; where
//! two components hold it, they do so again and again, and removing one of them deletes what the other needs.
//!
//! Bad: `resources/a.yaml` and `resources/b.yaml`, both with
//! ```yaml
//! apiVersion: v1
//! kind: ServiceAccount
//! metadata: {name: operator, namespace: operators}
//! ```
//! Good: one of them.

use crate::proof::Proof;
use crate::rule::{Found, Holds, Rule};
use crate::rules::applied::{Applied, applied_together};
use kube_schema::{Gvk, Release, served};
use source_vocab::{Diagnostic, Place, Severity};
use std::collections::BTreeMap;

pub(super) const RULE: Rule = Rule {
    id: "K8S04",
    title: "no object is applied twice",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "k8s/k8s04_twice.rs",
    source: include_str!("k8s04_twice.rs"),
    found: &[Found::InProof(check)],
};

fn check(proof: &Proof<'_>, findings: &mut Vec<Diagnostic>) {
    for set in applied_together(proof) {
        let mut seen: BTreeMap<[&str; 4], Place> = BTreeMap::new();
        for object in &set {
            let Some(key) = identity(object) else {
                continue;
            };
            let place = object.place_of_name();
            let Some(first) = seen.get(&key) else {
                seen.insert(key, place);
                continue;
            };
            let message = format!("the {} `{}` is applied twice", object.kind(), object.name());
            let found = RULE
                .finding(message, place)
                .label(first.clone(), "the first one");
            findings.push(object.in_case(proof, found.help("keep one of them")));
        }
    }
}

/// What makes two objects the same for an API server.
fn identity<'p>(object: &Applied<'p>) -> Option<[&'p str; 4]> {
    let (kind, name) = (object.kind(), object.name());
    if kind.is_empty() || name.is_empty() {
        return None;
    }
    let namespace = match scope(object) {
        Some(Scope::Cluster) => "",
        Some(Scope::Namespace) | None => object.namespace().unwrap_or_default(),
    };
    Some([object.group(), kind, namespace, name])
}

/// Where the objects of a kind live.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    Namespace,
    Cluster,
}

/// Where an object lives; `None` of kinds that Kubernetes does not bring.
pub(super) fn scope(object: &Applied<'_>) -> Option<Scope> {
    let gvk = Gvk::new(object.api_version(), object.kind())?;
    let served = Release::all()
        .rev()
        .find_map(|release| served(gvk, release))?;
    Some(if served.namespaced {
        Scope::Namespace
    } else {
        Scope::Cluster
    })
}
