//! DEF: definitions.

mod def07_usage;
mod def14_namespace;

use crate::rule::Rule;

/// The rules, by their id.
pub(super) const RULES: &[Rule] = &[def07_usage::RULE, def14_namespace::RULE];
