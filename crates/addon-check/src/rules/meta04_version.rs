//! The version has the form `MAJOR.MINOR.PATCH`, with `-PRERELEASE` where wanted, as Masterminds semver reads it.
//!
//! Helm refuses an archive with another version, and an index drops it: nobody finds the release.
//!
//! Bad:
//! ```yaml
//! version: v1beta2-1.3.8-3.1.1
//! ```
//! Good:
//! ```yaml
//! version: 1.3.8-v1beta2.3.1.1
//! ```

use crate::rule::{Found, Rule};
use source_vocab::Severity;

pub(crate) const RULE: Rule = Rule {
    id: "META04",
    title: "`version` is a version",
    severity: Severity::Error,
    holds_for: "all releases of KubeVela",
    file: "meta04_version.rs",
    source: include_str!("meta04_version.rs"),
    found: Found::Reading("addon_archive::plan"),
};
