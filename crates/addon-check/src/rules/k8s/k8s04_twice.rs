//! No two YAML files of `resources/` have an object of the same API, kind, namespace and name.
//!
//! All are put into one component, and the later one overwrites the earlier on the cluster.
//!
//! Bad: `resources/a.yaml` and `resources/b.yaml`, both with
//! ```yaml
//! apiVersion: v1
//! kind: ServiceAccount
//! metadata: {name: operator, namespace: operators}
//! ```
//! Good: one of them.

use crate::input::Input;
use crate::rule::{Found, Holds, Rule};
use goyaml::Tree;
use source_vocab::{Diagnostic, Severity, Span};
use std::collections::BTreeMap;

pub(super) const RULE: Rule = Rule {
    id: "K8S04",
    title: "no object stands in the addon twice",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "k8s/k8s04_twice.rs",
    source: include_str!("k8s04_twice.rs"),
    found: &[Found::InAddon(check)],
};

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    let mut seen: BTreeMap<[String; 4], Span> = BTreeMap::new();
    for (_, object) in input.manifests() {
        let metadata = object.get("metadata");
        let Some(name) = metadata.and_then(|metadata| metadata.get("name")) else {
            continue;
        };
        let text = |tree: Option<&Tree>| tree.and_then(Tree::as_str).unwrap_or_default().to_owned();
        let key = [
            text(object.get("apiVersion")),
            text(object.get("kind")),
            text(metadata.and_then(|metadata| metadata.get("namespace"))),
            text(Some(name)),
        ];
        let message = format!("the {} `{}` stands in the addon twice", key[1], key[3]);
        if let Some(first) = seen.insert(key, name.span) {
            let found = RULE.finding(message, name.span);
            findings.push(found.label(first, "the first one").help("keep one of them"));
        }
    }
}
