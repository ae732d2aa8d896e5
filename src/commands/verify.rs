//! `verify`: that an archive or a registry is sound, and that it is what its source gives.

use super::archives::{self, Opened};
use super::findings::{Findings, count};
use super::index;
use super::packaging::{Packaged, addons_at, package_all};
use crate::cli::verify::Arguments;
use crate::exit::{CommandResult, Exit, OrExit as _};
use crate::printer::Printer;
use crate::system::{self, PathKind};
use addon_archive::untrusted::Limits;
use addon_archive::{EPOCH, Mode};
use addon_check::Archive;
use addon_index::IndexEntry;
use addon_publish::Digest;
use source_vocab::{Severity, SourceMap, VPath};
use std::path::{Path, PathBuf};

/// Verifies and reports.
///
/// # Errors
/// A failure when something cannot be read.
pub(crate) fn run(arguments: &Arguments, printer: &Printer) -> CommandResult {
    let subject = &arguments.subject;
    let mut exit = Exit::Success;
    let mut sources = SourceMap::new();
    let mut found: Vec<Found> = Vec::new();
    let is_registry = system::path_kind(subject).or_exit(Exit::Input)? == PathKind::Directory;
    if is_registry {
        let checked = index::check(subject, None)?;
        exit = checked.report(false, printer);
        for entry in checked.index.addons().flat_map(|(_, versions)| versions) {
            // what is on another host is told by REG05
            let urls = entry.urls().filter(|url| !url.contains("://"));
            found.extend(urls.filter_map(VPath::parse).map(|url| Found {
                path: subject.join(url.as_str()),
                entry: Some(entry.clone()),
            }));
        }
        sources = checked.sources;
    } else {
        found.push(Found {
            path: subject.clone(),
            entry: None,
        });
    }
    let rebuilt = match &arguments.rebuild {
        Some(directory) => Some(rebuild(directory, arguments, printer)?),
        None => None,
    };
    let mut sound = 0;
    for one in &found {
        let bytes = match archives::bytes(&one.path) {
            Ok(bytes) => bytes,
            // the entry without its archive is told already, by REG02
            Err(_) if is_registry => continue,
            Err(failure) => return Err(failure),
        };
        let opened = one.check(bytes, &mut sources, printer);
        let is_equal = |opened: &Opened| match &rebuilt {
            None => {
                printer.detail("Sound", &shown(&one.path, opened));
                true
            }
            Some(rebuilt) => compare(&one.path, opened, rebuilt, printer),
        };
        if opened.as_ref().is_some_and(is_equal) {
            sound += 1;
        } else {
            exit = Exit::Findings;
        }
    }
    let what = if rebuilt.is_some() {
        "equal to what the source gives"
    } else {
        "sound"
    };
    printer.status(
        "Verified",
        &format!("{sound} of {} archive(s) {what}", found.len()),
    );
    Ok(exit)
}

/// An archive, and what its registry says of it.
struct Found {
    path: PathBuf,
    entry: Option<IndexEntry>,
}

impl Found {
    /// Looks at the archive and shows what is found; gives it when nothing is wrong with it.
    fn check(&self, bytes: Vec<u8>, sources: &mut SourceMap, printer: &Printer) -> Option<Opened> {
        let name = self.path.file_name().map(|name| name.to_string_lossy());
        let archive = Archive {
            shown: &self.path.display().to_string(),
            file_name: name.as_deref(),
            bytes: &bytes,
            entry: self.entry.as_ref(),
        };
        let checked = addon_check::check_archive(&archive, &Limits::default(), sources);
        let findings = Findings {
            list: &checked.findings,
            sources,
            world: &checked.world,
        };
        findings.show(Severity::Warning, printer);
        if count(&checked.findings, Severity::Error) > 0 {
            return None;
        }
        Some(Opened {
            digest: Digest::of(&bytes),
            contents: checked.contents?,
            bytes,
        })
    }
}

fn shown(path: &Path, opened: &Opened) -> String {
    format!("{} (sha256 {})", path.display(), opened.digest)
}

fn rebuild(
    directory: &Path,
    arguments: &Arguments,
    printer: &Printer,
) -> Result<Vec<Packaged>, crate::exit::Failure> {
    let mode = if arguments.no_verify {
        Mode::AsVela
    } else {
        Mode::Verify
    };
    let mtime = system::source_date_epoch()?.unwrap_or(EPOCH);
    Ok(package_all(
        &addons_at(directory, printer)?,
        mode,
        mtime,
        0,
        printer,
    ))
}

/// Whether the archive is the one that the source gives; says what differs.
fn compare(path: &Path, opened: &Opened, rebuilt: &[Packaged], printer: &Printer) -> bool {
    let contents = &opened.contents;
    let source = rebuilt
        .iter()
        .filter_map(|one| one.archive.as_ref())
        .find(|archive| {
            archive.plan.name == contents.name && archive.plan.version == contents.version
        });
    let Some(source) = source else {
        printer.finding(&format!(
            "error: the source has no `{}` {}, which `{}` is\n",
            contents.name,
            contents.version,
            path.display()
        ));
        return false;
    };
    if source.bytes == opened.bytes {
        printer.detail("Equal", &shown(path, opened));
        return true;
    }
    let why = if source.digests.content == contents.content_digest {
        "the files are the same, only the compression differs"
    } else {
        "the files differ, or their times do (was SOURCE_DATE_EPOCH set?)"
    };
    printer.finding(&format!(
        "error: `{}` is not what the source gives: {why}\n  archive {}, from the source {}\n",
        path.display(),
        opened.digest,
        source.digests.archive
    ));
    false
}
