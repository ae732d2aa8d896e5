//! A file of `definitions/` in CUE has one metadata field, called as the definition, and one field `template` that is a struct.
//!
//! KubeVela splits the file into these two parts; what it does not find there ends the enable.
//!
//! Bad:
//! ```cue
//! webservice: {type: "component"}
//! worker: {type: "component"}
//! template: {...}
//! ```
//! Good:
//! ```cue
//! webservice: {type: "component"}
//! template: {...}
//! ```

use crate::rule::{Found, Holds, Rule};
use source_vocab::Severity;

pub(super) const RULE: Rule = Rule {
    id: "DEF01",
    title: "a definition is one metadata field and one template",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "def/def01_shape.rs",
    source: include_str!("def01_shape.rs"),
    found: &[Found::WhileReading("addon_render::definition::object")],
};
