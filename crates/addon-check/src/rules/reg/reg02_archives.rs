//! Each entry has a URL and a digest, and the archive at the URL has that digest.
//!
//! Without the digest nobody can tell a damaged or exchanged archive from the one that was published. A URL that
//! KubeVela and Helm resolve to different places, such as one that begins with a slash, is a warning.
//!
//! Bad:
//! ```yaml
//! version: 1.0.0
//! urls: []
//! ```
//! Good:
//! ```yaml
//! version: 1.0.0
//! urls: [charts/fluxcd-1.0.0.tgz]
//! digest: 2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae
//! ```

use crate::rule::{Found, Holds, Rule};
use source_vocab::Severity;

pub(super) const RULE: Rule = Rule {
    id: "REG02",
    title: "every entry of the index leads to its archive",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "reg/reg02_archives.rs",
    source: include_str!("reg02_archives.rs"),
    found: &[Found::WhileReading("addon_index::verify")],
};
