//! Objects stay where they are.
//!
//! An object that goes from one component to another is deleted by the one while the other makes it, so that CRDs and namespaces vanish with all that is in them. One that leaves the addon is deleted on upgrade. With a major step leaving is a warning; a move between components is an error always.
//!
//! It is looked for when `addon-pack check --against` says what to compare with; `addon-pack diff` shows all that changed.
//!
//! Bad:
//! ```yaml
//! # the CRDs were in the component `crds` until 1.2.3
//! components: [{name: operator, type: k8s-objects}]
//! ```
//! Good:
//! ```yaml
//! components: [{name: crds, type: k8s-objects}]
//! ```

use crate::rule::{Found, Holds, Rule};
use source_vocab::Severity;

pub(super) const RULE: Rule = Rule {
    id: "VER05",
    title: "objects stay where they are",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "ver/ver05_moved.rs",
    source: include_str!("ver05_moved.rs"),
    found: &[Found::WhileReading("addon_diff::compare")],
};
