//! A custom resource is one that its CRD allows: it has only fields of the schema, with values of their types, all that are
//! required, and it breaks no rule of the CRD. Looked at are definitions and other kinds of KubeVela, and objects whose CRD is
//! brought by the addon or by an addon that it depends on.
//!
//! The API server refuses a value of another type and a rule that is broken, and drops a field that the schema does not have
//! without a word. A kind that neither Kubernetes nor a CRD at hand defines is told as an information once: a chart or an
//! operator may bring it, and nothing is known of its fields.
//!
//! Bad: with cert-manager among the dependencies,
//! ```yaml
//! apiVersion: cert-manager.io/v1
//! kind: Certificate
//! metadata: {name: web}
//! spec:
//!   secretName: web-tls
//!   dnsNames: web.example.org
//!   issuer: {name: main}
//! ```
//!
//! Good: `dnsNames: [web.example.org]` and `issuerRef: {name: main}`

use crate::proof::{Proof, ProvenObject, Role};
use crate::rule::{Found, Holds, Rule};
use crate::rules::{crd, fault, objects};
use goyaml::Step;
use kube_schema::builtin::{is_builtin_group, lifecycle, served_in};
use kube_schema::{Fault, FaultKind, Gvk, as_sent};
use source_vocab::{Diagnostic, Severity};
use std::collections::BTreeSet;

pub(super) const RULE: Rule = Rule {
    id: "K8S02",
    title: "a custom resource is one that its CRD allows",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "k8s/k8s02_custom.rs",
    source: include_str!("k8s02_custom.rs"),
    found: &[Found::InProof(check)],
};

fn check(proof: &Proof<'_>, findings: &mut Vec<Diagnostic>) {
    let (set, own) = (crd::known(proof), crd::own(proof));
    let mut told = BTreeSet::new();
    for object in &objects::all(proof) {
        let Some(gvk) = Gvk::of(object.tree) else {
            continue;
        };
        if !served_in(gvk).is_empty() || lifecycle(gvk).is_some() {
            continue;
        }
        let Some(kind) = set.kind(gvk.group, gvk.version, gvk.kind) else {
            if !is_builtin_group(gvk.group) && told.insert((object.api_version(), object.kind())) {
                let is_own = !own.served_versions(gvk.group, gvk.kind).is_empty();
                let versions = set.served_versions(gvk.group, gvk.kind);
                findings.push(unknown(proof, object, gvk, &versions, is_own));
            }
            continue;
        };
        let sent = as_sent(object.tree);
        for found in kind.validate(&sent) {
            if fault::is_of_arguments(proof, object, &found) || is_told_elsewhere(object, &found) {
                continue;
            }
            findings.push(fault::finding(&RULE, proof, object, &found));
        }
    }
}

/// A kind in a version that nothing at hand defines.
fn unknown(
    proof: &Proof<'_>,
    object: &ProvenObject<'_>,
    gvk: Gvk<'_>,
    versions: &[&str],
    is_own: bool,
) -> Diagnostic {
    let place = object.place_at(&[Step::Key("apiVersion")]);
    let found = match versions {
        [] => {
            let message =
                format!("there is no schema for `{gvk}`, so its fields are not looked at");
            RULE.milder(Severity::Info, message, place)
                .help("depend on the addon that brings its CRD, if there is one")
        }
        [.., last] => {
            let message = format!(
                "the CRD of `{}` does not serve the version `{}`",
                gvk.kind, gvk.version
            );
            let severity = if is_own {
                Severity::Error
            } else {
                Severity::Warning
            };
            RULE.milder(severity, message, place)
                .help(format!("use `{}/{last}`", gvk.group))
        }
    };
    proof.in_case(found, object.case)
}

/// Whether another rule tells a fault of the Application: KubeVela reads it before the server does.
fn is_told_elsewhere(object: &ProvenObject<'_>, found: &Fault) -> bool {
    // APP02, APP03, APP05, APP07
    let is_read = matches!(
        found.kind,
        FaultKind::Required | FaultKind::Unknown | FaultKind::Type
    );
    object.role == Role::Application && (is_read || found.field.starts_with("metadata"))
}
