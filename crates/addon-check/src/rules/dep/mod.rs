//! DEP: dependencies.

mod dep03_dependencies;
mod dep04_constraint;
mod dep05_several;

use crate::rule::Rule;

/// The rules, by their id.
pub(super) const RULES: &[Rule] = &[
    dep03_dependencies::RULE,
    dep04_constraint::RULE,
    dep05_several::RULE,
];
