//! CFG: config templates.

mod cfg01_template;
mod cfg02_sensitive;
mod cfg03_nacos;
mod cfg04_twice;

use crate::input::{CueFile, Input};
use crate::rule::Rule;
use addon_model::Role;

/// The rules, by their id.
pub(super) const RULES: &[Rule] = &[
    cfg01_template::RULE,
    cfg02_sensitive::RULE,
    cfg03_nacos::RULE,
    cfg04_twice::RULE,
];

/// The config templates that can be read.
fn templates<'i>(input: &'i Input<'_>) -> impl Iterator<Item = &'i CueFile> {
    input
        .cue()
        .iter()
        .filter(|file| file.role == Role::ConfigTemplate && file.parsed.errors.is_empty())
}
