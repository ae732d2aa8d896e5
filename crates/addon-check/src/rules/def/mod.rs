//! DEF: definitions.

mod def07_usage;

use crate::rule::Rule;

/// The rules, by their id.
pub(super) const RULES: &[Rule] = &[def07_usage::RULE];
