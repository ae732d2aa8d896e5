//! CRD: custom resource definitions.

mod crd01_definition;
mod crd02_names;
mod crd03_size;
mod crd04_conversion;
mod crd05_twice;
mod crd06_together;
mod crd07_workload;

use crate::proof::Proof;
use crate::rule::Rule;
use crate::rules::applied::{Applied, applied};
use crate::rules::fault::remedy;
use goyaml::Tree;
use kube_schema::{CrdSet, Fault};
use source_vocab::Diagnostic;

/// The rules, by their id.
pub(super) const RULES: &[Rule] = &[
    crd01_definition::RULE,
    crd02_names::RULE,
    crd03_size::RULE,
    crd04_conversion::RULE,
    crd05_twice::RULE,
    crd06_together::RULE,
    crd07_workload::RULE,
];

/// The API that servers have since 1.22.
const API: &str = "apiextensions.k8s.io/v1";

/// The CRDs that the addon itself applies.
fn definitions<'p>(proof: &'p Proof<'_>) -> Vec<Applied<'p>> {
    let mut all = applied(proof);
    all.retain(|object| object.kind() == "CustomResourceDefinition" && object.api_version() == API);
    all
}

/// A finding for a fault of a CRD.
fn finding(rule: &Rule, proof: &Proof<'_>, definition: &Applied<'_>, fault: &Fault) -> Diagnostic {
    let name = definition.name();
    let message = match fault.field.as_str() {
        "" => format!("the CRD `{name}` {}", fault.message),
        field => format!("`{field}` of the CRD `{name}` {}", fault.message),
    };
    let mut found = rule.finding(message, definition.place_of(fault.span));
    let help = fault.help.clone();
    found.help = Some(help.unwrap_or_else(|| remedy(fault.kind).to_owned()));
    definition.in_case(proof, found)
}

/// All CRDs that are there when the addon's objects are applied: those of KubeVela, of the dependencies, and its own.
pub(super) fn known<'p>(proof: &'p Proof<'_>) -> CrdSet<'p> {
    let mut set = CrdSet::of_kubevela();
    let of_others: Vec<&Tree> = proof.crds();
    for crd in of_others.into_iter().rev() {
        set.insert(crd);
    }
    for definition in definitions(proof) {
        set.insert(definition.tree);
    }
    set
}

/// The CRDs of the addon alone.
pub(super) fn own<'p>(proof: &'p Proof<'_>) -> CrdSet<'p> {
    let mut set = CrdSet::new();
    for definition in definitions(proof) {
        set.insert(definition.tree);
    }
    set
}
