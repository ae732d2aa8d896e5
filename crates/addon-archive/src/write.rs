//! A plan as a `.tgz`.
//!
//! Streams one file after the other, so that memory holds one file at a time. The gzip header has no name, no
//! comment and no time; the level and the compressor are fixed, and the digest of the uncompressed tar is
//! given as well, because it stays the same when a compressor changes.

use crate::plan::{Content, PackagePlan};
use crate::tarball;
use flate2::{Compression, GzBuilder, write::GzEncoder};
use sha2::{Digest as _, Sha256};
use source_vocab::{ReadError, Timestamp, World};
use std::fmt::Write as _;
use std::io::{self, Write};

/// 1980-01-01T00:00:00Z, the time of all files unless `SOURCE_DATE_EPOCH` says otherwise.
pub const EPOCH: Timestamp = Timestamp(315_532_800);

const LEVEL: u32 = 6;
/// The byte order mark of UTF-8.
pub(crate) const BOM: &[u8] = "\u{feff}".as_bytes();

/// What identifies an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Digests {
    /// SHA-256 of the `.tgz`, in hexadecimal.
    pub archive: String,
    /// SHA-256 of the uncompressed tar, in hexadecimal.
    pub content: String,
    /// Bytes of the `.tgz`.
    pub size: u64,
}

/// Why an archive could not be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// A file of the plan cannot be read any more.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The sink takes no more bytes.
    #[error("cannot write the archive: {0}")]
    Sink(#[from] io::Error),
}

/// Counts and digests what passes through.
struct Digesting<W> {
    inner: W,
    hash: Sha256,
    size: u64,
}

impl<W> Digesting<W> {
    fn new(inner: W) -> Self {
        Self {
            inner,
            hash: Sha256::new(),
            size: 0,
        }
    }
}

impl<W: Write> Write for Digesting<W> {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(data)?;
        self.hash.update(data.get(..written).unwrap_or(data));
        self.size += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

fn hex(hash: Sha256) -> String {
    hash.finalize()
        .iter()
        .fold(String::with_capacity(64), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}

/// Writes the archive of `plan` into `sink`, all files with the time `mtime`.
///
/// # Errors
/// [`WriteError`] when a file cannot be read or `sink` refuses; what `sink` has by then is no archive.
pub fn write(
    plan: &PackagePlan,
    world: &dyn World,
    mtime: Timestamp,
    sink: &mut dyn Write,
) -> Result<Digests, WriteError> {
    let seconds = u64::try_from(mtime.0).unwrap_or(0);
    let compressed = Digesting::new(sink);
    let encoder: GzEncoder<_> = GzBuilder::new()
        .mtime(0)
        .operating_system(255)
        .write(compressed, Compression::new(LEVEL));
    let mut tar = Digesting::new(encoder);
    for entry in &plan.entries {
        let name = format!("{}/{}", plan.name, entry.path);
        let read;
        let data = match &entry.content {
            Content::Generated(data) | Content::Unpacked(data) => data.as_slice(),
            Content::File(path) => {
                read = world.read(path)?;
                read.strip_prefix(BOM).unwrap_or(&read)
            }
        };
        tarball::file(&mut tar, &name, data, seconds)?;
    }
    tarball::end(&mut tar)?;
    let content = hex(tar.hash);
    let compressed = tar.inner.finish()?;
    Ok(Digests {
        size: compressed.size,
        archive: hex(compressed.hash),
        content,
    })
}
