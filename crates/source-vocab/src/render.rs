//! Diagnostics as text.
//!
//! Three forms of the same data: [`human`] with a code frame, [`concise`] with one clickable line
//! a finding, [`json()`] that mirrors [`Diagnostic`] one to one. Output makes sense without colour.
//! Control characters of the user's files never reach the terminal as they are.

use crate::{Diagnostic, Label, Place, Severity, SourceMap, Span};
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use serde_json::{Value, json};
use std::fmt::Write as _;

/// Whether escape sequences for colour are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Color {
    /// Plain text.
    Never,
    /// ANSI colours.
    Always,
}

/// Replaces control characters (but line feed and tab) by their visible escapes.
pub fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() && c != '\n' && c != '\t' {
            let _ = write!(out, "{}", c.escape_unicode());
        } else {
            out.push(c);
        }
    }
    out
}

fn level(severity: Severity) -> Level<'static> {
    match severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info => Level::INFO,
    }
}

/// The finding with code frames, as a compiler shows it, ending in a line feed.
///
/// `show_path` turns a path place into what people know the file as.
pub fn human(
    found: &Diagnostic,
    sources: &SourceMap,
    show_path: &dyn Fn(&crate::VPath) -> String,
    color: Color,
) -> String {
    let message = visible(&found.message);
    let texts: Vec<(Span, String, bool)> = std::iter::once((&found.primary, true))
        .chain(found.labels.iter().map(|label| (label, false)))
        .filter_map(|(label, primary)| match &label.place {
            Place::Text(span) if sources.locate(*span).is_some() => {
                Some((*span, visible(&label.text), primary))
            }
            Place::Text(_) | Place::Path(_) | Place::Nowhere => None,
        })
        .collect();
    let mut group = Group::with_title(
        level(found.severity)
            .primary_title(message.as_str())
            .id(found.code.as_ref()),
    );
    let mut shown: Vec<crate::SourceId> = Vec::new();
    for (span, _, _) in &texts {
        let Some((file, _)) = sources.locate(*span) else {
            continue;
        };
        if shown.contains(&file.id()) {
            continue;
        }
        shown.push(file.id());
        let mut snippet = Snippet::source(file.text().as_ref()).path(file.name());
        for (span, text, primary) in &texts {
            let Some((other, range)) = sources.locate(*span) else {
                continue;
            };
            if other.id() != file.id() {
                continue;
            }
            let kind = if *primary {
                AnnotationKind::Primary
            } else {
                AnnotationKind::Context
            };
            let annotation = kind.span(range);
            snippet = snippet.annotation(if text.is_empty() {
                annotation
            } else {
                annotation.label(text.as_str())
            });
        }
        group = group.element(snippet);
    }
    let paths: Vec<String> = std::iter::once(&found.primary)
        .chain(&found.labels)
        .filter_map(|label| match &label.place {
            Place::Path(path) => Some(with_text(&visible(&show_path(path)), &label.text)),
            Place::Text(_) | Place::Nowhere => None,
        })
        .collect();
    for path in &paths {
        group = group.element(Level::NOTE.with_name(Some("at")).message(path.as_str()));
    }
    let notes: Vec<String> = found.notes.iter().map(|note| visible(note)).collect();
    for note in &notes {
        group = group.element(Level::NOTE.message(note.as_str()));
    }
    let help = found.help.as_deref().map(visible);
    if let Some(help) = &help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    let renderer = match color {
        Color::Never => Renderer::plain(),
        Color::Always => Renderer::styled(),
    };
    let mut out = renderer.render(&[group]);
    out.push('\n');
    out
}

fn with_text(place: &str, text: &str) -> String {
    if text.is_empty() {
        place.to_owned()
    } else {
        format!("{place}: {}", visible(text))
    }
}

/// `path:line:col: CODE message`, ending in a line feed.
pub fn concise(
    found: &Diagnostic,
    sources: &SourceMap,
    show_path: &dyn Fn(&crate::VPath) -> String,
) -> String {
    let place = match &found.primary.place {
        Place::Text(span) => sources
            .line_column(*span)
            .map(|(name, at)| format!("{name}:{}:{}: ", at.line, at.column))
            .unwrap_or_default(),
        Place::Path(path) => format!("{}: ", show_path(path)),
        Place::Nowhere => String::new(),
    };
    format!(
        "{}{}[{}]: {}\n",
        visible(&place),
        found.severity.as_str(),
        found.code,
        visible(&found.message).replace('\n', " ")
    )
}

fn place_json(
    place: &Place,
    sources: &SourceMap,
    show_path: &dyn Fn(&crate::VPath) -> String,
) -> Value {
    match place {
        Place::Text(span) => match sources.locate(*span) {
            Some((file, range)) => {
                let (start, end) = (file.line_column(range.start), file.line_column(range.end));
                json!({
                    "file": file.name(),
                    "line": start.line, "column": start.column,
                    "endLine": end.line, "endColumn": end.column,
                })
            }
            None => Value::Null,
        },
        Place::Path(path) => json!({ "file": show_path(path) }),
        Place::Nowhere => Value::Null,
    }
}

/// The finding as a JSON object: `code`, `severity`, `message`, `place`, `text`, `labels`,
/// `notes`, `help`, `fix`; a place has `file` and, inside a text, `line` and `column` (from 1,
/// columns in bytes) with their ends.
pub fn json(
    found: &Diagnostic,
    sources: &SourceMap,
    show_path: &dyn Fn(&crate::VPath) -> String,
) -> Value {
    let label = |label: &Label| json!({ "place": place_json(&label.place, sources, show_path), "text": label.text });
    json!({
        "code": found.code,
        "severity": found.severity.as_str(),
        "message": found.message,
        "place": place_json(&found.primary.place, sources, show_path),
        "text": found.primary.text,
        "labels": found.labels.iter().map(label).collect::<Vec<_>>(),
        "notes": found.notes,
        "help": found.help,
        "fix": found.fix.as_ref().map(|fix| json!({
            "title": fix.title,
            "edits": fix.edits.iter().map(|edit| json!({
                "place": place_json(&Place::Text(edit.span), sources, show_path),
                "text": edit.text,
            })).collect::<Vec<_>>(),
        })),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::VPath;

    #[test]
    fn all_forms_name_file_line_and_column() {
        let mut sources = SourceMap::new();
        let file = sources.add("metadata.yaml", "name: a\nname: b\n").unwrap();
        let found = Diagnostic::error("META01", "the key `name` stands twice", file.span_of(8, 12))
            .label(file.span_of(0, 4), "first here")
            .help("remove one");
        let show = |path: &VPath| path.to_string();
        let text = human(&found, &sources, &show, Color::Never);
        assert!(
            text.starts_with("error[META01]: the key `name` stands twice"),
            "{text}"
        );
        assert!(text.contains("metadata.yaml:2:1"), "{text}");
        assert!(text.contains("help: remove one"), "{text}");
        assert_eq!(
            concise(&found, &sources, &show),
            "metadata.yaml:2:1: error[META01]: the key `name` stands twice\n"
        );
        let object = json(&found, &sources, &show);
        assert_eq!(object["place"]["line"], 2);
        assert_eq!(object["labels"][0]["place"]["column"], 1);
    }

    #[test]
    fn escape_sequences_are_made_visible() {
        assert_eq!(visible("a\u{1b}[31m"), "a\\u{1b}[31m");
    }
}
