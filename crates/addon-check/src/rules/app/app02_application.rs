//! `template.yaml` is valid YAML whose fields have the types of an Application.
//!
//! KubeVela decodes it into the type `Application`; a list where a mapping belongs, or a number as the name of a step,
//! makes the addon impossible to package or to enable.
//!
//! Bad:
//! ```yaml
//! apiVersion: core.oam.dev/v1beta1
//! kind: Application
//! spec:
//!   components: {}
//! ```
//! Good:
//! ```yaml
//! apiVersion: core.oam.dev/v1beta1
//! kind: Application
//! spec:
//!   components: []
//! ```

use crate::rule::{Found, Holds, Rule};
use source_vocab::Severity;

pub(super) const RULE: Rule = Rule {
    id: "APP02",
    title: "`template.yaml` is an Application",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "app/app02_application.rs",
    source: include_str!("app02_application.rs"),
    found: &[Found::WhileReading("addon_model::load_packaging")],
};
