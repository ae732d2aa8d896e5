//! A [`World`] on the real disk, for tests that read a corpus.

use source_vocab::{DirEntry, EntryKind, ReadError, Timestamp, VPath, World};
use std::io::ErrorKind;
use std::path::PathBuf;

/// The files below a directory, at time 0.
#[derive(Clone, Debug)]
pub struct DiskWorld {
    root: PathBuf,
}

impl DiskWorld {
    /// The world below a directory.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    fn at(&self, path: &VPath) -> PathBuf {
        path.components()
            .fold(self.root.clone(), |at, component| at.join(component))
    }
}

fn error(path: &VPath, source: std::io::Error) -> ReadError {
    let path = path.clone();
    match source.kind() {
        ErrorKind::NotFound => ReadError::NotFound { path },
        _ => ReadError::Io { path, source },
    }
}

#[expect(clippy::disallowed_methods, reason = "tests look at the real disk")]
impl World for DiskWorld {
    fn read(&self, path: &VPath) -> Result<Vec<u8>, ReadError> {
        std::fs::read(self.at(path)).map_err(|source| error(path, source))
    }

    fn list(&self, path: &VPath) -> Result<Vec<DirEntry>, ReadError> {
        let wrong = |source| error(path, source);
        let mut entries = Vec::new();
        for entry in std::fs::read_dir(self.at(path)).map_err(wrong)? {
            let entry = entry.map_err(wrong)?;
            let kind = entry.file_type().map_err(wrong)?;
            let name = entry.file_name();
            let size = if kind.is_file() {
                entry.metadata().map_err(wrong)?.len()
            } else {
                0
            };
            entries.push(DirEntry {
                name: name.to_string_lossy().into_owned(),
                name_is_utf8: name.to_str().is_some(),
                kind: if kind.is_dir() {
                    EntryKind::Directory
                } else if kind.is_file() {
                    EntryKind::File
                } else if kind.is_symlink() {
                    EntryKind::Symlink
                } else {
                    EntryKind::Other
                },
                size,
            });
        }
        entries.sort_by(|a, b| a.name.as_bytes().cmp(b.name.as_bytes()));
        Ok(entries)
    }

    fn now(&self) -> Timestamp {
        Timestamp(0)
    }
}
