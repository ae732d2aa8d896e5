//! A definition in a YAML file of `definitions/` has no namespace, or `vela-system`, and a description.
//!
//! KubeVela puts every definition of an addon into `vela-system`, whatever the file says. The annotation
//! `definition.oam.dev/description` is what `vela component`, `vela trait` and VelaUX show of it.
//!
//! Bad:
//! ```yaml
//! kind: TraitDefinition
//! metadata: {name: gateway, namespace: default}
//! ```
//! Good:
//! ```yaml
//! kind: TraitDefinition
//! metadata:
//!   name: gateway
//!   annotations: {definition.oam.dev/description: Makes a component reachable from outside}
//! ```

use crate::input::Input;
use crate::rule::{Found, Holds, Rule};
use addon_model::{Element, YamlFile};
use goyaml::Tree;
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "DEF14",
    title: "a definition in YAML leaves its namespace to KubeVela",
    severity: Severity::Warning,
    holds: Holds::Always,
    mended: false,
    file: "def/def14_namespace.rs",
    source: include_str!("def14_namespace.rs"),
    found: &[Found::InAddon(check)],
};

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    let files = input.addon.definitions.iter().filter_map(Element::as_yaml);
    for root in files.filter_map(YamlFile::tree) {
        let kind = root.get("kind").and_then(Tree::as_str).unwrap_or_default();
        let Some(metadata) = root
            .get("metadata")
            .filter(|_| kind.ends_with("Definition"))
        else {
            continue;
        };
        let namespace = metadata.get("namespace");
        let other = |namespace: &&Tree| {
            let text = namespace.as_str().unwrap_or_default();
            !text.is_empty() && text != "vela-system"
        };
        if let Some(namespace) = namespace.filter(other) {
            let found = RULE.finding(
                "the namespace is overwritten with `vela-system`",
                namespace.span,
            );
            findings.push(found.help("remove it"));
        }
        let description = metadata
            .get("annotations")
            .and_then(|annotations| annotations.get("definition.oam.dev/description"))
            .and_then(Tree::as_str);
        if description.is_none_or(|text| text.trim().is_empty()) {
            let found = RULE.finding("the definition has no description", metadata.span.start());
            findings.push(found.help("write the annotation `definition.oam.dev/description`"));
        }
    }
}
