//! The index as a value.
//!
//! Invariant: below a name the versions are sorted, the highest first, as Masterminds semver compares them (what
//! is no version comes last), and no two of them are equal once a leading `v` is dropped.

use crate::render;
use gosemver::Version;
use serde_json::{Map, Value as Json};
use source_vocab::Span;
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// One version of one addon.
#[derive(Clone, Debug, PartialEq)]
pub struct IndexEntry {
    /// All fields as helm names them: those of `Chart.yaml`, and `created`, `digest`, `urls`.
    pub fields: Map<String, Json>,
    /// Where the entry was read; detached for one made by a program. Not part of what it says.
    pub span: Span,
}

impl IndexEntry {
    /// An entry of these fields that stands in no file.
    pub fn new(fields: Map<String, Json>) -> Self {
        Self {
            fields,
            span: Span::DETACHED,
        }
    }

    fn text(&self, key: &str) -> &str {
        self.fields
            .get(key)
            .and_then(Json::as_str)
            .unwrap_or_default()
    }

    /// The version as written; empty when there is none.
    pub fn version(&self) -> &str {
        self.text("version")
    }

    /// The SHA-256 of the archive in hexadecimal, without a `sha256:` before it; empty when there is none.
    pub fn digest(&self) -> &str {
        let digest = self.text("digest");
        digest.strip_prefix("sha256:").unwrap_or(digest)
    }

    /// Where the archive is.
    pub fn urls(&self) -> impl Iterator<Item = &str> {
        self.fields
            .get("urls")
            .and_then(Json::as_array)
            .into_iter()
            .flatten()
            .filter_map(Json::as_str)
    }
}

/// What an insertion did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// The version is new.
    Added,
    /// The version was there with the same bytes.
    Unchanged,
}

/// A version is published with other bytes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{name}` {version} is published with other content (digest {published}, not {offered})")]
pub struct VersionConflict {
    /// The addon.
    pub name: String,
    /// The version, as it is published.
    pub version: String,
    /// The digest in the index.
    pub published: String,
    /// The digest of the refused archive.
    pub offered: String,
}

/// All versions of all addons of a registry.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Index {
    pub(crate) addons: BTreeMap<String, Vec<IndexEntry>>,
}

/// A version without its leading `v`, which readers drop.
pub(crate) fn identity(version: &str) -> &str {
    version.strip_prefix('v').unwrap_or(version)
}

/// Sorts the highest version first; what is no version comes last, in the order of its text.
pub(crate) fn compare(a: &str, b: &str) -> Ordering {
    match (Version::parse(a), Version::parse(b)) {
        (Ok(left), Ok(right)) => right.precedence(&left).then_with(|| b.cmp(a)),
        (Ok(_), Err(_)) => Ordering::Less,
        (Err(_), Ok(_)) => Ordering::Greater,
        (Err(_), Err(_)) => b.cmp(a),
    }
}

impl Index {
    /// An index without addons.
    pub fn new() -> Self {
        Self::default()
    }

    /// The addons in the order of their names, each with its versions, the highest first.
    pub fn addons(&self) -> impl Iterator<Item = (&str, &[IndexEntry])> {
        self.addons
            .iter()
            .map(|(name, versions)| (name.as_str(), versions.as_slice()))
    }

    /// The entry of a version; a leading `v` does not matter.
    pub fn find(&self, name: &str, version: &str) -> Option<&IndexEntry> {
        self.addons
            .get(name)?
            .iter()
            .find(|entry| identity(entry.version()) == identity(version))
    }

    /// Adds a version.
    ///
    /// # Errors
    /// [`VersionConflict`] when it is there with another digest: a published version never changes.
    pub fn insert(&mut self, name: &str, entry: IndexEntry) -> Result<Change, VersionConflict> {
        if let Some(published) = self.find(name, entry.version()) {
            return if published.digest() == entry.digest() {
                Ok(Change::Unchanged)
            } else {
                Err(VersionConflict {
                    name: name.to_owned(),
                    version: published.version().to_owned(),
                    published: published.digest().to_owned(),
                    offered: entry.digest().to_owned(),
                })
            };
        }
        let versions = self.addons.entry(name.to_owned()).or_default();
        let at = versions
            .partition_point(|other| compare(other.version(), entry.version()) == Ordering::Less);
        versions.insert(at, entry);
        Ok(Change::Added)
    }

    /// Adds all versions of another index; gives how many were new.
    ///
    /// # Errors
    /// The conflicts; what does not conflict is added all the same.
    pub fn merge(&mut self, other: &Self) -> Result<usize, Vec<VersionConflict>> {
        let mut added = 0;
        let mut conflicts = Vec::new();
        for (name, versions) in other.addons() {
            for entry in versions {
                match self.insert(name, entry.clone()) {
                    Ok(Change::Added) => added += 1,
                    Ok(Change::Unchanged) => {}
                    Err(conflict) => conflicts.push(conflict),
                }
            }
        }
        if conflicts.is_empty() {
            Ok(added)
        } else {
            Err(conflicts)
        }
    }

    /// The text of `index.yaml`; `generated` is in seconds since 1970.
    pub fn render(&self, generated: i64) -> String {
        let texts: Vec<(&str, String)> = self
            .addons()
            .flat_map(|(name, versions)| {
                versions
                    .iter()
                    .map(move |entry| (name, render::entry_text(entry.fields.clone())))
            })
            .collect();
        let size = texts.iter().map(|(_, text)| text.len()).sum();
        render::document(
            texts.iter().map(|(name, text)| (*name, text.as_str())),
            generated,
            size,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn entry(version: &str, digest: &str) -> IndexEntry {
        let fields = json!({"name": "a", "version": version, "digest": digest, "urls": ["a.tgz"]});
        IndexEntry::new(fields.as_object().unwrap().clone())
    }

    #[test]
    fn versions_are_sorted_the_highest_first() {
        let mut index = Index::new();
        for version in ["1.2.0", "v1.10.0", "1.10.0-beta.1", "nightly", "1.9.0"] {
            index.insert("a", entry(version, "d")).unwrap();
        }
        let (_, versions) = index.addons().next().unwrap();
        let order: Vec<&str> = versions.iter().map(IndexEntry::version).collect();
        assert_eq!(
            order,
            ["v1.10.0", "1.10.0-beta.1", "1.9.0", "1.2.0", "nightly"]
        );
    }

    #[test]
    fn a_published_version_never_changes() {
        let mut index = Index::new();
        assert_eq!(index.insert("a", entry("1.0.0", "x")), Ok(Change::Added));
        assert_eq!(
            index.insert("a", entry("v1.0.0", "x")),
            Ok(Change::Unchanged)
        );
        let conflict = index.insert("a", entry("1.0.0", "y")).unwrap_err();
        assert_eq!(
            (conflict.published.as_str(), conflict.offered.as_str()),
            ("x", "y")
        );
    }

    #[test]
    fn the_order_of_insertion_does_not_matter() {
        let versions = ["2.0.0", "1.0.0", "1.0.0-rc.1", "0.9.0"];
        let mut forward = Index::new();
        let mut backward = Index::new();
        for version in versions {
            forward.insert("a", entry(version, version)).unwrap();
        }
        for version in versions.iter().rev() {
            backward.insert("a", entry(version, version)).unwrap();
        }
        assert_eq!(forward.render(0), backward.render(0));
    }
}
