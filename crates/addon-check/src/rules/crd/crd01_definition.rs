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

use super::{definitions, faults, finding};
use crate::proof::Proof;
use crate::rule::{Found, Holds, Rule};
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
    for definition in definitions(proof) {
        for fault in faults(proof, &definition) {
            if !super::crd02_names::is_of_names(&fault) {
                findings.push(finding(&RULE, proof, &definition, &fault));
            }
        }
    }
}
