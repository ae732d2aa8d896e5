//! `template.cue` has a field `output`, which is an Application of `core.oam.dev/v1beta1`; so is `template.yaml`.
//!
//! KubeVela looks for the word `Application` alone, takes whatever is there, and applies it under the name of the addon.
//!
//! Bad:
//! ```cue
//! package main
//!
//! outputs: app: {apiVersion: "core.oam.dev/v1beta1", kind: "Application"}
//! ```
//! Good:
//! ```cue
//! package main
//!
//! output: {
//!     apiVersion: "core.oam.dev/v1beta1"
//!     kind:       "Application"
//!     spec: components: []
//! }
//! ```

use crate::rule::{Found, Holds, Rule};
use source_vocab::Severity;

pub(super) const RULE: Rule = Rule {
    id: "APP01",
    title: "the template makes an Application",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "app/app01_output.rs",
    source: include_str!("app01_output.rs"),
    found: &[Found::WhileReading("addon_render::render")],
};
