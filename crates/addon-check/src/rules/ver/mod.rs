//! VER: the version, and what changed since the one before.

mod ver01_increased;
mod ver02_published;
mod ver03_breaking;
mod ver04_definition_version;
mod ver05_moved;
mod ver06_immutable;

use crate::rule::Rule;

/// The rules, by their id.
pub(super) const RULES: &[Rule] = &[
    ver01_increased::RULE,
    ver02_published::RULE,
    ver03_breaking::RULE,
    ver04_definition_version::RULE,
    ver05_moved::RULE,
    ver06_immutable::RULE,
];
