//! IGN: the ignores themselves.

pub(super) mod ign01_reason;
pub(super) mod ign02_unused;

use crate::rule::Rule;

/// The rules, by their id.
pub(super) const RULES: &[Rule] = &[ign01_reason::RULE, ign02_unused::RULE];
