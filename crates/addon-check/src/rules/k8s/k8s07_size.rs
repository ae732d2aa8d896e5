//! An object in the YAML files of `resources/` has less than 1 MiB as JSON, better less than 256 KiB.
//!
//! KubeVela puts the objects into the Application, and the API server refuses a request of more than about 1 MiB (`request is
//! too large`). What has more than 256 KiB does not fit into the annotation with which an apply remembers it
//! (`metadata.annotations: Too long`); that is a warning. (Large CRDs are CRD03.)
//!
//! Bad: a ConfigMap with a dashboard of 400 KiB.
//!
//! Good: the dashboard in several ConfigMaps, or loaded from where it is published.

use crate::proof::Proof;
use crate::rule::{Found, Holds, Rule};
use crate::rules::applied::applied;
use goyaml::{Data, Tree};
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "K8S07",
    title: "an object is small enough to be applied",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "k8s/k8s07_size.rs",
    source: include_str!("k8s07_size.rs"),
    found: &[Found::InProof(check)],
};

fn check(proof: &Proof<'_>, findings: &mut Vec<Diagnostic>) {
    for object in applied(proof) {
        // what has few values is not looked at closer
        if !is_longer(object.tree, ANNOTATION / 2) {
            continue;
        }
        let bytes = size(object.tree);
        let is_crd = object.kind() == "CustomResourceDefinition";
        let kib = bytes >> 10;
        let place = object.start();
        let found = if bytes > REQUEST {
            let message = format!("the object has {kib} KiB, more than a request may have");
            RULE.finding(message, place)
        } else if bytes > ANNOTATION && !is_crd {
            let message = format!(
                "the object has {kib} KiB and does not fit into the annotation of an apply"
            );
            RULE.milder(Severity::Warning, message, place)
        } else {
            continue;
        };
        let found = found.help("split it, or load what is large from where it is published");
        findings.push(object.in_case(proof, found));
    }
}

/// What fits into the annotation `last-applied-configuration`, and what a request to the API server may have.
const ANNOTATION: usize = 256 << 10;
const REQUEST: usize = 1 << 20;

/// Whether the texts and keys of an object have more than so many bytes, a few for each value included.
pub(in crate::rules) fn is_longer(object: &Tree, limit: usize) -> bool {
    fn add(tree: &Tree, total: &mut usize, limit: usize) {
        if *total > limit {
            return;
        }
        *total += 8;
        match &tree.data {
            Data::String(text) => *total += text.len(),
            Data::List(items) => items.iter().for_each(|item| add(item, total, limit)),
            Data::Map(entries) => {
                for entry in entries {
                    *total += entry.key.len();
                    add(&entry.value, total, limit);
                }
            }
            Data::Null | Data::Bool(_) | Data::Number(_) => {}
        }
    }
    let mut total = 0;
    add(object, &mut total, limit);
    total > limit
}

/// Bytes of an object as JSON.
pub(in crate::rules) fn size(object: &Tree) -> usize {
    serde_json::Value::from(&object.to_value())
        .to_string()
        .len()
}
