//! Every value that reaches the Application is concrete: a text, a number, not a type.
//!
//! A field that is only a type needs a value or a default where it is declared; a parameter that is only a type is required, and
//! has to be declared as such, without a reference to it from an optional part.
//!
//! Bad:
//! ```cue
//! output: {
//!     type: "webservice"
//!     properties: replicas: int
//! }
//! ```
//! Good:
//! ```cue
//! output: {
//!     type: "webservice"
//!     properties: replicas: parameter.replicas
//! }
//! ```

use crate::rule::{Found, Holds, Rule};
use source_vocab::Severity;

pub(super) const RULE: Rule = Rule {
    id: "CUE06",
    title: "what is rendered is concrete",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "cue/cue06_concrete.rs",
    source: include_str!("cue06_concrete.rs"),
    found: &[Found::WhileReading("addon_render::render")],
};
