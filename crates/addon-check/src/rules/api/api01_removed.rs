//! No object is of a version of the API that a release of Kubernetes has removed which `system.kubernetes` admits.
//!
//! A cluster whose API server does not know the version refuses the object, and the addon is never ready. An addon without
//! `system.kubernetes` admits every release; what those from 1.28 on all lack is an error there. Looked at are the
//! objects that the addon renders to and the files of `resources/`; what Kubernetes removed and when is in its own
//! lifecycle table.
//!
//! Bad: with `system: {kubernetes: ">=1.25"}`
//! ```yaml
//! apiVersion: policy/v1beta1
//! kind: PodDisruptionBudget
//! ```
//! Good:
//! ```yaml
//! apiVersion: policy/v1
//! kind: PodDisruptionBudget
//! ```

use crate::kubernetes::Admitted;
use crate::proof::Proof;
use crate::rule::{Found, Holds, Rule};
use crate::rules::used_api::{Used, instead, used};
use kube_schema::{Lifecycle, Release};
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "API01",
    title: "no object is of an API that a release of Kubernetes in `system.kubernetes` removed",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "api/api01_removed.rs",
    source: include_str!("api01_removed.rs"),
    found: &[Found::InProof(check)],
};

/// The release that removed a version of the API; `None` where that is still to come.
pub(super) fn removed(life: &Lifecycle) -> Option<u8> {
    let is_out = |minor: &u8| *minor <= Release::NEWEST.minor();
    life.removed.filter(is_out)
}

/// The first release without the version of the API that the addon admits. An addon that does not say which Kubernetes it needs
/// admits what is in use: what every release from [`Release::OLDEST`] on lacks is missing there, too.
pub(super) fn admitted_without(life: &Lifecycle, admitted: &Admitted<'_>) -> Option<u8> {
    let removed = removed(life)?;
    if admitted.is_stated() {
        return admitted.first_from(removed);
    }
    let oldest = Release::OLDEST.minor();
    (removed <= oldest).then_some(oldest)
}

fn check(proof: &Proof<'_>, findings: &mut Vec<Diagnostic>) {
    let admitted = Admitted::of(proof.input);
    for Used {
        gvk,
        life,
        place,
        case,
    } in used(proof)
    {
        let Some((removed, minor)) = removed(&life).zip(admitted_without(&life, &admitted)) else {
            continue;
        };
        let instead = instead(&life, gvk);
        let found = if admitted.is_stated() {
            let message = format!(
                "Kubernetes 1.{removed} removed `{gvk}`, and `system.kubernetes` admits 1.{minor}"
            );
            RULE.finding(message, place)
                .label(admitted.place(proof.input), "what the addon admits")
                .help(instead)
        } else {
            let message = format!(
                "Kubernetes 1.{removed} removed `{gvk}`, and the addon admits every release"
            );
            let bound =
                format!("{instead}, or write `kubernetes: \"<1.{removed}.0\"` under `system`");
            RULE.finding(message, place).help(bound)
        };
        findings.push(proof.in_case(found, case));
    }
}
