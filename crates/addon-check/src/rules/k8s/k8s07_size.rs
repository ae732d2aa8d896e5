//! An object in the YAML files of `resources/` has less than 1 MiB as JSON, better less than 256 KiB.
//!
//! KubeVela puts the objects into the Application, and the API server refuses a request of more than about 1 MiB (`request is
//! too large`). What has more than 256 KiB does not fit into the annotation with which an apply remembers it
//! (`metadata.annotations: Too long`); that is a warning. (Large CRDs are CRD03.)
//!
//! Bad: a ConfigMap with a dashboard of 400 KiB.
//!
//! Good: the dashboard in several ConfigMaps, or loaded from where it is published.

use crate::input::Input;
use crate::rule::{Found, Holds, Rule};
use goyaml::Tree;
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "K8S07",
    title: "an object is small enough to be applied",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "k8s/k8s07_size.rs",
    source: include_str!("k8s07_size.rs"),
    found: &[Found::InAddon(check)],
};

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    for (yaml, object) in input.manifests() {
        // YAML is longer than the JSON of it, or nearly so
        if yaml.file.text().len() < ANNOTATION / 2 {
            continue;
        }
        let bytes = size(object);
        let is_crd = object.get("kind").and_then(Tree::as_str) == Some("CustomResourceDefinition");
        let kib = bytes >> 10;
        let place = object.span.start();
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
        findings.push(found.help("split it, or load what is large from where it is published"));
    }
}

/// What fits into the annotation `last-applied-configuration`, and what a request to the API server may have.
const ANNOTATION: usize = 256 << 10;
const REQUEST: usize = 1 << 20;

/// Bytes of an object as JSON.
pub(in crate::rules) fn size(object: &Tree) -> usize {
    serde_json::Value::from(&object.to_value())
        .to_string()
        .len()
}
