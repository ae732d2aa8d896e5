//! The evaluation of an addon ends within the limits of depth and of alternatives that `addon-pack` sets to it.
//!
//! They are far above what an addon needs. What exceeds them grows without an end in most cases: a comprehension over what it
//! makes itself, a structure that contains itself, alternatives that multiply.
//!
//! Bad:
//! ```cue
//! #Node: {next: #Node}
//! root: #Node
//! ```
//! Good:
//! ```cue
//! #Node: {next?: #Node}
//! root: #Node
//! ```

use crate::rule::{Found, Holds, Rule};
use source_vocab::Severity;

pub(super) const RULE: Rule = Rule {
    id: "CUE14",
    title: "an evaluation comes to an end",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "cue/cue14_limits.rs",
    source: include_str!("cue14_limits.rs"),
    found: &[Found::WhileReading("addon_render::render")],
};
