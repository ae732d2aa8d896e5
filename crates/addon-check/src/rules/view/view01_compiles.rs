//! A view of `views/` compiles, and says which of its fields is the answer: `status`, or the one that `export` names.
//!
//! KubeVela compiles it when the addon is enabled, and ends there when it cannot.
//!
//! Bad:
//! ```cue
//! import "vela/ql"
//!
//! pods: ql.#CollectPods & {value: name: parameter.name}
//! ```
//! Good:
//! ```cue
//! import "vela/ql"
//!
//! parameter: name: string
//! pods: ql.#CollectPods & {value: name: parameter.name}
//! status: pods.list
//! ```

use crate::rule::{Found, Holds, Rule};
use source_vocab::Severity;

pub(super) const RULE: Rule = Rule {
    id: "VIEW01",
    title: "a view compiles",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "view/view01_compiles.rs",
    source: include_str!("view01_compiles.rs"),
    found: &[Found::WhileReading("addon_render::render")],
};
