//! The template of a definition is evaluated with the `context` that KubeVela gives and the parameters, and has no contradiction.
//!
//! KubeVela does so when it makes the schema of the parameters; the definition is useless afterwards, and every Application that
//! names it fails.
//!
//! Bad:
//! ```cue
//! template: {
//!     output: {kind: "ConfigMap", kind: "Secret"}
//!     parameter: {}
//! }
//! ```
//! Good:
//! ```cue
//! template: {
//!     output: {apiVersion: "v1", kind: "Secret"}
//!     parameter: {}
//! }
//! ```

use crate::rule::{Found, Holds, Rule};
use source_vocab::Severity;

pub(super) const RULE: Rule = Rule {
    id: "DEF04",
    title: "the template of a definition compiles",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "def/def04_template.rs",
    source: include_str!("def04_template.rs"),
    found: &[Found::WhileReading(
        "addon_render::definition::schema::of_template",
    )],
};
