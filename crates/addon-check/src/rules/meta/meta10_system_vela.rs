//! `system.vela` says which KubeVela the addon needs: at least one that reads all of its files.
//!
//! KubeVela before 1.5 does not know `template.cue`, a `parameter.cue` beside it or `views/`, before 1.6
//! `config-templates/`, before 1.7 `NOTES.cue`. It ignores such a file without a word, and the addon is enabled
//! without it. The CUE of KubeVela before 1.10 cannot read a required field, `name!: string`,
//! and that before 1.11 has no functions `error`, `matchIf` and `matchN`. Without `system.vela`
//! any KubeVela enables the addon, and its users find out what does not work.
//!
//! Bad: an addon with `template.cue` and
//! ```yaml
//! name: fluxcd
//! ```
//! Good:
//! ```yaml
//! name: fluxcd
//! system:
//!   vela: ">=1.5.0"
//! ```

use crate::input::Input;
use crate::rule::{Found, Holds, Rule};
use crate::scope::{Scope, walk};
use addon_index::requirement::admits;
use addon_model::{Fit, Pattern};
use cue_syntax::ast::{Expr, Node};
use regex::Regex;
use source_vocab::{Diagnostic, Severity, Span, VPath};
use std::sync::LazyLock;

pub(super) const RULE: Rule = Rule {
    id: "META10",
    title: "`system.vela` asks for a KubeVela that reads all files of the addon",
    severity: Severity::Warning,
    holds: Holds::Always,
    mended: false,
    file: "meta/meta10_system_vela.rs",
    source: include_str!("meta10_system_vela.rs"),
    found: &[Found::InAddon(check)],
};

/// A file, and the first release that reads it. What needs the newest comes first.
const SINCE: [(Pattern, u64); 5] = [
    (Pattern::Notes, 7),
    (Pattern::ConfigTemplates, 6),
    (Pattern::TemplateCue, 5),
    (Pattern::Parameter, 5),
    (Pattern::Views, 5),
];

/// A required field at the beginning of a line, `name!: string`.
static REQUIRED: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"(?m)^[ \t]*(?:[A-Za-z_$][\w$]*|"[^"\\\n]+")!:[^=~]"#).ok());

/// Functions that the CUE of KubeVela 1.11 has and that of older releases has not.
const FUNCTIONS: [&str; 3] = ["error", "matchIf", "matchN"];

/// A call of a function that older releases do not have, and the file with it.
fn newer_call<'a>(input: &'a Input<'_>) -> Option<(&'static str, &'a VPath)> {
    for file in input.cue() {
        if file.is_idle()
            || !FUNCTIONS
                .iter()
                .any(|name| file.source.text().contains(name))
        {
            continue;
        }
        let mut found = None;
        let scope = Scope::of(input, file);
        walk(&scope, &file.parsed.file, &mut |node, scope, _| {
            if let Node::Expr(Expr::Call(call)) = node
                && let Some(name) = call.function.as_ident()
                && let Some(known) = FUNCTIONS.iter().find(|known| **known == name)
                && scope.resolve(name).is_empty()
            {
                found = found.or(Some(*known));
            }
        });
        if let Some(name) = found {
            return Some((name, &file.path));
        }
    }
    None
}

/// The first minor release that the addon works with, and what of it older ones do not do.
fn needed(input: &Input<'_>) -> Option<(u64, String)> {
    if let Some((name, path)) = newer_call(input) {
        let what = format!("does not know the function `{name}` in `{path}`");
        return Some((11, what));
    }
    let cue = input
        .texts()
        .filter(|file| file.path.extension() == Some("cue"));
    for file in cue {
        let is_required = |pattern: &Regex| pattern.is_match(file.text());
        if file.text().contains("!:") && REQUIRED.as_ref().is_some_and(is_required) {
            let what = format!("cannot read the required field in `{}`", file.path);
            return Some((10, what));
        }
    }
    let is_there = |pattern: Pattern| {
        let entries = &input.addon.tree.entries;
        entries
            .iter()
            .any(|entry| entry.pattern == Some((pattern, Fit::Exact)))
    };
    let (pattern, minor) = SINCE.into_iter().find(|(pattern, _)| is_there(*pattern))?;
    Some((minor, format!("ignores `{pattern}`")))
}

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    let addon = input.addon;
    if addon.metadata.files.is_empty() {
        return;
    }
    let system = addon.meta().system.as_ref();
    let wanted = system.map(|system| &system.value.vela);
    let text = wanted.map_or("", |vela| vela.as_str());
    let span = match (wanted, system) {
        (Some(vela), _) if vela.is_set() => vela.span,
        (_, Some(system)) => system.span,
        _ => Span::DETACHED,
    };
    let place = input.metadata_place(span);
    match needed(input) {
        Some((minor, what)) => {
            // a constraint that cannot be read is the business of META11
            let before = format!("v1.{}.9", minor - 1);
            if admits(text, &before) != Ok(true) {
                return;
            }
            let message = if text.is_empty() {
                format!("KubeVela before 1.{minor} {what}, and there is no `system.vela`")
            } else {
                format!("KubeVela before 1.{minor} {what}, and `system.vela` admits it")
            };
            let found = RULE.finding(message, place);
            findings.push(found.help(format!("write `vela: \">=1.{minor}.0-0\"` under `system`")));
        }
        None if text.is_empty() => {
            let message = "the addon does not say which KubeVela it needs";
            let help = "write the lowest release that it was tried with, as in `vela: \">=1.9.0-0\"` under `system`";
            findings.push(RULE.finding(message, place).help(help));
        }
        None => {}
    }
}
