//! A CRD is called `PLURAL.GROUP`, its group is a domain, and its names, short names and categories are names.
//!
//! The API server refuses any other. A group of Kubernetes itself (`*.k8s.io`) needs an annotation that says who approved it.
//!
//! Bad:
//! ```yaml
//! metadata: {name: widget.example.org}
//! spec:
//!   group: example.org
//!   names: {plural: widgets, kind: Widget, shortNames: [WG]}
//! ```
//! Good:
//! ```yaml
//! metadata: {name: widgets.example.org}
//! spec:
//!   group: example.org
//!   names: {plural: widgets, kind: Widget, shortNames: [wg]}
//! ```

use super::{definitions, finding};
use crate::proof::Proof;
use crate::rule::{Found, Holds, Rule};
use kube_schema::FaultKind;
use kube_schema::crd::validate_names;
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "CRD02",
    title: "a CRD is called `PLURAL.GROUP`, and its names are names",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "crd/crd02_names.rs",
    source: include_str!("crd02_names.rs"),
    found: &[Found::InProof(check)],
};

fn check(proof: &Proof<'_>, findings: &mut Vec<Diagnostic>) {
    for definition in definitions(proof) {
        for fault in validate_names(definition.tree) {
            // what the schema of CRDs requires is told by K8S01
            let is_required = fault.kind == FaultKind::Required && fault.field.starts_with("spec.");
            if is_required {
                continue;
            }
            let mut found = finding(&RULE, proof, &definition, &fault);
            let names = definition
                .tree
                .get("spec")
                .and_then(|spec| spec.get("names"));
            if fault.field == "metadata.name"
                && let Some(plural) = names.and_then(|names| names.get("plural"))
            {
                found = found.label(definition.place_of(plural.span), "the plural");
            }
            findings.push(found);
        }
    }
}
