//! Each image of an addon has a digest.
//!
//! A tag can be moved to other bytes; a digest cannot. Who mirrors images into a closed network can also prove with it that
//! nothing was exchanged on the way.
//!
//! Bad:
//! ```yaml
//! image: nginx:1.27.2
//! ```
//! Good:
//! ```yaml
//! image: nginx:1.27.2@sha256:bc5eac5eafc581aeda3008b4b1f07ebba230de2f27d47767129a6a905c84f470
//! ```

use super::images;
use crate::proof::Proof;
use crate::rule::{Found, Holds, Rule};
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "IMG02",
    title: "images are pinned by their digest",
    severity: Severity::Info,
    holds: Holds::Always,
    mended: false,
    file: "img/img02_digest.rs",
    source: include_str!("img02_digest.rs"),
    found: &[Found::InProof(check)],
};

fn check(proof: &Proof<'_>, findings: &mut Vec<Diagnostic>) {
    for image in images(proof) {
        if image
            .used
            .reference()
            .is_ok_and(|read| read.digest.is_none())
        {
            let message = format!("the image `{}` has no digest", image.used.text);
            let found = RULE.finding(message, image.place());
            let found = found.help("write its digest behind the tag, `@sha256:...`");
            findings.push(image.in_case(proof, found));
        }
    }
}
