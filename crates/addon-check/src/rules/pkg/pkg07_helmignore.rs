//! Each line of `.helmignore` is a pattern that Helm understands, and no pattern leaves out what KubeVela reads.
//!
//! Helm refuses to package with a pattern it cannot read, such as one with `**` or an open bracket. A file of the addon
//! that a pattern leaves out is there when the directory is enabled, and missing when the addon comes from a registry:
//! that is a warning, since a file may be meant for the one only.
//!
//! Bad:
//! ```text
//! docs/**
//! ```
//! Good:
//! ```text
//! docs/
//! ```

use crate::input::Input;
use crate::rule::{Found, Holds, Rule};
use addon_model::{Role, TreeEntry};
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "PKG07",
    title: "`.helmignore` can be read, and leaves out nothing that is needed",
    severity: Severity::Error,
    holds: Holds::Helm("*"),
    mended: false,
    file: "pkg/pkg07_helmignore.rs",
    source: include_str!("pkg07_helmignore.rs"),
    found: &[
        Found::InAddon(check),
        Found::WhileReading("addon_archive::plan"),
    ],
};

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    // without `metadata.yaml` packaging is refused, which is told there
    let is_read = |entry: &&TreeEntry| {
        !matches!(
            entry.role,
            Role::Ignored | Role::Skipped(_) | Role::Metadata | Role::Readme | Role::LegacyReadme
        )
    };
    let entries = input.addon.tree.entries.iter();
    let lost = entries
        .filter(is_read)
        .filter(|entry| input.ignored.leaves_out(entry.path.as_str()));
    for entry in lost {
        let message = format!(
            "`.helmignore` leaves out `{}`, which KubeVela reads",
            entry.path
        );
        let found = RULE.milder(Severity::Warning, message, input.file_place(entry));
        findings.push(found.help("take the pattern out, or move the file out of the addon"));
    }
}
