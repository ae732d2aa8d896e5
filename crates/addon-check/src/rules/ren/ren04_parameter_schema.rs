//! `parameter.cue` can be evaluated alone and written as an OpenAPI schema.
//!
//! KubeVela does so while it reads the addon, with an open `context` and without arguments; when it fails, nothing of the addon
//! is read.
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
    id: "REN04",
    title: "the parameters have a schema",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "ren/ren04_parameter_schema.rs",
    source: include_str!("ren04_parameter_schema.rs"),
    found: &[Found::WhileReading("addon_render::render")],
};
