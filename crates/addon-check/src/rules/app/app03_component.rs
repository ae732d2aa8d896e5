//! Each component has a `name` and a `type`.
//!
//! Without a name KubeVela fails with `resource name may not be empty`; without a type it finds no definition. A CUE file of
//! `resources/` that gives no name gets that of the file.
//!
//! Bad:
//! ```yaml
//! spec:
//!   components:
//!   - properties: {image: nginx}
//! ```
//! Good:
//! ```yaml
//! spec:
//!   components:
//!   - name: web
//!     type: webservice
//!     properties: {image: nginx}
//! ```

use crate::proof::Proof;
use crate::rule::{Found, Holds, Rule};
use goyaml::{Step, Tree};
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "APP03",
    title: "each component has a name and a type",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "app/app03_component.rs",
    source: include_str!("app03_component.rs"),
    found: &[Found::InProof(check)],
};

fn check(proof: &Proof<'_>, findings: &mut Vec<Diagnostic>) {
    for application in proof.written_applications() {
        for component in proof.components(&application) {
            for key in ["name", "type"] {
                let value = component.tree.get(key);
                let is_there = |value: &Tree| value.coerced().is_some_and(|text| !text.is_empty());
                if value.is_some_and(is_there) {
                    continue;
                }
                let path = [
                    Step::Key("spec"),
                    Step::Key("components"),
                    Step::Index(component.index),
                ];
                let place = match value.filter(|value| !value.span.is_detached()) {
                    Some(value) => value.span.into(),
                    None => start(application.place_at(&path)),
                };
                let message = format!("`spec.components[{}]` has no `{key}`", component.index);
                let found = RULE
                    .finding(message, place)
                    .help(format!("write the component's `{key}`"));
                findings.push(proof.in_case(found, application.case));
            }
        }
    }
}

/// The beginning of what lacks it.
fn start(place: source_vocab::Place) -> source_vocab::Place {
    match place {
        source_vocab::Place::Text(span) => span.start().into(),
        place => place,
    }
}
