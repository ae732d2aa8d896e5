//! A dependency is used: one of its definitions is a type in the addon, one of its custom resources an object, or one of its
//! config templates the template of a config.
//!
//! Each dependency is one more addon that has to be there, to fit and to be upgraded. Nothing is said of one that installs a
//! chart or brings no definitions, since what it gives is not known.
//!
//! Bad: `dependencies: [{name: fluxcd}]` in an addon without a component of type `helm` or `kustomize`.
//!
//! Good: the addon without the dependency.

use crate::proof::{Neighbour, Proof};
use crate::rule::{Found, Holds, Rule};
use crate::rules::applied::{at, items, text};
use crate::syntax::Fields;
use goyaml::Tree;
use source_vocab::{Diagnostic, Severity};
use std::collections::BTreeSet;

pub(super) const RULE: Rule = Rule {
    id: "DEP07",
    title: "a dependency is used",
    severity: Severity::Warning,
    holds: Holds::Always,
    mended: false,
    file: "dep/dep07_unused.rs",
    source: include_str!("dep07_unused.rs"),
    found: &[Found::InProof(check)],
};

fn check(proof: &Proof<'_>, findings: &mut Vec<Diagnostic>) {
    for dependency in proof.addon().meta().dependencies() {
        let name = &dependency.name;
        let mut known = proof.dependencies().iter();
        let Some(neighbour) = known.find(|one| one.name() == name.as_str()) else {
            continue;
        };
        let Some(gives) = gives(neighbour) else {
            continue;
        };
        let mut texts = proof
            .input
            .texts()
            .chain(&proof.input.others)
            .filter(|file| {
                !matches!(file.path.as_str(), "metadata.yaml")
                    && file.path.extension() != Some("md")
            });
        let is_used = texts.any(|file| gives.iter().any(|word| mentions(file.text(), word)));
        if is_used {
            continue;
        }
        let message = format!("nothing in the addon uses what `{}` gives", name.value);
        let found = RULE.finding(message, proof.input.metadata_place(name.span));
        findings.push(found.help("remove the dependency, or say in an ignore what needs it"));
    }
}

/// The names by which a dependency is used: its definitions and config templates, and the groups of its CRDs. `None` when they are not all known.
fn gives(neighbour: &Neighbour) -> Option<BTreeSet<String>> {
    let objects = neighbour.objects();
    let is_plain = |component: &Tree| matches!(text(component, "type"), "k8s-objects" | "raw");
    let is_known = objects
        .iter()
        .any(|object| text(object, "kind") == "Application")
        && objects
            .iter()
            .flat_map(|object| items(object, &["spec", "components"]))
            .all(is_plain);
    if !is_known || neighbour.definitions().is_empty() {
        return None;
    }
    let names = neighbour.definitions().iter().map(|one| one.name.clone());
    let groups = objects
        .iter()
        .filter(|object| text(object, "kind") == "CustomResourceDefinition")
        .filter_map(|object| at(object, &["spec", "group"])?.as_str())
        .map(str::to_owned);
    let mut gives: BTreeSet<String> = names.chain(groups).collect();
    for file in &neighbour.addon.config_templates {
        let parsed = cue_syntax::parse(&file.source);
        gives.insert(Fields::at(&parsed.file.decls, &["metadata", "name"]).text()?);
    }
    Some(gives)
}

/// Whether a text has a word, not as a part of another.
fn mentions(text: &str, word: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    text.match_indices(word).any(|(at, _)| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        let after = text
            .get(at + word.len()..)
            .and_then(|after| after.chars().next());
        !before.is_some_and(is_part) && !after.is_some_and(is_part)
    })
}
