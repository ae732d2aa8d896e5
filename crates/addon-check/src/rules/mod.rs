//! The rules, one file each.

mod meta02_name;

use crate::rule::Rule;

/// All rules, by their id.
pub const ALL: &[Rule] = &[meta02_name::RULE];

/// The rule with an id, in any case.
pub fn find(id: &str) -> Option<&'static Rule> {
    ALL.iter().find(|rule| rule.id.eq_ignore_ascii_case(id))
}
