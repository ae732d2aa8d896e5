//! A CRD comes from one addon: not from the addon and one that it depends on as well.
//!
//! Both apply it, one after the other wins, and disabling either takes the CRD away from the other, with all objects of its
//! kind. KubeVela refuses the second one when both are in use, since the first one owns the CRD.
//!
//! Bad: `resources/crds.yaml` repeats a CRD of an addon in `dependencies`.
//!
//! Good: the CRD stands in the addon that is depended on, alone.

use super::definitions;
use crate::proof::Proof;
use crate::rule::{Found, Holds, Rule};
use crate::rules::applied::text;
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "CRD05",
    title: "a CRD comes from one addon",
    severity: Severity::Warning,
    holds: Holds::Always,
    mended: false,
    file: "crd/crd05_twice.rs",
    source: include_str!("crd05_twice.rs"),
    found: &[Found::InProof(check)],
};

fn check(proof: &Proof<'_>, findings: &mut Vec<Diagnostic>) {
    let definitions = definitions(proof);
    if definitions.is_empty() {
        return;
    }
    for neighbour in proof.dependencies() {
        let objects = neighbour.objects();
        let theirs = objects
            .iter()
            .filter(|object| text(object, "kind") == "CustomResourceDefinition");
        let names: Vec<&str> = theirs
            .filter_map(|object| {
                object
                    .get("metadata")
                    .map(|metadata| text(metadata, "name"))
            })
            .collect();
        for definition in &definitions {
            let name = definition.name();
            if !name.is_empty() && names.contains(&name) {
                let message = format!(
                    "the CRD `{name}` also comes from the addon `{}`, on which this one depends",
                    neighbour.name()
                );
                let found = RULE.finding(message, definition.place_of_name());
                let found = found.help("leave it to the addon that is depended on");
                findings.push(definition.in_case(proof, found));
            }
        }
    }
}
