//! The description has 20 to 200 characters, and is not the one that `vela addon init` writes.
//!
//! Lists show it, `vela addon list` its first 60 characters: whoever looks for an addon decides by them. They say
//! something, and have no line break in them, which would tear the table apart.
//!
//! Bad:
//! ```yaml
//! description: An addon for KubeVela.
//! ```
//! Good:
//! ```yaml
//! description: Continuous delivery from git repositories and Helm charts.
//! ```

use crate::input::Input;
use crate::rule::{Found, Holds, Rule};
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "META14",
    title: "`description` says what the addon is for",
    severity: Severity::Info,
    holds: Holds::Always,
    mended: false,
    file: "meta/meta14_description.rs",
    source: include_str!("meta14_description.rs"),
    found: &[Found::InAddon(check)],
};

/// How much of a description `vela addon list` shows (kubevela `references/cli/addon.go`, `limitStringLength`).
const SHOWN: usize = 60;

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    let description = &input.addon.meta().description;
    let text = description.trim();
    let count = text.chars().count();
    let (message, help) = if text.is_empty() {
        (
            "the addon has no `description`".to_owned(),
            "say what the addon is for",
        )
    } else if text
        .trim_end_matches('.')
        .eq_ignore_ascii_case("an addon for KubeVela")
    {
        let message = "the description is that of the scaffold".to_owned();
        (message, "say what the addon is for")
    } else if count < 20 {
        let message = format!("the description has only {count} characters");
        (message, "say what the addon is for, in a sentence")
    } else if text.chars().take(SHOWN).any(|c| c == '\n') {
        let message = format!("the first {SHOWN} characters of the description have a line break");
        (message, "write the first sentence in one line")
    } else if count > 200 {
        let message =
            format!("the description has {count} characters, lists show the first {SHOWN}");
        (message, "move the details to `README.md`")
    } else {
        return;
    };
    let place = input.metadata_place(description.span);
    findings.push(RULE.finding(message, place).help(help));
}
