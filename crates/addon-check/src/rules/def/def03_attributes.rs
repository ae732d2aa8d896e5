//! `attributes` of a definition has the fields that the specification of its kind has, with their types, and is given in full.
//!
//! KubeVela decodes it strictly: a misspelt field ends the enable.
//!
//! Bad:
//! ```cue
//! scaler: {
//!     type: "trait"
//!     attributes: podDisrupt: true
//! }
//! ```
//! Good:
//! ```cue
//! scaler: {
//!     type: "trait"
//!     attributes: podDisruptive: true
//! }
//! ```

use crate::rule::{Found, Holds, Rule};
use source_vocab::Severity;

pub(super) const RULE: Rule = Rule {
    id: "DEF03",
    title: "the attributes of a definition are those of its kind",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "def/def03_attributes.rs",
    source: include_str!("def03_attributes.rs"),
    found: &[Found::WhileReading("addon_render::definition::object")],
};
