//! The steps of the workflow in `template.yaml` have different names, and `dependsOn` names steps of it.
//!
//! KubeVela refuses a workflow with `duplicated step name`. A step that waits for one that does not exist waits for ever.
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

use crate::input::Input;
use crate::rule::{Found, Holds, Rule};
use goyaml::Tree;
use source_vocab::{Diagnostic, Severity, Span};
use std::collections::BTreeMap;

pub(super) const RULE: Rule = Rule {
    id: "APP08",
    title: "the steps of the workflow have names of their own, and wait for steps that there are",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "app/app08_steps.rs",
    source: include_str!("app08_steps.rs"),
    found: &[Found::InAddon(check)],
};

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    let Some(workflow) = input.application().and_then(|spec| spec.get("workflow")) else {
        return;
    };
    let steps: Vec<&Tree> = workflow
        .get("steps")
        .into_iter()
        .flat_map(Tree::items)
        .flat_map(|step| {
            let inner = step.get("subSteps").into_iter().flat_map(Tree::items);
            std::iter::once(step).chain(inner)
        })
        .collect();
    let mut names: BTreeMap<&str, Span> = BTreeMap::new();
    for name in steps.iter().filter_map(|step| step.get("name")) {
        let Some(text) = name.as_str().filter(|text| !text.is_empty()) else {
            continue;
        };
        if let Some(first) = names.insert(text, name.span) {
            let found = RULE
                .finding(format!("two steps are called `{text}`"), name.span)
                .label(first, "the first one");
            findings.push(found.help("give one of them another name"));
        }
    }
    let waits = steps.iter().filter_map(|step| step.get("dependsOn"));
    for needed in waits.flat_map(Tree::items) {
        let Some(text) = needed.as_str() else {
            continue;
        };
        if !names.contains_key(text) {
            let message = format!("there is no step `{text}` to wait for");
            let found = RULE.finding(message, needed.span);
            findings.push(found.help("write the name of a step of this workflow"));
        }
    }
}
