//! `NOTES.cue` names this addon in its commands, and its lines have no odd indentation.
//!
//! Who has just enabled an addon copies the commands of the notes: `vela addon enable other` or `addon-other` of the addon they
//! were copied from does something else. A text of several lines takes the indentation of its closing quotes away, so what is
//! indented further, or by tabs where the others have blanks, is shown like that.
//!
//! Bad:
//! ```cue
//! notes: """
//!     see it with
//!         vela status addon-flux
//!     """
//! ```
//! Good: in the addon `fluxcd`
//! ```cue
//! notes: """
//!     see it with
//!       vela status addon-fluxcd
//!     """
//! ```

use crate::input::Input;
use crate::rule::{Found, Holds, Rule};
use regex::Regex;
use source_vocab::{Diagnostic, Severity};
use std::sync::LazyLock;

pub(super) const RULE: Rule = Rule {
    id: "NOTE03",
    title: "the notes are about this addon, and look as they were meant",
    severity: Severity::Info,
    holds: Holds::Always,
    mended: false,
    file: "note/note03_commands.rs",
    source: include_str!("note03_commands.rs"),
    found: &[Found::InAddon(check)],
};

/// A command about an addon, or the name of its Application.
static NAMED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"vela (?:status|ls|port-forward|logs|exec|endpoint|addon (?:enable|disable|upgrade|status)) +(?:-n +vela-system +)?(?:(?P<app>addon-[a-z0-9-]+)|(?P<addon>[a-z0-9][a-z0-9-]*))").ok()
});

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    let Some(notes) = &input.addon.notes else {
        return;
    };
    let name = input.addon.meta().name.as_str();
    let known: Vec<&str> = input
        .addon
        .meta()
        .dependencies()
        .map(|dependency| dependency.name.as_str())
        .chain([name])
        .collect();
    let captures = NAMED
        .as_ref()
        .map(|pattern| pattern.captures_iter(notes.text()));
    for found in captures.into_iter().flatten() {
        let Some(whole) = found.get(0) else { continue };
        let (named, word) = match (found.name("app"), found.name("addon")) {
            (Some(app), _) => (app.as_str().strip_prefix("addon-").unwrap_or_default(), app),
            (None, Some(addon)) if whole.as_str().contains("vela addon") => (addon.as_str(), addon),
            _ => continue,
        };
        if known.contains(&named) {
            continue;
        }
        let span = notes.source.span_of(word.start(), word.end());
        let found = RULE.finding(
            format!("the notes of `{name}` have a command about `{named}`"),
            span,
        );
        findings.push(found.help(format!("write `{}`", word.as_str().replace(named, name))));
    }
    tabs(input, findings);
}

/// A tab inside the text of a string of several lines, further in than its closing quotes.
fn tabs(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    let Some(notes) = &input.addon.notes else {
        return;
    };
    let text = notes.text();
    let mut offset = 0;
    let mut opened: Option<Vec<(usize, &str)>> = None;
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim_start();
        let count = line.matches("\"\"\"").count();
        match &mut opened {
            Some(lines) if trimmed.starts_with("\"\"\"") => {
                let indent = line.len() - trimmed.len();
                for (start, line) in std::mem::take(lines) {
                    let Some(rest) = line.get(indent..) else {
                        continue;
                    };
                    let extra = rest.len() - rest.trim_start_matches([' ', '\t']).len();
                    let white = rest.get(..extra).unwrap_or_default();
                    if white.contains('\t') && !rest.trim().is_empty() {
                        let at = start + indent;
                        let found = RULE.finding(
                            "this line of the notes is indented by a tab",
                            notes.source.span_of(at, at + extra),
                        );
                        findings.push(found.help("indent it with blanks"));
                    }
                }
                opened = None;
            }
            Some(lines) => lines.push((offset, line)),
            None if count % 2 == 1 => opened = Some(Vec::new()),
            None => {}
        }
        offset += line.len();
    }
}
