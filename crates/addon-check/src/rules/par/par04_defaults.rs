//! An addon renders without arguments; where it has required parameters, a file of arguments in `examples/` gives them.
//!
//! Otherwise nobody knows whether it renders. It is an error where there are examples and none of them gives the parameter; where
//! there are no examples at all it is a warning, and an error for a release.
//!
//! Bad: `parameter.cue`, and no file in `examples/`
//! ```cue
//! parameter: domain: string
//! ```
//! Good: with `examples/minimal.yaml`
//! ```yaml
//! domain: example.org
//! ```

use crate::rule::{Found, Holds, Rule};
use source_vocab::Severity;

pub(super) const RULE: Rule = Rule {
    id: "PAR04",
    title: "an addon renders with its defaults, or an example gives what is required",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "par/par04_defaults.rs",
    source: include_str!("par04_defaults.rs"),
    found: &[Found::WhileReading("addon_render::render")],
};
