//! Findings as plain data.
//!
//! A [`Diagnostic`] is collected, sorted, counted and turned into JSON; only [`crate::render`]
//! makes text of it. Its message is one lower-case sentence without a full stop that names the
//! thing in backticks and says what was expected; the remedy goes into `help`.

use crate::{Span, VPath};
use std::borrow::Cow;

/// How bad a finding is. Ordered from mild to severe.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing; never fails a run.
    Info,
    /// Probably not what the author wants.
    Warning,
    /// Would fail or do the wrong thing.
    Error,
}

impl Severity {
    /// The word shown to people and written to JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// Where a finding is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A piece of text in a [`crate::SourceMap`].
    Text(Span),
    /// A file or directory as a whole (absent, misnamed, not text), by its path in its world.
    Path(VPath),
    /// No place: the whole input.
    Nowhere,
}

impl From<Span> for Place {
    fn from(span: Span) -> Self {
        Self::Text(span)
    }
}

impl From<VPath> for Place {
    fn from(path: VPath) -> Self {
        Self::Path(path)
    }
}

/// A place with a word about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub place: Place,
    /// What is there, may be empty.
    pub text: String,
}

/// One replacement of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced; empty to insert.
    pub span: Span,
    /// By what.
    pub text: String,
}

/// A change of the sources that mends the finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What the change does.
    pub title: String,
    /// The replacements, none overlapping another.
    pub edits: Vec<Edit>,
}

/// A finding about the user's files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// A stable code: a rule id (`META04`) or, for a language, `cue/conflicting-values`.
    pub code: Cow<'static, str>,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// The place to look at first.
    pub primary: Label,
    /// Other places that have part in it.
    pub labels: Vec<Label>,
    /// Further facts.
    pub notes: Vec<String>,
    /// How to mend it.
    pub help: Option<String>,
    /// A change that mends it by itself.
    pub fix: Option<Fix>,
}

impl Diagnostic {
    /// A finding with a code, a severity and a message at a place.
    pub fn new(
        severity: Severity,
        code: impl Into<Cow<'static, str>>,
        message: impl Into<String>,
        place: impl Into<Place>,
    ) -> Self {
        Self {
            code: code.into(),
            severity,
            message: message.into(),
            primary: Label {
                place: place.into(),
                text: String::new(),
            },
            labels: Vec::new(),
            notes: Vec::new(),
            help: None,
            fix: None,
        }
    }

    /// An error.
    pub fn error(
        code: impl Into<Cow<'static, str>>,
        message: impl Into<String>,
        place: impl Into<Place>,
    ) -> Self {
        Self::new(Severity::Error, code, message, place)
    }

    /// A warning.
    pub fn warning(
        code: impl Into<Cow<'static, str>>,
        message: impl Into<String>,
        place: impl Into<Place>,
    ) -> Self {
        Self::new(Severity::Warning, code, message, place)
    }

    /// A piece of information.
    pub fn info(
        code: impl Into<Cow<'static, str>>,
        message: impl Into<String>,
        place: impl Into<Place>,
    ) -> Self {
        Self::new(Severity::Info, code, message, place)
    }

    /// Puts a word on the primary place.
    #[must_use]
    pub fn at(mut self, text: impl Into<String>) -> Self {
        self.primary.text = text.into();
        self
    }

    /// Adds another place.
    #[must_use]
    pub fn label(mut self, place: impl Into<Place>, text: impl Into<String>) -> Self {
        self.labels.push(Label {
            place: place.into(),
            text: text.into(),
        });
        self
    }

    /// Adds a fact.
    #[must_use]
    pub fn note(mut self, text: impl Into<String>) -> Self {
        self.notes.push(text.into());
        self
    }

    /// Says how to mend it.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }

    /// Offers a change that mends it.
    #[must_use]
    pub fn fix(mut self, fix: Fix) -> Self {
        self.fix = Some(fix);
        self
    }
}
