//! A [`World`] whose files are given in the test.

use source_vocab::{DirEntry, EntryKind, ReadError, Timestamp, VPath, World};
use std::collections::BTreeMap;

/// Files in memory; directories exist where a file lies below them.
#[derive(Clone, Debug, Default)]
pub struct MemoryWorld {
    files: BTreeMap<VPath, Vec<u8>>,
    now: i64,
}

impl MemoryWorld {
    /// An empty world at time 0.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file. Panics on a path that leaves the root.
    #[must_use]
    #[expect(clippy::expect_used, reason = "a wrong path is a wrong test")]
    pub fn file(mut self, path: &str, data: impl Into<Vec<u8>>) -> Self {
        self.files.insert(
            VPath::parse(path).expect("a path inside the root"),
            data.into(),
        );
        self
    }

    /// A world with the files of a txtar archive.
    pub fn from_txtar(text: &str) -> Self {
        crate::parse_txtar(text)
            .files
            .into_iter()
            .fold(Self::new(), |world, file| world.file(&file.name, file.data))
    }

    /// Sets the time.
    #[must_use]
    pub fn at(mut self, seconds: i64) -> Self {
        self.now = seconds;
        self
    }
}

impl World for MemoryWorld {
    fn read(&self, path: &VPath) -> Result<Vec<u8>, ReadError> {
        self.files
            .get(path)
            .cloned()
            .ok_or_else(|| ReadError::NotFound { path: path.clone() })
    }

    fn list(&self, path: &VPath) -> Result<Vec<DirEntry>, ReadError> {
        let mut entries: BTreeMap<String, DirEntry> = BTreeMap::new();
        for (file, data) in &self.files {
            let Some(rest) = file.strip_prefix(path) else {
                continue;
            };
            let mut components = rest.components();
            let Some(name) = components.next() else {
                continue;
            };
            let kind = if components.next().is_some() {
                EntryKind::Directory
            } else {
                EntryKind::File
            };
            let size = if kind == EntryKind::File {
                data.len() as u64
            } else {
                0
            };
            entries.entry(name.to_owned()).or_insert(DirEntry {
                name: name.to_owned(),
                name_is_utf8: true,
                kind,
                size,
            });
        }
        if entries.is_empty() && !path.is_root() {
            return Err(ReadError::NotFound { path: path.clone() });
        }
        Ok(entries.into_values().collect())
    }

    fn now(&self) -> Timestamp {
        Timestamp(self.now)
    }
}
