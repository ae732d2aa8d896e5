//! Every object of a kind of Kubernetes itself follows the rules that no schema has: names, labels, annotations, ports,
//! quantities, schedules, fields that exclude each other, and references inside the object.
//!
//! An API server looks at them when types and fields are right (K8S01), and refuses the object; the addon is never ready. They
//! are looked at as each release of Kubernetes that `system.kubernetes` admits does, for the objects of the components of types
//! `k8s-objects` and `raw`, the files of `resources/`, and what the template puts into `outputs`. When the addon does not say
//! which releases it admits, what only some of them refuse is a warning.
//!
//! Bad:
//! ```yaml
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: {name: Web}
//! spec:
//!   selector: {matchLabels: {app: web}}
//!   template:
//!     metadata: {labels: {app: webserver}}
//!     spec:
//!       containers:
//!       - name: web
//!         image: nginx:1.27
//!         ports: [{name: the-web-interface, containerPort: 80}]
//!         volumeMounts: [{name: data, mountPath: /data}]
//! ```
//! Good: `name: web`, `labels: {app: web}`, a port's name of at most 15 characters such as `http`, and a volume `data`.

use crate::kubernetes::Admitted;
use crate::proof::{Proof, ProvenObject};
use crate::rule::{Found, Holds, Rule};
use crate::rules::{fault, objects};
use kube_schema::builtin::served_in;
use kube_schema::{Fault, FaultKind, Gvk, InReleases, Releases, as_sent, inspect, semantic};
use rustc_hash::FxHashMap;
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "K8S06",
    title: "objects follow the rules of Kubernetes that no schema has",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "k8s/k8s06_validation.rs",
    source: include_str!("k8s06_validation.rs"),
    found: &[Found::InProof(check)],
};

fn check(proof: &Proof<'_>, findings: &mut Vec<Diagnostic>) {
    let admitted = Admitted::of(proof.input);
    for object in &objects::all(proof) {
        let Some(gvk) = Gvk::of(object.tree) else {
            continue;
        };
        let releases = admitted.releases().and(served_in(gvk));
        for refused in refused(object, releases) {
            if fault::is_of_arguments(proof, object, &refused.fault) {
                continue;
            }
            let mut found = fault::finding_told(&RULE, proof, object, &refused.fault);
            let refusing = refused.releases;
            found
                .notes
                .push(format!("Kubernetes {refusing} refuses it"));
            if refusing != releases && !admitted.is_stated() {
                found.severity = Severity::Warning;
            }
            findings.push(found);
        }
    }
}

/// What the validation of the releases refuses: only of those that could decode the object, and not what the schema says too.
fn refused(object: &ProvenObject<'_>, releases: Releases) -> Vec<InReleases> {
    let tree = as_sent(object.tree);
    let decoded = inspect(&tree, releases);
    let undecoded = decoded
        .iter()
        .filter(|found| found.fault.kind != FaultKind::Required)
        .fold(Releases::NONE, |all, found| all.or(found.releases));
    let mut list: Vec<InReleases> = Vec::new();
    let mut index: FxHashMap<(String, FaultKind), usize> = FxHashMap::default();
    for release in releases.without(undecoded).iter() {
        for fault in semantic::validate(&tree, release) {
            if decoded
                .iter()
                .any(|missing| is_about(&fault, &missing.fault.field))
            {
                continue;
            }
            let at = *index
                .entry((fault.field.clone(), fault.kind))
                .or_insert(list.len());
            if let Some(known) = list.get_mut(at) {
                known.releases = known.releases.or(release.into());
            } else {
                list.push(InReleases {
                    fault,
                    releases: release.into(),
                });
            }
        }
    }
    list
}

/// Whether a fault tells of a field that is missing, or of what follows from that.
fn is_about(fault: &Fault, missing: &str) -> bool {
    let inside = |field: &str, other: &str| {
        field
            .strip_prefix(other)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
    };
    inside(&fault.field, missing)
        || (missing == "spec.selector" && fault.field == "spec.template.metadata.labels")
}
