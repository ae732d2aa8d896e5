//! Files with data or code in `resources/`, `definitions/`, `views/` and `config-templates/` are of a kind that is read.
//!
//! In the first three KubeVela reads `.cue`, `.yaml` and `.yml`, in `config-templates/` only `.cue`. It ignores all
//! others without a word: a definition in JSON is simply not there.
//!
//! Bad: `resources/crd.json`.
//!
//! Good: `resources/crd.yaml`.

use crate::input::Input;
use crate::rule::{Found, Rule};
use addon_model::{Fit, Pattern, Role, Skip};
use source_vocab::{Diagnostic, Severity};

pub(crate) const RULE: Rule = Rule {
    id: "LAY06",
    title: "data in known folders has an extension that is read",
    severity: Severity::Warning,
    holds_for: "all releases of KubeVela",
    file: "lay06_extension.rs",
    source: include_str!("lay06_extension.rs"),
    found: Found::Check(check),
};

/// What looks like something to be read. Texts and pictures may lie anywhere.
const DATA: [&str; 8] = [
    "json", "yaml", "yml", "cue", "tpl", "tmpl", "gotmpl", "jsonnet",
];

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    for entry in &input.addon.tree.entries {
        let (Role::Skipped(Skip::Extension), Some((pattern, Fit::Exact))) =
            (entry.role, entry.pattern)
        else {
            continue;
        };
        let extension = entry.path.extension().unwrap_or_default();
        if !DATA.contains(&extension.to_ascii_lowercase().as_str()) {
            continue;
        }
        let message = format!("KubeVela ignores `{}`", entry.path);
        let help = if pattern == Pattern::ConfigTemplates {
            "write a config template in CUE, in a file `.cue`"
        } else {
            "write it as `.yaml` or `.cue`, in lower case"
        };
        findings.push(RULE.finding(message, input.file_place(entry)).help(help));
    }
}
