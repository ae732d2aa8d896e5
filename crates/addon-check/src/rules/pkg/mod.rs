//! PKG: the package.

mod pkg01_shape;
mod pkg02_agreement;
mod pkg03_size;
mod pkg04_entries;
pub(super) mod pkg05_junk;
mod pkg06_reproducible;
mod pkg07_helmignore;
mod pkg08_helm_files;

use crate::rule::Rule;

/// The rules, by their id.
pub(super) const RULES: &[Rule] = &[
    pkg01_shape::RULE,
    pkg02_agreement::RULE,
    pkg03_size::RULE,
    pkg04_entries::RULE,
    pkg05_junk::RULE,
    pkg06_reproducible::RULE,
    pkg07_helmignore::RULE,
    pkg08_helm_files::RULE,
];
