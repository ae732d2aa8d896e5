//! `type` of a definition is `component`, `trait`, `policy`, `workflow-step` or `workload`.
//!
//! Objects of other kinds do not belong into `definitions/`: KubeVela cannot name them in the annotations of the Application, and
//! gives up.
//!
//! Bad:
//! ```cue
//! expose: {type: "service"}
//! template: {...}
//! ```
//! Good:
//! ```cue
//! expose: {type: "trait"}
//! template: {...}
//! ```

use crate::rule::{Found, Holds, Rule};
use source_vocab::Severity;

pub(super) const RULE: Rule = Rule {
    id: "DEF02",
    title: "a definition says what it defines",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "def/def02_type.rs",
    source: include_str!("def02_type.rs"),
    found: &[Found::WhileReading("addon_render::definition::object")],
};
