//! A CRD in `resources/` is of `apiextensions.k8s.io/v1`, has exactly one version with `storage: true`, and a schema with
//! `type: object` for each of its versions.
//!
//! The API server refuses any other; `v1beta1` is gone since Kubernetes 1.22.
//!
//! Bad:
//! ```yaml
//! versions:
//! - {name: v1, served: true, storage: true}
//! - {name: v2, served: true, storage: true}
//! ```
//! Good:
//! ```yaml
//! versions:
//! - {name: v1, served: true, storage: false, schema: {openAPIV3Schema: {type: object}}}
//! - {name: v2, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}
//! ```

use crate::input::Input;
use crate::rule::{Found, Holds, Rule};
use goyaml::{Data, Tree};
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "CRD01",
    title: "a CRD is of `apiextensions.k8s.io/v1` and stores one version",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "crd/crd01_versions.rs",
    source: include_str!("crd01_versions.rs"),
    found: &[Found::InAddon(check)],
};

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    for (_, object) in input.manifests() {
        if object.get("kind").and_then(Tree::as_str) == Some("CustomResourceDefinition") {
            definition(object, findings);
        }
    }
}

fn definition(object: &Tree, findings: &mut Vec<Diagnostic>) {
    let Some(api) = object.get("apiVersion") else {
        return;
    };
    if api.as_str() != Some("apiextensions.k8s.io/v1") {
        let message = "a CRD must be of `apiextensions.k8s.io/v1`";
        let help = "convert it: `v1` wants a schema for each version";
        findings.push(RULE.finding(message, api.span).help(help));
        return;
    }
    let Some(versions) = object.get("spec").and_then(|spec| spec.get("versions")) else {
        return;
    };
    let is_stored = |version: &&Tree| {
        version
            .get("storage")
            .is_some_and(|storage| storage.data == Data::Bool(true))
    };
    let stored = versions.items().iter().filter(is_stored).count();
    if stored != 1 {
        let message = format!("{stored} versions have `storage: true`, expected one");
        let found = RULE.finding(message, versions.span.start());
        findings.push(found.help("store one of the versions, and serve the others"));
    }
    for version in versions.items() {
        let schema = version
            .get("schema")
            .and_then(|schema| schema.get("openAPIV3Schema"));
        let root = schema.and_then(|schema| schema.get("type"));
        if root.and_then(Tree::as_str) == Some("object") {
            continue;
        }
        let name = version
            .get("name")
            .and_then(Tree::as_str)
            .unwrap_or_default();
        let (message, place) = match schema {
            None => (
                format!("the version `{name}` has no schema"),
                version.span.start(),
            ),
            Some(schema) => (
                format!("the schema of the version `{name}` is not of `type: object`"),
                root.map_or(schema.span.start(), |root| root.span),
            ),
        };
        let help = "write `schema: {openAPIV3Schema: {type: object, properties: ...}}`";
        findings.push(RULE.finding(message, place).help(help));
    }
}
