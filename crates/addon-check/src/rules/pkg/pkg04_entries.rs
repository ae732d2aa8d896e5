//! All entries are regular files whose names mean the same file on every system.
//!
//! A symbolic link could carry files from outside the addon into the archive. A name with a backslash, a drive or a
//! control character means another file on other systems. Two names that differ in case only are one file on some disks.
//!
//! Bad: `resources/A.yaml` and `resources/a.yaml`.
//!
//! Good: `resources/a.yaml` and `resources/b.yaml`.

use crate::rule::{Found, Holds, Rule};
use source_vocab::Severity;

pub(super) const RULE: Rule = Rule {
    id: "PKG04",
    title: "every file can be unpacked everywhere",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "pkg/pkg04_entries.rs",
    source: include_str!("pkg04_entries.rs"),
    found: &[
        Found::WhileReading("addon_archive::plan"),
        Found::WhileReading("addon_archive::untrusted::read"),
    ],
};
