//! An image that stands in a text, such as an argument, a variable or a `ConfigMap`, is one that no tool finds for sure.
//!
//! Whoever mirrors the images of an addon into a closed network has to know of it: write it into the README, or make it a
//! parameter.
//!
//! Bad:
//! ```yaml
//! args: ["--reloader=quay.io/org/reloader:v0.77.1"]
//! ```
//! Good: the same with `parameter.reloaderImage`, which stands among the parameters.

use crate::proof::Proof;
use crate::rule::{Found, Holds, Rule};
use crate::rules::applied::{applied, is_fixed};
use addon_render::images::hints;
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "IMG06",
    title: "no image stands in a text",
    severity: Severity::Info,
    holds: Holds::Always,
    mended: false,
    file: "img/img06_hidden.rs",
    source: include_str!("img06_hidden.rs"),
    found: &[Found::InProof(check)],
};

fn check(proof: &Proof<'_>, findings: &mut Vec<Diagnostic>) {
    for object in applied(proof) {
        for hint in hints(object.tree) {
            if !is_fixed(proof, hint.span) {
                continue;
            }
            let message = format!("the image `{}` stands in a text", hint.reference);
            let found = RULE.finding(message, object.place_of(hint.span));
            let found = found.help("make it a parameter, or name it in the README");
            findings.push(object.in_case(proof, found));
        }
    }
}
