//! `NOTES.cue` begins with its fields: it has no `package` and no `import`.
//!
//! KubeVela appends its text to that of the parameters and the context, where a package clause or an import is a syntax
//! error. The error goes to the log, and nothing is said to whoever enabled the addon.
//!
//! Bad:
//! ```cue
//! package main
//!
//! notes: "enabled"
//! ```
//! Good:
//! ```cue
//! notes: "enabled"
//! ```

use crate::input::Input;
use crate::rule::{Found, Holds, Rule};
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "NOTE01",
    title: "`NOTES.cue` has no package clause and no imports",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "note/note01_header.rs",
    source: include_str!("note01_header.rs"),
    found: &[Found::InAddon(check)],
};

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    let Some(notes) = &input.addon.notes else {
        return;
    };
    let mut start = 0;
    for line in notes.text().split_inclusive('\n') {
        let text = line.trim();
        let word = text.split([' ', '\t', '(', '"']).next().unwrap_or_default();
        match word {
            "package" | "import" => {
                let at = start + (line.len() - line.trim_start().len());
                let span = notes.source.span_of(at, at + word.len());
                let message =
                    format!("`NOTES.cue` has a `{word}`, which KubeVela cannot read there");
                findings.push(RULE.finding(message, span).help("remove it"));
            }
            _ if text.is_empty() || text.starts_with("//") => {}
            // a clause stands before all fields; later the word is something else
            _ if !text.starts_with([')', '"']) => return,
            _ => {}
        }
        start += line.len();
    }
}
