//! What differs from cluster to cluster is a parameter: storage classes, node ports, cluster addresses, hosts of an Ingress.
//!
//! A storage class that the cluster does not have leaves the claim pending; a node port or address that is taken refuses the
//! Service; and an Ingress for the host of somebody else gets no requests.
//!
//! Bad:
//! ```yaml
//! kind: Service
//! spec: {type: NodePort, ports: [{port: 80, nodePort: 30080}]}
//! ```
//! Good:
//! ```cue
//! spec: {type: parameter.serviceType, ports: [{port: 80}]}
//! ```

use crate::proof::Proof;
use crate::rule::{Found, Holds, Rule};
use crate::rules::applied::{Applied, applied, at, is_fixed, items};
use goyaml::{Data, Tree};
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "K8S09",
    title: "what differs between clusters is a parameter",
    severity: Severity::Warning,
    holds: Holds::Always,
    mended: false,
    file: "k8s/k8s09_fixed.rs",
    source: include_str!("k8s09_fixed.rs"),
    found: &[Found::InProof(check)],
};

fn check(proof: &Proof<'_>, findings: &mut Vec<Diagnostic>) {
    for object in applied(proof) {
        for (what, value) in fixed(&object) {
            let shown = value.coerced().unwrap_or_default();
            if shown.is_empty() || !is_fixed(proof, value.span) {
                continue;
            }
            let message = format!("{what} `{shown}` is fixed");
            let found = RULE.finding(message, object.place_of(value.span));
            let found = found.help("take it from a parameter, or leave it to the cluster");
            findings.push(object.in_case(proof, found));
        }
    }
}

/// The values of an object that other clusters do not have.
fn fixed<'t>(object: &Applied<'t>) -> Vec<(&'static str, &'t Tree)> {
    let mut found = Vec::new();
    let mut add = |what: &'static str, value: Option<&'t Tree>| {
        let is_plain = |value: &&Tree| matches!(value.data, Data::String(_) | Data::Number(_));
        found.extend(value.filter(is_plain).map(|value| (what, value)));
    };
    let tree = object.tree;
    match (object.group(), object.kind()) {
        ("", "Service") => {
            for port in items(tree, &["spec", "ports"]) {
                add("the node port", port.get("nodePort"));
            }
            let address = at(tree, &["spec", "clusterIP"]);
            let address = address.filter(|address| address.as_str() != Some("None"));
            add("the cluster address", address);
            add("the address", at(tree, &["spec", "loadBalancerIP"]));
        }
        ("", "PersistentVolumeClaim") => {
            add("the storage class", at(tree, &["spec", "storageClassName"]));
        }
        ("apps", "StatefulSet") => {
            for claim in items(tree, &["spec", "volumeClaimTemplates"]) {
                add(
                    "the storage class",
                    at(claim, &["spec", "storageClassName"]),
                );
            }
        }
        ("networking.k8s.io" | "extensions", "Ingress") => {
            for rule in items(tree, &["spec", "rules"]) {
                add("the host", rule.get("host"));
            }
        }
        _ => {}
    }
    found
}
