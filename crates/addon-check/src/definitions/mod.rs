//! What an Application says to definitions: whether they exist, and whether they take what they are given.
//!
//! ```text
//! Application ── uses ──► type, properties ── known ──► own | dependency | built-in ──► parameters ──► faults
//! ```
//! - `uses.rs`: the types that an Application names, with their properties;
//! - `known.rs`: the definitions that the addon may use;
//! - `builtin.rs`, `catalogue.rs`: data about KubeVela's own definitions and about the public catalogue;
//! - `template.rs`, `schema.rs`: properties against the parameters of a template, or against a schema; `fault.rs`: what is wrong.
//!
//! All Applications of a proof are looked at. A use that two of them have in common (same place, same properties) is
//! judged once.

mod builtin;
mod catalogue;
mod fault;
mod known;
mod schema;
mod template;
mod uses;

pub(crate) use catalogue::addons_with;
pub(crate) use fault::{Fault, FaultKind};
pub(crate) use known::{Definition, Elsewhere, Known, bare, elsewhere};
pub(crate) use uses::Use;

use crate::proof::Proof;
use addon_render::definition::Kind;
use source_vocab::{Diagnostic, Place, Span};
use std::collections::BTreeSet;

/// A use in one of the Applications of a proof.
#[derive(Clone, Debug)]
pub(crate) struct Seen<'p> {
    pub(crate) used: Use<'p>,
    /// The first case that has it.
    case: usize,
    /// The place of the Application as a whole.
    around: Place,
}

impl Seen<'_> {
    /// The place of a span of the use.
    pub(crate) fn place(&self, span: Span) -> Place {
        let own = [span, self.used.span];
        let own = own.into_iter().find(|span| !span.is_detached());
        own.map_or_else(|| self.around.clone(), Place::Text)
    }

    /// A finding, with the case that shows it.
    pub(crate) fn told(&self, proof: &Proof<'_>, finding: Diagnostic) -> Diagnostic {
        proof.in_case(finding, self.case)
    }

    /// What the use is of, with its type: "component type `webservice`".
    pub(crate) fn subject(&self) -> String {
        format!("{} `{}`", noun(self.used.kind), self.used.name)
    }
}

/// All distinct uses in the Applications of a proof, without those that KubeVela itself makes.
pub(crate) fn seen<'p>(proof: &'p Proof<'p>) -> Vec<Seen<'p>> {
    let mut all = Vec::new();
    let mut known = BTreeSet::new();
    for application in proof.applications() {
        for used in uses::uses(application.tree) {
            let properties = used
                .properties
                .map(|tree| goyaml::to_string(&tree.to_value()));
            let key = (used.span, used.name.clone(), properties, used.given.clone());
            if used.name.is_empty() || !known.insert(key) {
                continue;
            }
            all.push(Seen {
                used,
                case: application.case,
                around: application.place.clone(),
            });
        }
    }
    all
}

/// How a kind of definition is called.
pub(crate) fn noun(kind: Kind) -> &'static str {
    match kind {
        Kind::Component => "component type",
        Kind::Trait => "trait",
        Kind::Policy => "policy type",
        Kind::WorkflowStep => "workflow step type",
        Kind::Workload => "workload type",
    }
}

/// Whether a definition comes with KubeVela.
pub(crate) fn is_built_in(kind: Kind, name: &str) -> bool {
    builtin::find(kind, name).is_some_and(|definition| definition.is_installed)
}

/// The release with which a definition of KubeVela came, where it was not always there.
pub(crate) fn since(name: &str) -> Option<&'static str> {
    builtin::since(name)
}
