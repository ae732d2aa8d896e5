//! The addon has a `README.md`, written like that, and no second one.
//!
//! `vela addon registry` and VelaUX show it. KubeVela also reads `readme.md`, and with both it is chance which one is
//! shown. It reads no other spelling.
//!
//! Bad: `Readme.md`.
//!
//! Good: `README.md`.

use crate::input::Input;
use crate::rule::{Found, Holds, Rule};
use addon_model::TreeEntry;
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "LAY03",
    title: "there is one `README.md`",
    severity: Severity::Warning,
    holds: Holds::Always,
    mended: false,
    file: "lay/lay03_readme.rs",
    source: include_str!("lay03_readme.rs"),
    found: &[Found::InAddon(check)],
};

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    let addon = input.addon;
    let readmes: Vec<&TreeEntry> = addon
        .tree
        .entries
        .iter()
        .filter(|entry| {
            let path = entry.path.as_str();
            path.eq_ignore_ascii_case("README.md") || path.eq_ignore_ascii_case("README")
        })
        .collect();
    let is_read = |entry: &&TreeEntry| matches!(entry.path.as_str(), "README.md" | "readme.md");
    let read: Vec<&TreeEntry> = readmes.iter().copied().filter(is_read).collect();
    match (read.as_slice(), readmes.first()) {
        ([_], _) => {}
        ([], Some(other)) => {
            let message = format!("KubeVela does not read `{}`", other.path);
            let found = RULE.finding(message, input.file_place(other));
            findings.push(found.help("call it `README.md`"));
        }
        ([], None) => {
            let place = addon.tree.root.child("README.md");
            let message = "the addon has no `README.md`";
            let help = "say what the addon does, how it is enabled and what can be set";
            findings.push(RULE.finding(message, place).help(help));
        }
        ([_, second, ..], _) => {
            let message = "with `README.md` and `readme.md` it is chance which one is shown";
            let found = RULE.finding(message, input.file_place(second));
            findings.push(found.help("keep `README.md`"));
        }
    }
}
