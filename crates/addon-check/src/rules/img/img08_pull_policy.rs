//! A container may pull its image: `imagePullPolicy` is not `Never`, and an image that changes under its tag is pulled `Always`.
//!
//! With `Never` the pod starts only on nodes that have the image by chance. `IfNotPresent` with `latest` runs on each node what
//! was the latest when that node first needed it.
//!
//! Bad:
//! ```yaml
//! {name: web, image: "web:1.2", imagePullPolicy: Never}
//! ```
//! Good:
//! ```yaml
//! {name: web, image: "web:1.2", imagePullPolicy: IfNotPresent}
//! ```

use crate::proof::Proof;
use crate::rule::{Found, Holds, Rule};
use crate::rules::applied::{applied, containers, pod_spec, text};
use addon_render::images::ImageReference;
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "IMG08",
    title: "an image is pulled when it is needed",
    severity: Severity::Warning,
    holds: Holds::Always,
    mended: false,
    file: "img/img08_pull_policy.rs",
    source: include_str!("img08_pull_policy.rs"),
    found: &[Found::InProof(check)],
};

fn check(proof: &Proof<'_>, findings: &mut Vec<Diagnostic>) {
    for object in applied(proof) {
        for container in pod_spec(&object).into_iter().flat_map(containers) {
            let Some(policy) = container.get("imagePullPolicy") else {
                continue;
            };
            let moves = ImageReference::parse(text(container, "image"))
                .is_ok_and(|image| !image.is_fixed());
            let (message, help) = match policy.as_str() {
                Some("Never") => (
                    "a node that does not have the image cannot get it",
                    "write `IfNotPresent`",
                ),
                Some("IfNotPresent") if moves => (
                    "each node keeps another latest image",
                    "write the tag of a release, or `Always`",
                ),
                _ => continue,
            };
            let found = RULE
                .finding(message, object.place_of(policy.span))
                .help(help);
            findings.push(object.in_case(proof, found));
        }
    }
}
