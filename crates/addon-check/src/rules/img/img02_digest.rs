//! Each image in the YAML files of `resources/` has a digest.
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

use super::img01_tag::containers;
use crate::input::Input;
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
    found: &[Found::InAddon(check)],
};

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    for (_, object) in input.manifests() {
        containers(object, 0, &mut |container| {
            let Some(image) = container.get("image") else {
                return;
            };
            let text = image.as_str().unwrap_or_default();
            if text.is_empty() || text.contains("@sha256:") {
                return;
            }
            let found = RULE.finding(format!("the image `{text}` has no digest"), image.span);
            findings.push(found.help("write its digest behind the tag, `@sha256:...`"));
        });
    }
}
