//! A `ClusterRole` names verbs and resources, and does not read all secrets of the cluster.
//!
//! Whoever can use `*`, `escalate`, `bind` or `impersonate`, or read every secret, is as good as an administrator, and so is
//! whoever breaks into the pod that can.
//!
//! Bad:
//! ```yaml
//! rules:
//! - {apiGroups: ["*"], resources: ["*"], verbs: ["*"]}
//! ```
//! Good:
//! ```yaml
//! rules:
//! - {apiGroups: [apps], resources: [deployments], verbs: [get, list, watch, patch]}
//! ```

use crate::proof::Proof;
use crate::rule::{Found, Holds, Rule};
use crate::rules::applied::{applied, items};
use goyaml::Tree;
use source_vocab::{Diagnostic, Severity, Span};

pub(super) const RULE: Rule = Rule {
    id: "SEC01",
    title: "a ClusterRole allows what is needed and no more",
    severity: Severity::Warning,
    holds: Holds::Always,
    mended: false,
    file: "sec/sec01_cluster_role.rs",
    source: include_str!("sec01_cluster_role.rs"),
    found: &[Found::InProof(check)],
};

fn check(proof: &Proof<'_>, findings: &mut Vec<Diagnostic>) {
    for object in applied(proof) {
        if object.kind() != "ClusterRole" {
            continue;
        }
        for rule in items(object.tree, &["rules"]) {
            if let Some((what, span)) = too_much(rule) {
                let found = RULE.finding(
                    format!("the ClusterRole allows {what}"),
                    object.place_of(span),
                );
                let found = found.help("name the verbs and resources that the addon uses");
                findings.push(object.in_case(proof, found));
            }
        }
    }
}

fn too_much(rule: &Tree) -> Option<(&'static str, Span)> {
    let words = |key: &str| rule.get(key).into_iter().flat_map(Tree::items);
    let find = |key: &str, word: &str| {
        let mut all = words(key);
        all.find(|item| item.as_str() == Some(word))
            .map(|item| item.span)
    };
    let any = |key: &str, what: &'static str| find(key, "*").map(|span| (what, span));
    any("verbs", "every verb")
        .or_else(|| any("resources", "every resource"))
        .or_else(|| Some(("to escalate its own rights", find("verbs", "escalate")?)))
        .or_else(|| Some(("to bind other roles", find("verbs", "bind")?)))
        .or_else(|| Some(("to impersonate others", find("verbs", "impersonate")?)))
        .or_else(|| {
            let secrets = find("resources", "secrets")?;
            let is_named = rule.get("resourceNames").is_some();
            let reads = ["get", "list", "watch"];
            let is_read = reads.iter().any(|verb| find("verbs", verb).is_some());
            (is_read && !is_named).then_some(("to read all secrets", secrets))
        })
}
