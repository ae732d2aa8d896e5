//! A definition that changed has another version.
//!
//! KubeVela keeps a revision of a definition for each `version` that it names, and does not look at one again that it has: the new content is never used.
//!
//! It is looked for when `addon-pack check --against` says what to compare with; `addon-pack diff` shows all that changed.
//!
//! Bad:
//! ```yaml
//! # the template changed since 1.2.3
//! spec: {version: 1.0.0}
//! ```
//! Good:
//! ```yaml
//! spec: {version: 1.0.1}
//! ```

use crate::rule::{Found, Holds, Rule};
use source_vocab::Severity;

pub(super) const RULE: Rule = Rule {
    id: "VER04",
    title: "a definition that changed has another version",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "ver/ver04_definition_version.rs",
    source: include_str!("ver04_definition_version.rs"),
    found: &[Found::WhileReading("addon_diff::compare")],
};
