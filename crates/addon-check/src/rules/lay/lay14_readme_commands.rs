//! The arguments of each `vela addon enable` of this addon in the README are parameters that it declares.
//!
//! People copy that line. An argument of a name that is not declared is taken without a word and does nothing, so the README
//! most often tells of a parameter that has been renamed.
//!
//! Bad: in the README of an addon with a parameter `serviceType`
//! ```shell
//! vela addon enable web service=NodePort
//! ```
//! Good:
//! ```shell
//! vela addon enable web serviceType=NodePort
//! ```

use crate::input::Input;
use crate::parameters::{Standing, declarations, declared_path};
use crate::rule::{Found, Holds, Rule};
use crate::spelling;
use regex::Regex;
use source_vocab::{Diagnostic, Severity};
use std::sync::LazyLock;

pub(super) const RULE: Rule = Rule {
    id: "LAY14",
    title: "the commands of the README work",
    severity: Severity::Warning,
    holds: Holds::Always,
    mended: false,
    file: "lay/lay14_readme_commands.rs",
    source: include_str!("lay14_readme_commands.rs"),
    found: &[Found::InAddon(check)],
};

/// The command, the addon with or without its registry, and the rest of the line, which a backslash continues.
static ENABLE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"vela addon (?:enable|upgrade)[ \t]+(?:[\w-]+/)?([\w-]+)((?:\\\r?\n|[^`\n|<>#;&])*)",
    )
    .ok()
});
/// An argument: its name up to the sign, at the beginning of a word.
static ARGUMENT: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?:^|[ \t\n])([A-Za-z_][\w.-]*)(?:\[\d+\][\w.\[\]-]*)?=").ok());

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    let (Some(readme), Some(enable), Some(argument)) =
        (&input.addon.readme, ENABLE.as_ref(), ARGUMENT.as_ref())
    else {
        return;
    };
    let names = declarations(input);
    for command in enable.captures_iter(readme.text()) {
        let (Some(addon), Some(rest)) = (command.get(1), command.get(2)) else {
            continue;
        };
        if addon.as_str() != input.addon.meta().name.value {
            continue;
        }
        for found in argument
            .captures_iter(rest.as_str())
            .filter_map(|found| found.get(1))
        {
            let path: Vec<&str> = found.as_str().split('.').collect();
            let Standing::Undeclared(at) = declared_path(input, &path) else {
                continue;
            };
            let start = rest.start() + found.start();
            let span = readme.source.span_of(start, start + found.len());
            let message = format!(
                "the README sets `{}`, which is no parameter",
                found.as_str()
            );
            let outer = path.get(..at).unwrap_or_default();
            let siblings = names.iter().filter(|other| {
                other.path.len() == at + 1 && other.path.iter().zip(outer).all(|(a, b)| a == b)
            });
            let siblings = siblings
                .filter_map(|other| other.path.last())
                .map(String::as_str);
            let written = path.get(at).copied().unwrap_or_default();
            let help = match spelling::nearest(written, siblings) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "remove it, or declare it in `parameter.cue`".to_owned(),
            };
            findings.push(RULE.finding(message, span).help(help));
        }
    }
}
