//! NOTE: what is said after enabling.

mod note01_header;
mod note02_renders;
mod note03_commands;
mod note04_field;

use crate::rule::Rule;

/// The rules, by their id.
pub(super) const RULES: &[Rule] = &[
    note01_header::RULE,
    note02_renders::RULE,
    note03_commands::RULE,
    note04_field::RULE,
];
