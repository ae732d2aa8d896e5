//! A custom resource does not stand in the same `k8s-objects` component as its CRD.
//!
//! KubeVela asks the API server for the kind of each object of a component before it applies any of them, and the server does
//! not have the kind yet: the component fails, and the CRD is never applied. In two components of which the second depends on
//! the first it works. The YAML files of `resources/` are one component together.
//!
//! Bad: `resources/crd.yaml` defines `Widget`, and `resources/widget.yaml` is one.
//!
//! Good: the widget is a component of its own, with `dependsOn` the one of the CRD.

use crate::proof::{Proof, ProvenObject, Role};
use crate::rule::{Found, Holds, Rule};
use crate::rules::applied::{at, text};
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "CRD06",
    title: "a custom resource is not applied together with its CRD",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "crd/crd06_together.rs",
    source: include_str!("crd06_together.rs"),
    found: &[Found::InProof(check)],
};

fn check(proof: &Proof<'_>, findings: &mut Vec<Diagnostic>) {
    for case in 0..proof.cases().len() {
        let objects: Vec<_> = proof.objects_of(case).collect();
        for crd in objects
            .iter()
            .filter(|object| object.kind() == "CustomResourceDefinition")
        {
            let Some(component) = component(crd) else {
                continue;
            };
            let spec = crd.tree.get("spec");
            let group = spec.map_or("", |spec| text(spec, "group"));
            let kind = at(crd.tree, &["spec", "names"]).map_or("", |names| text(names, "kind"));
            let is_resource = |object: &&&ProvenObject<'_>| {
                let of_group = object.api_version().split_once('/').map(|(group, _)| group);
                of_group == Some(group) && object.kind() == kind && !kind.is_empty()
            };
            for object in objects.iter().filter(is_resource) {
                if self::component(object) != Some(component) || object.case != case {
                    continue;
                }
                let message = format!(
                    "the {kind} `{}` stands in the component `{component}`, which also brings its CRD",
                    object.name()
                );
                let found = RULE
                    .finding(message, object.place_of(object.tree.span))
                    .help("put it into a component of its own that depends on this one");
                findings.push(proof.in_case(found, object.case));
            }
        }
    }
}

/// The component of type `k8s-objects` that an object stands in.
fn component<'a>(object: &ProvenObject<'a>) -> Option<&'a str> {
    match object.role {
        Role::InComponent { component, .. } => Some(component),
        _ => None,
    }
}
