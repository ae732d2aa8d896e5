//! CUE: the syntax of CUE files.

mod cue01_syntax;
mod cue02_package;
mod cue05_import;
mod cue07_list_arithmetic;
mod cue08_error_label;
mod cue09_index_guard;
mod cue10_shadowed;
mod cue13_always_there;
mod cue15_bare_url;

use crate::rule::Rule;

/// The rules, by their id.
pub(super) const RULES: &[Rule] = &[
    cue01_syntax::RULE,
    cue02_package::RULE,
    cue05_import::RULE,
    cue07_list_arithmetic::RULE,
    cue08_error_label::RULE,
    cue09_index_guard::RULE,
    cue10_shadowed::RULE,
    cue13_always_there::RULE,
    cue15_bare_url::RULE,
];
