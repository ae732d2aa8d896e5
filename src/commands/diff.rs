//! `diff`: what changed between two versions of an addon.

use super::addon_source;
use super::render;
use crate::cli::connection::Connection;
use crate::cli::diff::{Arguments, Output};
use crate::exit::{CommandResult, Exit, Failure};
use crate::printer::Printer;
use addon_check::{Neighbours, Subject, proven};
use addon_diff::{Change, Diff, Snapshot, Weight, compare, enough};
use serde_json::{Value, json};
use source_vocab::{Diagnostic, Place, Severity, SourceMap, VPath, World};
use std::fmt::Write as _;
use std::path::Path;

/// An addon that was read and rendered for a comparison.
#[derive(Debug)]
pub(super) struct Taken {
    pub(super) snapshot: Snapshot,
    /// The texts that its places point into.
    pub(super) sources: SourceMap,
    /// Where its files are.
    pub(super) world: Box<dyn World>,
}

impl Taken {
    /// Where a change is, for people: `parameter.cue:3:2`.
    pub(super) fn shown(&self, place: &Place) -> Option<String> {
        match place {
            Place::Text(span) => {
                let (file, at) = self.sources.line_column(*span)?;
                Some(format!("{file}:{}:{}", at.line, at.column))
            }
            Place::Path(path) => Some(self.world.display(path)),
            Place::Nowhere => None,
        }
    }
}

/// Reads and renders the addon that `source` names.
///
/// # Errors
/// As [`addon_source::load`], and [`Exit::Input`] when it is no addon.
pub(super) fn take(
    source: &Path,
    connection: &Connection,
    printer: &Printer,
) -> Result<Taken, Failure> {
    let loaded = addon_source::load(source, connection, printer)?;
    if loaded.addon.metadata.refused {
        let is_error = |found: &&Diagnostic| found.severity == Severity::Error;
        let list: Vec<Diagnostic> = loaded
            .diagnostics
            .iter()
            .filter(is_error)
            .cloned()
            .collect();
        render::show(&loaded, &list, printer);
        return Err(unreadable(source));
    }
    let mut sources = SourceMap::new();
    let subject = Subject {
        world: &*loaded.world,
        root: &VPath::root(),
        directory: Some(&loaded.directory),
        neighbours: &Neighbours::none(),
    };
    let snapshot =
        proven(&subject, &mut sources, Snapshot::of).ok_or_else(|| unreadable(source))?;
    Ok(Taken {
        snapshot,
        sources,
        world: loaded.world,
    })
}

fn unreadable(source: &Path) -> Failure {
    let message = format!("`{}` cannot be read as an addon", source.display());
    Failure::new(Exit::Input, message)
}

/// Compares two versions.
///
/// # Errors
/// As [`take`].
pub(crate) fn run(arguments: &Arguments, printer: &Printer) -> CommandResult {
    let old = take(&arguments.old, &arguments.connection, printer)?;
    let new = take(&arguments.new, &arguments.connection, printer)?;
    let mut diff = compare(&old.snapshot, &new.snapshot);
    for text in &diff.unknown {
        printer.warning(text);
    }
    let verdict = diff.verdict();
    let is_enough = is_far_enough(&old.snapshot, &new.snapshot, &diff);
    if arguments.breaking {
        diff.changes.retain(|change| change.weight == Weight::Major);
    }
    match arguments.output {
        Output::Text => printer.data(&text(&diff, &new, verdict)),
        Output::Json => printer.json(&as_json(&diff, &old, &new, verdict, is_enough)),
    }
    if arguments.breaking {
        let is_breaking = verdict == Some(Weight::Major);
        return Ok(if is_breaking {
            Exit::Findings
        } else {
            Exit::Success
        });
    }
    if is_enough == Some(false) {
        let (before, after) = (&old.snapshot.version, &new.snapshot.version);
        let word = verdict.map_or("patch", Weight::word);
        printer.warning(&format!(
            "from `{before}` to `{after}` is not far enough for a {word} change"
        ));
        return Ok(Exit::Findings);
    }
    Ok(Exit::Success)
}

/// Whether the versions are as far apart as the changes ask for; none where a version cannot be read.
pub(super) fn is_far_enough(old: &Snapshot, new: &Snapshot, diff: &Diff) -> Option<bool> {
    let Some(weight) = diff.verdict() else {
        return Some(true);
    };
    enough(&old.version, &new.version, weight)
}

/// A change as a sentence.
pub(super) fn sentence(change: &Change) -> String {
    let Change {
        subject,
        path,
        message,
        ..
    } = change;
    if path.is_empty() {
        format!("{subject} {message}")
    } else {
        format!("{subject}: `{path}` {message}")
    }
}

fn text(diff: &Diff, new: &Taken, verdict: Option<Weight>) -> String {
    use source_vocab::render::visible;
    let mut text = String::new();
    for weight in [Weight::Major, Weight::Minor, Weight::Patch] {
        for change in diff.changes.iter().filter(|change| change.weight == weight) {
            let place = new.shown(&change.place);
            let place = place.map_or_else(String::new, |place| format!("  ({place})"));
            let line = format!("{weight}  {}{place}", sentence(change));
            let _ = writeln!(text, "{}", visible(&line));
        }
    }
    let _ = writeln!(
        text,
        "verdict: {}",
        verdict.map_or("no change", Weight::word)
    );
    text
}

fn as_json(
    diff: &Diff,
    old: &Taken,
    new: &Taken,
    verdict: Option<Weight>,
    is_enough: Option<bool>,
) -> Value {
    let changes: Vec<Value> = diff
        .changes
        .iter()
        .map(|change| {
            json!({
                "weight": change.weight.word(),
                "topic": change.topic.word(),
                "subject": change.subject,
                "path": change.path,
                "message": sentence(change),
                "place": new.shown(&change.place),
            })
        })
        .collect();
    json!({
        "schemaVersion": 1,
        "name": new.snapshot.name,
        "old": old.snapshot.version,
        "new": new.snapshot.version,
        "verdict": verdict.map(Weight::word),
        "enough": is_enough,
        "changes": changes,
        "notCompared": diff.unknown,
    })
}
