//! What a check finds, for those who use the façade.
//!
//! The evaluator keeps facts and makes diagnostics of them, one a cause ([`Value::diagnostics`]); here is only the one
//! case that is no error for the evaluator: a value that nothing is wrong with and that still cannot be exported.

use cue_eval::Value;
use cue_eval::builtin::Check;
use source_vocab::{Diagnostic, Place};

/// Whether a check of a value finds nothing.
pub fn is_valid(value: Value<'_>, check: Check) -> bool {
    value.passes(check)
}

/// Everything that a check of a value finds, each cause once.
pub fn findings(value: Value<'_>, check: Check) -> Vec<Diagnostic> {
    value.diagnostics(check)
}

/// For a value that no check complains about and that still is not concrete.
pub fn not_concrete(value: Value<'_>) -> Diagnostic {
    Diagnostic::error(
        "cue/incomplete-value",
        "the value is not concrete",
        Place::Text(value.span()),
    )
}
