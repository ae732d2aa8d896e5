//! What an object refers to by name is among the objects of the addon: the Service of an Ingress, a webhook or an `APIService`,
//! the workload of a `HorizontalPodAutoscaler`, the role and the account of a binding.
//!
//! The API server takes a reference to nothing without a word; the Ingress answers 503, the webhook refuses everything, the
//! account has no rights. Nothing is said where a chart or a component of another type may make the object.
//!
//! Bad:
//! ```yaml
//! kind: ClusterRoleBinding
//! roleRef: {kind: ClusterRole, name: operatr, apiGroup: rbac.authorization.k8s.io}
//! ```
//! Good:
//! ```yaml
//! roleRef: {kind: ClusterRole, name: operator, apiGroup: rbac.authorization.k8s.io}
//! ```

use crate::proof::Proof;
use crate::rule::{Found, Holds, Rule};
use crate::rules::applied::{Applied, at, is_fixed, items, text};
use crate::rules::object_set::sets;
use goyaml::Tree;
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "K8S10",
    title: "what an object names is in the addon",
    severity: Severity::Warning,
    holds: Holds::Always,
    mended: false,
    file: "k8s/k8s10_references.rs",
    source: include_str!("k8s10_references.rs"),
    found: &[Found::InProof(check)],
};

fn check(proof: &Proof<'_>, findings: &mut Vec<Diagnostic>) {
    for set in sets(proof) {
        if !set.is_whole {
            continue;
        }
        for object in &set.objects {
            for (kind, name) in references(object) {
                let text = name.as_str().unwrap_or_default();
                if text.is_empty()
                    || set.has(kind, text)
                    || is_given(kind, text)
                    || !is_fixed(proof, name.span)
                {
                    continue;
                }
                let message = format!("there is no {kind} `{text}` in the addon");
                let found = RULE.finding(message, object.place_of(name.span));
                let found = found.help("name one of its objects, or say in an ignore who makes it");
                findings.push(object.in_case(proof, found));
            }
        }
    }
}

/// Whether every cluster has it.
fn is_given(kind: &str, name: &str) -> bool {
    match kind {
        "ClusterRole" | "Role" => {
            name.starts_with("system:")
                || name.starts_with("kubevela-")
                || matches!(
                    name,
                    "cluster-admin"
                        | "admin"
                        | "edit"
                        | "view"
                        | "extension-apiserver-authentication-reader"
                )
        }
        "ServiceAccount" => name == "default" || name.starts_with("kubevela-"),
        "Service" => name == "kubernetes" || name.starts_with("kubevela-"),
        _ => false,
    }
}

/// Kind and name of what an object refers to.
fn references<'t>(object: &Applied<'t>) -> Vec<(&'t str, &'t Tree)> {
    let mut found = Vec::new();
    let mut add = |kind: &'t str, name: Option<&'t Tree>| {
        found.extend(name.map(|name| (kind, name)));
    };
    let tree = object.tree;
    match object.kind() {
        "Ingress" => {
            add(
                "Service",
                at(tree, &["spec", "defaultBackend", "service", "name"]),
            );
            for rule in items(tree, &["spec", "rules"]) {
                for path in items(rule, &["http", "paths"]) {
                    add("Service", at(path, &["backend", "service", "name"]));
                }
            }
        }
        "HorizontalPodAutoscaler" => {
            let target = at(tree, &["spec", "scaleTargetRef"]);
            let kind = target.map_or("", |target| text(target, "kind"));
            if matches!(kind, "Deployment" | "StatefulSet" | "ReplicaSet") {
                add(kind, target.and_then(|target| target.get("name")));
            }
        }
        "ValidatingWebhookConfiguration" | "MutatingWebhookConfiguration" => {
            for webhook in items(tree, &["webhooks"]) {
                add("Service", at(webhook, &["clientConfig", "service", "name"]));
            }
        }
        "APIService" => add("Service", at(tree, &["spec", "service", "name"])),
        "RoleBinding" | "ClusterRoleBinding" => {
            let role = at(tree, &["roleRef"]);
            let kind = role.map_or("", |role| text(role, "kind"));
            if matches!(kind, "Role" | "ClusterRole") {
                add(kind, role.and_then(|role| role.get("name")));
            }
            for subject in items(tree, &["subjects"]) {
                if text(subject, "kind") == "ServiceAccount" {
                    add("ServiceAccount", subject.get("name"));
                }
            }
        }
        _ => {}
    }
    found
}
