//! Concrete values as text.
//!
//! [`json`] gives the bytes of `cue export` (four spaces, a final line feed), [`yaml`] those of
//! `cue export --out yaml`, [`cue`] (the module) expressions of CUE, [`openapi`] schemas of values. What is not concrete is
//! reported as diagnostics, all of it, not only the first.

pub mod cue;
pub mod openapi;

use crate::explain;
use cue_eval::builtin::Check;
use cue_eval::{Data, Value};
use cue_std::encoding::json::Layout;
use source_vocab::Diagnostic;

/// The value as concrete data.
///
/// # Errors
/// What is not concrete or wrong in it.
pub fn data(value: Value<'_>) -> Result<Data, Vec<Diagnostic>> {
    let found = explain::findings(value, Check::Concrete);
    if !found.is_empty() {
        return Err(found);
    }
    value
        .to_data()
        .map_err(|error| vec![explain::no_data(value, error)])
}

/// Concrete data all of whose numbers can be written.
fn finite(value: Value<'_>) -> Result<Data, Vec<Diagnostic>> {
    let data = data(value)?;
    if data.is_finite() {
        return Ok(data);
    }
    let message = "a number is infinite or not a number, and has no text in JSON or YAML";
    let place = source_vocab::Place::Text(value.span());
    Err(vec![Diagnostic::error("cue/not-finite", message, place)])
}

/// The value as JSON, as `cue export` prints it.
///
/// # Errors
/// What is not concrete or wrong in it.
pub fn json(value: Value<'_>) -> Result<String, Vec<Diagnostic>> {
    finite(value).map(|data| json_text(&data))
}

/// The value as TOML, as `cue export --out toml` prints it.
///
/// # Errors
/// What is not concrete or wrong in it, or that it is no struct.
pub fn toml(value: Value<'_>) -> Result<String, Vec<Diagnostic>> {
    cue_std::encoding::toml::to_text(&data(value)?).map_err(|error| {
        let place = source_vocab::Place::Text(value.span());
        vec![Diagnostic::error("cue/not-toml", error.message, place)]
    })
}

/// Concrete data as `cue export` prints it.
pub fn json_text(data: &Data) -> String {
    let mut text = cue_std::encoding::json::to_text(data, Layout::Indented("    "));
    text.push('\n');
    text
}

/// The value as YAML, as `cue export --out yaml` prints it.
///
/// # Errors
/// What is not concrete or wrong in it.
pub fn yaml(value: Value<'_>) -> Result<String, Vec<Diagnostic>> {
    finite(value).map(|data| cue_std::encoding::yaml::to_text(&data))
}
