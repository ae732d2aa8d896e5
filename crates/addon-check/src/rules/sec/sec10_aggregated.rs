//! A `ClusterRole` that is aggregated into `view` only reads, and not secrets; one that is aggregated into `view` or `edit` changes no
//! roles.
//!
//! The label `rbac.authorization.k8s.io/aggregate-to-view` gives the rules to everybody in the cluster who has the role `view`,
//! in every namespace, as soon as the addon is enabled.
//!
//! Bad:
//! ```yaml
//! kind: ClusterRole
//! metadata: {name: web-view, labels: {rbac.authorization.k8s.io/aggregate-to-view: "true"}}
//! rules: [{apiGroups: [example.org], resources: [webs], verbs: [get, delete]}]
//! ```
//! Good:
//! ```yaml
//! rules: [{apiGroups: [example.org], resources: [webs], verbs: [get, list, watch]}]
//! ```

use crate::proof::Proof;
use crate::rule::{Found, Holds, Rule};
use crate::rules::applied::{applied, at, items};
use goyaml::Tree;
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "SEC10",
    title: "what is aggregated into a role fits it",
    severity: Severity::Warning,
    holds: Holds::Always,
    mended: false,
    file: "sec/sec10_aggregated.rs",
    source: include_str!("sec10_aggregated.rs"),
    found: &[Found::InProof(check)],
};

const LABEL: &str = "rbac.authorization.k8s.io/aggregate-to-";

fn check(proof: &Proof<'_>, findings: &mut Vec<Diagnostic>) {
    for object in applied(proof) {
        if object.kind() != "ClusterRole" {
            continue;
        }
        let labels = at(object.tree, &["metadata", "labels"]);
        let is_in = |role: &str| {
            let label = labels.and_then(|labels| labels.get(&format!("{LABEL}{role}")));
            label.and_then(Tree::coerced).as_deref() == Some("true")
        };
        let (is_viewed, is_edited) = (is_in("view"), is_in("edit"));
        if !is_viewed && !is_edited {
            continue;
        }
        for rule in items(object.tree, &["rules"]) {
            let find = |key: &str, wanted: &dyn Fn(&str) -> bool| {
                let mut all = items(rule, &[key]).iter();
                all.find(|item| item.as_str().is_some_and(wanted))
            };
            let changes = find("verbs", &|verb| !matches!(verb, "get" | "list" | "watch"));
            let secrets = find("resources", &|resource| matches!(resource, "secrets" | "*"));
            let is_rbac =
                find("apiGroups", &|group| group == "rbac.authorization.k8s.io").is_some();
            let (message, place) = match (changes, secrets) {
                (Some(verb), _) if is_rbac => ("everybody who may edit could change roles", verb),
                (Some(verb), _) if is_viewed => ("everybody who may view could change this", verb),
                (_, Some(resource)) if is_viewed => {
                    ("everybody who may view could read secrets", resource)
                }
                _ => continue,
            };
            let found = RULE.finding(message, object.place_of(place.span));
            let found = found.help("aggregate it into `admin`, or take it out of the role");
            findings.push(object.in_case(proof, found));
        }
    }
}
