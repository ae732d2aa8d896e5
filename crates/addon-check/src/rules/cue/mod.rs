//! CUE: the syntax of CUE files.

mod cue01_syntax;
mod cue02_package;
mod cue03_reference;
mod cue04_import_path;
mod cue05_import;
mod cue06_concrete;
mod cue07_list_arithmetic;
mod cue08_error_label;
mod cue09_index_guard;
mod cue10_shadowed;
mod cue12_default;
mod cue13_always_there;
mod cue14_limits;
mod cue15_bare_url;
mod cue16_quoted_reference;

use crate::rule::Rule;

/// The rules, by their id.
pub(super) const RULES: &[Rule] = &[
    cue01_syntax::RULE,
    cue02_package::RULE,
    cue03_reference::RULE,
    cue04_import_path::RULE,
    cue05_import::RULE,
    cue06_concrete::RULE,
    cue07_list_arithmetic::RULE,
    cue08_error_label::RULE,
    cue09_index_guard::RULE,
    cue10_shadowed::RULE,
    cue12_default::RULE,
    cue13_always_there::RULE,
    cue14_limits::RULE,
    cue15_bare_url::RULE,
    cue16_quoted_reference::RULE,
];
