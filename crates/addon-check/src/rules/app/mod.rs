//! APP: the Application of the template.

mod app02_application;

use crate::rule::Rule;

/// The rules, by their id.
pub(super) const RULES: &[Rule] = &[app02_application::RULE];
