//! The addon has `parameter.cue` or the older `resources/parameter.cue`, not both.
//!
//! The two are not merged: KubeVela reads the first and ignores the second.
//!
//! Bad: `parameter.cue` and `resources/parameter.cue`.
//!
//! Good: `parameter.cue`.

use crate::input::Input;
use crate::rule::{Found, Holds, Rule};
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
