//! `index`: build, merge and verify an `index.yaml`.

use super::archives::{self, Directory};
use super::build::{INDEX, INDEX_LIMIT, read_index};
use super::findings::{Findings, count, counted};
use crate::cli::index::{Action, Arguments};
use crate::exit::{CommandResult, Exit, Failure, OrExit as _};
use crate::printer::Printer;
use crate::system::{self, DiskWorld};
use addon_index::render::{Location, fields};
use addon_index::{Change, Index, IndexEntry};
use serde_json::json;
use source_vocab::{Diagnostic, EntryKind, Severity, SourceMap, VPath, World as _};
use std::path::Path;

/// Does what was asked for.
///
/// # Errors
/// A failure when a file cannot be read or written, or a version is published with other bytes.
pub(crate) fn run(arguments: &Arguments, printer: &Printer) -> CommandResult {
    match &arguments.action {
        Action::Build { directory } => build(directory, printer),
        Action::Merge { directory, others } => {
            let path = directory.join(INDEX);
            let mut index = read_index(&path)?;
            let mut added = 0;
            for other in others {
                let other = read_index(other)?;
                added += index
                    .merge(&other)
                    .map_err(|conflicts| refused(&conflicts))?;
            }
            write(&path, &index)?;
            printer.status(
                "Merged",
                &format!("{added} new version(s) into {}", path.display()),
            );
            Ok(Exit::Success)
        }
        Action::Verify {
            directory,
            url,
            json,
        } => {
            let checked = check(directory, url.as_deref())?;
            Ok(checked.report(*json, printer))
        }
    }
}

fn refused(conflicts: &[addon_index::VersionConflict]) -> Failure {
    let text: Vec<String> = conflicts.iter().map(ToString::to_string).collect();
    Failure::new(Exit::Refused, text.join("; "))
        .help("a published version never changes: publish another version")
}

fn write(path: &Path, index: &Index) -> Result<(), Failure> {
    let time = system::source_date_epoch()?.unwrap_or(addon_archive::EPOCH);
    system::remove_leftovers(path.parent().unwrap_or(path));
    system::write_atomic(path, index.render(time.0).as_bytes())
}

fn build(directory: &Path, printer: &Printer) -> CommandResult {
    let time = system::source_date_epoch()?.unwrap_or(addon_archive::EPOCH);
    let path = directory.join(INDEX);
    let mut index = read_index(&path)?;
    let mut added = 0;
    for url in archive_urls(directory)? {
        let opened = archives::open(&directory.join(&url), |_| false)?;
        let digest = opened.digest.to_string();
        let location = Location {
            created: time.0,
            digest: &digest,
            url: &url,
        };
        let entry = IndexEntry::new(fields(&opened.contents.chart, location));
        match index.insert(&opened.contents.name, entry) {
            Ok(Change::Added) => added += 1,
            Ok(Change::Unchanged) => {}
            Err(conflict) => return Err(refused(&[conflict])),
        }
    }
    write(&path, &index)?;
    printer.status(
        "Indexed",
        &format!("{added} new version(s) in {}", path.display()),
    );
    Ok(Exit::Success)
}

/// The archives of a directory and of its `charts/`, relative to it, in the order of their names.
fn archive_urls(directory: &Path) -> Result<Vec<String>, Failure> {
    let world = DiskWorld::new(directory);
    let charts = VPath::root().child("charts");
    let mut urls = Vec::new();
    for (folder, prefix) in [(VPath::root(), ""), (charts, "charts/")] {
        let entries = match world.list(&folder) {
            Ok(entries) => entries,
            Err(_) if !prefix.is_empty() => Vec::new(),
            Err(error) => return Err(Failure::new(Exit::Input, error.to_string())),
        };
        let files = entries.iter().filter(|entry| {
            entry.kind == EntryKind::File
                && VPath::root().child(&entry.name).extension() == Some("tgz")
        });
        urls.extend(files.map(|entry| format!("{prefix}{}", entry.name)));
    }
    Ok(urls)
}

/// The findings about a registry directory.
#[derive(Debug)]
pub(crate) struct Checked {
    pub(crate) index: Index,
    pub(crate) findings: Vec<Diagnostic>,
    pub(crate) sources: SourceMap,
    world: DiskWorld,
}

/// Reads the index of a directory and looks at every archive that it names.
///
/// # Errors
/// [`Exit::Input`] when there is no index to read.
pub(crate) fn check(directory: &Path, url: Option<&str>) -> Result<Checked, Failure> {
    let path = directory.join(INDEX);
    let bytes = system::read_file(&path, INDEX_LIMIT).map_err(|error| {
        Failure::new(
            Exit::Input,
            format!("cannot read `{}`: {error}", path.display()),
        )
    })?;
    let text = String::from_utf8(bytes).or_exit(Exit::Input)?;
    let mut sources = SourceMap::new();
    let file = sources
        .add(path.display().to_string(), text)
        .or_exit(Exit::Input)?;
    let read = addon_index::read(&file);
    let mut findings = read.diagnostics;
    let index = read.value.unwrap_or_default();
    findings.extend(addon_index::verify(&index, &Directory(directory), url));
    Ok(Checked {
        index,
        findings,
        sources,
        world: DiskWorld::new(directory),
    })
}

impl Checked {
    /// Shows the findings and says how the run ends.
    pub(crate) fn report(&self, json: bool, printer: &Printer) -> Exit {
        let findings = Findings {
            list: &self.findings,
            sources: &self.sources,
            world: &self.world,
        };
        let versions: usize = self
            .index
            .addons()
            .map(|(_, versions)| versions.len())
            .sum();
        if json {
            printer.json(&json!({
                "schemaVersion": 1,
                "versions": versions,
                "findings": findings.json(),
            }));
        } else {
            findings.show(Severity::Warning, printer);
            let errors = count(&self.findings, Severity::Error);
            let warnings = count(&self.findings, Severity::Warning);
            printer.status(
                "Verified",
                &format!("{versions} version(s): {}", counted(errors, warnings)),
            );
        }
        if self
            .findings
            .iter()
            .any(|found| found.severity == Severity::Error)
        {
            Exit::Findings
        } else {
            Exit::Success
        }
    }
}
