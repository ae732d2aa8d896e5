//! What a rule is: the row of the table, and the page in its own file.

use crate::input::Input;
use source_vocab::{Diagnostic, Place, Severity};

/// A rule.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// The stable id, which is the code of its findings: `META04`.
    pub id: &'static str,
    /// What holds in a good addon: a lower-case phrase.
    pub title: &'static str,
    /// How bad its findings are; a finding made while reading may be milder.
    pub severity: Severity,
    /// For which KubeVela or Helm it holds, as the end of "holds for".
    pub holds_for: &'static str,
    /// The name of its file in `src/rules`.
    pub file: &'static str,
    /// The text of that file.
    pub source: &'static str,
    /// What finds it.
    pub found: Found,
}

/// What finds a rule's findings.
#[derive(Clone, Copy, Debug)]
pub enum Found {
    /// This function of the rule's file.
    Check(fn(&Input<'_>, &mut Vec<Diagnostic>)),
    /// A function of another crate, while it reads or packages.
    Reading(&'static str),
}

impl Rule {
    /// The page: Markdown, from the `//!` comment that opens the rule's file.
    pub fn page(&self) -> String {
        let mut page = String::new();
        for line in self.source.lines() {
            let Some(text) = line.strip_prefix("//!") else {
                break;
            };
            page.push_str(text.strip_prefix(' ').unwrap_or(text));
            page.push('\n');
        }
        page
    }

    /// A finding of this rule.
    pub(crate) fn finding(
        &self,
        message: impl Into<String>,
        place: impl Into<Place>,
    ) -> Diagnostic {
        Diagnostic::new(self.severity, self.id, message, place)
    }
}
