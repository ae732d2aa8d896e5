//! `check --against`: what changed since another version, as findings of the rules `VER` and `PAR10`.
//!
//! The other version is an addon, an archive, the addon of that name in a folder of addons, or in a registry: there the
//! version that the addon has itself, else the highest. An addon that is not there yet has nothing to be compared with.

use super::diff::{self, Taken, sentence};
use super::named::{self, Named};
use crate::cli::connection::Connection;
use crate::exit::{Exit, Failure, OrExit as _};
use crate::printer::Printer;
use crate::system::{self, PathKind};
use addon_diff::{Change, Step, Topic, Weight, compare, enough, step_between};
use source_vocab::{Diagnostic, Place, Severity, SourceMap};
use std::path::{Path, PathBuf};

/// What was found, and what its places point into.
#[derive(Debug)]
pub(super) struct Compared {
    pub(super) findings: Vec<Diagnostic>,
    pub(super) new: Taken,
}

/// Where the other version is.
#[derive(Debug)]
struct Other {
    source: PathBuf,
    is_registry: bool,
}

/// Compares the addon at `path`; none when it cannot be read, which the check of it has told, or has no other version.
///
/// # Errors
/// When what it is compared with cannot be read.
pub(super) fn compared(
    path: &Path,
    against: &Path,
    printer: &Printer,
) -> Result<Option<Compared>, Failure> {
    let connection = Connection::default();
    let Ok(new) = diff::take(path, &connection, printer) else {
        return Ok(None);
    };
    let snapshot = &new.snapshot;
    let Some(other) = other(
        against,
        &snapshot.name,
        &snapshot.version,
        &connection,
        printer,
    )?
    else {
        return Ok(None);
    };
    let old = diff::take(&other.source, &connection, printer)?;
    let findings = findings(&old, &new, other.is_registry);
    Ok(Some(Compared { findings, new }))
}

fn other(
    against: &Path,
    name: &str,
    version: &str,
    connection: &Connection,
    printer: &Printer,
) -> Result<Option<Other>, Failure> {
    let plain = |source: PathBuf| {
        Ok(Some(Other {
            source,
            is_registry: false,
        }))
    };
    let kind = |path: &Path| system::path_kind(path).or_exit(Exit::Input);
    let is_folder = kind(against)? == PathKind::Directory;
    if is_folder && kind(&against.join("metadata.yaml"))? == PathKind::File {
        return plain(against.to_owned());
    }
    if is_folder && kind(&against.join("index.yaml"))? == PathKind::Absent {
        let member = against.join(name);
        return match kind(&member)? {
            PathKind::Directory => plain(member),
            PathKind::Absent | PathKind::File => Ok(None),
        };
    }
    match named::open(against, connection, printer, |_: &str| true)? {
        Named::Archive(_) => plain(against.to_owned()),
        Named::Registry { shown, index } => {
            let mut sources = SourceMap::new();
            let text = String::from_utf8(index).unwrap_or_default();
            let file = sources.add(shown, text).or_exit(Exit::Input)?;
            let index = addon_index::read(&file).value.unwrap_or_default();
            if !index.addons().any(|(known, _)| known == name) {
                return Ok(None);
            }
            let at = if index.find(name, version).is_some() {
                format!("@{version}")
            } else {
                String::new()
            };
            Ok(Some(Other {
                source: PathBuf::from(format!("{}#{name}{at}", against.display())),
                is_registry: true,
            }))
        }
    }
}

fn findings(old: &Taken, new: &Taken, is_registry: bool) -> Vec<Diagnostic> {
    let compared = compare(&old.snapshot, &new.snapshot);
    let Some(verdict) = compared.verdict() else {
        return Vec::new();
    };
    let (before, after) = (old.snapshot.version.as_str(), new.snapshot.version.as_str());
    let version = &new.snapshot.version_place;
    let mut found = Vec::new();
    let made = step_between(before, after);
    let help = addon_diff::next(before, verdict, addon_diff::Written::Automatic)
        .map(|next| format!("what changed asks for `{next}` or higher"));
    let mut at_version = |code: &'static str, message: String| {
        let told = Diagnostic::error(code, message, version.clone());
        found.push(match &help {
            Some(help) => told.help(help.clone()),
            None => told,
        });
    };
    match made {
        Some(Step::None) if is_registry => {
            at_version(
                "VER02",
                format!("the version `{after}` is published with other content"),
            );
        }
        Some(Step::None) => {
            at_version(
                "VER01",
                format!("the content changed, and the version is `{after}` as before"),
            );
        }
        Some(Step::Back) => {
            at_version(
                "VER01",
                format!("the content changed, and the version `{after}` is lower than `{before}`"),
            );
        }
        _ => {}
    }
    let says_enough = |weight| enough(before, after, weight).unwrap_or(true);
    for change in &compared.changes {
        let Some((code, severity)) = judged(change, says_enough(change.weight)) else {
            continue;
        };
        let place = match &change.place {
            Place::Nowhere => version.clone(),
            place => place.clone(),
        };
        let message = format!("{}, since `{before}`", sentence(change));
        found.push(Diagnostic::new(severity, code, message, place));
    }
    found
}

/// The rule that a change breaks, and how bad that is, when the version step says enough for it or does not.
fn judged(change: &Change, says_enough: bool) -> Option<(&'static str, Severity)> {
    let is_gone = change.place == Place::Nowhere;
    match (change.topic, change.weight) {
        (Topic::DefinitionVersion, _) => Some(("VER04", Severity::Error)),
        (Topic::Immutable, _) => Some(("VER06", Severity::Error)),
        (Topic::Moved, _) if is_gone && says_enough => Some(("VER05", Severity::Warning)),
        (Topic::Moved, _) => Some(("VER05", Severity::Error)),
        _ if says_enough => None,
        (Topic::Parameter, Weight::Major) => Some(("PAR10", Severity::Error)),
        (Topic::Parameter, Weight::Minor) if change.message.contains("default") => {
            Some(("PAR10", Severity::Warning))
        }
        (_, Weight::Major) => Some(("VER03", Severity::Error)),
        _ => None,
    }
}
