//! The containers of a pod take no port of their node.
//!
//! A `hostPort` is reachable from outside past every Service and policy, and only one such pod fits on a node. Where it must
//! be, as with an ingress of a bare cluster, an ignore with the reason says so.
//!
//! Bad:
//! ```yaml
//! ports: [{containerPort: 80, hostPort: 80}]
//! ```
//! Good:
//! ```yaml
//! ports: [{containerPort: 80}]
//! ```

use crate::proof::Proof;
use crate::rule::{Found, Holds, Rule};
use crate::rules::applied::{applied, containers, items, pod_spec};
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "SEC08",
    title: "no container takes a port of its node",
    severity: Severity::Warning,
    holds: Holds::Always,
    mended: false,
    file: "sec/sec08_host_port.rs",
    source: include_str!("sec08_host_port.rs"),
    found: &[Found::InProof(check)],
};

fn check(proof: &Proof<'_>, findings: &mut Vec<Diagnostic>) {
    for object in applied(proof) {
        for container in pod_spec(&object).into_iter().flat_map(containers) {
            for port in items(container, &["ports"]) {
                let Some(taken) = port.get("hostPort") else {
                    continue;
                };
                let number = taken.coerced().unwrap_or_default();
                if number.is_empty() || number == "0" {
                    continue;
                }
                let message = format!("the container takes the port {number} of its node");
                let found = RULE.finding(message, object.place_of(taken.span));
                let found = found.help("reach it through a Service");
                findings.push(object.in_case(proof, found));
            }
        }
    }
}
