//! The entry of a version: the one record that says it is published, and with which bytes.
//!
//! `entries/<name>/<version>.json` is created once; that create is the commit of a publish. It carries
//! the digest of the archive and everything the index says about the version, so that the index is a
//! pure function of all entries. The JSON is indented and its keys have one order, because registries
//! are kept in git and people read the differences.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use source_vocab::Timestamp;

use super::version_id::{VersionId, VersionIdError};
use crate::digest::Digest;

/// What readers may do with a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EntryState {
    /// It is in the index.
    Active,
    /// It is gone, and its number stays taken: nobody can publish other bytes under it.
    Deleted,
}

/// A published version.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    id: VersionId,
    record: Record,
}

/// The JSON form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Record {
    schema_version: u32,
    name: String,
    version: String,
    state: EntryState,
    /// Seconds since 1970.
    created: i64,
    digest: Digest,
    size: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    content_digest: Option<Digest>,
    chart: Map<String, Value>,
}

const SCHEMA_VERSION: u32 = 1;

/// Why the bytes of an entry are none.
#[derive(Debug, thiserror::Error)]
pub enum EntryError {
    /// It is no JSON of the expected form.
    #[error("{0}")]
    Json(#[from] serde_json::Error),
    /// It was written by a later version of this program.
    #[error("it has the form {found}, this program knows form {SCHEMA_VERSION}")]
    SchemaVersion {
        /// The number found.
        found: u32,
    },
    /// Its name or version are none.
    #[error(transparent)]
    Id(#[from] VersionIdError),
    /// It lies where another version belongs.
    #[error("it is about {name} {version}, which belongs into `{expected}`")]
    Misplaced {
        /// The name in it.
        name: String,
        /// The version in it.
        version: String,
        /// Where such an entry belongs.
        expected: String,
    },
}

impl Entry {
    pub(super) fn new(id: VersionId, package: &super::Package, created: Timestamp) -> Self {
        Self {
            record: Record {
                schema_version: SCHEMA_VERSION,
                name: id.name().to_owned(),
                version: id.version().to_owned(),
                state: EntryState::Active,
                created: created.0,
                digest: package.digest.clone(),
                size: package.archive.len() as u64,
                content_digest: package.content_digest.clone(),
                chart: package.chart.clone(),
            },
            id,
        }
    }

    /// Reads the bytes of an entry.
    ///
    /// # Errors
    /// [`EntryError`] says what is wrong with them.
    pub fn from_json(bytes: &[u8]) -> Result<Self, EntryError> {
        let record: Record = serde_json::from_slice(bytes)?;
        if record.schema_version != SCHEMA_VERSION {
            return Err(EntryError::SchemaVersion {
                found: record.schema_version,
            });
        }
        let id = VersionId::new(&record.name, &record.version)?;
        Ok(Self { id, record })
    }

    /// The bytes of the entry.
    pub fn to_json(&self) -> Vec<u8> {
        // A record of strings and numbers always has a JSON form.
        let mut bytes = serde_json::to_vec_pretty(&self.record).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }

    /// The same version in another state.
    pub(super) fn in_state(&self, state: EntryState) -> Self {
        let mut entry = self.clone();
        entry.record.state = state;
        entry
    }

    /// Which version it is.
    pub fn id(&self) -> &VersionId {
        &self.id
    }

    /// The name of the addon.
    pub fn name(&self) -> &str {
        self.id.name()
    }

    /// The version as it is written in the archive.
    pub fn version(&self) -> &str {
        self.id.version()
    }

    /// The file name of the archive: `<name>-<version>.tgz`.
    pub fn file_name(&self) -> &str {
        self.id
            .archive_key()
            .as_str()
            .rsplit('/')
            .next()
            .unwrap_or_default()
    }

    /// What readers may do with it.
    pub fn state(&self) -> EntryState {
        self.record.state
    }

    /// When it was published.
    pub fn created(&self) -> Timestamp {
        Timestamp(self.record.created)
    }

    /// The digest of the archive.
    pub fn digest(&self) -> &Digest {
        &self.record.digest
    }

    /// The digest of the uncompressed tar, when the publisher knew it.
    pub fn content_digest(&self) -> Option<&Digest> {
        self.record.content_digest.as_ref()
    }

    /// The size of the archive in bytes.
    pub fn size(&self) -> u64 {
        self.record.size
    }

    /// What its `Chart.yaml` says.
    pub fn chart(&self) -> &Map<String, Value> {
        &self.record.chart
    }
}
