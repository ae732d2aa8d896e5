//! A CUE file imports packages of CUE's standard library, and at its beginning.
//!
//! Templates and resources of an addon have nothing else at hand when the addon is enabled. (Templates of definitions may also
//! import `vela/…`, which KubeVela provides.)
//!
//! Bad:
//! ```cue
//! import "kube/v1"
//!
//! output: v1.#Deployment
//! ```
//! Good:
//! ```cue
//! import "strings"
//!
//! output: name: strings.ToLower(parameter.name)
//! ```

use crate::rule::{Found, Holds, Rule};
use source_vocab::Severity;

pub(super) const RULE: Rule = Rule {
    id: "CUE04",
    title: "what is imported is there",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "cue/cue04_import_path.rs",
    source: include_str!("cue04_import_path.rs"),
    found: &[Found::WhileReading("addon_render::render")],
};
