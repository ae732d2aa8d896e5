//! The parameters of a definition can be written as an OpenAPI schema, which KubeVela stores beside the definition.
//!
//! A list in which each element has a type of its own has no such schema, nor have some constraints of numbers. Without it
//! neither `vela show` nor a form knows the parameters.
//!
//! Bad:
//! ```cue
//! parameter: range: [int, int]
//! ```
//! Good:
//! ```cue
//! parameter: range: [...int]
//! ```

use crate::rule::{Found, Holds, Rule};
use source_vocab::Severity;

pub(super) const RULE: Rule = Rule {
    id: "DEF06",
    title: "the parameters of a definition have a schema",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "def/def06_openapi.rs",
    source: include_str!("def06_openapi.rs"),
    found: &[Found::WhileReading(
        "addon_render::definition::schema::of_template",
    )],
};
