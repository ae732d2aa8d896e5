//! Every operator and every function that rendering comes to gets operands that it takes, and every index and field is there.
//!
//! What may be absent is looked at in an `if` before it is used.
//!
//! Bad:
//! ```cue
//! output: name: "a" + 1
//! ```
//! Good:
//! ```cue
//! output: name: "a\(1)"
//! ```

use crate::rule::{Found, Holds, Rule};
use source_vocab::Severity;

pub(super) const RULE: Rule = Rule {
    id: "REN02",
    title: "operators and functions get what they take",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "ren/ren02_operands.rs",
    source: include_str!("ren02_operands.rs"),
    found: &[Found::WhileReading("addon_render::render")],
};
