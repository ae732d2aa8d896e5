//! A `Job` of an addon removes itself after it has ended: `ttlSecondsAfterFinished`.
//!
//! The template of a Job cannot be changed. A later version of the addon with another image or argument is refused as long as
//! the Job of the earlier one is there: `field is immutable`.
//!
//! Bad:
//! ```yaml
//! kind: Job
//! spec: {template: {}}
//! ```
//! Good:
//! ```yaml
//! kind: Job
//! spec: {ttlSecondsAfterFinished: 600, template: {}}
//! ```

use crate::proof::Proof;
use crate::rule::{Found, Holds, Rule};
use crate::rules::applied::{applied, at};
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "K8S13",
    title: "a Job does not stand in the way of an upgrade",
    severity: Severity::Warning,
    holds: Holds::Always,
    mended: false,
    file: "k8s/k8s13_job.rs",
    source: include_str!("k8s13_job.rs"),
    found: &[Found::InProof(check)],
};

fn check(proof: &Proof<'_>, findings: &mut Vec<Diagnostic>) {
    for object in applied(proof) {
        let is_job = object.kind() == "Job" && object.group() == "batch";
        if is_job && at(object.tree, &["spec", "ttlSecondsAfterFinished"]).is_none() {
            let message = "the Job stays after it has ended, and an upgrade cannot change it";
            let found = RULE.finding(message, object.start());
            let found = found.help("write `ttlSecondsAfterFinished`");
            findings.push(object.in_case(proof, found));
        }
    }
}
