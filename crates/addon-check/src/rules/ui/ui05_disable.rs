//! A parameter in `schemas/` that is not to be shown has `disable: true`.
//!
//! The documentation of KubeVela says `disabled`, which VelaUX does not read.
//!
//! Bad:
//! ```yaml
//! - jsonKey: image
//!   disabled: true
//! ```
//! Good:
//! ```yaml
//! - jsonKey: image
//!   disable: true
//! ```

use super::ui01_list::{parameters, parsed};
use crate::input::Input;
use crate::rule::{Found, Holds, Rule};
use goyaml::Tree;
use source_vocab::{Diagnostic, Edit, Fix, Severity};

pub(super) const RULE: Rule = Rule {
    id: "UI05",
    title: "a UI schema says `disable`",
    severity: Severity::Warning,
    holds: Holds::Always,
    mended: true,
    file: "ui/ui05_disable.rs",
    source: include_str!("ui05_disable.rs"),
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
    if let Some(entry) = parameter.entry("disabled") {
        let fix = Fix {
            title: "write `disable`".to_owned(),
            edits: vec![Edit {
                span: entry.key_span,
                text: "disable".to_owned(),
            }],
        };
        let found = RULE.finding("VelaUX does not read `disabled`", entry.key_span);
        findings.push(found.help("write `disable`").fix(fix));
    }
}
