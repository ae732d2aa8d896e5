//! REG: registries.

mod reg01_index;
mod reg02_archives;
mod reg05_foreign_host;

use crate::rule::Rule;

/// The rules, by their id.
pub(super) const RULES: &[Rule] = &[
    reg01_index::RULE,
    reg02_archives::RULE,
    reg05_foreign_host::RULE,
];
