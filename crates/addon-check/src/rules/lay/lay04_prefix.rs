//! No file or folder is read only because its name begins with a known one.
//!
//! KubeVela compares the beginnings of paths: `template.yaml.bak` is read as the template, and as it comes after
//! `template.yaml` it replaces it. Files in `resources-old/` are enabled with the others.
//!
//! Bad: `template.yaml.bak`, `resources-old/crd.yaml`.
//!
//! Good: `backup-template.yaml`, `old-resources/crd.yaml`, or neither.

use crate::input::Input;
use crate::rule::{Found, Holds, Rule};
use addon_model::{Fit, Role};
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "LAY04",
    title: "no other name begins with a name that KubeVela knows",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "lay/lay04_prefix.rs",
    source: include_str!("lay04_prefix.rs"),
    found: &[Found::InAddon(check)],
};

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    let mut told: Vec<&str> = Vec::new();
    for entry in &input.addon.tree.entries {
        let Some((pattern, Fit::PrefixOnly)) = entry.pattern else {
            continue;
        };
        if matches!(entry.role, Role::Skipped(_) | Role::Ignored) {
            continue;
        }
        // one finding for a folder, not one for each file in it
        let path = entry.path.as_str();
        let end = if pattern.is_directory() {
            let name = pattern.name().len();
            path.get(name..)
                .and_then(|rest| rest.find('/'))
                .map_or(path.len(), |slash| name + slash)
        } else {
            path.len()
        };
        let shown = path.get(..end).unwrap_or(path);
        if told.contains(&shown) {
            continue;
        }
        told.push(shown);
        let message = format!("`{shown}` is read as `{pattern}`, since its name begins with it");
        let found = RULE.finding(message, input.file_place(entry));
        findings.push(found.help("rename it, or move it out of the addon"));
    }
}
