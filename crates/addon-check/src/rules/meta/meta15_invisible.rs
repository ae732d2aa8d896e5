//! `invisible` is not set to true.
//!
//! KubeVela hides such an addon in registries of git and object stores only. In a Helm registry, where addons are
//! published to today, it is listed like any other.
//!
//! Bad:
//! ```yaml
//! invisible: true
//! ```
//! Good: leave it out, and publish an addon that is not for everybody to a registry of its own.

use crate::input::Input;
use crate::rule::{Found, Holds, Rule};
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "META15",
    title: "`invisible` is not used",
    severity: Severity::Warning,
    holds: Holds::Always,
    mended: false,
    file: "meta/meta15_invisible.rs",
    source: include_str!("meta15_invisible.rs"),
    found: &[Found::InAddon(check)],
};

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    let invisible = &input.addon.meta().invisible;
    if invisible.value {
        let place = input.metadata_place(invisible.span);
        let message = "`invisible` has no effect in Helm registries";
        let help = "remove it, or publish to a registry of its own";
        findings.push(RULE.finding(message, place).help(help));
    }
}
