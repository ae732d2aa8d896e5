//! Reading archives of unknown origin, for the commands that look into them.

use crate::exit::{Exit, Failure, OrExit as _};
use crate::system;
use addon_archive::untrusted::{Contents, Limits, read};
use addon_publish::Digest;
use std::path::Path;

/// The most bytes of an archive: what ChartMuseum takes by default.
pub(crate) const ARCHIVE_LIMIT: u64 = 20 << 20;

/// An archive with what is in it.
#[derive(Debug)]
pub(crate) struct Opened {
    pub(crate) bytes: Vec<u8>,
    pub(crate) digest: Digest,
    pub(crate) contents: Contents,
}

/// The bytes of the archive at `path`, or from stdin for `-`.
///
/// # Errors
/// [`Exit::Input`] when it cannot be read.
pub(crate) fn bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    if path == Path::new("-") {
        return system::read_stdin(ARCHIVE_LIMIT).or_exit(Exit::Input);
    }
    system::read_file(path, ARCHIVE_LIMIT).map_err(|error| {
        Failure::new(
            Exit::Input,
            format!("cannot read `{}`: {error}", path.display()),
        )
    })
}

/// Reads and checks the archive at `path`, or from stdin for `-`; keeps the files that `wanted` names.
///
/// # Errors
/// [`Exit::Input`] when it cannot be read, [`Exit::Findings`] when it is no sound archive.
pub(crate) fn open(path: &Path, wanted: impl Fn(&str) -> bool) -> Result<Opened, Failure> {
    opened(bytes(path)?, &path.display().to_string(), wanted)
}

/// Checks the bytes of an archive that people know as `shown`; keeps the files that `wanted` names.
///
/// # Errors
/// [`Exit::Findings`] when it is no sound archive.
pub(crate) fn opened(
    bytes: Vec<u8>,
    shown: &str,
    wanted: impl Fn(&str) -> bool,
) -> Result<Opened, Failure> {
    let contents = read(&bytes, &Limits::default(), wanted).map_err(|refused| {
        let message = format!("`{shown}` is no sound archive: {refused}");
        Failure::new(Exit::Findings, message)
    })?;
    Ok(Opened {
        digest: Digest::of(&bytes),
        bytes,
        contents,
    })
}

/// The archives of a directory, read when an index asks for them.
#[derive(Debug)]
pub(crate) struct Directory<'a>(pub(crate) &'a Path);

impl addon_index::Archives for Directory<'_> {
    fn digest(&self, url: &str) -> Option<String> {
        let inside = source_vocab::VPath::parse(url)?;
        let bytes = system::read_file(&self.0.join(inside.as_str()), ARCHIVE_LIMIT).ok()?;
        Some(Digest::of(&bytes).to_string())
    }
}
