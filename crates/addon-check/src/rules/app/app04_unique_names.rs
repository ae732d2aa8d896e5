//! The components of `template.yaml` have different names, which are also not those that KubeVela gives: `NAMESPACE-namespace`
//! for each entry of `needNamespace`, and `ADDON-resources` for the YAML files of `resources/`.
//!
//! KubeVela refuses an Application with `duplicated component name`.
//!
//! Bad:
//! ```yaml
//! spec:
//!   components:
//!   - {name: web, type: webservice}
//!   - {name: web, type: worker}
//! ```
//! Good:
//! ```yaml
//! spec:
//!   components:
//!   - {name: web, type: webservice}
//!   - {name: jobs, type: worker}
//! ```

use crate::input::Input;
use crate::rule::{Found, Holds, Rule};
use source_vocab::{Diagnostic, Severity, Span};
use std::collections::BTreeMap;

pub(super) const RULE: Rule = Rule {
    id: "APP04",
    title: "no two components have one name",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "app/app04_unique_names.rs",
    source: include_str!("app04_unique_names.rs"),
    found: &[Found::InAddon(check)],
};

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    let meta = input.addon.meta();
    let mut names: BTreeMap<String, Option<Span>> = BTreeMap::new();
    for component in input.components() {
        let Some(name) = component.get("name") else {
            continue;
        };
        let Some(text) = name.as_str().filter(|text| !text.is_empty()) else {
            continue;
        };
        if let Some(Some(first)) = names.insert(text.to_owned(), Some(name.span)) {
            let found = RULE
                .finding(format!("two components are called `{text}`"), name.span)
                .label(first, "the first one");
            findings.push(found.help("give one of them another name"));
        }
    }
    for namespace in &meta.need_namespace.value {
        if namespace.value == "vela-system" {
            continue;
        }
        let name = format!("{}-namespace", namespace.value);
        let place = input.metadata_place(namespace.span);
        if let Some(other) = names.insert(name, None) {
            let message = format!(
                "two components would create the namespace `{}`",
                namespace.value
            );
            let found = RULE.finding(message, place);
            let found = match other {
                Some(first) => found.label(first, "this one has the same name"),
                None => found,
            };
            findings.push(found.help("name each namespace once"));
        }
    }
    let resources = format!("{}-resources", meta.name.value);
    let has_yaml = input
        .addon
        .resources
        .iter()
        .any(|file| file.as_yaml().is_some());
    if let Some(Some(first)) = names.get(&resources).filter(|_| has_yaml) {
        let message = format!("KubeVela calls the component of `resources/` `{resources}`, too");
        findings.push(
            RULE.finding(message, *first)
                .help("give the component another name"),
        );
    }
}
