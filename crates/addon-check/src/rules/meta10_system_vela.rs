//! An addon with files that older releases of KubeVela do not read asks for a release that does.
//!
//! KubeVela before 1.5 does not know `template.cue`, before 1.6 `config-templates/`, before 1.7 `NOTES.cue`. It ignores
//! such a file without a word, and the addon is enabled without it.
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

use crate::constraint;
use crate::input::Input;
use crate::rule::{Found, Rule};
use addon_model::{Fit, Pattern};
use source_vocab::{Diagnostic, Severity, Span};

pub(crate) const RULE: Rule = Rule {
    id: "META10",
    title: "`system.vela` asks for a KubeVela that reads all files of the addon",
    severity: Severity::Warning,
    holds_for: "KubeVela before 1.7",
    file: "meta10_system_vela.rs",
    source: include_str!("meta10_system_vela.rs"),
    found: Found::Check(check),
};

/// A file, and the first release that reads it.
const SINCE: [(Pattern, u64); 3] = [
    (Pattern::Notes, 7),
    (Pattern::ConfigTemplates, 6),
    (Pattern::TemplateCue, 5),
];

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    let addon = input.addon;
    let is_there = |pattern: Pattern| {
        let entries = &addon.tree.entries;
        entries
            .iter()
            .any(|entry| entry.pattern == Some((pattern, Fit::Exact)))
    };
    let Some((pattern, minor)) = SINCE.into_iter().find(|(pattern, _)| is_there(*pattern)) else {
        return;
    };
    let wanted = addon
        .meta()
        .system
        .as_ref()
        .map(|system| &system.value.vela);
    let text = wanted.map_or("", |vela| vela.as_str());
    let span = match (wanted, &addon.meta().system) {
        (Some(vela), _) if vela.is_set() => vela.span,
        (_, Some(system)) => system.span,
        _ => Span::DETACHED,
    };
    // a constraint that cannot be read is the business of META11
    let before = format!("v1.{}.9", minor - 1);
    if constraint::admits(text, &before) != Ok(true) {
        return;
    }
    let message =
        format!("KubeVela before 1.{minor} ignores `{pattern}`, and `system.vela` admits it");
    let found = RULE.finding(message, input.metadata_place(span));
    findings.push(found.help(format!("write `vela: \">=1.{minor}.0\"` under `system`")));
}
