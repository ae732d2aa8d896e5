//! NOTE: what is said after enabling.

mod note01_header;

use crate::rule::Rule;

/// The rules, by their id.
pub(super) const RULES: &[Rule] = &[note01_header::RULE];
