//! IMG: images.

mod img01_tag;
mod img02_digest;

use crate::rule::Rule;

/// The rules, by their id.
pub(super) const RULES: &[Rule] = &[img01_tag::RULE, img02_digest::RULE];
