//! The URLs of the index are relative, or on the host that serves the index.
//!
//! `vela` sends the user and the password of the registry along with every download, to whatever host the URL names.
//!
//! Bad:
//! ```yaml
//! urls: ["https://elsewhere.example/fluxcd-1.0.0.tgz"]
//! ```
//! Good:
//! ```yaml
//! urls: [charts/fluxcd-1.0.0.tgz]
//! ```

use crate::rule::{Found, Holds, Rule};
use source_vocab::Severity;

pub(super) const RULE: Rule = Rule {
    id: "REG05",
    title: "archives lie on the host of the index",
    severity: Severity::Warning,
    holds: Holds::Always,
    mended: false,
    file: "reg/reg05_foreign_host.rs",
    source: include_str!("reg05_foreign_host.rs"),
    found: &[Found::WhileReading("addon_index::verify")],
};
