//! UI: schemas of the user interface.

mod ui01_list;
mod ui02_file_name;
mod ui03_parameters;
mod ui04_conditions;
mod ui05_disable;
mod ui06_agreement;
mod ui07_unknown_key;
mod ui08_twice;
mod ui09_input;

use crate::rule::Rule;

/// The rules, by their id.
pub(super) const RULES: &[Rule] = &[
    ui01_list::RULE,
    ui02_file_name::RULE,
    ui03_parameters::RULE,
    ui04_conditions::RULE,
    ui05_disable::RULE,
    ui06_agreement::RULE,
    ui07_unknown_key::RULE,
    ui08_twice::RULE,
    ui09_input::RULE,
];
