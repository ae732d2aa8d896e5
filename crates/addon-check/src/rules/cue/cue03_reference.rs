//! Every name that a CUE file refers to is declared where the file can see it.
//!
//! A resource sees the parameters and `context` alone; a file of `package main` sees the template and the other files of its
//! package. The types of CUE are `string`, `int`, `float`, `number`, `bool`, `bytes`; a list is `[...string]`, a struct `{...}`.
//!
//! Bad:
//! ```cue
//! parameter: {
//!     labels: struct
//!     hosts:  array
//! }
//! ```
//! Good:
//! ```cue
//! parameter: {
//!     labels: {...}
//!     hosts: [...string]
//! }
//! ```

use crate::rule::{Found, Holds, Rule};
use source_vocab::Severity;

pub(super) const RULE: Rule = Rule {
    id: "CUE03",
    title: "every reference leads to a field, a parameter or a type",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "cue/cue03_reference.rs",
    source: include_str!("cue03_reference.rs"),
    found: &[Found::WhileReading("addon_render::render")],
};
