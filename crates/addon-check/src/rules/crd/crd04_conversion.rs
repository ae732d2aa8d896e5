//! A CRD whose versions are converted by a webhook comes with the webhook: its Service is among the addon's objects, and
//! somebody gives the CA.
//!
//! Without the Service every request for an object of another version than the stored one fails, also those of the garbage
//! collector, so that nothing of the kind can be deleted. Without `caBundle` the server does not trust the webhook; cert-manager
//! sets it where the annotation `cert-manager.io/inject-ca-from` asks for it, and an operator may do it itself, when it is
//! allowed to change CRDs. Nothing is said of an addon that also installs a chart or an operator in another way, since that
//! may bring the Service.
//!
//! Bad:
//! ```yaml
//! conversion:
//!   strategy: Webhook
//!   webhook:
//!     conversionReviewVersions: [v1]
//!     clientConfig: {service: {name: no-such-service, namespace: vela-system}}
//! ```
//! Good: the same with the name of a Service in `resources/`, and with `caBundle` or the annotation of cert-manager.

use super::definitions;
use crate::proof::Proof;
use crate::rule::{Found, Holds, Rule};
use crate::rules::applied::{Applied, applied, at, items, text};
use goyaml::Tree;
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "CRD04",
    title: "the webhook that converts a CRD's objects is there",
    severity: Severity::Warning,
    holds: Holds::Always,
    mended: false,
    file: "crd/crd04_conversion.rs",
    source: include_str!("crd04_conversion.rs"),
    found: &[Found::InProof(check)],
};

fn check(proof: &Proof<'_>, findings: &mut Vec<Diagnostic>) {
    if !applies_all_by_itself(proof) {
        return;
    }
    let all = applied(proof);
    for definition in definitions(proof) {
        let Some(conversion) = at(definition.tree, &["spec", "conversion"]) else {
            continue;
        };
        let client = at(conversion, &["webhook", "clientConfig"]);
        let Some(client) = client.filter(|_| text(conversion, "strategy") == "Webhook") else {
            continue;
        };
        if let Some(service) = client.get("service") {
            let (name, namespace) = (text(service, "name"), text(service, "namespace"));
            let is_it = |object: &&Applied<'_>| {
                object.kind() == "Service"
                    && object.name() == name
                    && object.namespace().is_none_or(|found| found == namespace)
            };
            if !name.is_empty() && !all.iter().any(|object| is_it(&object)) {
                let message = format!(
                    "the Service `{name}` in `{namespace}`, which converts objects of the CRD `{}`, is not among the addon's objects",
                    definition.name()
                );
                let found = RULE.finding(message, definition.place_of(service.span));
                let found = found.help("add it, or serve one version and drop `conversion`");
                findings.push(definition.in_case(proof, found));
                continue;
            }
        }
        let is_given = client.get("caBundle").and_then(Tree::as_str);
        let annotations = at(definition.tree, &["metadata", "annotations"]);
        let is_injected = annotations.map(Tree::entries).unwrap_or_default();
        let is_injected = is_injected.iter().any(|entry| entry.key.contains("inject"));
        if is_given.is_none_or(str::is_empty) && !is_injected && !all.iter().any(changes_crds) {
            let message = format!(
                "nobody gives the CA of the webhook that converts objects of the CRD `{}`",
                definition.name()
            );
            let found = RULE.finding(message, definition.place_of(client.span));
            let found =
                found.help("add the annotation `cert-manager.io/inject-ca-from`, or `caBundle`");
            findings.push(definition.in_case(proof, found));
        }
    }
}

/// Whether all that the addon applies is known: no component is of a type that may bring objects of its own.
fn applies_all_by_itself(proof: &Proof<'_>) -> bool {
    let mut components = proof
        .applications()
        .flat_map(|application| proof.components(application));
    components.all(|component| matches!(component.kind, "k8s-objects" | "raw"))
}

/// Whether an object allows somebody to change CRDs.
fn changes_crds(object: &Applied<'_>) -> bool {
    let has = |rule: &Tree, key: &str, wanted: &[&str]| {
        let listed = items(rule, &[key]).iter().filter_map(Tree::as_str);
        listed.into_iter().any(|one| wanted.contains(&one))
    };
    object.kind() == "ClusterRole"
        && items(object.tree, &["rules"]).iter().any(|rule| {
            has(rule, "apiGroups", &["apiextensions.k8s.io", "*"])
                && has(rule, "resources", &["customresourcedefinitions", "*"])
                && has(rule, "verbs", &["update", "patch", "*"])
        })
}
