//! The addon has `parameter.cue` or the older `resources/parameter.cue`, not both, and no other file of that name.
//!
//! The two are not merged: KubeVela reads the first and ignores the second. In a folder of `resources/` a file of that
//! name is neither parameters nor a resource: it is ignored, too.
//!
//! Bad: `parameter.cue` and `resources/parameter.cue`, or `resources/database/parameter.cue`.
//!
//! Good: `parameter.cue`.

use crate::input::Input;
use crate::rule::{Found, Holds, Rule};
use addon_model::{Role, Skip};
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "LAY10",
    title: "there is one `parameter.cue`",
    severity: Severity::Warning,
    holds: Holds::Always,
    mended: false,
    file: "lay/lay10_two_parameters.rs",
    source: include_str!("lay10_two_parameters.rs"),
    found: &[Found::InAddon(check)],
};

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    let addon = input.addon;
    let nested = addon.tree.with_role(Role::Skipped(Skip::NestedParameter));
    for entry in nested {
        let message = format!("KubeVela ignores `{}`", entry.path);
        let found = RULE.finding(message, input.file_place(entry));
        findings.push(found.help("move its fields to `parameter.cue`, or call the file otherwise"));
    }
    let (Some(first), Some(second)) = (&addon.parameter, &addon.resource_parameter) else {
        return;
    };
    if first.text().is_empty() || second.text().is_empty() {
        return;
    }
    let message = format!("`{}` is ignored beside `{}`", second.path, first.path);
    let found = RULE.finding(message, second.source.span().start());
    findings.push(found.help("move its fields over and remove it"));
}
