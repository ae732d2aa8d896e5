//! Each line of `.helmignore` is a pattern that Helm understands.
//!
//! Helm refuses to package with a pattern it cannot read, such as one with `**` or an open bracket.
//!
//! Bad:
//! ```text
//! docs/**
//! ```
//! Good:
//! ```text
//! docs/
//! ```

use crate::rule::{Found, Holds, Rule};
use source_vocab::Severity;

pub(super) const RULE: Rule = Rule {
    id: "PKG07",
    title: "`.helmignore` can be read",
    severity: Severity::Error,
    holds: Holds::Helm("*"),
    mended: false,
    file: "pkg/pkg07_helmignore.rs",
    source: include_str!("pkg07_helmignore.rs"),
    found: &[Found::WhileReading("addon_archive::plan")],
};
