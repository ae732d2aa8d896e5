//! Every `.cue` file of the addon is CUE, as KubeVela of today reads it.
//!
//! One that is not keeps the addon from being enabled. In a file that KubeVela does not read it is a warning, and so it is in
//! `NOTES.cue`, whose mistakes only go to the log.
//!
//! Bad:
//! ```cue
//! parameter: {
//!     replicas: *1 | int
//! ```
//! Good:
//! ```cue
//! parameter: {
//!     replicas: *1 | int
//! }
//! ```

use crate::input::Input;
use crate::rule::{Found, Holds, Rule};
use addon_model::Role;
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "CUE01",
    title: "every CUE file can be read",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "cue/cue01_syntax.rs",
    source: include_str!("cue01_syntax.rs"),
    found: &[Found::InAddon(check)],
};

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    for file in input.cue() {
        // what comes after is often no more than its echo
        let Some(first) = file.parsed.errors.first() else {
            continue;
        };
        let severity = match file.role {
            Role::Ignored | Role::Skipped(_) | Role::Notes => Severity::Warning,
            _ => Severity::Error,
        };
        let message = format!("`{}` is not valid CUE: {}", file.path, first.message);
        let mut found = RULE.milder(severity, message, first.primary.place.clone());
        found.labels.clone_from(&first.labels);
        let help = first.help.clone();
        let count = file.parsed.errors.len();
        if count > 1 {
            found
                .notes
                .push(format!("there are {} more in this file", count - 1));
        }
        findings.push(found.help(help.unwrap_or_else(|| "mend the CUE at this place".to_owned())));
    }
}
