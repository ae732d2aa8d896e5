//! The schema, versions and conversion of a CRD are those of a CRD that an API server takes.
//!
//! Every version has a schema, one is stored, and the schema is structural: each field has a type, `properties` and
//! `additionalProperties` do not stand together, nothing below `anyOf` and its like has a type or a default, keys of lists are
//! required, defaults fit the fields they are for, patterns are regular expressions of Go, and rules
//! (`x-kubernetes-validations`) compile. A server refuses any other CRD, and with it everything that the addon wants to make
//! of its kind. The fields in messages are called as the server calls them: `spec.validation` is the schema of all versions.
//!
//! Bad:
//! ```yaml
//! versions:
//! - name: v1
//!   served: true
//!   storage: true
//!   schema:
//!     openAPIV3Schema:
//!       properties:
//!         spec: {properties: {size: {type: int}}}
//! ```
//! Good:
//! ```yaml
//! versions:
//! - name: v1
//!   served: true
//!   storage: true
//!   schema:
//!     openAPIV3Schema:
//!       type: object
//!       properties:
//!         spec: {type: object, properties: {size: {type: integer}}}
//! ```

use super::{definitions, finding};
use crate::kubernetes::Admitted;
use crate::proof::Proof;
use crate::rule::{Found, Holds, Rule};
use goyaml::Tree;
use kube_schema::crd::validate_versions;
use kube_schema::{Fault, FaultKind, Release, as_sent, inspect};
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "CRD01",
    title: "a CRD is one that an API server takes",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "crd/crd01_definition.rs",
    source: include_str!("crd01_definition.rs"),
    found: &[Found::InProof(check)],
};

fn check(proof: &Proof<'_>, findings: &mut Vec<Diagnostic>) {
    let newest = Admitted::of(proof.input).releases().iter().next_back();
    let release = newest.unwrap_or(Release::NEWEST);
    for definition in definitions(proof) {
        for fault in faults(&as_sent(definition.tree), release) {
            let mut found = finding(&RULE, proof, &definition, &fault);
            if fault.field == "spec.versions" {
                for flag in storage_flags(definition.tree) {
                    found = found.label(definition.place_of(flag.span), "whether it is stored");
                }
            }
            findings.push(found);
        }
    }
}

/// What each version says about being stored.
fn storage_flags(object: &Tree) -> impl Iterator<Item = &Tree> {
    let versions = object.get("spec").and_then(|spec| spec.get("versions"));
    let versions = versions.map(Tree::items).unwrap_or_default();
    versions.iter().filter_map(|version| version.get("storage"))
}

/// What a server refuses in a CRD, apart from types and fields, and what is required, which K8S01 looks at.
fn faults(object: &Tree, release: Release) -> Vec<Fault> {
    let decoded = inspect(object, release.into());
    let is_decoded = |found: &Fault| found.kind == FaultKind::Required;
    if !decoded.iter().all(|found| is_decoded(&found.fault)) {
        return Vec::new();
    }
    let mut faults = validate_versions(object, release);
    faults.retain(|fault| !decoded.iter().any(|found| found.fault.field == fault.field));
    faults
}
