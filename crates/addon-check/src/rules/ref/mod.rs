//! REF: what an Application says to definitions.

mod ref01_component_type;
mod ref02_other_types;
mod ref03_dependency;
mod ref04_unknown_property;
mod ref05_wrong_value;
mod ref06_missing_property;
mod ref07_workload;
mod ref08_same_list;
mod ref09_deprecated;
mod ref10_objects_url;

use crate::rule::Rule;

/// The rules, by their id.
pub(super) const RULES: &[Rule] = &[
    ref01_component_type::RULE,
    ref02_other_types::RULE,
    ref03_dependency::RULE,
    ref04_unknown_property::RULE,
    ref05_wrong_value::RULE,
    ref06_missing_property::RULE,
    ref07_workload::RULE,
    ref08_same_list::RULE,
    ref09_deprecated::RULE,
    ref10_objects_url::RULE,
];
