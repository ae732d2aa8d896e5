//! Each image of an addon has a tag other than `latest`, or a digest.
//!
//! Without one, two clusters that enable the same version of the addon run different software, and the next restart of a
//! pod may bring another. Looked at are the containers of pods, the images in custom resources and in the properties of
//! components, and those that values of a chart name with the tag `latest`.
//!
//! Bad:
//! ```yaml
//! image: nginx
//! ```
//! Good:
//! ```yaml
//! image: nginx:1.27.2
//! ```

use super::images;
use crate::proof::Proof;
use crate::rule::{Found, Holds, Rule};
use addon_render::images::ImageRole;
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "IMG01",
    title: "images have a tag that stays",
    severity: Severity::Warning,
    holds: Holds::Always,
    mended: false,
    file: "img/img01_tag.rs",
    source: include_str!("img01_tag.rs"),
    found: &[Found::InProof(check)],
};

fn check(proof: &Proof<'_>, findings: &mut Vec<Diagnostic>) {
    for image in images(proof) {
        let Ok(read) = image.used.reference() else {
            continue;
        };
        let text = &image.used.text;
        let message = match (&read.digest, read.tag.as_deref()) {
            (Some(_), _) => continue,
            (None, Some("latest")) => format!("the image `{text}` is whatever is the latest"),
            // the chart has a tag of its own
            (None, None) if image.used.role == ImageRole::Parts => continue,
            (None, None) => format!("the image `{text}` has no tag"),
            (None, Some(_)) => continue,
        };
        let found = RULE.finding(message, image.place());
        findings.push(image.in_case(proof, found.help("write the tag of a release")));
    }
}
