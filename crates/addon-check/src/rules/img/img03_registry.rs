//! The images of an addon can be taken from another registry: a parameter says from which.
//!
//! A cluster without a way to the internet pulls from a registry of its own. Where the names of the images are fixed, its users
//! have to change the addon. One finding speaks for all images of the addon; where all of them stand in YAML, which has no
//! parameters, it is an information.
//!
//! Bad:
//! ```cue
//! image: "ghcr.io/org/app:1.2.0"
//! ```
//! Good:
//! ```cue
//! image: parameter.imageRegistry + "org/app:1.2.0"
//! ```

use super::{Image, images};
use crate::proof::Proof;
use crate::rule::{Found, Holds, Rule};
use crate::rules::applied::is_fixed;
use source_vocab::{Diagnostic, Place, Severity};
use std::collections::BTreeSet;
use std::path::Path;

pub(super) const RULE: Rule = Rule {
    id: "IMG03",
    title: "images can come from another registry",
    severity: Severity::Warning,
    holds: Holds::Always,
    mended: false,
    file: "img/img03_registry.rs",
    source: include_str!("img03_registry.rs"),
    found: &[Found::InProof(check)],
};

fn check(proof: &Proof<'_>, findings: &mut Vec<Diagnostic>) {
    let mut fixed = BTreeSet::new();
    let mut first: Option<Image<'_>> = None;
    let mut severity = Severity::Info;
    for image in images(proof) {
        let Place::Text(span) = image.place() else {
            continue;
        };
        if !is_fixed(proof, span) {
            continue;
        }
        let is_new = fixed.insert(image.used.text.clone());
        let is_cue = proof
            .sources()
            .locate(span)
            .is_some_and(|(file, _)| Path::new(file.name()).extension() == Some("cue".as_ref()));
        if is_cue && severity == Severity::Info {
            severity = Severity::Warning;
            first = Some(image);
        } else if is_new && first.is_none() {
            first = Some(image);
        }
    }
    let Some(first) = first else { return };
    let message = match fixed.len() {
        1 => format!("the image `{}` can only come from there", first.used.text),
        count => format!(
            "`{}` and {} can only come from where they are",
            first.used.text,
            if count == 2 {
                "another image".to_owned()
            } else {
                format!("{} other images", count - 1)
            }
        ),
    };
    let found = RULE.milder(severity, message, first.place());
    let found = found.help("put a parameter before the name, such as `imageRegistry`");
    findings.push(first.in_case(proof, found));
}
