//! An ignore names a rule and says why its finding does not matter here.
//!
//! A finding can be taken back by a comment at its line, or for the whole addon by the annotation
//! `addon-pack.dev/ignore` in `metadata.yaml`. Whoever reads it later must be able to see whether the reason still
//! holds, so an ignore without one takes nothing back.
//!
//! Bad:
//! ```yaml
//! version: v1.0.0 # addon-pack:ignore META05
//! ```
//! Good:
//! ```yaml
//! version: v1.0.0 # addon-pack:ignore META05 every release so far has a v
//! ```

use crate::rule::{Found, Holds, Rule};
use source_vocab::Severity;

pub(crate) const RULE: Rule = Rule {
    id: "IGN01",
    title: "an ignore names a rule and has a reason",
    severity: Severity::Warning,
    holds: Holds::Always,
    mended: false,
    file: "ign/ign01_reason.rs",
    source: include_str!("ign01_reason.rs"),
    found: &[Found::WhileReading("addon_check::inspect")],
};
