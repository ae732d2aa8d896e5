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

use super::{definitions, faults, finding};
use crate::proof::Proof;
use crate::rule::{Found, Holds, Rule};
use kube_schema::Fault;
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
        for fault in faults(proof, &definition) {
            if is_of_names(&fault) {
                findings.push(finding(&RULE, proof, &definition, &fault));
            }
        }
    }
}

/// Whether a fault is one of names, and not of what the CRD defines.
pub(super) fn is_of_names(fault: &Fault) -> bool {
    ["metadata.", "spec.names", "spec.group", "spec.scope"]
        .iter()
        .any(|of_names| fault.field.starts_with(of_names))
}
