//! No object is of a version of the API that Kubernetes has deprecated; nor of one that a newer release removed where the addon
//! does not say which Kubernetes it needs.
//!
//! A deprecated version still works; the message names the release in which it stops.
//!
//! Bad:
//! ```yaml
//! apiVersion: flowcontrol.apiserver.k8s.io/v1beta3
//! kind: FlowSchema
//! ```
//! Good:
//! ```yaml
//! apiVersion: flowcontrol.apiserver.k8s.io/v1
//! kind: FlowSchema
//! ```

use super::api01_removed::{admitted_without, removed};
use crate::kubernetes::Admitted;
use crate::proof::Proof;
use crate::rule::{Found, Holds, Rule};
use crate::rules::used_api::{Used, instead, used};
use kube_schema::{Gvk, Lifecycle, Release};
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "API02",
    title: "no object is of an API that is deprecated or removed by now",
    severity: Severity::Warning,
    holds: Holds::Always,
    mended: false,
    file: "api/api02_deprecated.rs",
    source: include_str!("api02_deprecated.rs"),
    found: &[Found::InProof(check)],
};

fn check(proof: &Proof<'_>, findings: &mut Vec<Diagnostic>) {
    let admitted = Admitted::of(proof.input);
    for Used {
        gvk,
        life,
        place,
        case,
    } in used(proof)
    {
        let Some((message, help)) = complaint(&life, gvk, &admitted) else {
            continue;
        };
        findings.push(proof.in_case(RULE.finding(message, place).help(help), case));
    }
}

fn complaint(life: &Lifecycle, gvk: Gvk<'_>, admitted: &Admitted<'_>) -> Option<(String, String)> {
    if admitted_without(life, admitted).is_some() {
        return None;
    }
    let instead = instead(life, gvk);
    if let Some(minor) = removed(life).filter(|_| !admitted.is_stated()) {
        let message = format!("Kubernetes 1.{minor} removed `{gvk}`");
        let help = format!("{instead}, or write `kubernetes: \"<1.{minor}.0\"` under `system`");
        return Some((message, help));
    }
    let deprecated = life.deprecated?;
    let newest = Release::NEWEST.minor();
    let is_met = admitted
        .first_from(deprecated)
        .is_some_and(|minor| minor <= newest);
    if !is_met {
        return None;
    }
    let end = life.removed.map_or_else(String::new, |removed| {
        format!(", and 1.{removed} removes it")
    });
    Some((
        format!("`{gvk}` is deprecated since Kubernetes 1.{deprecated}{end}"),
        instead,
    ))
}
