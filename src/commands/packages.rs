//! What `publish` publishes: archives as they are given, and addons packaged on the way.

use super::archives::ARCHIVE_LIMIT;
use super::findings::{Findings, count};
use super::packaging::{addons_at, package_all, say_what_is_skipped};
use super::workspace::paths_or_workspace;
use crate::cli::publish::Arguments;
use crate::exit::{Exit, Failure, OrExit as _};
use crate::printer::Printer;
use crate::system::{self, PathKind};
use addon_archive::Mode;
use addon_archive::untrusted::Limits;
use addon_check::Archive;
use addon_publish::registry::Package;
use source_vocab::{Severity, SourceMap, Timestamp};
use std::path::{Path, PathBuf};

/// What the arguments gave.
#[derive(Debug, Default)]
pub(crate) struct Packed {
    /// What can be published, in the order of the arguments.
    pub(crate) packages: Vec<Package>,
    /// What cannot.
    pub(crate) failed: Vec<Failed>,
    /// How many warnings the rules have about the addons that were packaged.
    pub(crate) warnings: usize,
}

/// A path that gave no package.
#[derive(Debug)]
pub(crate) struct Failed {
    /// Which.
    pub(crate) path: PathBuf,
    /// What the run ends in because of it.
    pub(crate) exit: Exit,
    /// Why.
    pub(crate) reason: String,
}

/// Reads archives and packages addons.
///
/// # Errors
/// A failure when a path cannot be looked at.
pub(crate) fn pack(
    arguments: &Arguments,
    mtime: Timestamp,
    printer: &Printer,
) -> Result<Packed, Failure> {
    let mode = if arguments.no_verify {
        Mode::AsVela
    } else {
        Mode::Verify
    };
    say_what_is_skipped(mode, printer);
    let paths = &paths_or_workspace(&arguments.paths, printer)?;
    let mut packed = Packed::default();
    for path in paths {
        match system::path_kind(path).or_exit(Exit::Input)? {
            PathKind::Absent => packed.fail(path, Exit::Input, "there is nothing at this path"),
            PathKind::File => match archive(path, mode, printer) {
                Ok((package, warnings)) => {
                    packed.packages.push(package);
                    packed.warnings += warnings;
                }
                Err((exit, reason)) => packed.fail(path, exit, reason),
            },
            PathKind::Directory => addons(path, mode, mtime, printer, &mut packed),
        }
    }
    Ok(packed)
}

impl Packed {
    fn fail(&mut self, path: &Path, exit: Exit, reason: impl Into<String>) {
        self.failed.push(Failed {
            path: path.to_owned(),
            exit,
            reason: reason.into(),
        });
    }
}

/// Reads an archive; with [`Mode::Verify`] what it says of itself must agree. (Whether the addon in it is good was to
/// be seen when it was built, and is said by `check`.) Gives the count of warnings.
fn archive(path: &Path, mode: Mode, printer: &Printer) -> Result<(Package, usize), (Exit, String)> {
    let bytes =
        system::read_file(path, ARCHIVE_LIMIT).map_err(|error| (Exit::Input, error.to_string()))?;
    let mut warnings = 0;
    if mode == Mode::Verify {
        let archive = Archive {
            shown: &path.display().to_string(),
            // the registry gives it the right one
            file_name: None,
            bytes: &bytes,
            entry: None,
        };
        let mut sources = SourceMap::new();
        let checked = addon_check::check_archive(&archive, &Limits::default(), &mut sources);
        // an archive that cannot be read has one cause, which is told as the reason below
        if checked.contents.is_some() {
            let findings = Findings {
                list: &checked.findings,
                sources: &sources,
                world: &checked.world,
            };
            findings.show(Severity::Error, printer);
            warnings = count(&checked.findings, Severity::Warning);
            if count(&checked.findings, Severity::Error) > 0 {
                return Err((Exit::Findings, "the archive has errors".to_owned()));
            }
        }
    }
    Package::read(bytes.into(), &Limits::default())
        .map(|package| (package, warnings))
        .map_err(|refused| (Exit::Findings, refused.to_string()))
}

/// Packages an addon, or every addon of a folder, and reads the result as any other archive.
fn addons(path: &Path, mode: Mode, mtime: Timestamp, printer: &Printer, packed: &mut Packed) {
    let paths = match addons_at(path, printer) {
        Ok(paths) => paths,
        Err(failure) => return packed.fail(path, failure.exit, format!("{:#}", failure.error)),
    };
    for one in package_all(&paths, mode, mtime, 0, printer) {
        let findings = Findings {
            list: &one.findings,
            sources: &one.sources,
            world: &one.world,
        };
        findings.show(Severity::Error, printer);
        packed.warnings += count(&one.findings, Severity::Warning);
        let Some(archive) = one.archive else {
            packed.fail(&one.path, Exit::Findings, "the addon has errors");
            continue;
        };
        match Package::read(archive.bytes.into(), &Limits::default()) {
            Ok(package) => packed.packages.push(package),
            Err(refused) => packed.fail(&one.path, Exit::Findings, refused.to_string()),
        }
    }
}
