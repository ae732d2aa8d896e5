//! SEC: secrets and privileges.

mod sec04_secret;

use crate::rule::Rule;

/// The rules, by their id.
pub(super) const RULES: &[Rule] = &[sec04_secret::RULE];
