//! `pull`: an archive from a registry, kept only if it is what the index says.

use super::archives::ARCHIVE_LIMIT;
use super::connection::{Target, client_failure};
use crate::cli::pull::Arguments;
use crate::exit::{CommandResult, Exit, Failure, OrExit as _};
use crate::printer::Printer;
use crate::system::{self, PathKind};
use addon_publish::Digest;
use addon_publish::pull::{PullError, Source, file_name};
use addon_publish::store::DirectoryStore;

/// Finds, downloads, compares and keeps the archive.
///
/// # Errors
/// [`Exit::Network`] when the registry cannot be reached or does not have the version,
/// [`Exit::Refused`] when the bytes are not those that were promised.
pub(crate) fn run(arguments: &Arguments, printer: &Printer) -> CommandResult {
    let (name, version) = match arguments.addon.split_once('@') {
        Some((name, version)) => (name, Some(version)),
        None => (arguments.addon.as_str(), None),
    };
    let expected = arguments
        .digest
        .as_deref()
        .map(Digest::parse)
        .transpose()
        .or_exit(Exit::Usage)?;
    let target = Target::new(&arguments.from, &arguments.connection)?;
    let shown = target.shown();
    let source = match target {
        Target::Directory(directory) => {
            if system::path_kind(&directory).or_exit(Exit::Input)? != PathKind::Directory {
                return Err(Failure::new(
                    Exit::Input,
                    format!("`{shown}` is not a directory"),
                ));
            }
            Source::Directory(DirectoryStore::new(directory))
        }
        Target::Http(client) => Source::Http(client),
    };
    let fail = |error| failure(error, &shown);
    let mut listing = source.find(name, version).map_err(fail)?;
    match (expected, &listing.digest) {
        (Some(expected), _) => listing.digest = Some(expected),
        (None, None) => printer.warning(&format!(
            "the index of `{shown}` has no digest for {name} {}, so nobody knows whether these are the right bytes",
            listing.id.version()
        )),
        (None, Some(_)) => {}
    }
    let bytes = source.archive(&listing, ARCHIVE_LIMIT).map_err(fail)?;
    let path = arguments.directory.join(file_name(&listing.id));
    system::remove_leftovers(&arguments.directory);
    system::write_atomic(&path, &bytes)?;
    printer.status(
        "Pulled",
        &format!("`{}` (sha256 {})", path.display(), Digest::of(&bytes)),
    );
    Ok(Exit::Success)
}

/// What an error means for the run, and what may help.
pub(crate) fn failure(error: PullError, registry: &str) -> Failure {
    let (exit, help) = match &error {
        PullError::Client(error) => client_failure(error),
        PullError::Store(_) => (Exit::Input, None),
        PullError::Id(_) => (Exit::Usage, None),
        PullError::Digest { .. } => (
            Exit::Refused,
            Some("the archive was changed after it was published; ask who runs the registry"),
        ),
        PullError::NoIndex
        | PullError::Index(_)
        | PullError::NoAddon(_)
        | PullError::NoVersion { .. }
        | PullError::OnlyPrereleases { .. }
        | PullError::NoArchive { .. } => (Exit::Network, None),
    };
    Failure {
        exit,
        error: anyhow::Error::new(error).context(format!("cannot read from `{registry}`")),
        help: help.map(str::to_owned),
    }
}
