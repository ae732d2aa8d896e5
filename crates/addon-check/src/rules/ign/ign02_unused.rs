//! An ignore takes back a finding that there is.
//!
//! One that is left over hides the next finding of its rule at that line. Findings that keep the addon from being
//! packaged cannot be ignored, since no archive could be made all the same.
//!
//! Bad:
//! ```yaml
//! version: 1.0.0 # addon-pack:ignore META05 every release so far has a v
//! ```
//! Good:
//! ```yaml
//! version: 1.0.0
//! ```

use crate::rule::{Found, Holds, Rule};
use source_vocab::Severity;

pub(crate) const RULE: Rule = Rule {
    id: "IGN02",
    title: "an ignore is needed",
    severity: Severity::Warning,
    holds: Holds::Always,
    mended: false,
    file: "ign/ign02_unused.rs",
    source: include_str!("ign02_unused.rs"),
    found: &[Found::WhileReading("addon_check::inspect")],
};
