//! A link of the README to a file of the addon names one that there is.
//!
//! Registries and VelaUX show the README away from the repository, where a relative link leads nowhere at all; for a file that
//! exists that is nothing to be told, one that does not exist is wrong everywhere.
//!
//! Bad: `[parameters](docs/parameter.md)` without that file.
//!
//! Good: `[parameters](https://example.org/web/parameters)`.

use crate::input::Input;
use crate::rule::{Found, Holds, Rule};
use regex::Regex;
use source_vocab::{Diagnostic, Severity};
use std::sync::LazyLock;

pub(super) const RULE: Rule = Rule {
    id: "LAY17",
    title: "links of the README lead somewhere",
    severity: Severity::Warning,
    holds: Holds::Always,
    mended: false,
    file: "lay/lay17_readme_links.rs",
    source: include_str!("lay17_readme_links.rs"),
    found: &[Found::InAddon(check)],
};

/// A link or a picture: what stands between the parentheses.
static LINK: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"\]\(<?([^)\s>]+)>?(?:\s+"[^"\n]*")?\)"#).ok());

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    let (Some(readme), Some(pattern)) = (&input.addon.readme, LINK.as_ref()) else {
        return;
    };
    let text = readme.text();
    for target in pattern.captures_iter(text).filter_map(|found| found.get(1)) {
        let path = target.as_str().split(['#', '?']).next().unwrap_or_default();
        let path = path.trim_start_matches("./");
        // what leads out of the addon is not known, and code may look like a link
        let is_own = !path.is_empty()
            && !path.starts_with(['/', '.', '$', '{', '<'])
            && !path.contains(':')
            && !path.contains("..")
            && (path.contains('/') || path.contains('.'));
        if !is_own || is_code(text, target.start()) || is_there(input, path) {
            continue;
        }
        let span = readme.source.span_of(target.start(), target.end());
        let found = RULE.finding(
            format!("the README links to `{path}`, which there is not"),
            span,
        );
        findings.push(found.help("mend the link, or write the address of the page"));
    }
}

fn is_there(input: &Input<'_>, path: &str) -> bool {
    let path = path.trim_end_matches('/').replace("%20", " ");
    let folder = format!("{path}/");
    let mut entries = input.addon.tree.entries.iter();
    entries.any(|entry| entry.path.as_str() == path || entry.path.as_str().starts_with(&folder))
}

/// Whether a place of a Markdown text is inside of a block of code, or of code in its line.
fn is_code(text: &str, at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default();
    let fences = before
        .lines()
        .filter(|line| line.trim_start().starts_with("```"))
        .count();
    let line = before.rsplit('\n').next().unwrap_or_default();
    fences % 2 == 1 || line.matches('`').count() % 2 == 1
}
