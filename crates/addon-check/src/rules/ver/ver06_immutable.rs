//! Fields that cannot be changed stay the same.
//!
//! An API server refuses an update of, for example, a Deployment's selector, the claim templates of a `StatefulSet` or the template of a Job: the upgrade stays half done.
//!
//! It is looked for when `addon-pack check --against` says what to compare with; `addon-pack diff` shows all that changed.
//!
//! Bad:
//! ```yaml
//! # it was `app: web` until 1.2.3
//! selector: {matchLabels: {app: server}}
//! ```
//! Good:
//! ```yaml
//! selector: {matchLabels: {app: web}}
//! ```

use crate::rule::{Found, Holds, Rule};
use source_vocab::Severity;

pub(super) const RULE: Rule = Rule {
    id: "VER06",
    title: "fields that cannot be changed stay the same",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "ver/ver06_immutable.rs",
    source: include_str!("ver06_immutable.rs"),
    found: &[Found::WhileReading("addon_diff::compare")],
};
