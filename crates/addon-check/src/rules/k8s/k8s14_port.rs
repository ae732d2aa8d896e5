//! A port that a probe or a Service calls by name is a port of the container.
//!
//! A probe with another name fails each time, so that the pod is restarted or never gets ready; a Service with another name
//! has no endpoints. The API server takes both.
//!
//! Bad:
//! ```yaml
//! containers:
//! - ports: [{name: http, containerPort: 8080}]
//!   readinessProbe: {httpGet: {port: web}}
//! ```
//! Good:
//! ```yaml
//! containers:
//! - ports: [{name: http, containerPort: 8080}]
//!   readinessProbe: {httpGet: {port: http}}
//! ```

use crate::proof::Proof;
use crate::rule::{Found, Holds, Rule};
use crate::rules::applied::{Applied, at, containers, items, pod_spec, text};
use crate::rules::object_set::{Set, sets};
use goyaml::Tree;
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "K8S14",
    title: "a port that is called by name is there",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "k8s/k8s14_port.rs",
    source: include_str!("k8s14_port.rs"),
    found: &[Found::InProof(check)],
};

fn check(proof: &Proof<'_>, findings: &mut Vec<Diagnostic>) {
    for set in sets(proof) {
        for object in &set.objects {
            for container in pod_spec(object).into_iter().flat_map(containers) {
                for name in probed(container) {
                    if !has_port(container, name) {
                        let shown = name.as_str().unwrap_or_default();
                        let message = format!("the container has no port `{shown}` to probe");
                        tell(proof, object, name, message, findings);
                    }
                }
            }
            service(proof, &set, object, findings);
        }
    }
}

fn service(proof: &Proof<'_>, set: &Set<'_>, object: &Applied<'_>, findings: &mut Vec<Diagnostic>) {
    if object.kind() != "Service" || !object.group().is_empty() {
        return;
    }
    let Some(selector) = at(object.tree, &["spec", "selector"]) else {
        return;
    };
    if selector.entries().is_empty() {
        return;
    }
    let pods: Vec<&Tree> = set
        .selected(object, selector)
        .into_iter()
        .filter_map(pod_spec)
        .collect();
    if pods.is_empty() {
        return;
    }
    for port in items(object.tree, &["spec", "ports"]) {
        let Some(name) = port.get("targetPort").filter(|name| is_name(name)) else {
            continue;
        };
        let is_there = pods
            .iter()
            .flat_map(|spec| containers(spec))
            .any(|container| has_port(container, name));
        if !is_there {
            let shown = name.as_str().unwrap_or_default();
            let message = format!("no container that the Service selects has a port `{shown}`");
            tell(proof, object, name, message, findings);
        }
    }
}

fn tell(
    proof: &Proof<'_>,
    object: &Applied<'_>,
    name: &Tree,
    message: String,
    findings: &mut Vec<Diagnostic>,
) {
    let found = RULE.finding(message, object.place_of(name.span));
    let found = found.help("write the name of one of its `ports`, or a number");
    findings.push(object.in_case(proof, found));
}

/// The ports that the probes and hooks of a container call by name.
fn probed(container: &Tree) -> Vec<&Tree> {
    let probes = ["livenessProbe", "readinessProbe", "startupProbe"];
    let probes = probes.into_iter().filter_map(|key| container.get(key));
    let ports = probes.flat_map(|probe| {
        ["httpGet", "tcpSocket"]
            .into_iter()
            .filter_map(move |way| at(probe, &[way, "port"]))
    });
    ports.filter(|port| is_name(port)).collect()
}

/// Whether a port is given by name: a text that is no number.
fn is_name(port: &Tree) -> bool {
    port.as_str()
        .is_some_and(|name| name.bytes().any(|byte| byte.is_ascii_alphabetic()))
}

fn has_port(container: &Tree, name: &Tree) -> bool {
    let ports = items(container, &["ports"]);
    ports
        .iter()
        .any(|port| Some(text(port, "name")) == name.as_str())
}
