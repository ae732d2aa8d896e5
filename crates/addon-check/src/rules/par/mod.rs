//! PAR: parameters.

pub(in crate::rules) mod par03_usage;
mod par04_defaults;
mod par08_clusters;

use crate::rule::Rule;

/// The rules, by their id.
pub(super) const RULES: &[Rule] = &[
    par03_usage::RULE,
    par04_defaults::RULE,
    par08_clusters::RULE,
];
