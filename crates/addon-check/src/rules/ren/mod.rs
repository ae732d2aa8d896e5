//! REN: rendering, as far as no other family has a rule.

mod ren01_agreement;
mod ren02_operands;
mod ren03_cycle;
mod ren04_parameter_schema;
mod ren05_examples;

use crate::rule::Rule;

/// The rules, by their id.
pub(super) const RULES: &[Rule] = &[
    ren01_agreement::RULE,
    ren02_operands::RULE,
    ren03_cycle::RULE,
    ren04_parameter_schema::RULE,
    ren05_examples::RULE,
];
