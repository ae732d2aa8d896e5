//! Archives of strangers: what is in them, if they are what every reader agrees on.
//!
//! The bytes may come from an attacker, so nothing is unpacked to disk and nothing is believed. The reader
//! streams through gzip and tar once, under [`Limits`], keeps the few files that its caller wants, and
//! refuses everything that another reader (Go's `archive/tar` in vela and helm, the `tar` of a
//! system) could understand differently: a second gzip member, data behind the end, sizes or names that
//! two headers disagree about, links and devices, names that leave the addon's folder, differ only in case
//! or are a file and a folder at once. The list in `docs` of what went wrong elsewhere (ChartMuseum's
//! CVE-2019-1000009, helm's CVE-2025-32386, the PAX size desynchronisation RUSTSEC-2026-0067) is the
//! reason for each of these.
//!
//! What comes out is an addon packaged as a chart: all entries in one folder that is called as the addon, a
//! `Chart.yaml` that has helm's fields only, and a `metadata.yaml` that agrees with it.

mod chart;
mod loose;
mod names;
mod stream;

use std::io::{self, Read};

use flate2::bufread::GzDecoder;
use sha2::{Digest as _, Sha256};

pub use loose::{LOOSE, read_loose};
use names::Names;
use stream::{Entry, TarStream};

/// The bounds of an archive. The default is what helm 3.17.3 and later accept.
#[derive(Clone, Debug)]
pub struct Limits {
    /// The most bytes of the tar stream.
    pub unpacked: u64,
    /// The most bytes of a file.
    pub file: u64,
    /// The most entries, folders and extended headers included.
    pub entries: usize,
    /// How many times as large as the archive its tar stream may be, once that has more than [`SMALL`] bytes. Text packs to
    /// a tenth; what packs to less than a hundredth is made to do harm.
    pub ratio: u64,
    /// Whether the two manifests may have different versions.
    pub versions: Versions,
}

/// Which versions of `Chart.yaml` and `metadata.yaml` go together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Versions {
    /// The same.
    #[default]
    Agree,
    /// Any; that of `Chart.yaml` counts. `vela addon push --version` changes only that one.
    OfChart,
}

/// The bytes of a tar stream that are unpacked however small the archive is.
pub const SMALL: u64 = 8 << 20;

impl Default for Limits {
    fn default() -> Self {
        Self {
            unpacked: 100 << 20,
            file: 5 << 20,
            entries: 10_000,
            ratio: 100,
            versions: Versions::default(),
        }
    }
}

/// What a header says of the machine that made the archive. Readers of addons do not care; a digest does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stamp {
    /// The permissions.
    pub mode: u64,
    /// When the file changed, in seconds since 1970.
    pub mtime: u64,
    /// Whether a user or group other than 0 owns it, or one is named.
    pub has_owner: bool,
}

/// A file of an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its path below the addon's folder, such as `resources/topology.cue`.
    pub path: String,
    /// Its size in bytes.
    pub size: u64,
    /// What its header says beside.
    pub stamp: Stamp,
    /// Its content, if it was wanted.
    pub content: Option<Vec<u8>>,
}

/// What is in an archive.
#[derive(Clone, Debug)]
pub struct Contents {
    /// The name of the addon, in `Chart.yaml` and `metadata.yaml`.
    pub name: String,
    /// The version, in both.
    pub version: String,
    /// The fields of `Chart.yaml` that an index may have, with the types it must have.
    pub chart: serde_json::Map<String, serde_json::Value>,
    /// The regular files, in the order of the archive.
    pub files: Vec<File>,
    /// The SHA-256 of the uncompressed tar, in hexadecimal.
    pub content_digest: String,
}

impl Contents {
    /// The content of a wanted file.
    pub fn content(&self, path: &str) -> Option<&[u8]> {
        self.files
            .iter()
            .find(|file| file.path == path)?
            .content
            .as_deref()
    }
}

/// Why an archive is refused. The sentence is for whoever made it.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// The bytes do not begin as gzip does.
    #[error("the archive is not gzip")]
    NotGzip,
    /// The gzip or tar stream ends early, or its check sum is wrong.
    #[error("the archive is truncated or damaged: {0}")]
    Damaged(io::Error),
    /// There is something behind the gzip member.
    #[error("the archive has data after its end")]
    TrailingData,
    /// A bound is passed.
    #[error("the archive has more than {limit} {what}")]
    TooMuch {
        /// Of what.
        what: &'static str,
        /// The bound.
        limit: u64,
    },
    /// So much in so few bytes is a bomb.
    #[error("the archive unpacks to more than {ratio} times its size")]
    Bomb {
        /// The bound.
        ratio: u64,
    },
    /// A header is not one, or says two things.
    #[error("the archive has a malformed header: {0}")]
    Header(&'static str),
    /// An entry is neither a file nor a folder.
    #[error("`{path}` is {kind}: expected only regular files")]
    Kind {
        /// Which entry.
        path: String,
        /// What it is.
        kind: &'static str,
    },
    /// A name is not allowed.
    #[error("`{path}` is not the name of a file in an archive: {problem}")]
    Name {
        /// The name.
        path: String,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// Two entries would be one file somewhere.
    #[error("`{path}` is in the archive twice, or differs only in case from another")]
    Collision {
        /// The second of them.
        path: String,
    },
    /// A path is a file and a folder.
    #[error("`{path}` is below a file")]
    BelowFile {
        /// The path below.
        path: String,
    },
    /// A file that must be there is not.
    #[error("the archive has no `{0}`")]
    Missing(&'static str),
    /// `Chart.yaml` or `metadata.yaml` is no good.
    #[error("`{file}` {problem}")]
    Manifest {
        /// Which.
        file: &'static str,
        /// What is wrong with it.
        problem: String,
    },
    /// The folder is not called as the addon.
    #[error("the archive's folder is `{folder}`, but the addon is `{name}`")]
    Folder {
        /// The first part of the paths.
        folder: String,
        /// The name of the addon.
        name: String,
    },
    /// The two manifests differ.
    #[error("`Chart.yaml` has the {field} `{chart}`, `metadata.yaml` has `{metadata}`")]
    Mismatch {
        /// `name` or `version`.
        field: &'static str,
        /// What one says.
        chart: String,
        /// What the other says.
        metadata: String,
    },
}

/// The most bytes of a manifest.
const MANIFEST: u64 = 1 << 20;
const CHART: &str = "Chart.yaml";
const METADATA: &str = "metadata.yaml";

/// Reads an archive of a stranger, keeping the contents of the files whose path `wanted` says yes to.
/// `Chart.yaml` and `metadata.yaml` are always kept.
///
/// # Errors
/// [`Refused`] says why the archive is not taken.
pub fn read(
    bytes: &[u8],
    limits: &Limits,
    wanted: impl Fn(&str) -> bool,
) -> Result<Contents, Refused> {
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return Err(Refused::NotGzip);
    }
    let mut unread = bytes;
    let mut tar = TarStream::new(
        Hashing {
            inner: GzDecoder::new(&mut unread),
            hasher: Sha256::new(),
        },
        limits,
        bytes.len() as u64,
    );
    let mut names = Names::default();
    let mut files = Vec::new();
    while let Some(entry) = tar.next()? {
        let Entry {
            path,
            size,
            folder,
            stamp,
        } = entry;
        let path = names.accept(&path, folder)?;
        if folder {
            continue;
        }
        let path = path.to_owned();
        let manifest = path == CHART || path == METADATA;
        if size > limits.file {
            return Err(Refused::TooMuch {
                what: "bytes in one file",
                limit: limits.file,
            });
        }
        if manifest && size > MANIFEST {
            return Err(Refused::TooMuch {
                what: "bytes in a manifest",
                limit: MANIFEST,
            });
        }
        let content = if manifest || wanted(&path) {
            Some(tar.content()?)
        } else {
            tar.skip()?;
            None
        };
        files.push(File {
            path,
            size,
            stamp,
            content,
        });
    }
    let content_digest = hex(&tar.into_inner().hasher.finalize());
    if !unread.is_empty() {
        return Err(Refused::TrailingData);
    }
    names.finish()?;
    let mut contents = Contents {
        name: String::new(),
        version: String::new(),
        chart: serde_json::Map::new(),
        files,
        content_digest,
    };
    contents.chart = chart::read_chart(contents.content(CHART).ok_or(Refused::Missing(CHART))?)?;
    let metadata = contents
        .content(METADATA)
        .ok_or(Refused::Missing(METADATA))?;
    (contents.name, contents.version) = chart::agree(&contents.chart, metadata, limits.versions)?;
    let folder = names.folder();
    if folder != contents.name {
        return Err(Refused::Folder {
            folder: shown(folder),
            name: shown(&contents.name),
        });
    }
    Ok(contents)
}

/// Text of a stranger as it may stand in a message: escaped and short.
fn shown(text: &str) -> String {
    let mut shown: String = text.chars().take(80).flat_map(char::escape_debug).collect();
    if text.chars().nth(80).is_some() {
        shown.push('…');
    }
    shown
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Passes on what it reads and takes its digest.
struct Hashing<R> {
    inner: R,
    hasher: Sha256,
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.hasher.update(buffer.get(..count).unwrap_or_default());
        Ok(count)
    }
}
