//! PAR: parameters.

mod par01_undeclared;
mod par02_unused;
pub(in crate::rules) mod par03_usage;
mod par04_defaults;
mod par05_loose;
mod par06_closed;
mod par07_secret_default;
mod par08_clusters;
mod par09_settable;
mod par10_narrowed;
mod par11_naming;
mod par12_idle_default;
mod par13_no_parameter;
mod par14_marker;

use crate::rule::Rule;

/// The rules, by their id.
pub(super) const RULES: &[Rule] = &[
    par01_undeclared::RULE,
    par02_unused::RULE,
    par03_usage::RULE,
    par04_defaults::RULE,
    par05_loose::RULE,
    par06_closed::RULE,
    par07_secret_default::RULE,
    par08_clusters::RULE,
    par09_settable::RULE,
    par10_narrowed::RULE,
    par11_naming::RULE,
    par12_idle_default::RULE,
    par13_no_parameter::RULE,
    par14_marker::RULE,
];
