//! The files of an archive as a [`World`].

use addon_archive::untrusted::Contents;
use source_vocab::{DirEntry, EntryKind, ReadError, Timestamp, VPath, World};
use std::collections::BTreeMap;

/// The files below the addon's folder of an archive, at time 0.
#[derive(Debug)]
pub(crate) struct ArchiveWorld {
    shown: String,
    files: BTreeMap<VPath, Vec<u8>>,
    /// What lies in each directory.
    directories: BTreeMap<VPath, BTreeMap<String, DirEntry>>,
}

impl ArchiveWorld {
    /// The files of an archive that was read with all of them wanted; people see their paths behind `shown`.
    pub(crate) fn new(shown: &str, contents: Contents) -> Self {
        let mut world = Self {
            shown: shown.to_owned(),
            files: BTreeMap::new(),
            directories: BTreeMap::from([(VPath::root(), BTreeMap::new())]),
        };
        for file in contents.files {
            if let (Some(path), Some(content)) = (VPath::parse(&file.path), file.content) {
                world.enter(&path, EntryKind::File, file.size);
                world.files.insert(path, content);
            }
        }
        world
    }

    /// Lists a path in its directory, and that in its own.
    fn enter(&mut self, path: &VPath, kind: EntryKind, size: u64) {
        let Some(parent) = path.parent() else {
            return;
        };
        let is_new = !self.directories.contains_key(&parent);
        let entry = DirEntry {
            name: path.file_name().to_owned(),
            name_is_utf8: true,
            kind,
            size,
        };
        let listed = self.directories.entry(parent.clone()).or_default();
        listed.insert(entry.name.clone(), entry);
        if is_new {
            self.enter(&parent, EntryKind::Directory, 0);
        }
    }
}

impl World for ArchiveWorld {
    fn read(&self, path: &VPath) -> Result<Vec<u8>, ReadError> {
        let found = self.files.get(path).cloned();
        found.ok_or_else(|| ReadError::NotFound { path: path.clone() })
    }

    fn list(&self, path: &VPath) -> Result<Vec<DirEntry>, ReadError> {
        let found = self.directories.get(path);
        let found = found.ok_or_else(|| ReadError::NotFound { path: path.clone() })?;
        Ok(found.values().cloned().collect())
    }

    fn now(&self) -> Timestamp {
        Timestamp(0)
    }

    fn display(&self, path: &VPath) -> String {
        if path.is_root() {
            self.shown.clone()
        } else {
            format!("{}:{path}", self.shown)
        }
    }
}
