//! What a rule is: the row of the table, and the page in its own file.

use crate::archive::ArchiveInput;
use crate::input::Input;
use crate::proof::Proof;
use crate::workspace::Workspace;
use source_vocab::{Diagnostic, Place, Severity};
use std::fmt;

/// A rule.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// The stable id, which is the code of its findings: `META04`.
    pub id: &'static str,
    /// What holds in a good addon: a lower-case phrase.
    pub title: &'static str,
    /// How bad its findings are; a single finding may be milder, which the page explains.
    pub severity: Severity,
    /// For which releases of what it holds.
    pub holds: Holds,
    /// Whether `check --fix` makes the changes that its findings offer. A change that is only offered is for an
    /// editor: somebody has to look at it.
    pub mended: bool,
    /// Its file below `src/rules`.
    pub file: &'static str,
    /// The text of that file.
    pub source: &'static str,
    /// What finds it, at least one thing.
    pub found: &'static [Found],
}

/// What finds a rule's findings.
#[derive(Clone, Copy, Debug)]
pub enum Found {
    /// This function of the rule's file, in an addon that was loaded.
    InAddon(fn(&Input<'_>, &mut Vec<Diagnostic>)),
    /// This function of the rule's file, in an addon that was rendered.
    InProof(fn(&Proof<'_>, &mut Vec<Diagnostic>)),
    /// This function of the rule's file, in an archive that is sound.
    InArchive(fn(&ArchiveInput<'_>, &mut Vec<Diagnostic>)),
    /// This function of the rule's file, in a folder of addons.
    InWorkspace(fn(&Workspace, &mut Vec<Diagnostic>)),
    /// Another function, while it reads or packages.
    WhileReading(&'static str),
}

/// The releases that a rule holds for. A range is a Masterminds constraint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// All releases of KubeVela.
    Always,
    /// These releases of KubeVela.
    KubeVela(&'static str),
    /// These releases of Helm, whichever KubeVela is used.
    Helm(&'static str),
}

impl fmt::Display for Holds {
    /// The end of a sentence that begins with "holds for".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Always => f.write_str("all releases of KubeVela"),
            Self::Helm("*") => f.write_str("all releases of Helm"),
            Self::KubeVela(range) => write!(f, "KubeVela `{range}`"),
            Self::Helm(range) => write!(f, "Helm `{range}`"),
        }
    }
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

    /// A finding of this rule that is less bad than the others.
    pub(crate) fn milder(
        &self,
        severity: Severity,
        message: impl Into<String>,
        place: impl Into<Place>,
    ) -> Diagnostic {
        Diagnostic::new(severity.min(self.severity), self.id, message, place)
    }
}
