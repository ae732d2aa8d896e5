//! `build`: addons into archives and an index.
//!
//! Everything is packaged in memory first; archives are written before the index that names them, each in
//! one step, so a reader of the directory never sees an entry without its archive. The index grows only:
//! other bytes for a version that it has are refused.

use super::findings::{Findings, count, counted, hint};
use super::packaging::{Packaged, addons_at, package_all, say_what_is_skipped};
use super::workspace::{paths_or_workspace, place_for};
use crate::cli::build::{Arguments, Format};
use crate::exit::{CommandResult, Exit, Failure, OrExit as _};
use crate::printer::Printer;
use crate::system::{self, PathKind};
use addon_archive::{Content, EPOCH, Mode};
use addon_index::render::{Location, fields};
use addon_index::{Change, Index, IndexEntry};
use serde_json::{Value, json};
use source_vocab::{Severity, SourceMap, Timestamp};
use std::path::Path;

pub(crate) const INDEX: &str = "index.yaml";
/// The most bytes of an index.
pub(crate) const INDEX_LIMIT: u64 = 256 << 20;

/// Packages and reports.
///
/// # Errors
/// A failure when a path cannot be read or the directory not be written to.
pub(crate) fn run(arguments: &Arguments, printer: &Printer) -> CommandResult {
    let mut arguments = arguments.clone();
    arguments.paths = paths_or_workspace(&arguments.paths, printer)?;
    if arguments.directory.is_none() {
        arguments.directory = place_for(&arguments.paths, |file| file.output.as_ref(), printer)?;
    }
    let arguments = &arguments;
    let mtime = system::source_date_epoch()?.unwrap_or(EPOCH);
    let mode = if arguments.no_verify {
        Mode::AsVela
    } else {
        Mode::Verify
    };
    let mut paths = Vec::new();
    for path in &arguments.paths {
        if system::path_kind(path).or_exit(Exit::Input)? != PathKind::Directory {
            let message = format!("`{}` is no directory", path.display());
            let help = "name an addon or a folder of addons";
            return Err(Failure::new(Exit::Input, message).help(help));
        }
        paths.extend(addons_at(path, printer)?);
    }
    say_what_is_skipped(mode, printer);
    let packaged = package_all(&paths, mode, mtime, arguments.jobs, printer);
    if arguments.format == Format::Human {
        for one in &packaged {
            findings(one).show(Severity::Error, printer);
        }
    }
    let mut exit = Exit::Success;
    if packaged.iter().any(|one| one.archive.is_none()) {
        exit = Exit::Findings;
    }
    let mut conflicts = Vec::new();
    if arguments.list {
        list(&packaged, printer, arguments.format);
    } else {
        conflicts = write(arguments.directory(), &packaged, mtime)?;
        if !conflicts.is_empty() {
            exit = Exit::Refused;
        }
    }
    report(arguments, &packaged, &conflicts, printer);
    Ok(exit)
}

fn findings(packaged: &Packaged) -> Findings<'_> {
    Findings {
        list: &packaged.findings,
        sources: &packaged.sources,
        world: &packaged.world,
    }
}

/// Writes the archives and the index; gives the versions that are published with other bytes.
fn write(
    directory: &Path,
    packaged: &[Packaged],
    mtime: Timestamp,
) -> Result<Vec<addon_index::VersionConflict>, Failure> {
    system::remove_leftovers(directory);
    let index_path = directory.join(INDEX);
    let mut index = read_index(&index_path)?;
    let mut conflicts = Vec::new();
    let mut fresh = Vec::new();
    for archive in packaged.iter().filter_map(|one| one.archive.as_ref()) {
        let file_name = archive.plan.file_name();
        let location = Location {
            created: mtime.0,
            digest: &archive.digests.archive,
            url: &file_name,
        };
        let entry = IndexEntry::new(fields(&archive.plan.chart, location));
        match index.insert(&archive.plan.name, entry) {
            Ok(Change::Added | Change::Unchanged) => fresh.push((file_name, archive)),
            Err(conflict) => conflicts.push(conflict),
        }
    }
    if fresh.is_empty() {
        return Ok(conflicts);
    }
    for (file_name, archive) in fresh {
        system::write_atomic(&directory.join(file_name), &archive.bytes)?;
    }
    system::write_atomic(&index_path, index.render(mtime.0).as_bytes())?;
    Ok(conflicts)
}

/// The index that is there, or an empty one.
pub(crate) fn read_index(path: &Path) -> Result<Index, Failure> {
    if system::path_kind(path).or_exit(Exit::Input)? == PathKind::Absent {
        return Ok(Index::new());
    }
    let bytes = system::read_file(path, INDEX_LIMIT).or_exit(Exit::Input)?;
    let broken = |reason: String| {
        let message = format!("`{}` is no sound index: {reason}", path.display());
        let help = "`addon-pack index verify` shows all that is wrong with it";
        Failure::new(Exit::Input, message).help(help)
    };
    let text = String::from_utf8(bytes).map_err(|_| broken("it is not UTF-8".to_owned()))?;
    let mut sources = SourceMap::new();
    let file = sources
        .add(path.display().to_string(), text)
        .or_exit(Exit::Input)?;
    let read = addon_index::read(&file);
    if let Some(found) = read
        .diagnostics
        .iter()
        .find(|found| found.severity == Severity::Error)
    {
        return Err(broken(found.message.clone()));
    }
    Ok(read.value.unwrap_or_default())
}

fn list(packaged: &[Packaged], printer: &Printer, format: Format) {
    if format == Format::Json {
        return;
    }
    for archive in packaged.iter().filter_map(|one| one.archive.as_ref()) {
        printer.data(&format!("{}\n", archive.plan.file_name()));
        for entry in &archive.plan.entries {
            let made = match entry.content {
                Content::Generated(_) => "  (generated)",
                Content::File(_) => "",
                Content::Unpacked(_) => "  (unpacked)",
            };
            printer.data(&format!("  {}/{}{made}\n", archive.plan.name, entry.path));
        }
    }
}

fn report(
    arguments: &Arguments,
    packaged: &[Packaged],
    conflicts: &[addon_index::VersionConflict],
    printer: &Printer,
) {
    if arguments.format == Format::Json {
        printer.json(&as_json(arguments, packaged, conflicts));
        return;
    }
    for conflict in conflicts {
        printer.finding(&format!("error: {conflict}\n"));
        printer.note("help: a published version never changes: raise `version` in metadata.yaml");
    }
    let mut packed = 0;
    for archive in packaged.iter().filter_map(|one| one.archive.as_ref()) {
        let refused = conflicts.iter().any(|conflict| {
            conflict.name == archive.plan.name && conflict.offered == archive.digests.archive
        });
        if refused {
            continue;
        }
        packed += 1;
        if !arguments.list {
            let path = arguments.directory().join(archive.plan.file_name());
            let object = format!(
                "{} ({} files, {} bytes, sha256 {})",
                path.display(),
                archive.plan.entries.len(),
                archive.digests.size,
                archive.digests.archive.get(..12).unwrap_or_default()
            );
            printer.detail("Packaged", &object);
        }
    }
    let total = |severity| {
        packaged
            .iter()
            .map(|one| count(&one.findings, severity))
            .sum()
    };
    let (errors, warnings) = (total(Severity::Error), total(Severity::Warning));
    let plural = if packaged.len() == 1 { "" } else { "s" };
    let verb = if arguments.list { "Listed" } else { "Packaged" };
    printer.status(
        verb,
        &format!(
            "{packed} of {} addon{plural}{}: {}",
            packaged.len(),
            if arguments.list {
                String::new()
            } else {
                format!(" into {}", arguments.directory().display())
            },
            counted(errors, warnings)
        ),
    );
    hint(warnings, printer);
}

fn as_json(
    arguments: &Arguments,
    packaged: &[Packaged],
    conflicts: &[addon_index::VersionConflict],
) -> Value {
    let addons: Vec<Value> = packaged
        .iter()
        .map(|one| {
            let archive = one.archive.as_ref().map(|archive| {
                let files: Vec<String> = archive
                    .plan
                    .entries
                    .iter()
                    .map(|entry| format!("{}/{}", archive.plan.name, entry.path))
                    .collect();
                json!({
                    "name": archive.plan.name,
                    "version": archive.plan.version,
                    "file": archive.plan.file_name(),
                    "size": archive.digests.size,
                    "sha256": archive.digests.archive,
                    "contentSha256": archive.digests.content,
                    "files": files,
                })
            });
            json!({
                "path": one.path.display().to_string(),
                "archive": archive,
                "findings": findings(one).json(),
            })
        })
        .collect();
    json!({
        "schemaVersion": 1,
        "directory": (!arguments.list).then(|| arguments.directory().display().to_string()),
        "addons": addons,
        "conflicts": conflicts.iter().map(|conflict| json!({
            "name": conflict.name,
            "version": conflict.version,
            "published": conflict.published,
            "offered": conflict.offered,
        })).collect::<Vec<_>>(),
    })
}
