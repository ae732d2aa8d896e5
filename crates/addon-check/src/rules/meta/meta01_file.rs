//! `metadata.yaml` exists, is valid YAML, and is one mapping whose values have the types that KubeVela expects.
//!
//! KubeVela refuses an addon without the file, or with a list where a string is expected. It does not mind a second
//! document or a key that stands twice, but it uses one of them only, and a version such as `1.10` without quotes is the
//! number 1.1 to YAML: such a value is converted without a word and found here as a warning.
//!
//! Bad:
//! ```yaml
//! name: fluxcd
//! version: 1.10
//! tags: gitops
//! ```
//! Good:
//! ```yaml
//! name: fluxcd
//! version: "1.10.0"
//! tags: [gitops]
//! ```

use crate::rule::{Found, Holds, Rule};
use source_vocab::Severity;

pub(super) const RULE: Rule = Rule {
    id: "META01",
    title: "`metadata.yaml` is one mapping with values of the right types",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "meta/meta01_file.rs",
    source: include_str!("meta01_file.rs"),
    found: &[
        Found::WhileReading("addon_model::load_metadata"),
        Found::WhileReading("addon_model::schema::check_metadata"),
    ],
};
