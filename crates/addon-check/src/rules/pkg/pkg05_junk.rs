//! No archives, binaries, backups, scripts, tests, pictures or secrets files lie in the addon.
//!
//! Everything in the directory is packaged, and every cluster that enables the addon loads it. A pattern in
//! `.helmignore` keeps a file in the directory and out of the package. Files of version control and editors are left
//! out by `build` itself; in an archive that another tool made they are found here.
//!
//! Bad: `update.sh`, which its author runs to fetch new manifests.
//!
//! Good: the same with `*.sh` in `.helmignore`.

use crate::input::{Input, Origin};
use crate::rule::{Found, Holds, Rule};
use addon_model::{Role, Skip, TreeEntry};
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "PKG05",
    title: "the package holds nothing but the addon",
    severity: Severity::Warning,
    holds: Holds::Always,
    mended: false,
    file: "pkg/pkg05_junk.rs",
    source: include_str!("pkg05_junk.rs"),
    found: &[Found::InAddon(check)],
};

/// Extensions of what is made for the author's machine, and of pictures.
const EXTENSIONS: [&str; 25] = [
    "sh", "bash", "ps1", "bat", "py", "tar", "gz", "tgz", "zip", "exe", "so", "dll", "bak", "tmp",
    "log", "pyc", "png", "jpg", "jpeg", "gif", "svg", "webp", "ico", "mp4", "pdf",
];
/// Names of the same kind, of files and of folders.
const NAMES: [&str; 12] = [
    "Makefile",
    "Dockerfile",
    ".env",
    ".github",
    "node_modules",
    "__pycache__",
    "vendor",
    "test",
    "tests",
    "testdata",
    "e2e",
    "hack",
];

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    let mut told: Vec<&str> = Vec::new();
    for entry in input.packaged() {
        let path = entry.path.as_str();
        let is_left_out = addon_archive::is_junk(path);
        let is_told = match input.origin {
            Origin::Directory => !is_left_out && is_junk(entry),
            Origin::Archive => (is_left_out && is_unread(entry)) || is_junk(entry),
        };
        if !is_told {
            continue;
        }
        // one finding for a folder of them
        let shown = folder(path).unwrap_or(path);
        if told.contains(&shown) {
            continue;
        }
        told.push(shown);
        let message = format!("`{shown}` is packaged, though KubeVela does not read it");
        let found = RULE.finding(message, input.file_place(entry));
        findings.push(found.help("move it out of the addon, or name it in `.helmignore`"));
    }
}

/// Whether nobody who enables the addon has use for a file.
pub(in crate::rules) fn is_junk(entry: &TreeEntry) -> bool {
    let has_extension = entry
        .path
        .extension()
        .is_some_and(|extension| EXTENSIONS.contains(&extension.to_ascii_lowercase().as_str()));
    is_unread(entry) && (has_extension || entry.path.components().any(|part| NAMES.contains(&part)))
}

fn is_unread(entry: &TreeEntry) -> bool {
    matches!(entry.role, Role::Ignored | Role::Skipped(Skip::Extension))
}

/// The folder of a known name that a path lies in.
fn folder(path: &str) -> Option<&str> {
    let mut end = 0;
    for part in path.split('/') {
        end += part.len();
        if NAMES.contains(&part) && end < path.len() {
            return path.get(..end);
        }
        end += 1;
    }
    None
}
