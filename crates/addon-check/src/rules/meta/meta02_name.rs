//! The name of an addon is one or more words of lower-case letters and digits, joined by single dashes.
//!
//! KubeVela makes resource names of it (`addon-NAME` for the Application) and Helm registries a file name.
//! `vela addon init` accepts no other name, but nothing checks the name of an addon that is written by hand,
//! so the mistake is only found when the cluster refuses the Application.
//!
//! Bad:
//! ```yaml
//! name: My_Addon
//! ```
//! Good:
//! ```yaml
//! name: my-addon
//! ```

use crate::input::Input;
use crate::rule::{Found, Holds, Rule};
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "META02",
    title: "`name` is lower-case words joined by dashes",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "meta/meta02_name.rs",
    source: include_str!("meta02_name.rs"),
    found: &[Found::InAddon(check)],
};

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    let name = &input.addon.meta().name;
    if input.addon.metadata.refused || is_name(name) {
        return;
    }
    let message = if name.is_empty() {
        "the addon has no `name`".to_owned()
    } else {
        format!("`{}` is no name of an addon", name.value)
    };
    let found = RULE.finding(message, input.metadata_place(name.span));
    findings.push(found.help("use lower-case letters, digits and single dashes between them"));
}

fn is_name(name: &str) -> bool {
    let is_word = |word: &str| {
        !word.is_empty()
            && word
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    name.split('-').all(is_word)
}
