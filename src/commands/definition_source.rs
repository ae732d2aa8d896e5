//! What a person names to have definitions read from it.
//!
//! | named | read |
//! |---|---|
//! | a directory of an addon | its `definitions/` |
//! | another directory | every file below it; one with a `definitions.lock` must be as the lock says |
//! | `x.tgz`, `x.tar.gz`, here or behind a URL | of an addon its `definitions/`, else every file |
//! | `x.yaml`, `x.json`, `x.cue`, here or behind a URL; `-` | the file, which may be what `kubectl get -o yaml` prints |
//! | `registry#name@1.0.0`, `https://h/index.yaml#name` | the `definitions/` of an addon of a registry |
//!
//! Which of the files hold definitions is decided where they are parsed ([`addon_render::deep`]).

use super::connection::{Target, client_failure};
use super::named::{self, Named};
use crate::cli::connection::Connection;
use crate::exit::{Exit, Failure, OrExit as _};
use crate::printer::Printer;
use crate::system::{self, DiskWorld, PathKind};
use addon_archive::untrusted::{LOOSE, read_loose};
use addon_render::deep::vendor::{LOCK, Lock};
use source_vocab::{EntryKind, Link, VPath, World as _};
use std::path::Path;

/// The most bytes that a source of definitions may have, archives unpacked.
const MOST_BYTES: u64 = 512 << 20;
/// The most bytes of one file or archive.
const MOST_BYTES_OF_FILE: u64 = 128 << 20;
/// The most files of a directory.
const MOST_FILES: usize = 100_000;
/// How deep directories may nest.
const MOST_DEPTH: usize = 64;

/// Names and contents of files.
pub(crate) type Files = Vec<(String, Vec<u8>)>;

/// Reads the files of a source.
///
/// # Errors
/// [`Exit::Input`] for what cannot be read, [`Exit::Network`] for what a server does not give, [`Exit::Findings`] for an
/// archive that is none, [`Exit::Refused`] for a locked folder that was changed.
pub(crate) fn read(
    source: &Path,
    connection: &Connection,
    printer: &Printer,
) -> Result<Files, Failure> {
    let text = source.to_str().unwrap_or_default();
    if text == "-" {
        let bytes = system::read_stdin(MOST_BYTES_OF_FILE).or_exit(Exit::Input)?;
        return of_bytes("stdin.yaml", bytes);
    }
    if text.contains("://") && !text.contains('#') && is_file_name(text) {
        let target = Target::new(text, connection)?;
        let shown = target.shown();
        let Target::Http(client) = target else {
            return Err(Failure::new(Exit::Usage, format!("`{shown}` is no URL")));
        };
        let found = client
            .download("", MOST_BYTES_OF_FILE)
            .map_err(|error| {
                let (exit, help) = client_failure(&error);
                Failure {
                    exit,
                    error: error.into(),
                    help: help.map(str::to_owned),
                }
            })?
            .ok_or_else(|| Failure::new(Exit::Network, format!("there is nothing at `{shown}`")))?;
        return of_bytes(&shown, found.to_vec());
    }
    match system::path_kind(source).or_exit(Exit::Input)? {
        PathKind::Directory => directory(source),
        PathKind::File => {
            let bytes = system::read_file(source, MOST_BYTES_OF_FILE).map_err(|error| {
                Failure::new(Exit::Input, format!("cannot read `{text}`: {error}"))
            })?;
            of_bytes(text, bytes)
        }
        PathKind::Absent if text.contains('#') => of_registry(source, connection, printer),
        PathKind::Absent => Err(
            Failure::new(Exit::Input, format!("there is nothing at `{text}`"))
                .help("name a directory, an archive, or a file that `kubectl get -o yaml` wrote"),
        ),
    }
}

/// Whether a URL is that of a file, not of a registry.
fn is_file_name(url: &str) -> bool {
    let path = url.split('?').next().unwrap_or_default();
    let path = path.strip_suffix("/index.yaml").map_or(path, |_| "");
    [".tgz", ".tar.gz", ".yaml", ".yml", ".json", ".cue"]
        .iter()
        .any(|end| path.ends_with(end))
}

fn of_registry(
    source: &Path,
    connection: &Connection,
    printer: &Printer,
) -> Result<Files, Failure> {
    let shown = source.display().to_string();
    match named::open(source, connection, printer, is_of_addon)? {
        Named::Archive(opened) => Ok(opened
            .contents
            .files
            .into_iter()
            .filter(|file| is_of_addon(&file.path))
            .filter_map(|file| Some((format!("{shown}/{}", file.path), file.content?)))
            .collect()),
        Named::Registry { shown, .. } => Err(Failure::new(
            Exit::Usage,
            format!("`{shown}` is a registry, not one addon of it"),
        )
        .help("name the addon behind a `#`, as in `registry#fluxcd`")),
    }
}

/// Whether a path of an addon is where its definitions are.
fn is_of_addon(path: &str) -> bool {
    path.starts_with("definitions/")
}

fn of_bytes(shown: &str, bytes: Vec<u8>) -> Result<Files, Failure> {
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return Ok(vec![(shown.to_owned(), bytes)]);
    }
    let unsound = |refused: addon_archive::untrusted::Refused| {
        Failure::new(
            Exit::Findings,
            format!("`{shown}` is no sound archive: {refused}"),
        )
    };
    let wanted = |path: &str| {
        let name = path.rsplit('/').next().unwrap_or_default();
        is_file_name(name) || path.ends_with("/metadata.yaml")
    };
    let files = read_loose(&bytes, &LOOSE, wanted).map_err(unsound)?;
    // an addon is one folder with a metadata.yaml
    let folder = files
        .iter()
        .find_map(|(path, _)| path.strip_suffix("/metadata.yaml"))
        .filter(|folder| !folder.contains('/'));
    let below = folder.map_or_else(String::new, |folder| format!("{folder}/definitions/"));
    Ok(files
        .into_iter()
        .filter(|(path, _)| path.starts_with(&below))
        .map(|(path, content)| (format!("{shown}/{path}"), content))
        .collect())
}

fn directory(source: &Path) -> Result<Files, Failure> {
    let world = DiskWorld::new(source);
    let at = |name: &str| VPath::parse(name).unwrap_or_default();
    let has = |name: &str| world.read(&at(name)).is_ok();
    let start = if has("metadata.yaml") && world.list(&at("definitions")).is_ok() {
        at("definitions")
    } else {
        VPath::root()
    };
    let mut walk = Walk {
        world: &world,
        files: Vec::new(),
        bytes: 0,
    };
    walk.folder(&start, 0)?;
    let files = walk.files;
    if let Ok(lock) = world.read(&at(LOCK)) {
        check(source, &lock, &files)?;
    }
    Ok(files
        .into_iter()
        .filter(|(path, _)| path.as_str() != LOCK)
        .map(|(path, bytes)| (world.display(&path), bytes))
        .collect())
}

/// Compares a folder with its lock.
fn check(source: &Path, lock: &[u8], files: &[(VPath, Vec<u8>)]) -> Result<(), Failure> {
    let shown = source.display();
    let lock = Lock::read(lock)
        .map_err(|error| Failure::new(Exit::Input, format!("`{shown}/{LOCK}`: {error}")))?;
    let present: Files = files
        .iter()
        .filter(|(path, _)| path.as_str() != LOCK)
        .map(|(path, bytes)| (path.to_string(), bytes.clone()))
        .collect();
    match lock.differences(&present).as_slice() {
        [] => Ok(()),
        [first, rest @ ..] => {
            let more = match rest.len() {
                0 => String::new(),
                count => format!(", and {count} more"),
            };
            Err(Failure::new(
                Exit::Refused,
                format!("`{shown}` is not what its lock says: {first}{more}"),
            )
            .help("run `addon-pack vendor definitions SOURCE --update`, or take the folder back from version control"))
        }
    }
}

struct Walk<'w> {
    world: &'w DiskWorld,
    files: Vec<(VPath, Vec<u8>)>,
    bytes: u64,
}

impl Walk<'_> {
    fn folder(&mut self, folder: &VPath, depth: usize) -> Result<(), Failure> {
        if depth > MOST_DEPTH {
            let shown = self.world.display(folder);
            return Err(Failure::new(
                Exit::Input,
                format!("`{shown}` is nested deeper than {MOST_DEPTH} directories"),
            ));
        }
        for entry in self.world.list(folder).or_exit(Exit::Input)? {
            if entry.name.starts_with('.') || !entry.name_is_utf8 {
                continue;
            }
            let path = folder.child(&entry.name);
            match entry.kind {
                EntryKind::Directory => self.folder(&path, depth + 1)?,
                EntryKind::File => self.file(path)?,
                EntryKind::Symlink => {
                    if let Ok(Link::To {
                        kind: EntryKind::File,
                        ..
                    }) = self.world.follow(&path)
                    {
                        self.file(path)?;
                    }
                }
                EntryKind::Other => {}
            }
        }
        Ok(())
    }

    fn file(&mut self, path: VPath) -> Result<(), Failure> {
        let name = path.file_name();
        if !is_file_name(name) && name != LOCK {
            return Ok(());
        }
        let content = self.world.read(&path).or_exit(Exit::Input)?;
        self.bytes += content.len() as u64;
        if self.files.len() >= MOST_FILES || self.bytes > MOST_BYTES {
            return Err(Failure::new(
                Exit::Input,
                "the directory has too many files to be a set of definitions",
            )
            .help("name the folder that the definitions are in"));
        }
        self.files.push((path, content));
        Ok(())
    }
}
