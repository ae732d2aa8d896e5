//! A `deploy` step names policies of the Application, `apply-component` a component, an `override` policy components, and a
//! `topology` policy clusters that everybody has.
//!
//! KubeVela ends the workflow with `policy NAME not found`. An `override` that matches no component adds one, and without a
//! type none can be added. The names of clusters are everybody's own, except `local`: a fixed one is a warning, as is a
//! component in a `selector` that nothing in the addon is called.
//!
//! Bad:
//! ```yaml
//! spec:
//!   policies:
//!   - {name: target, type: topology, properties: {clusters: [local]}}
//!   workflow:
//!     steps:
//!     - {name: deploy, type: deploy, properties: {policies: [targets]}}
//! ```
//! Good: `policies: [target]`.

use crate::names::ComponentNames;
use crate::proof::{Proof, ProvenObject};
use crate::rule::{Found, Holds, Rule};
use crate::spelling;
use goyaml::Tree;
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "APP09",
    title: "steps and policies name policies, components and clusters that there are",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "app/app09_policies.rs",
    source: include_str!("app09_policies.rs"),
    found: &[Found::InProof(check)],
};

fn check(proof: &Proof<'_>, findings: &mut Vec<Diagnostic>) {
    let possible = ComponentNames::of(proof);
    for application in proof.written_applications() {
        let mut found = Vec::new();
        steps(proof, &application, &mut found);
        overrides(proof, &application, &possible, &mut found);
        clusters(proof, &application, &mut found);
        findings.extend(
            found
                .into_iter()
                .map(|found| proof.in_case(found, application.case)),
        );
    }
}

/// What the steps name.
fn steps(proof: &Proof<'_>, application: &ProvenObject<'_>, findings: &mut Vec<Diagnostic>) {
    let policies = proof.policies(application);
    let policies: Vec<&str> = policies.iter().map(|policy| policy.name).collect();
    let components = proof.components(application);
    let components: Vec<&str> = components.iter().map(|component| component.name).collect();
    // an object of kind Policy is found by its name, too
    let others = proof.objects_of(application.case);
    let others: Vec<&str> = others
        .filter(|object| object.kind() == "Policy")
        .map(ProvenObject::name)
        .collect();
    for step in proof.workflow_steps(application) {
        let property = |key: &str| step.properties.and_then(|properties| properties.get(key));
        let (named, known, what) = match step.kind {
            "deploy" => {
                let named = property("policies").map(Tree::items).unwrap_or_default();
                (named.iter().collect(), &policies, "policy")
            }
            "apply-component" => (
                property("component").into_iter().collect::<Vec<_>>(),
                &components,
                "component",
            ),
            _ => continue,
        };
        for name in named {
            let Some(text) = name.as_str() else { continue };
            if known.contains(&text) || what == "policy" && others.contains(&text) {
                continue;
            }
            let message = format!(
                "the step `{}` names a {what} `{text}`, which is not there",
                step.name
            );
            let help = match spelling::nearest(text, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("write the name of a {what} of this Application"),
            };
            findings.push(
                RULE.finding(message, application.place_of(name.span))
                    .help(help),
            );
        }
    }
}

/// The components that `override` policies name.
fn overrides(
    proof: &Proof<'_>,
    application: &ProvenObject<'_>,
    possible: &ComponentNames,
    findings: &mut Vec<Diagnostic>,
) {
    let policies = proof.policies(application);
    for policy in policies.iter().filter(|policy| policy.kind == "override") {
        let property = |key: &str| {
            let found = policy.properties.and_then(|properties| properties.get(key));
            found.map(Tree::items).unwrap_or_default()
        };
        for patch in property("components") {
            let Some(name) = patch.get("name") else {
                continue;
            };
            let has_type = patch
                .get("type")
                .and_then(Tree::as_str)
                .is_some_and(|kind| !kind.is_empty());
            let Some(text) = name.as_str().filter(|text| !text.is_empty()) else {
                continue;
            };
            if has_type || possible.matches(text) {
                continue;
            }
            let severity = possible.severity(Severity::Error);
            let message = format!(
                "the policy `{}` overrides a component `{text}`, which there is not",
                policy.name
            );
            let found = RULE.milder(severity, message, application.place_of(name.span));
            findings.push(found.help(possible.near(text)));
        }
        for name in property("selector") {
            let Some(text) = name
                .as_str()
                .filter(|text| !text.is_empty() && !possible.matches(text))
            else {
                continue;
            };
            let message = format!(
                "the policy `{}` selects a component `{text}`, which there is not",
                policy.name
            );
            let found = RULE.milder(Severity::Warning, message, application.place_of(name.span));
            findings.push(found.help(possible.near(text)));
        }
    }
}

/// Clusters by their names.
fn clusters(proof: &Proof<'_>, application: &ProvenObject<'_>, findings: &mut Vec<Diagnostic>) {
    let Some(case) = proof.cases().get(application.case) else {
        return;
    };
    let given: Vec<&str> = case
        .arguments
        .tree()
        .get("clusters")
        .map(Tree::items)
        .unwrap_or_default()
        .iter()
        .filter_map(Tree::as_str)
        .collect();
    for policy in proof.policies(application) {
        if policy.kind != "topology" {
            continue;
        }
        let names = policy
            .properties
            .and_then(|properties| properties.get("clusters"));
        for name in names.map(Tree::items).unwrap_or_default() {
            let Some(text) = name.as_str() else { continue };
            if text == "local" || text.is_empty() || given.contains(&text) {
                continue;
            }
            let message = format!(
                "the policy `{}` needs a cluster that is called `{text}`",
                policy.name
            );
            let found = RULE.milder(Severity::Warning, message, application.place_of(name.span));
            findings.push(found.help("take the names from a parameter `clusters`"));
        }
    }
}
