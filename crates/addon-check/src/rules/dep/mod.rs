//! DEP: dependencies.

mod dep03_dependencies;

use crate::rule::Rule;

/// The rules, by their id.
pub(super) const RULES: &[Rule] = &[dep03_dependencies::RULE];
