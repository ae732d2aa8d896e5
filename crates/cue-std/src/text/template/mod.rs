//! `text/template`: Go's template language over CUE data.
//!
//! [`lex`] cuts a template into tokens, [`parse`] makes trees of them, [`exec`] walks a tree with
//! the data as dot, [`functions`] has the predefined functions. Data is held as Go would hold it
//! ([`crate::go_text::value`]), because templates can tell: an `int64` is printed like an `int` but
//! named differently by `%T`, and an entry that a map lacks is not the same as a `null`.
//!
//! Whatever a template does ends: steps, nesting and bytes are counted ([`exec::Limits`]).
//! Language as in Go's package `text/template`; conversion of the data as in cue v0.14.1
//! `pkg/text/template/manual.go` and `cue/decode.go`.

mod constant;
mod exec;
mod functions;
mod lex;
mod parse;
#[cfg(test)]
mod tests;

use crate::go_text::into_text;
use crate::go_text::value::Value;
use crate::package::{Builder, Outcome};
use cue_eval::Kind;
use cue_eval::builtin::{Call, Failure};

/// Why a template gives no text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TemplateError {
    /// Where in the template, in bytes.
    offset: usize,
    /// What is wrong.
    text: String,
}

impl TemplateError {
    fn new(offset: usize, text: impl Into<String>) -> Self {
        Self {
            offset,
            text: text.into(),
        }
    }

    /// The error with its line and column, both from one.
    fn describe(&self, template: &str) -> String {
        let before = template.get(..self.offset).unwrap_or(template);
        let line = before.matches('\n').count() + 1;
        let column = before
            .rsplit('\n')
            .next()
            .map_or(0, |line| line.chars().count())
            + 1;
        format!("template: {line}:{column}: {}", self.text)
    }
}

/// Executes a template.
fn render(template: &str, data: &Value, limits: exec::Limits) -> Result<Vec<u8>, TemplateError> {
    let templates = parse::parse(template)?;
    exec::execute(&templates, data, limits)
}

fn execute(c: &mut Call<'_>) -> Outcome {
    let template = c.string(0)?;
    let data = match Value::from(c.data(1)?) {
        // the whole of the data being null is as if there were none
        Value::Nil => Value::Absent,
        data => data,
    };
    let text = render(&template, &data, exec::Limits::default())
        .map_err(|error| Failure::eval(error.describe(&template)))?;
    c.charge(text.len())?;
    Ok(into_text(text).into())
}

/// Fills the package.
pub(crate) fn fill(b: &mut Builder) {
    let s = Kind::STRING;
    b.function("Execute", &[s, Kind::TOP], s, execute);
    b.function("HTMLEscape", &[s], s, |c| {
        let text = c.string(0)?;
        Ok(into_text(functions::html(text.as_bytes())).into())
    });
    b.function("JSEscape", &[s], s, |c| {
        let text = c.string(0)?;
        Ok(into_text(functions::js(text.as_bytes())).into())
    });
}
