//! The steps of the workflow have different names, `dependsOn` names steps (of a component: components), `inputs` name outputs
//! of others, and nothing waits for itself.
//!
//! KubeVela refuses a workflow with `duplicated step name`. What waits for something that does not exist waits for ever, and so
//! does a circle; the addon stays in the phase `runningWorkflow`. Of two policies with one name only one counts: that is a
//! warning.
//!
//! Bad:
//! ```yaml
//! spec:
//!   workflow:
//!     steps:
//!     - {name: apply, type: apply-application}
//!     - {name: tell, type: notification, dependsOn: [aply]}
//! ```
//! Good:
//! ```yaml
//! spec:
//!   workflow:
//!     steps:
//!     - {name: apply, type: apply-application}
//!     - {name: tell, type: notification, dependsOn: [apply]}
//! ```

use crate::proof::{Proof, ProvenObject};
use crate::rule::{Found, Holds, Rule};
use crate::spelling;
use goyaml::Tree;
use source_vocab::{Diagnostic, Severity};
use std::collections::{BTreeMap, BTreeSet};

pub(super) const RULE: Rule = Rule {
    id: "APP08",
    title: "steps, policies and components have names of their own, and wait for what there is",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "app/app08_steps.rs",
    source: include_str!("app08_steps.rs"),
    found: &[Found::InProof(check)],
};

fn check(proof: &Proof<'_>, findings: &mut Vec<Diagnostic>) {
    for application in proof.written_applications() {
        let mut found = Vec::new();
        let steps = proof.workflow_steps(&application);
        let steps: Vec<&Tree> = steps.iter().map(|step| step.tree).collect();
        let components = proof.components(&application);
        let components: Vec<&Tree> = components.iter().map(|component| component.tree).collect();
        doubled(&application, &steps, "steps", Severity::Error, &mut found);
        let policies = proof.policies(&application);
        let policies: Vec<&Tree> = policies.iter().map(|policy| policy.tree).collect();
        doubled(
            &application,
            &policies,
            "policies",
            Severity::Warning,
            &mut found,
        );
        waits(&application, &steps, "step", &mut found);
        waits(&application, &components, "component", &mut found);
        let all: Vec<&Tree> = steps.iter().chain(&components).copied().collect();
        inputs(&application, &all, &mut found);
        findings.extend(
            found
                .into_iter()
                .map(|found| proof.in_case(found, application.case)),
        );
    }
}

/// Things of one kind with one name.
fn doubled(
    application: &ProvenObject<'_>,
    all: &[&Tree],
    what: &str,
    severity: Severity,
    findings: &mut Vec<Diagnostic>,
) {
    let mut names: BTreeMap<&str, &Tree> = BTreeMap::new();
    for name in all.iter().filter_map(|tree| tree.get("name")) {
        let Some(text) = name.as_str().filter(|text| !text.is_empty()) else {
            continue;
        };
        if let Some(first) = names.insert(text, name) {
            let message = format!("two {what} are called `{text}`");
            let found = RULE
                .milder(severity, message, application.place_of(name.span))
                .label(application.place_of(first.span), "the first one");
            findings.push(found.help("give one of them another name"));
        }
    }
}

/// What waits for things that there are not, or for itself.
fn waits(
    application: &ProvenObject<'_>,
    all: &[&Tree],
    what: &str,
    findings: &mut Vec<Diagnostic>,
) {
    let mut edges: BTreeMap<&str, Vec<&Tree>> = BTreeMap::new();
    for tree in all {
        let name = tree.get("name").and_then(Tree::as_str).unwrap_or_default();
        let needed = tree.get("dependsOn").map(Tree::items).unwrap_or_default();
        edges.entry(name).or_default().extend(needed);
    }
    for needed in edges.values().flatten() {
        let Some(text) = needed.as_str().filter(|text| !edges.contains_key(text)) else {
            continue;
        };
        let message = format!("there is no {what} `{text}` to wait for");
        let help = match spelling::nearest(text, edges.keys().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("write the name of a {what} of this Application"),
        };
        findings.push(
            RULE.finding(message, application.place_of(needed.span))
                .help(help),
        );
    }
    let mut done: BTreeSet<&str> = BTreeSet::new();
    for start in edges.keys() {
        let Some((name, back)) = circle(start, &edges, &mut done) else {
            continue;
        };
        let message = format!("the {what} `{name}` waits for itself, through what it waits for");
        let found = RULE.finding(message, application.place_of(back.span));
        findings.push(found.help("remove one of the `dependsOn` of the circle"));
    }
}

/// A name that is reached again on the way from `start`, and the entry that leads back to it. Each name is looked at once.
fn circle<'a>(
    start: &'a str,
    edges: &BTreeMap<&'a str, Vec<&'a Tree>>,
    done: &mut BTreeSet<&'a str>,
) -> Option<(&'a str, &'a Tree)> {
    let mut path: Vec<(&str, usize)> = vec![(start, 0)];
    if done.contains(start) {
        return None;
    }
    while let Some((name, at)) = path.last_mut() {
        let name: &'a str = name;
        let next = edges.get(name).and_then(|needed| needed.get(*at));
        *at += 1;
        let Some(needed) = next else {
            done.insert(name);
            path.pop();
            continue;
        };
        let Some(text) = needed.as_str() else {
            continue;
        };
        if path.iter().any(|(on, _)| *on == text) {
            done.extend(path.iter().map(|(on, _)| *on));
            return Some((text, needed));
        }
        if let Some((known, _)) = edges.get_key_value(text)
            && !done.contains(text)
        {
            path.push((known, 0));
        }
    }
    None
}

/// Inputs that nothing gives.
fn inputs(application: &ProvenObject<'_>, all: &[&Tree], findings: &mut Vec<Diagnostic>) {
    let parts = |key: &'static str, name: &'static str| {
        let lists = all.iter().filter_map(move |tree| tree.get(key));
        lists
            .flat_map(Tree::items)
            .filter_map(move |item| item.get(name))
    };
    let given: BTreeSet<&str> = parts("outputs", "name").filter_map(Tree::as_str).collect();
    for from in parts("inputs", "from") {
        let Some(text) = from.as_str().filter(|text| !text.is_empty()) else {
            continue;
        };
        // a part of an output has its name before the dot; the context is always there
        let root = text.split(['.', '[']).next().unwrap_or_default();
        if root == "context" || given.contains(root) || given.contains(text) {
            continue;
        }
        let message = format!("no `outputs` give the input `{text}`");
        let help = match spelling::nearest(root, given.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "write the name of an output of another step or component".to_owned(),
        };
        findings.push(
            RULE.finding(message, application.place_of(from.span))
                .help(help),
        );
    }
}
