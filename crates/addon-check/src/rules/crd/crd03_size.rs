//! A CRD has at most 256 KiB as JSON.
//!
//! A client-side apply keeps the object in an annotation, which has no room for more (`metadata.annotations: Too long`).
//!
//! Bad: a generated CRD with the descriptions of all Pod fields.
//!
//! Good: the same generated without descriptions (`controller-gen crd:maxDescLen=0`).

use super::definitions;
use crate::proof::Proof;
use crate::rule::{Found, Holds, Rule};
use crate::rules::k8s::k8s07_size::{is_longer, size};
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "CRD03",
    title: "a CRD fits into the annotation of an apply",
    severity: Severity::Warning,
    holds: Holds::Always,
    mended: false,
    file: "crd/crd03_size.rs",
    source: include_str!("crd03_size.rs"),
    found: &[Found::InProof(check)],
};

/// The most bytes of all annotations of an object.
const ANNOTATION: usize = 256 << 10;

fn check(proof: &Proof<'_>, findings: &mut Vec<Diagnostic>) {
    for definition in definitions(proof) {
        if !is_longer(definition.tree, ANNOTATION / 2) {
            continue;
        }
        let bytes = size(definition.tree);
        if bytes > ANNOTATION {
            let message = format!(
                "the CRD has {} KiB and does not fit into the annotation of an apply",
                bytes >> 10
            );
            let found = RULE.finding(message, definition.start());
            let found = found.help("generate it without descriptions");
            findings.push(definition.in_case(proof, found));
        }
    }
}
