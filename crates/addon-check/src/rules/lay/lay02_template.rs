//! The addon has a `template.cue` with a field `output`, or a `template.yaml`.
//!
//! `vela addon package` and `vela addon push` refuse any other, and so do `build` and `publish`. A registry in git takes
//! an addon without a template, which is why `check` only warns.
//!
//! Bad: `metadata.yaml` and `resources/deployment.yaml`.
//!
//! Good: besides, a `template.yaml`:
//! ```yaml
//! apiVersion: core.oam.dev/v1beta1
//! kind: Application
//! spec: {}
//! ```

use crate::rule::{Found, Holds, Rule};
use source_vocab::Severity;

pub(super) const RULE: Rule = Rule {
    id: "LAY02",
    title: "there is a template",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "lay/lay02_template.rs",
    source: include_str!("lay02_template.rs"),
    found: &[Found::WhileReading("addon_model::load_packaging")],
};
