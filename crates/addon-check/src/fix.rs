//! Findings that mend themselves: their edits put into the texts.
//!
//! Of two fixes that touch the same bytes only the first is made, so that the texts stay what somebody could have
//! written; the next run finds the other again. An edit that two fixes have in common, such as the import of a package that
//! both need, is made once. Whatever no edit names stays byte for byte, comments and layout alike.

use crate::rules;
use source_vocab::{Diagnostic, Edit, SourceMap, Span};
use std::collections::BTreeMap;

/// The new text of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mended {
    /// The text.
    pub text: String,
    /// How many findings it mends; one that changes several files counts for the first.
    pub findings: usize,
}

/// The texts of the files that fixes change, by the name of the file. Only rules that are mended by themselves count.
pub fn fixed(findings: &[Diagnostic], sources: &SourceMap) -> BTreeMap<String, Mended> {
    let mut taken: Vec<(Span, &str)> = Vec::new();
    let mut edits: Vec<(usize, &Edit)> = Vec::new();
    let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
    let is_mended = |code: &str| rules::find(code).is_some_and(|rule| rule.mended);
    for found in findings.iter().filter(|found| is_mended(&found.code)) {
        let Some(fix) = &found.fix else { continue };
        // a file that was read twice has two spans for one place: the first file of the name counts
        let placed: Option<Vec<(usize, &Edit, Span)>> = fix
            .edits
            .iter()
            .map(|edit| {
                let (file, span) = in_first(edit.span, sources)?;
                Some((file, edit, span))
            })
            .collect();
        let Some(placed) = placed.filter(|placed| !placed.is_empty()) else {
            continue;
        };
        let is_made = |span: &Span, edit: &Edit| {
            let mut made = taken.iter();
            made.any(|(other, text)| other == span && *text == edit.text)
        };
        let (shared, own): (Vec<_>, Vec<_>) = placed
            .iter()
            .partition(|(_, edit, span)| is_made(span, edit));
        let is_free = |span: &Span| taken.iter().all(|(other, _)| !touch(*span, *other));
        // a fix that is made already as a whole belongs to another finding of the same thing
        if !own.is_empty() && own.iter().all(|(_, _, span)| is_free(span)) {
            for (file, _, _) in own.iter().chain(&shared).take(1) {
                *counts.entry(*file).or_default() += 1;
            }
            taken.extend(
                own.iter()
                    .map(|(_, edit, span)| (*span, edit.text.as_str())),
            );
            edits.extend(own.iter().map(|(file, edit, _)| (*file, *edit)));
        }
    }
    let mut texts: BTreeMap<String, Mended> = BTreeMap::new();
    // from the last to the first, so that the places before stay where they are
    edits.sort_by_key(|(_, edit)| {
        let start = sources
            .locate(edit.span)
            .map_or(0, |(_, range)| range.start);
        std::cmp::Reverse(start)
    });
    for (file, edit) in edits {
        let Some(source) = sources.files().get(file) else {
            continue;
        };
        let Some((_, range)) = sources.locate(edit.span) else {
            continue;
        };
        let mended = texts
            .entry(source.name().to_owned())
            .or_insert_with(|| Mended {
                text: source.text().to_string(),
                findings: counts.get(&file).copied().unwrap_or_default(),
            });
        let text = &mut mended.text;
        if text.is_char_boundary(range.start) && text.is_char_boundary(range.end) {
            text.replace_range(range, &edit.text);
        }
    }
    texts
}

/// The number of the first file of the name, and the same place in it.
fn in_first(span: Span, sources: &SourceMap) -> Option<(usize, Span)> {
    let (file, range) = sources.locate(span)?;
    let (at, first) = sources
        .files()
        .iter()
        .enumerate()
        .find(|(_, other)| other.name() == file.name())?;
    Some((at, first.span_of(range.start, range.end)))
}

/// Whether two places have a byte in common, or an insertion lies in or at the other. Two lines that are both removed do
/// not touch.
fn touch(a: Span, b: Span) -> bool {
    let is_insertion = a.lo == a.hi || b.lo == b.hi;
    if is_insertion {
        a.lo <= b.hi && b.lo <= a.hi
    } else {
        a.lo < b.hi && b.lo < a.hi
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use source_vocab::Fix;

    #[test]
    fn edits_are_made_once_and_nothing_else_changes() {
        let mut sources = SourceMap::new();
        let text = "a: v1 # one\nb: v2\n";
        let file = sources.add("x.yaml", text).unwrap();
        let again = sources.add("x.yaml", text).unwrap();
        let finding = |code: &'static str, span: Span, text: &str| {
            Diagnostic::warning(code, "x", span).fix(Fix {
                title: String::new(),
                edits: vec![Edit {
                    span,
                    text: text.to_owned(),
                }],
            })
        };
        let findings = [
            finding("META05", file.span_of(3, 5), "1"),
            finding("META05", again.span_of(3, 5), "2"),
            finding("META09", again.span_of(15, 17), "longer"),
            // is only offered
            finding("META01", file.span_of(0, 1), "c"),
            Diagnostic::warning("META07", "x", file.span_of(0, 1)),
        ];
        let texts = fixed(&findings, &sources);
        assert_eq!(texts["x.yaml"].findings, 2);
        assert_eq!(texts["x.yaml"].text, "a: 1 # one\nb: longer\n");
    }
}
