//! Getting an archive out of a registry, from its index alone.
//!
//! Any registry that vela can read will do: a directory, or a URL, made by whom it may. The index says which
//! bytes a version has, so the digest is compared before anything looks into them. The name of the
//! file comes from the name and the version, which are checked, never from a URL.

use bytes::Bytes;
use gosemver::Version;

use crate::chartmuseum::{Client, ClientError};
use crate::digest::Digest;
use crate::registry::{VersionId, VersionIdError};
use crate::store::{DirectoryStore, Key, Store, StoreError};

/// The most bytes of an index: 100,000 versions and more.
const INDEX_LIMIT: u64 = 128 << 20;

/// Where archives come from.
#[derive(Debug)]
pub enum Source {
    /// A directory with an `index.yaml`.
    Directory(DirectoryStore),
    /// The URL of a registry.
    Http(Box<Client>),
}

/// A version as an index lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// Which version.
    pub id: VersionId,
    /// The digest of its archive, if the index has one.
    pub digest: Option<Digest>,
    /// Where the archive is: relative to the registry, or absolute.
    pub urls: Vec<String>,
}

/// Why an archive could not be had.
#[derive(Debug, thiserror::Error)]
pub enum PullError {
    /// The directory cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The registry cannot be reached, or says no.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// There is no index.
    #[error("there is no `index.yaml`")]
    NoIndex,
    /// The index is none.
    #[error("its `index.yaml` cannot be read: {0}")]
    Index(String),
    /// The registry does not have the addon.
    #[error("it has no addon `{}`", .0.escape_debug())]
    NoAddon(String),
    /// The registry has other versions of the addon.
    #[error("it has no version `{}` of `{name}`; it has {}", version.escape_debug(), available.join(", "))]
    NoVersion {
        /// Which addon.
        name: String,
        /// Which version was wanted.
        version: String,
        /// The versions that are there, the highest first; at most ten.
        available: Vec<String>,
    },
    /// All versions are prereleases, and none was named.
    #[error("it has only prereleases of `{name}`: {}", available.join(", "))]
    OnlyPrereleases {
        /// Which addon.
        name: String,
        /// The versions that are there.
        available: Vec<String>,
    },
    /// The name or the version is none.
    #[error(transparent)]
    Id(#[from] VersionIdError),
    /// None of the listed places has the archive.
    #[error("its archive `{file}` is not where the index says")]
    NoArchive {
        /// The file name.
        file: String,
    },
    /// The bytes are not those that the index, or the caller, speaks of.
    #[error("`{file}` has the digest {found}, expected {expected}")]
    Digest {
        /// The file name.
        file: String,
        /// What it should be.
        expected: Digest,
        /// What it is.
        found: Digest,
    },
}

impl Source {
    /// Finds a version in the index. Without a `version` it is the one vela takes: the highest that is no
    /// prerelease (kubevela `pkg/addon/versioned_registry.go` `chooseVersion`). With one it is the text
    /// itself, a leading `v` on either side ignored; there are no ranges.
    ///
    /// # Errors
    /// [`PullError`] says what is missing.
    pub fn find(&self, name: &str, version: Option<&str>) -> Result<Listing, PullError> {
        find_in(&self.index()?, name, version)
    }

    /// The text of `index.yaml`.
    ///
    /// # Errors
    /// [`PullError`] when there is none or it cannot be had.
    pub fn index(&self) -> Result<Bytes, PullError> {
        self.fetch("index.yaml", INDEX_LIMIT)?
            .ok_or(PullError::NoIndex)
    }

    /// The archive of a version, at most `limit` bytes, if it has the digest that the index gives.
    ///
    /// # Errors
    /// [`PullError`]; [`PullError::Digest`] when the bytes are others.
    pub fn archive(&self, listing: &Listing, limit: u64) -> Result<Bytes, PullError> {
        let file = file_name(&listing.id);
        let mut failure = None;
        for url in &listing.urls {
            match self.fetch(url, limit) {
                Ok(Some(bytes)) => return verified(listing, file, bytes),
                Ok(None) => {}
                Err(error) => failure = Some(error),
            }
        }
        Err(failure.unwrap_or_else(|| PullError::NoArchive {
            file: file.to_owned(),
        }))
    }

    fn fetch(&self, url: &str, limit: u64) -> Result<Option<Bytes>, PullError> {
        let absolute = url.contains("://");
        match self {
            Self::Http(client) if absolute => Ok(client.download_absolute(url, limit)?),
            Self::Http(client) => Ok(client.download(url, limit)?),
            Self::Directory(_) if absolute => Ok(None),
            Self::Directory(store) => {
                // A traversal or an odd name is no key, and so is not there.
                let Ok(key) = Key::new(url.trim_start_matches("./")) else {
                    return Ok(None);
                };
                match store.stat(&key)? {
                    Some(listed) if listed.size > limit => Err(StoreError::TooLarge {
                        object: url.to_owned(),
                        size: listed.size,
                        limit,
                    }
                    .into()),
                    Some(_) => Ok(store.read(&key)?),
                    None => Ok(None),
                }
            }
        }
    }
}

/// The name under which an archive is kept: `<name>-<version>.tgz`.
pub fn file_name(id: &VersionId) -> &str {
    let key = id.archive_key().as_str();
    key.rsplit('/').next().unwrap_or(key)
}

fn verified(listing: &Listing, file: &str, bytes: Bytes) -> Result<Bytes, PullError> {
    let Some(expected) = &listing.digest else {
        return Ok(bytes);
    };
    let found = Digest::of(&bytes);
    if found == *expected {
        return Ok(bytes);
    }
    Err(PullError::Digest {
        file: file.to_owned(),
        expected: expected.clone(),
        found,
    })
}

fn find_in(index: &[u8], name: &str, version: Option<&str>) -> Result<Listing, PullError> {
    let index = goyaml::from_slice(index).map_err(|error| PullError::Index(error.to_string()))?;
    let versions = index
        .get("entries")
        .and_then(|entries| entries.get(name)?.as_list())
        .filter(|versions| !versions.is_empty())
        .ok_or_else(|| PullError::NoAddon(name.to_owned()))?;
    let mut candidates: Vec<_> = versions
        .iter()
        .filter_map(|entry| Some((entry.get("version")?.as_str()?, entry)))
        .map(|(text, entry)| (text, Version::parse(text).ok(), entry))
        .collect();
    // The highest first, what is no version last, as vela sorts.
    candidates.sort_by(|(_, a, _), (_, b, _)| match (a, b) {
        (Some(a), Some(b)) => b.precedence(a),
        (a, b) => b.is_some().cmp(&a.is_some()),
    });
    let available = || {
        candidates
            .iter()
            .map(|(text, _, _)| text.escape_debug().to_string())
            .take(10)
            .collect()
    };
    let chosen = match version {
        Some(wanted) => candidates
            .iter()
            .find(|(text, _, _)| bare(text) == bare(wanted))
            .ok_or_else(|| PullError::NoVersion {
                name: name.to_owned(),
                version: wanted.to_owned(),
                available: available(),
            })?,
        None => candidates
            .iter()
            .find(|(_, parsed, _)| parsed.as_ref().is_some_and(|one| !one.is_prerelease()))
            .ok_or_else(|| PullError::OnlyPrereleases {
                name: name.to_owned(),
                available: available(),
            })?,
    };
    let (text, _, entry) = chosen;
    let digest = match entry.get("digest").and_then(|value| value.as_str()) {
        None | Some("") => None,
        Some(digest) => Some(
            Digest::parse(digest)
                .map_err(|error| PullError::Index(format!("the digest of `{name}`: {error}")))?,
        ),
    };
    let urls = entry.get("urls").and_then(|value| value.as_list());
    Ok(Listing {
        id: VersionId::new(name, text)?,
        digest,
        urls: urls
            .unwrap_or_default()
            .iter()
            .filter_map(|url| url.as_str().map(str::to_owned))
            .collect(),
    })
}

fn bare(version: &str) -> &str {
    version.strip_prefix('v').unwrap_or(version)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use source_vocab::Timestamp;

    use super::{Digest, PullError, Source, find_in};
    use crate::registry::tests::package;
    use crate::registry::{Policy, Registry};
    use crate::store::{DirectoryStore, Key, Store};

    const INDEX: &[u8] = br#"
entries:
  a:
  - {version: 1.2.0, urls: [charts/a-1.2.0.tgz]}
  - {version: v1.10.0, urls: [a.tgz], digest: ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad}
  - {version: 2.0.0-rc.1, urls: ["https://h/x.tgz"]}
  - {version: latest}
  rc:
  - {version: 1.0.0-rc.1}
"#;

    fn version(name: &str, wanted: Option<&str>) -> Result<String, PullError> {
        find_in(INDEX, name, wanted).map(|listing| listing.id.version().to_owned())
    }

    #[test]
    fn a_version_is_chosen_as_vela_chooses() {
        assert_eq!(version("a", None).unwrap(), "v1.10.0");
        assert_eq!(version("a", Some("1.10.0")).unwrap(), "v1.10.0");
        assert_eq!(version("a", Some("v2.0.0-rc.1")).unwrap(), "2.0.0-rc.1");
        assert!(matches!(
            version("rc", None),
            Err(PullError::OnlyPrereleases { .. })
        ));
        assert!(matches!(version("b", None), Err(PullError::NoAddon(_))));
        let error = version("a", Some("1.10")).unwrap_err();
        assert_eq!(
            error.to_string(),
            "it has no version `1.10` of `a`; it has 2.0.0-rc.1, v1.10.0, 1.2.0, latest"
        );
    }

    #[test]
    fn the_digest_is_compared_before_anybody_gets_the_bytes() {
        let directory = tempfile::tempdir().unwrap();
        let store = Arc::new(DirectoryStore::new(directory.path()));
        let registry = Registry::open(Arc::clone(&store) as Arc<dyn Store>).unwrap();
        let offered = package("a", "1.0.0", "bytes");
        registry
            .publish(&offered, Policy::Immutable, Timestamp(0))
            .unwrap();
        registry.write_index().unwrap();
        let source = Source::Directory(DirectoryStore::new(directory.path()));
        let listing = source.find("a", None).unwrap();
        assert_eq!(source.archive(&listing, 100).unwrap(), "bytes");
        assert!(matches!(
            source.archive(&listing, 4),
            Err(PullError::Store(_))
        ));

        let key = Key::new("charts/a-1.0.0.tgz").unwrap();
        let old = store.get(&key).unwrap().unwrap();
        store.replace(&key, b"other", &old.etag).unwrap();
        let error = source.archive(&listing, 100).unwrap_err();
        assert!(
            matches!(&error, PullError::Digest { found, .. } if *found == Digest::of(b"other")),
            "{error}"
        );
        let mut elsewhere = listing;
        elsewhere.urls = vec!["../outside.tgz".to_owned(), "https://h/a.tgz".to_owned()];
        assert!(matches!(
            source.archive(&elsewhere, 100),
            Err(PullError::NoArchive { .. })
        ));
    }
}
