//! A CRD in `resources/` has at most 256 KiB as JSON.
//!
//! A client-side apply keeps the object in an annotation, which has no room for more (`metadata.annotations: Too long`).
//!
//! Bad: a generated CRD with the descriptions of all Pod fields.
//!
//! Good: the same generated without descriptions (`controller-gen crd:maxDescLen=0`).

use crate::input::Input;
use crate::rule::{Found, Holds, Rule};
use crate::rules::k8s::k8s07_size::size;
use goyaml::Tree;
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "CRD03",
    title: "a CRD fits into the annotation of an apply",
    severity: Severity::Warning,
    holds: Holds::Always,
    mended: false,
    file: "crd/crd03_size.rs",
    source: include_str!("crd03_size.rs"),
    found: &[Found::InAddon(check)],
};

/// The most bytes of all annotations of an object.
const ANNOTATION: usize = 256 << 10;

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    for (yaml, object) in input.manifests() {
        let is_crd = object.get("kind").and_then(Tree::as_str) == Some("CustomResourceDefinition");
        if !is_crd || yaml.file.text().len() < ANNOTATION / 2 {
            continue;
        }
        let bytes = size(object);
        if bytes > ANNOTATION {
            let message = format!(
                "the CRD has {} KiB and does not fit into the annotation of an apply",
                bytes >> 10
            );
            let found = RULE.finding(message, object.span.start());
            findings.push(found.help("generate it without descriptions"));
        }
    }
}
