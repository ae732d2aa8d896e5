//! A file of `schemas/` is called `KIND-uischema-DEFINITION`, up to its first dot, with `component`, `trait`, `policy`,
//! `workflowstep`, `addon` or `config` as the kind.
//!
//! That name becomes the name of a ConfigMap, and VelaUX looks for it there. One with another name is never found.
//!
//! Bad: `schemas/webservice.yaml`.
//!
//! Good: `schemas/component-uischema-webservice.yaml`.

use crate::input::Input;
use crate::rule::{Found, Holds, Rule};
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "UI02",
    title: "the file of a UI schema says for what it is",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "ui/ui02_file_name.rs",
    source: include_str!("ui02_file_name.rs"),
    found: &[Found::InAddon(check)],
};

const KINDS: [&str; 6] = [
    "component",
    "trait",
    "policy",
    "workflowstep",
    "addon",
    "config",
];

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    for file in &input.addon.schemas {
        let name = file.name().split('.').next().unwrap_or_default();
        let is_right = name
            .split_once("-uischema-")
            .is_some_and(|(kind, definition)| KINDS.contains(&kind) && !definition.is_empty());
        if is_right {
            continue;
        }
        let message = format!("VelaUX never finds a schema called `{name}`");
        let place = input.addon.tree.root.join(&file.path);
        let found = RULE.finding(message, place);
        findings.push(
            found.help(
                "call it `KIND-uischema-DEFINITION.yaml`, as in `trait-uischema-scaler.yaml`",
            ),
        );
    }
}
