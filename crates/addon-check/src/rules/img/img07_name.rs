//! The name of a container's image is one that a container runtime takes.
//!
//! The API server takes any text; the pod is created and stays in `InvalidImageName`. A repository is written in lower case, a tag
//! has letters, digits, `_`, `.` and `-`, and there is no `https://` before it.
//!
//! Bad:
//! ```yaml
//! image: ghcr.io/Org/app:1.2
//! ```
//! Good:
//! ```yaml
//! image: ghcr.io/org/app:1.2
//! ```

use super::images;
use crate::proof::Proof;
use crate::rule::{Found, Holds, Rule};
use addon_render::images::ImageRole;
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "IMG07",
    title: "the name of an image is valid",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "img/img07_name.rs",
    source: include_str!("img07_name.rs"),
    found: &[Found::InProof(check)],
};

fn check(proof: &Proof<'_>, findings: &mut Vec<Diagnostic>) {
    for image in images(proof) {
        let is_pods = matches!(
            image.used.role,
            ImageRole::Container | ImageRole::InitContainer | ImageRole::EphemeralContainer
        );
        // elsewhere the text may be a template, or a word that an operator knows
        if !is_pods || !image.is_of_workload() {
            continue;
        }
        if let Err(reason) = image.used.reference() {
            let message = format!("`{}` is no image: {reason}", image.used.text);
            let found = RULE.finding(message, image.place());
            let found = found.help("write it as `REGISTRY/NAME:TAG`");
            findings.push(image.in_case(proof, found));
        }
    }
}
