//! Findings of several readers, each thing once, in the order of the files.
//!
//! Packaging and loading read the same files, so both may find that `metadata.yaml` is broken. Two
//! findings are one when their codes agree and they stand at the same line and column; the first is
//! kept. (Spans do not tell: a file that was read twice has two.)
//! Example: `META02` of the plan and `META02` of the rule at the same name.

use source_vocab::{Diagnostic, Place, Severity, SourceMap};
use std::cmp::Ordering;

/// Adds those of `more` to `findings` that another reader has not found already. (What one reader says of one place
/// are two things, such as two keys that a mapping lacks.)
pub(crate) fn merge(findings: &mut Vec<Diagnostic>, more: Vec<Diagnostic>, sources: &SourceMap) {
    let before = findings.len();
    for found in more {
        let is_there = findings.iter().take(before).any(|other| {
            other.code == found.code
                && (other.message == found.message
                    || key(&other.primary.place, sources) == key(&found.primary.place, sources))
        });
        if !is_there {
            findings.push(found);
        }
    }
}

/// Adds what rendering found. Where a rule has an error in that line already, it is the same cause in other words; a
/// warning of the same rule at the same place becomes the error that rendering shows it to be.
pub(crate) fn merge_rendering(
    findings: &mut Vec<Diagnostic>,
    more: Vec<Diagnostic>,
    sources: &SourceMap,
) {
    let before = findings.len();
    for found in more {
        let (file, line, column) = key(&found.primary.place, sources);
        let mut known = findings.iter_mut().take(before);
        let same = known.find(|other| {
            let (of, at, and) = key(&other.primary.place, sources);
            let is_same = other.code == found.code && (of, at, and) == (file, line, column);
            let is_cause = other.severity == Severity::Error && (of, at) == (file, line);
            is_same || is_cause
        });
        match same {
            // that packaging refuses it is the milder half of it
            Some(other) if other.code == "LAY02" => *other = found,
            Some(other) => other.severity = other.severity.max(found.severity),
            None => findings.push(found),
        }
    }
}

/// Brings findings into the order of files, lines and columns; those of one place keep theirs.
pub(crate) fn sort(findings: &mut [Diagnostic], sources: &SourceMap) {
    findings.sort_by(|a, b| -> Ordering {
        key(&a.primary.place, sources).cmp(&key(&b.primary.place, sources))
    });
}

/// Where a finding stands: file, line and column. A file as a whole comes before what is in it.
fn key<'a>(place: &'a Place, sources: &'a SourceMap) -> (&'a str, usize, usize) {
    match place {
        Place::Text(span) => sources
            .line_column(*span)
            .map_or(("", 0, 0), |(name, at)| (name, at.line, at.column)),
        Place::Path(path) => (path.as_str(), 0, 0),
        Place::Nowhere => ("", 0, 0),
    }
}
