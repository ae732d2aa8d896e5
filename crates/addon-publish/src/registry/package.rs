//! What is published: the bytes of an archive and what is known about them.

use bytes::Bytes;
use serde_json::{Map, Value};

use crate::digest::Digest;

/// An archive on its way into a registry. Whoever makes one has validated the bytes.
#[derive(Clone, Debug)]
pub struct Package {
    /// The name of the addon, as the archive says it.
    pub name: String,
    /// The version, as the archive says it.
    pub version: String,
    /// The `.tgz`.
    pub archive: Bytes,
    /// The digest of `archive`.
    pub digest: Digest,
    /// The digest of the uncompressed tar, when known.
    pub content_digest: Option<Digest>,
    /// What `Chart.yaml` says, as JSON.
    pub chart: Map<String, Value>,
}

impl Package {
    /// A package of `archive`, whose digest is computed here.
    pub fn new(name: String, version: String, archive: Bytes, chart: Map<String, Value>) -> Self {
        Self {
            name,
            version,
            digest: Digest::of(&archive),
            archive,
            content_digest: None,
            chart,
        }
    }
}
