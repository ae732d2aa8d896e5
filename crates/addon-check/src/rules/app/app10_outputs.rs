//! `outputs` of `template.cue` is a struct of objects, each complete: `apiVersion`, `kind` and `metadata.name`.
//!
//! KubeVela applies each by itself, beside the Application. What is no struct it ignores without a word; an object without a
//! kind or a name ends the enable half done.
//!
//! Bad:
//! ```cue
//! outputs: settings: {
//!     kind: "ConfigMap"
//!     data: a: "b"
//! }
//! ```
//! Good:
//! ```cue
//! outputs: settings: {
//!     apiVersion: "v1"
//!     kind:       "ConfigMap"
//!     metadata: {name: "settings", namespace: "vela-system"}
//!     data: a: "b"
//! }
//! ```

use crate::proof::{Proof, ProvenObject, Role};
use crate::rule::{Found, Holds, Rule};
use addon_render::AuxiliaryRole;
use goyaml::Step;
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "APP10",
    title: "what stands in `outputs` is an object",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "app/app10_outputs.rs",
    source: include_str!("app10_outputs.rs"),
    found: &[Found::InProof(check)],
};

fn check(proof: &Proof<'_>, findings: &mut Vec<Diagnostic>) {
    for object in proof.objects() {
        let is_output = matches!(
            object.role,
            Role::Auxiliary {
                role: AuxiliaryRole::Output,
                ..
            }
        );
        if let Some(missing) = missing(object).filter(|_| is_output) {
            let message = format!("an object of `outputs` has no `{missing}`");
            let place = object.place_at(&[Step::Key("metadata")]);
            let found = RULE
                .finding(message, place)
                .help("write a struct with `apiVersion`, `kind` and `metadata.name`");
            findings.push(proof.in_case(found, object.case));
        }
    }
}

fn missing(object: &ProvenObject<'_>) -> Option<&'static str> {
    let parts = [
        ("apiVersion", object.api_version()),
        ("kind", object.kind()),
        ("metadata.name", object.name()),
    ];
    let empty = parts.into_iter().find(|(_, text)| text.is_empty());
    empty.map(|(field, _)| field)
}
