//! A condition in `schemas/` has the operator `==`, `!=` or `in`, and the action `enable` or `disable`.
//!
//! VelaUX takes no others, and shows the parameter always.
//!
//! Bad:
//! ```yaml
//! conditions: [{jsonKey: type, op: eq, value: url, action: show}]
//! ```
//! Good:
//! ```yaml
//! conditions: [{jsonKey: type, op: ==, value: url, action: enable}]
//! ```

use super::ui01_list::{parameters, parsed};
use crate::input::Input;
use crate::rule::{Found, Holds, Rule};
use goyaml::Tree;
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "UI04",
    title: "conditions of a UI schema are of a known form",
    severity: Severity::Warning,
    holds: Holds::Always,
    mended: false,
    file: "ui/ui04_conditions.rs",
    source: include_str!("ui04_conditions.rs"),
    found: &[Found::InAddon(check)],
};

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    for file in &input.addon.schemas {
        let yaml = parsed(file);
        if let Some(tree) = yaml.tree() {
            for parameter in parameters(tree) {
                look(parameter, findings);
            }
        }
    }
}

fn look(parameter: &Tree, findings: &mut Vec<Diagnostic>) {
    for condition in parameter
        .get("conditions")
        .into_iter()
        .flat_map(Tree::items)
    {
        for (key, known) in [
            ("op", &["==", "!=", "in"][..]),
            ("action", &["enable", "disable"][..]),
        ] {
            let Some(value) = condition.get(key) else {
                continue;
            };
            let text = value.coerced().unwrap_or_default();
            if text.is_empty() || known.contains(&&*text) {
                continue;
            }
            let message = format!("VelaUX does not know the `{key}` `{text}`");
            let found = RULE.finding(message, value.span);
            findings.push(found.help(format!("write one of `{}`", known.join("`, `"))));
        }
    }
}
