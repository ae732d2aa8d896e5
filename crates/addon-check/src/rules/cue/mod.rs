//! CUE: the syntax of CUE files.

mod cue01_syntax;
mod cue02_package;
mod cue05_import;
mod cue07_list_arithmetic;

use crate::rule::Rule;

/// The rules, by their id.
pub(super) const RULES: &[Rule] = &[
    cue01_syntax::RULE,
    cue02_package::RULE,
    cue05_import::RULE,
    cue07_list_arithmetic::RULE,
];
