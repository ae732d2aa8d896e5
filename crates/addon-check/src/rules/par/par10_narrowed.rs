//! Parameters go on taking what they took.
//!
//! Arguments of an enabled addon are kept and given again on upgrade. One that is no longer taken, or `+immutable` that was not there, breaks the upgrade of who gave it: that needs a major step. Another default changes who gave nothing, which is a warning without a minor step.
//!
//! It is looked for when `addon-pack check --against` says what to compare with; `addon-pack diff` shows all that changed.
//!
//! Bad:
//! ```yaml
//! # it took any text until 1.2.3
//! size: integer
//! ```
//! Good:
//! ```yaml
//! size: string
//! ```

use crate::rule::{Found, Holds, Rule};
use source_vocab::Severity;

pub(super) const RULE: Rule = Rule {
    id: "PAR10",
    title: "parameters go on taking what they took",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "par/par10_narrowed.rs",
    source: include_str!("par10_narrowed.rs"),
    found: &[Found::WhileReading("addon_diff::compare")],
};
