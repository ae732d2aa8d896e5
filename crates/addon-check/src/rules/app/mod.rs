//! APP: the Application of the template.

mod app01_output;
mod app02_application;
mod app03_component;
mod app04_unique_names;
mod app05_component_name;
mod app06_same_file_name;
mod app07_overwritten;
mod app08_steps;
mod app09_policies;
mod app10_outputs;
mod app11_raw;
pub(in crate::rules) mod app12_dropped;
mod app13_bind_component;

use crate::rule::Rule;

/// The rules, by their id.
pub(super) const RULES: &[Rule] = &[
    app01_output::RULE,
    app02_application::RULE,
    app03_component::RULE,
    app04_unique_names::RULE,
    app05_component_name::RULE,
    app06_same_file_name::RULE,
    app07_overwritten::RULE,
    app08_steps::RULE,
    app09_policies::RULE,
    app10_outputs::RULE,
    app11_raw::RULE,
    app12_dropped::RULE,
    app13_bind_component::RULE,
];
