//! IMG: images.

mod img01_tag;

use crate::rule::Rule;

/// The rules, by their id.
pub(super) const RULES: &[Rule] = &[img01_tag::RULE];
