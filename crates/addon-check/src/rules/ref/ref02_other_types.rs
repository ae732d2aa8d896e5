//! The `type` of a trait, a policy and a workflow step names a definition that is there when the addon is enabled.
//!
//! As for components (REF01). Steps inside a group are looked at as well; the types that KubeVela runs by itself, such as
//! the step `suspend` and the policy `debug`, need no definition.
//!
//! While a dependency is not at hand it may define the type, so the finding is a warning then and says which one is missing.
//!
//! Bad:
//! ```yaml
//! policies:
//! - name: where
//!   type: topolgy
//! ```
//! Good:
//! ```yaml
//! policies:
//! - name: where
//!   type: topology
//! ```

use super::ref01_component_type::unknown;
use crate::proof::Proof;
use crate::rule::{Found, Holds, Rule};
use addon_render::definition::Kind;
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "REF02",
    title: "the type of a trait, a policy and a workflow step is known",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "ref/ref02_other_types.rs",
    source: include_str!("ref02_other_types.rs"),
    found: &[Found::InProof(check)],
};

fn check(proof: &Proof<'_>, findings: &mut Vec<Diagnostic>) {
    let kinds = [Kind::Trait, Kind::Policy, Kind::WorkflowStep];
    unknown(&RULE, &kinds, proof, findings);
}
