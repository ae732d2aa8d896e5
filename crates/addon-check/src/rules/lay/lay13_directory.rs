//! The directory exists, can be listed, and has a bounded number of files and levels.
//!
//! Everything else is found in what was listed, so nothing else is said about an addon whose directory cannot be.
//!
//! Bad: a folder `a/a/a/...` of more than 64 levels, as a build gone wrong leaves it.
//!
//! Good: an addon of some dozen files.

use crate::rule::{Found, Holds, Rule};
use source_vocab::Severity;

pub(super) const RULE: Rule = Rule {
    id: "LAY13",
    title: "the directory can be read",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "lay/lay13_directory.rs",
    source: include_str!("lay13_directory.rs"),
    found: &[Found::WhileReading("addon_model::scan")],
};
