//! DEP: dependencies.

mod dep01_known;
mod dep02_satisfiable;
mod dep03_dependencies;
mod dep04_constraint;
mod dep05_several;
mod dep06_clusters;
mod dep07_unused;

use crate::rule::Rule;

/// The rules, by their id.
pub(super) const RULES: &[Rule] = &[
    dep01_known::RULE,
    dep02_satisfiable::RULE,
    dep03_dependencies::RULE,
    dep04_constraint::RULE,
    dep05_several::RULE,
    dep06_clusters::RULE,
    dep07_unused::RULE,
];
