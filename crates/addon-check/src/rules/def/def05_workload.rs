//! The workload that a component definition names in `attributes.workload` is what its template puts out.
//!
//! KubeVela follows the rollout of the workload, finds traits that apply to it and shows it by that name: with the wrong one
//! it looks for an object that the component never makes. `autodetects.core.oam.dev` takes whatever `output` is.
//!
//! Bad:
//! ```cue
//! web: {type: "component", attributes: workload: definition: {apiVersion: "apps/v1", kind: "StatefulSet"}}
//! template: output: {apiVersion: "apps/v1", kind: "Deployment"}
//! ```
//! Good:
//! ```cue
//! web: {type: "component", attributes: workload: definition: {apiVersion: "apps/v1", kind: "Deployment"}}
//! template: output: {apiVersion: "apps/v1", kind: "Deployment"}
//! ```

use super::{Shape, definitions};
use crate::input::Input;
use crate::rule::{Found, Holds, Rule};
use crate::syntax::Fields;
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "DEF05",
    title: "the workload of a component definition is what it puts out",
    severity: Severity::Warning,
    holds: Holds::Always,
    mended: false,
    file: "def/def05_workload.rs",
    source: include_str!("def05_workload.rs"),
    found: &[Found::InAddon(check)],
};

const AUTO: &str = "autodetects.core.oam.dev";

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    for file in definitions(input) {
        let shape = Shape::of(&file.parsed.file.decls);
        let Some(name) = shape.name() else { continue };
        let decls = &file.parsed.file.decls;
        let output = |key: &str| Fields::at(decls, &["template", "output", key]).text();
        let (Some(version), Some(kind)) = (output("apiVersion"), output("kind")) else {
            continue;
        };
        let at = |path: &[&str]| {
            let path: Vec<&str> = [&name, "attributes", "workload"]
                .into_iter()
                .chain(path.iter().copied())
                .collect();
            Fields::at(decls, &path)
        };
        let own = [("apiVersion", &version), ("kind", &kind)];
        let differing = own.into_iter().find_map(|(key, made)| {
            let named = at(&["definition", key]);
            let text = named.text().filter(|text| text != made)?;
            Some((key, text, made, named.first()?))
        });
        if let Some((key, text, made, field)) = differing {
            let message = format!("the workload has the {key} `{text}`, and the output `{made}`");
            let found = RULE.finding(message, field.value.span());
            let help = format!("name what `output` is, or write `workload: type: \"{AUTO}\"`");
            findings.push(found.help(help));
        }
        let named = at(&["type"]);
        let (Some(text), Some(field)) = (named.text(), named.first()) else {
            continue;
        };
        let group = version.split_once('/').map_or("", |(group, _)| group);
        let plural = plural(&kind);
        let made = if group.is_empty() {
            plural
        } else {
            format!("{plural}.{group}")
        };
        // irregular plurals are not known: only the group tells
        let is_other = text.split_once('.').map_or("", |(_, group)| group) != group;
        if text != AUTO && is_other {
            let message = format!("the workload is `{text}`, and the output is of `{made}`");
            let found = RULE.finding(message, field.value.span());
            findings.push(found.help(format!("write `type: \"{AUTO}\"`")));
        }
    }
}

/// The plural of most kinds.
fn plural(kind: &str) -> String {
    let kind = kind.to_lowercase();
    match kind.strip_suffix('y') {
        Some(stem) => format!("{stem}ies"),
        None if kind.ends_with(['s', 'x']) => format!("{kind}es"),
        None => format!("{kind}s"),
    }
}
