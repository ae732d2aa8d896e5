//! The workload that a component definition names is a kind that exists: of Kubernetes, of KubeVela, of a CRD of the addon or
//! of one that it depends on.
//!
//! KubeVela asks the API server for the workload when a component of the type is used, and fails with `no matches for kind`. A
//! kind of a group that neither Kubernetes nor a CRD at hand defines is not judged: an operator may bring it.
//!
//! Bad: `workload: definition: {apiVersion: "apps/v1", kind: "Deploymnt"}`
//!
//! Good: `workload: definition: {apiVersion: "apps/v1", kind: "Deployment"}`

use super::known;
use crate::proof::{KnownDefinition, Proof};
use crate::rule::{Found, Holds, Rule};
use addon_render::definition::Kind;
use goyaml::Value;
use kube_schema::Gvk;
use kube_schema::builtin::{is_builtin_group, kinds_of, lifecycle, served_in};
use source_vocab::nearest::nearest;
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "CRD07",
    title: "the workload of a component definition is a kind that exists",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "crd/crd07_workload.rs",
    source: include_str!("crd07_workload.rs"),
    found: &[Found::InProof(check)],
};

fn check(proof: &Proof<'_>, findings: &mut Vec<Diagnostic>) {
    let is_component = |definition: &KnownDefinition| definition.kind == Kind::Component;
    if !proof.definitions().iter().any(is_component) {
        return;
    }
    let set = known(proof);
    for definition in proof.definitions() {
        if !is_component(definition) {
            continue;
        }
        let workload = definition
            .object
            .get("spec")
            .and_then(|spec| spec.get("workload"));
        let Some(named) = workload.and_then(|workload| workload.get("definition")) else {
            continue;
        };
        let text = |key: &str| named.get(key).and_then(Value::as_str).unwrap_or_default();
        let (api, kind) = (text("apiVersion"), text("kind"));
        let Some(gvk) = Gvk::new(api, kind) else {
            continue;
        };
        if !served_in(gvk).is_empty() || lifecycle(gvk).is_some() {
            continue;
        }
        if set.kind(gvk.group, gvk.version, gvk.kind).is_some() {
            continue;
        }
        let versions = set.served_versions(gvk.group, gvk.kind);
        let help = if let Some(version) = versions.last() {
            format!("name `{}/{version}`", gvk.group)
        } else if is_builtin_group(gvk.group) {
            let names = kinds_of(gvk.group).map(|known| known.kind);
            match nearest(gvk.kind, names) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => "name the kind of `output` in the template".to_owned(),
            }
        } else {
            continue;
        };
        let message = format!(
            "the workload of `{}` is of `{api}` {kind}, which no server has",
            definition.name
        );
        findings.push(RULE.finding(message, definition.span).help(help));
    }
}
