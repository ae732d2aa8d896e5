//! What is published: the bytes of an archive and what is known about them.

use addon_archive::untrusted::{self, Limits, Refused};
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
    /// The names of the addons that this one needs, as its `metadata.yaml` says.
    pub dependencies: Vec<String>,
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
            dependencies: Vec::new(),
        }
    }

    /// Reads an archive, whoever made it.
    ///
    /// # Errors
    /// [`Refused`] says why it is not taken.
    pub fn read(archive: Bytes, limits: &Limits) -> Result<Self, Refused> {
        let contents = untrusted::read(&archive, limits, |_| false)?;
        let dependencies = contents
            .content("metadata.yaml")
            .map(dependencies)
            .unwrap_or_default();
        Ok(Self {
            content_digest: Digest::parse(&contents.content_digest).ok(),
            dependencies,
            ..Self::new(contents.name, contents.version, archive, contents.chart)
        })
    }
}

/// The names in `dependencies` of a `metadata.yaml`; none where it cannot be read.
fn dependencies(metadata: &[u8]) -> Vec<String> {
    let Ok(metadata) = goyaml::from_slice(metadata) else {
        return Vec::new();
    };
    let list = metadata
        .get("dependencies")
        .and_then(|value| value.as_list());
    list.unwrap_or_default()
        .iter()
        .filter_map(|item| item.get("name")?.as_str().map(str::to_owned))
        .collect()
}
