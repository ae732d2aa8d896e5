//! No value of the templates is made from itself.
//!
//! Bad:
//! ```cue
//! name: "a-\(prefix)"
//! prefix: "b-\(name)"
//! ```
//! Good:
//! ```cue
//! name: "a-\(prefix)"
//! prefix: "b"
//! ```

use crate::rule::{Found, Holds, Rule};
use source_vocab::Severity;

pub(super) const RULE: Rule = Rule {
    id: "REN03",
    title: "no value depends on itself",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "ren/ren03_cycle.rs",
    source: include_str!("ren03_cycle.rs"),
    found: &[Found::WhileReading("addon_render::render")],
};
