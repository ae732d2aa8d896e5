//! `verify`: that an archive or a registry is sound, and that it is what its source gives.

use super::archives::{self, Opened};
use super::index;
use super::packaging::{Packaged, addons_at, package_all};
use crate::cli::verify::Arguments;
use crate::exit::{CommandResult, Exit, OrExit as _};
use crate::printer::Printer;
use crate::system::{self, PathKind};
use addon_archive::{EPOCH, Mode};
use source_vocab::VPath;
use std::path::{Path, PathBuf};

/// Verifies and reports.
///
/// # Errors
/// A failure when something cannot be read or an archive is not sound.
pub(crate) fn run(arguments: &Arguments, printer: &Printer) -> CommandResult {
    let subject = &arguments.subject;
    let mut exit = Exit::Success;
    let mut paths: Vec<PathBuf> = Vec::new();
    if system::path_kind(subject).or_exit(Exit::Input)? == PathKind::Directory {
        let checked = index::check(subject, None)?;
        exit = checked.report(false, printer);
        for (_, versions) in checked.index.addons() {
            let urls = versions.iter().flat_map(addon_index::IndexEntry::urls);
            paths.extend(
                urls.filter_map(VPath::parse)
                    .map(|url| subject.join(url.as_str())),
            );
        }
    } else {
        paths.push(subject.clone());
    }
    let rebuilt = match &arguments.rebuild {
        Some(directory) => Some(rebuild(directory, arguments, printer)?),
        None => None,
    };
    let mut sound = 0;
    for path in &paths {
        let opened = archives::open(path, |_| false)?;
        match &rebuilt {
            None => {
                sound += 1;
                printer.detail("Sound", &shown(path, &opened));
            }
            Some(rebuilt) => {
                if compare(path, &opened, rebuilt, printer) {
                    sound += 1;
                } else {
                    exit = Exit::Findings;
                }
            }
        }
    }
    let what = if rebuilt.is_some() {
        "equal to what the source gives"
    } else {
        "sound"
    };
    printer.status(
        "Verified",
        &format!("{sound} of {} archive(s) {what}", paths.len()),
    );
    Ok(exit)
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
    Ok(package_all(&addons_at(directory)?, mode, mtime, 0, printer))
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
