//! The README has a title, says in some words what the addon is good for, and shows how it is enabled.
//!
//! The catalog of KubeVela takes an addon only with such an introduction and an example; the profile `catalog` makes this an
//! error.
//!
//! Bad:
//! ```markdown
//! # web
//! Nothing here yet.
//! ```
//! Good:
//! ````markdown
//! # web
//!
//! Serves the files of a bucket, with a certificate and a cache in front of it.
//!
//! ## Install
//!
//! ```shell
//! vela addon enable web
//! ```
//! ````

use crate::input::Input;
use crate::rule::{Found, Holds, Rule};
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "LAY15",
    title: "the README introduces the addon",
    severity: Severity::Info,
    holds: Holds::Always,
    mended: false,
    file: "lay/lay15_readme_content.rs",
    source: include_str!("lay15_readme_content.rs"),
    found: &[Found::InAddon(check)],
};

/// The fewest words of a text that introduces something.
const WORDS: usize = 12;

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    let Some(readme) = &input.addon.readme else {
        return;
    };
    let place = readme.source.span().start();
    let text = readme.text();
    let is_title = |line: &str| line.starts_with('#') || line.trim_start().starts_with("<h");
    let underlined = text.contains("\n===") || text.contains("\n---");
    if !text.lines().any(is_title) && !underlined {
        let found = RULE.finding("the README has no title", place);
        findings.push(found.help("begin it with `# ` and the name of the addon"));
    }
    let words = text
        .lines()
        .filter(|line| !is_title(line))
        .flat_map(str::split_whitespace)
        .count();
    if words < WORDS {
        let found = RULE.finding(format!("the README has only {words} words"), place);
        findings.push(found.help("say what the addon is good for, and what it installs"));
    }
    let name = &input.addon.meta().name.value;
    let shows = text
        .match_indices("vela addon enable")
        .filter_map(|(at, command)| text.get(at + command.len()..))
        .filter_map(|rest| rest.split_whitespace().next())
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()))
        .any(|word| word.rsplit('/').next() == Some(name));
    if !shows {
        let message = format!("the README does not show `vela addon enable {name}`");
        findings.push(
            RULE.finding(message, place)
                .help("show how the addon is enabled, with the parameters that matter"),
        );
    }
}
