//! The files stay below the sizes that Helm takes.
//!
//! Helm 3.17 and later refuse an archive with a bigger file, or with more in total: nobody could install the addon.
//!
//! Bad: a disk image in `resources/`.
//!
//! Good: an object that loads it from where it is published.

use crate::rule::{Found, Rule};
use source_vocab::Severity;

pub(crate) const RULE: Rule = Rule {
    id: "PKG03",
    title: "no file has more than 5 MiB, and all together not more than 100 MiB",
    severity: Severity::Error,
    holds_for: "Helm 3.17 and later",
    file: "pkg03_size.rs",
    source: include_str!("pkg03_size.rs"),
    found: Found::Reading("addon_archive::plan"),
};
