//! A breaking change has a major step.
//!
//! Arguments that are no longer taken, definitions that are gone, CRD versions that are not served any more break who has the addon enabled. The version has to say so: a major step, or a minor one below 1.0.0.
//!
//! It is looked for when `addon-pack check --against` says what to compare with; `addon-pack diff` shows all that changed.
//!
//! Bad:
//! ```yaml
//! # 1.2.3 had a parameter that is gone
//! version: 1.3.0
//! ```
//! Good:
//! ```yaml
//! version: 2.0.0
//! ```

use crate::rule::{Found, Holds, Rule};
use source_vocab::Severity;

pub(super) const RULE: Rule = Rule {
    id: "VER03",
    title: "a breaking change has a major step",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "ver/ver03_breaking.rs",
    source: include_str!("ver03_breaking.rs"),
    found: &[Found::WhileReading("addon_diff::compare")],
};
