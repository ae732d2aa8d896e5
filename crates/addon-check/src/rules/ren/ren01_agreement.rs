//! Rendering the addon meets no contradiction: values that are unified agree, and fit the bounds and types that are set to them.
//!
//! A contradiction ends the enable. The finding stands at one of the two values and shows the other.
//!
//! Bad:
//! ```cue
//! output: spec: replicas: 3
//! output: spec: replicas: 1
//! ```
//! Good:
//! ```cue
//! output: spec: replicas: *3 | int
//! output: spec: replicas: 1
//! ```

use crate::rule::{Found, Holds, Rule};
use source_vocab::Severity;

pub(super) const RULE: Rule = Rule {
    id: "REN01",
    title: "the values of an addon agree",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "ren/ren01_agreement.rs",
    source: include_str!("ren01_agreement.rs"),
    found: &[Found::WhileReading("addon_render::render")],
};
