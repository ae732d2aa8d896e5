//! API: versions of the API of Kubernetes.

mod api01_removed;
mod api02_deprecated;
mod api03_range;

use crate::rule::Rule;

/// The rules, by their id.
pub(super) const RULES: &[Rule] = &[
    api01_removed::RULE,
    api02_deprecated::RULE,
    api03_range::RULE,
];
