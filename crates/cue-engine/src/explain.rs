//! What a check finds, for those who use the façade.
//!
//! The evaluator keeps facts and makes diagnostics of them, one a cause ([`Value::diagnostics`]); here is only the one
//! case that is no error for the evaluator: a value that nothing is wrong with and that still cannot be exported.

use cue_eval::builtin::Check;
use cue_eval::{NoData, Value};
use source_vocab::{Diagnostic, Place};

/// Whether a check of a value finds nothing.
pub fn is_valid(value: Value<'_>, check: Check) -> bool {
    value.passes(check)
}

/// Everything that a check of a value finds, each cause once.
pub fn findings(value: Value<'_>, check: Check) -> Vec<Diagnostic> {
    value.diagnostics(check)
}

/// For a value that no check complains about and that still does not become data: it is not
/// concrete, or too large.
pub fn no_data(value: Value<'_>, error: NoData) -> Diagnostic {
    let code = match error {
        NoData::NotConcrete => "cue/incomplete-value",
        NoData::TooLarge(_) => "cue/limit",
    };
    let span = value.span();
    let place = if span.is_detached() {
        Place::Nowhere
    } else {
        Place::Text(span)
    };
    Diagnostic::error(code, error.to_string(), place)
}

/// [`no_data`] for a value whose data was asked for without asking why there is none.
pub fn not_concrete(value: Value<'_>) -> Diagnostic {
    let error = value.to_data().err().unwrap_or(NoData::NotConcrete);
    no_data(value, error)
}
