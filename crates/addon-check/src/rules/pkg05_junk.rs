//! No archives, binaries, backups, scripts or secrets files lie in the addon.
//!
//! Everything in the directory is packaged, and every cluster that enables the addon loads it. (Files of version control
//! and editors are left out by `build` itself.) A pattern in `.helmignore` keeps a file in the directory and out of the
//! package.
//!
//! Bad: `update.sh`, which its author runs to fetch new manifests.
//!
//! Good: the same with `*.sh` in `.helmignore`.

use crate::input::Input;
use crate::rule::{Found, Rule};
use addon_model::Role;
use source_vocab::{Diagnostic, Severity};

pub(crate) const RULE: Rule = Rule {
    id: "PKG05",
    title: "the package holds nothing but the addon",
    severity: Severity::Warning,
    holds_for: "all releases of KubeVela",
    file: "pkg05_junk.rs",
    source: include_str!("pkg05_junk.rs"),
    found: Found::Check(check),
};

/// Extensions of what is made for the author's machine.
const EXTENSIONS: [&str; 14] = [
    "sh", "bash", "ps1", "bat", "tar", "gz", "zip", "exe", "so", "dll", "bak", "tmp", "log", "pyc",
];
/// Names of the same kind.
const NAMES: [&str; 6] = [
    "Makefile",
    "Dockerfile",
    ".env",
    "node_modules",
    "__pycache__",
    "vendor",
];

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    for entry in input.packaged() {
        let path = entry.path.as_str();
        if entry.role != Role::Ignored || addon_archive::is_junk(path) {
            continue;
        }
        let has_extension = entry
            .path
            .extension()
            .is_some_and(|extension| EXTENSIONS.contains(&extension));
        if has_extension || entry.path.components().any(|part| NAMES.contains(&part)) {
            let message = format!("`{path}` is packaged, though KubeVela does not read it");
            let found = RULE.finding(message, input.file_place(entry));
            findings.push(found.help("move it out of the addon, or name it in `.helmignore`"));
        }
    }
}
