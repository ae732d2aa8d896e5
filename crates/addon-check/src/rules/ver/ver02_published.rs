//! A published version keeps its content.
//!
//! `check --against` names a registry that has this version with other content. A registry that takes it again gives two addons under one name: who has fetched it before keeps the old one.
//!
//! It is looked for when `addon-pack check --against` says what to compare with; `addon-pack diff` shows all that changed.
//!
//! Bad:
//! ```yaml
//! # 1.2.3 is in the registry, with another template
//! version: 1.2.3
//! ```
//! Good:
//! ```yaml
//! version: 1.2.4
//! ```

use crate::rule::{Found, Holds, Rule};
use source_vocab::Severity;

pub(super) const RULE: Rule = Rule {
    id: "VER02",
    title: "a published version keeps its content",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "ver/ver02_published.rs",
    source: include_str!("ver02_published.rs"),
    found: &[Found::WhileReading("addon_diff::compare")],
};
