//! A file of arguments in `examples/` is a mapping of parameters that the addon declares, with values that it admits.
//!
//! An example that the addon refuses misleads who copies it. A name that is not declared is a warning: KubeVela accepts it
//! without a word, and it has no effect.
//!
//! Bad: with `parameter: replicas: *1 | int`
//! ```yaml
//! replicas: many
//! ```
//! Good:
//! ```yaml
//! replicas: 3
//! ```

use crate::rule::{Found, Holds, Rule};
use source_vocab::Severity;

pub(super) const RULE: Rule = Rule {
    id: "REN05",
    title: "the arguments of the examples fit",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "ren/ren05_examples.rs",
    source: include_str!("ren05_examples.rs"),
    found: &[Found::WhileReading("addon_render::render")],
};
