//! VIEW: views of `VelaQL`.

mod view01_compiles;
mod view02_name;

use crate::rule::Rule;

/// The rules, by their id.
pub(super) const RULES: &[Rule] = &[view01_compiles::RULE, view02_name::RULE];
