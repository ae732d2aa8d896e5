//! A workload that a `HorizontalPodAutoscaler` scales has no `replicas` of its own.
//!
//! KubeVela applies the objects of an addon again and again to mend what was changed: it sets the replicas back to what is
//! written, and the autoscaler changes them again.
//!
//! Bad:
//! ```yaml
//! kind: Deployment
//! metadata: {name: web}
//! spec: {replicas: 2}
//! ---
//! kind: HorizontalPodAutoscaler
//! spec: {scaleTargetRef: {kind: Deployment, name: web}}
//! ```
//! Good: the Deployment without `replicas`.

use crate::proof::Proof;
use crate::rule::{Found, Holds, Rule};
use crate::rules::applied::{at, text};
use crate::rules::object_set::sets;
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "K8S12",
    title: "a workload that is scaled has no replicas of its own",
    severity: Severity::Warning,
    holds: Holds::Always,
    mended: false,
    file: "k8s/k8s12_autoscaled.rs",
    source: include_str!("k8s12_autoscaled.rs"),
    found: &[Found::InProof(check)],
};

fn check(proof: &Proof<'_>, findings: &mut Vec<Diagnostic>) {
    for set in sets(proof) {
        let scalers = set
            .objects
            .iter()
            .filter(|object| object.kind() == "HorizontalPodAutoscaler");
        for scaler in scalers {
            let Some(target) = at(scaler.tree, &["spec", "scaleTargetRef"]) else {
                continue;
            };
            let scaled = set.objects.iter().find(|object| {
                object.kind() == text(target, "kind")
                    && object.name() == text(target, "name")
                    && object.namespace() == scaler.namespace()
            });
            let replicas = scaled.and_then(|object| at(object.tree, &["spec", "replicas"]));
            if let (Some(object), Some(replicas)) = (scaled, replicas) {
                let message = "KubeVela sets the replicas back that the autoscaler changes";
                let found = RULE.finding(message, object.place_of(replicas.span));
                let found = found.label(scaler.place_of_name(), "the autoscaler");
                findings.push(object.in_case(proof, found.help("remove `replicas`")));
            }
        }
    }
}
