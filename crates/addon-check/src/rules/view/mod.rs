//! VIEW: views of `VelaQL`.

mod view02_name;

use crate::rule::Rule;

/// The rules, by their id.
pub(super) const RULES: &[Rule] = &[view02_name::RULE];
