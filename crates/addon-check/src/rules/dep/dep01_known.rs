//! Each dependency is an addon of the same folder.
//!
//! Only such a one can be looked into: what it defines, which versions of KubeVela it takes, which CRDs it brings. One that
//! comes from a registry is no fault, so this is an information; whether the registry has it is not known here.
//!
//! Bad: `metadata.yaml` of an addon without a folder `fluxdc` beside it
//! ```yaml
//! dependencies: [{name: fluxdc}]
//! ```
//! Good:
//! ```yaml
//! dependencies: [{name: fluxcd}]
//! ```

use crate::proof::Proof;
use crate::rule::{Found, Holds, Rule};
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "DEP01",
    title: "a dependency is known",
    severity: Severity::Info,
    holds: Holds::Always,
    mended: false,
    file: "dep/dep01_known.rs",
    source: include_str!("dep01_known.rs"),
    found: &[Found::InProof(check)],
};

fn check(proof: &Proof<'_>, findings: &mut Vec<Diagnostic>) {
    for dependency in proof.addon().meta().dependencies() {
        let name = &dependency.name;
        if name.is_empty() || !proof.missing_dependencies().contains(&name.as_str()) {
            continue;
        }
        let message = format!("the addon `{}` is not in this folder", name.value);
        let found = RULE.finding(message, proof.input.metadata_place(name.span));
        findings.push(found.help("check it together with the addons that it depends on"));
    }
}
