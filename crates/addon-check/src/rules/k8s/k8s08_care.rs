//! A workload says what it needs and how one sees that it works: requests for its containers, probes, and a
//! `PodDisruptionBudget` where it has several replicas.
//!
//! Pods without requests are the first to be evicted, and the scheduler fills a node with them; without a probe a pod that
//! hangs gets requests for ever; and without a budget the draining of nodes stops all replicas at once.
//!
//! Bad:
//! ```yaml
//! kind: Deployment
//! spec: {template: {spec: {containers: [{name: web, image: "web:1"}]}}}
//! ```
//! Good:
//! ```yaml
//! containers:
//! - name: web
//!   image: web:1
//!   resources: {requests: {cpu: 50m, memory: 64Mi}}
//!   readinessProbe: {httpGet: {path: /healthz, port: 8080}}
//! ```

use crate::proof::Proof;
use crate::rule::{Found, Holds, Rule};
use crate::rules::applied::{Applied, at, items, pod_spec, text};
use crate::rules::object_set::{Set, sets};
use goyaml::{Data, Tree};
use source_vocab::{Diagnostic, Severity};
use std::collections::BTreeSet;

pub(super) const RULE: Rule = Rule {
    id: "K8S08",
    title: "a workload has requests, probes and a budget",
    severity: Severity::Warning,
    holds: Holds::Always,
    mended: false,
    file: "k8s/k8s08_care.rs",
    source: include_str!("k8s08_care.rs"),
    found: &[Found::InProof(check)],
};

fn check(proof: &Proof<'_>, findings: &mut Vec<Diagnostic>) {
    for set in sets(proof) {
        let protected = protected(&set);
        for object in &set.objects {
            let Some(spec) = pod_spec(object) else {
                continue;
            };
            let containers = items(spec, &["containers"]);
            let lacks = |has: &dyn Fn(&Tree) -> bool| {
                let names = containers.iter().filter(|container| !has(container));
                names
                    .map(|container| format!("`{}`", text(container, "name")))
                    .collect::<Vec<_>>()
            };
            let mut tell = |message: String, help: &str| {
                let found = RULE.finding(message, object.start()).help(help);
                findings.push(object.in_case(proof, found));
            };
            let unbounded = lacks(&|container| {
                let resources = at(container, &["resources"]);
                // what is limited requests the same
                ["requests", "limits"].into_iter().any(|key| {
                    let found = resources.and_then(|resources| resources.get(key));
                    found.is_some_and(|found| !found.entries().is_empty())
                })
            });
            if !unbounded.is_empty() {
                let message = format!("{} requests no resources", unbounded.join(", "));
                tell(
                    message,
                    "write `resources.requests` with `cpu` and `memory`",
                );
            }
            if !matches!(object.kind(), "Deployment" | "StatefulSet" | "DaemonSet") {
                continue;
            }
            let unseen = lacks(&|container| {
                ["livenessProbe", "readinessProbe", "startupProbe"]
                    .into_iter()
                    .any(|probe| container.get(probe).is_some())
            });
            if unseen.len() == containers.len() && !unseen.is_empty() {
                let message = format!("{} has no probe", unseen.join(", "));
                tell(message, "write a `readinessProbe`");
            }
            if replicas(object) > 1
                && object.kind() != "DaemonSet"
                && !protected.contains(&(object.kind(), object.name()))
            {
                let message = format!("the {} has replicas and no budget", object.kind());
                tell(message, "add a `PodDisruptionBudget` with its labels");
            }
        }
    }
}

fn replicas(object: &Applied<'_>) -> i64 {
    match at(object.tree, &["spec", "replicas"]).map(|replicas| &replicas.data) {
        Some(Data::Number(goyaml::Magnitude::Int(count))) => *count,
        _ => 1,
    }
}

/// Kind and name of the workloads whose pods have a budget.
fn protected<'p>(set: &Set<'p>) -> BTreeSet<(&'p str, &'p str)> {
    let budgets = set
        .objects
        .iter()
        .filter(|other| other.kind() == "PodDisruptionBudget");
    budgets
        .filter_map(|budget| {
            let labels = at(budget.tree, &["spec", "selector", "matchLabels"])?;
            Some(set.selected(budget, labels))
        })
        .flatten()
        .map(|object| (object.kind(), object.name()))
        .collect()
}
