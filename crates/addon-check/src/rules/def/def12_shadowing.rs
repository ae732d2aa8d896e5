//! A definition has a name that no other definition of its kind has.
//!
//! Definitions are known to the whole cluster by kind and name. One that is called as a definition of KubeVela replaces
//! it for every application, and of two addons that bring the same name `vela addon enable` refuses the second
//! (`checkConflictDefs`), unless it is told to overwrite. Names are compared with KubeVela's own, with those of the addon's
//! dependencies, and with the public catalogue.
//!
//! Bad: `definitions/gateway.cue`
//! ```cue
//! gateway: {type: "trait"}
//! template: patch: metadata: labels: "example.org/gateway": "yes"
//! ```
//! Good:
//! ```cue
//! "example-gateway": {type: "trait"}
//! template: patch: metadata: labels: "example.org/gateway": "yes"
//! ```

use crate::definitions;
use crate::proof::Proof;
use crate::rule::{Found, Holds, Rule};
use source_vocab::{Diagnostic, Severity};
use std::collections::BTreeSet;

pub(super) const RULE: Rule = Rule {
    id: "DEF12",
    title: "no other definition has the name of a definition",
    severity: Severity::Warning,
    holds: Holds::Always,
    mended: false,
    file: "def/def12_shadowing.rs",
    source: include_str!("def12_shadowing.rs"),
    found: &[Found::InProof(check)],
};

fn check(proof: &Proof<'_>, findings: &mut Vec<Diagnostic>) {
    let own_name = proof.addon().meta().name.as_str();
    for own in proof.definitions() {
        let what = format!("{} `{}`", definitions::noun(own.kind), own.name);
        if definitions::is_built_in(own.kind, &own.name) {
            let message = format!("the {what} replaces the one that comes with KubeVela");
            let help = "give it a name of its own";
            findings.push(RULE.finding(message, own.span).help(help));
            continue;
        }
        let near = proof.dependencies().iter().filter(|neighbour| {
            let same = |other: &crate::proof::KnownDefinition| {
                other.kind == own.kind && other.name == own.name
            };
            neighbour.definitions().iter().any(same)
        });
        let mut others: BTreeSet<&str> = near.map(|neighbour| neighbour.name()).collect();
        others.extend(definitions::addons_with(own.kind, &own.name));
        others.remove(own_name);
        if others.is_empty() {
            continue;
        }
        let names: Vec<String> = others.iter().map(|name| format!("`{name}`")).collect();
        let message = format!("the addon {} has a {what} too", names.join(" and "));
        let found = RULE.finding(message, own.span);
        let note = "KubeVela enables the second of them only with `--override-definitions`";
        findings.push(found.note(note).help("give it a name of its own"));
    }
}
