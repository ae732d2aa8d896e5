//! Where an addon takes the parameter `clusters`, so do the addons that it depends on.
//!
//! Otherwise the addon goes to the clusters that its user names, and what it needs there does not.
//!
//! Bad: `parameter: clusters?: [...string]` in the addon, and a dependency without it.
//!
//! Good: the same parameter in both; KubeVela hands the value on to dependencies.

use crate::proof::Proof;
use crate::rule::{Found, Holds, Rule};
use crate::syntax::{fields_in, name_of};
use addon_model::Addon;
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "DEP06",
    title: "a dependency goes to the same clusters",
    severity: Severity::Warning,
    holds: Holds::Always,
    mended: false,
    file: "dep/dep06_clusters.rs",
    source: include_str!("dep06_clusters.rs"),
    found: &[Found::InProof(check)],
};

fn check(proof: &Proof<'_>, findings: &mut Vec<Diagnostic>) {
    if takes_clusters(proof.addon()) != Some(true) {
        return;
    }
    for dependency in proof.addon().meta().dependencies() {
        let name = &dependency.name;
        let mut known = proof.dependencies().iter();
        let Some(neighbour) = known.find(|one| one.name() == name.as_str()) else {
            continue;
        };
        if takes_clusters(&neighbour.addon) == Some(false) {
            let message = format!("`{}` does not take the parameter `clusters`", name.value);
            let found = RULE.finding(message, proof.input.metadata_place(name.span));
            findings
                .push(found.help(
                    "say in the README where it has to be enabled, or give it the parameter",
                ));
        }
    }
}

/// Whether an addon has the parameter `clusters`; `None` when its parameters cannot be read.
fn takes_clusters(addon: &Addon) -> Option<bool> {
    let file = addon
        .parameter
        .as_ref()
        .or(addon.resource_parameter.as_ref());
    let Some(file) = file else {
        return Some(false);
    };
    let parsed = cue_syntax::parse(&file.source);
    if !parsed.errors.is_empty() {
        return None;
    }
    let fields = fields_in(&parsed.file.decls, &["parameter"]);
    Some(
        fields
            .iter()
            .any(|field| name_of(field).as_deref() == Some("clusters")),
    )
}
