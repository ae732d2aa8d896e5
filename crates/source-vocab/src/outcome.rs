//! A result together with everything that was found on the way.

use crate::{Diagnostic, Severity};

/// A value, as far as there is one, and all findings, in the order in which they were made.
#[derive(Clone, Debug)]
pub struct Outcome<T> {
    /// The result; absent when nothing useful could be made.
    pub value: Option<T>,
    /// The findings.
    pub diagnostics: Vec<Diagnostic>,
}

impl<T> Outcome<T> {
    /// A result without findings.
    pub fn ok(value: T) -> Self {
        Self {
            value: Some(value),
            diagnostics: Vec::new(),
        }
    }

    /// No result, for this reason.
    pub fn failed(diagnostic: Diagnostic) -> Self {
        Self {
            value: None,
            diagnostics: vec![diagnostic],
        }
    }

    /// Whether a finding has the severity error.
    pub fn has_errors(&self) -> bool {
        self.diagnostics
            .iter()
            .any(|found| found.severity == Severity::Error)
    }

    /// Moves the findings to `into` and gives the value.
    pub fn drain_into(self, into: &mut Vec<Diagnostic>) -> Option<T> {
        into.extend(self.diagnostics);
        self.value
    }

    /// The same findings with another value.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Outcome<U> {
        Outcome {
            value: self.value.map(change),
            diagnostics: self.diagnostics,
        }
    }
}
