//! The index of a registry, made from its entries.
//!
//! A view has one text: it depends on nothing but the entries in it. As a file it is written by
//! [`Registry::write_index`]; a server renders it from a [`View`] when somebody asks.

use addon_index::render::{self, Location};

use super::entry::Entry;
use super::state::View;
use super::{ATTEMPTS, Registry, RegistryError, index_key, lock};
use crate::store::{Create, Replace};

/// The annotation that carries the digest of the uncompressed tar: other compressors give other archive
/// digests for the same content. In `Chart.yaml` it would be about itself.
const CONTENT_DIGEST: &str = "addon-pack/content-digest";

/// What writing the index did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IndexFile {
    /// It has changed.
    Written,
    /// It was right already.
    Unchanged,
}

impl Entry {
    /// The text of this version in an index, below the name of its addon.
    pub fn index_text(&self) -> String {
        let location = Location {
            created: self.created().0,
            digest: self.digest().as_str(),
            url: self.id().archive_key().as_str(),
        };
        let Some(digest) = self.content_digest() else {
            return render::entry(self.chart(), location);
        };
        let mut chart = self.chart().clone();
        let annotations = chart
            .entry("annotations")
            .or_insert_with(|| serde_json::Map::new().into());
        if let Some(annotations) = annotations.as_object_mut() {
            annotations.insert(CONTENT_DIGEST.to_owned(), digest.as_str().into());
        }
        render::entry(&chart, location)
    }
}

impl View {
    /// The text of `index.yaml`. `generated` in it is the time of the latest entry.
    pub fn index_yaml(&self) -> String {
        let texts: Vec<_> = self
            .entries()
            .iter()
            .map(|entry| entry.index_text())
            .collect();
        let size = texts.iter().map(String::len).sum();
        render::document(
            self.entries()
                .iter()
                .zip(&texts)
                .map(|(entry, text)| (entry.name(), text.as_str())),
            self.generated(),
            size,
        )
    }

    /// The time of the latest entry, in seconds since 1970; 0 for an empty registry.
    pub fn generated(&self) -> i64 {
        self.entries()
            .iter()
            .map(|entry| entry.created().0)
            .max()
            .unwrap_or(0)
    }
}

impl Registry {
    /// Brings the file `index.yaml` up to what is published, for static web hosts and as a sign to other
    /// processes. Cheap to call when nothing has changed.
    ///
    /// # Errors
    /// [`RegistryError`] when the store cannot be read or written.
    pub fn write_index(&self) -> Result<IndexFile, RegistryError> {
        let key = index_key()?;
        let _writer = self.store().writer()?;
        for _ in 0..ATTEMPTS {
            // First the tag, then the entries: whoever changes the file in between has seen no less.
            let present = self.store().get(&key)?;
            self.refresh_if_changed()?;
            let text = self.view().index_yaml();
            let written = match present {
                Some(object) if object.bytes == text.as_bytes() => {
                    return Ok(IndexFile::Unchanged);
                }
                Some(object) => matches!(
                    self.store().replace(&key, text.as_bytes(), &object.etag)?,
                    Replace::Replaced(_)
                ),
                None => matches!(
                    self.store().create(&key, text.as_bytes())?,
                    Create::Created(_)
                ),
            };
            if written {
                // Our own write is no news to us.
                *lock(&self.refreshed) = self.store().stat(&key)?;
                return Ok(IndexFile::Written);
            }
            self.refresh()?;
        }
        Err(RegistryError::Contention {
            object: key,
            attempts: ATTEMPTS,
        })
    }

    /// Versions that `index.yaml` lists and that no entry speaks of: somebody else made that index, and
    /// writing ours would lose them. Each is a name and a version.
    ///
    /// # Errors
    /// [`RegistryError`] when the store cannot be read.
    pub fn unknown_in_index(&self) -> Result<Vec<(String, String)>, RegistryError> {
        let Some(bytes) = self.store().read(&index_key()?)? else {
            return Ok(Vec::new());
        };
        if bytes == self.view().index_yaml().as_bytes() {
            return Ok(Vec::new());
        }
        let Ok(index) = goyaml::from_slice(&bytes) else {
            return Ok(vec![("index.yaml".to_owned(), "unreadable".to_owned())]);
        };
        let mut unknown = Vec::new();
        let entries = index.get("entries").and_then(|value| value.as_map());
        for (name, versions) in entries.into_iter().flatten() {
            for version in versions.as_list().unwrap_or_default() {
                let version = version.get("version").and_then(|value| value.as_str());
                let version = version.unwrap_or_default();
                let known = super::VersionId::new(name, version)
                    .is_ok_and(|id| self.has_entry(id.entry_key()));
                if !known {
                    unknown.push((name.clone(), version.to_owned()));
                }
            }
        }
        Ok(unknown)
    }
}
