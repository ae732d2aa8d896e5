//! An addon whose definitions are used stands in `dependencies`.
//!
//! KubeVela installs what is listed there, and nothing else: without `fluxcd` there is no component type `helm`, and the
//! Application waits for a definition that never comes. Which addon has which definition is known for the public catalogue.
//!
//! While a dependency is not at hand it may bring the addon along, so the finding is a warning then.
//!
//! Bad: `metadata.yaml` without `dependencies`, and
//! ```yaml
//! components:
//! - name: chart
//!   type: helm
//! ```
//! Good: in `metadata.yaml`
//! ```yaml
//! dependencies:
//! - name: fluxcd
//!   version: ">=2.0.0"
//! ```

use super::ref01_component_type::finding;
use crate::definitions::{self, Elsewhere, Known};
use crate::proof::Proof;
use crate::rule::{Found, Holds, Rule};
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "REF03",
    title: "an addon whose definitions are used is a dependency",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "ref/ref03_dependency.rs",
    source: include_str!("ref03_dependency.rs"),
    found: &[Found::InProof(check)],
};

fn check(proof: &Proof<'_>, findings: &mut Vec<Diagnostic>) {
    let known = Known::of(proof);
    for seen in proof.uses() {
        let used = &seen.used;
        if known.find(used.kind, &used.name).is_some() {
            continue;
        }
        let Elsewhere::Addons(addons) = definitions::elsewhere(used.kind, &used.name) else {
            continue;
        };
        // an addon that is listed and not at hand has it
        if addons.iter().any(|addon| known.missing().contains(addon)) {
            continue;
        }
        let names: Vec<String> = addons.iter().map(|addon| format!("`{addon}`")).collect();
        let message = format!(
            "the {} comes from the addon {}, which is no dependency",
            seen.subject(),
            names.join(" or ")
        );
        let help = match addons.first() {
            Some(addon) => {
                format!("write `- name: {addon}` under `dependencies` in `metadata.yaml`")
            }
            None => continue,
        };
        let found = finding(&RULE, &known, seen, message).help(help);
        findings.push(seen.told(proof, found));
    }
}
