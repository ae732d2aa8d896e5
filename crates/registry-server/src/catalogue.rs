//! Owns what the server shows: the registry at one moment, with its index as bytes that are ready to send.
//!
//! A publish costs the same however many versions there are, because it touches none of this. The first
//! reader of a new generation pays: it takes the registry's view, joins the pieces of text that each version
//! has had since it was first seen, and takes their digest. All others get the same bytes; they are never
//! copied, only counted. The compressed form is made when the first client asks for it.
//!
//! Archives never change under their digest, so small ones are kept in memory, up to a fixed sum; large
//! ones are read each time, and the bytes of all that are being sent are bounded together.

use std::{
    io::Write as _,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use addon_index::render;
use addon_publish::registry::{Entry, Registry, View};
use axum::http::HeaderValue;
use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};
use rustc_hash::FxHashMap;
use sha2::{Digest as _, Sha256};
use tokio::{
    sync::{OnceCell, OwnedSemaphorePermit, Semaphore},
    task::spawn_blocking,
    time::timeout,
};

use crate::refusal::Refusal;

/// The largest archive that is kept in memory.
const KEPT_ARCHIVE: usize = 256 << 10;
/// The most bytes of archives that are kept.
const KEPT_SUM: usize = 16 << 20;
/// The most KiB of larger archives that are being sent at the same time.
const SENDING_KIB: u32 = 48 << 10;
/// How long a download waits for others.
const DOWNLOAD_WAIT: Duration = Duration::from_secs(20);

/// The registry at one moment.
#[derive(Debug)]
pub(crate) struct Snapshot {
    /// Its versions.
    pub(crate) view: Arc<View>,
    index: OnceCell<Index>,
    compressed: OnceCell<Compressed>,
}

/// The index as it is sent.
#[derive(Clone, Debug)]
pub(crate) struct Index {
    /// The YAML.
    pub(crate) text: Bytes,
    /// Its entity tag.
    pub(crate) etag: HeaderValue,
}

/// The index in gzip.
pub(crate) type Compressed = Index;

/// An archive that is to be sent.
#[derive(Debug)]
pub(crate) struct Download {
    /// Its bytes.
    pub(crate) bytes: Bytes,
    /// Its share of what may be sent at the same time, if it is large.
    pub(crate) share: Option<OwnedSemaphorePermit>,
}

/// The registry, and what is made from it.
#[derive(Debug)]
pub(crate) struct Catalogue {
    registry: Arc<Registry>,
    current: Mutex<Option<Arc<Snapshot>>>,
    pieces: Arc<Mutex<Pieces>>,
    kept: Mutex<Kept>,
    sending: Arc<Semaphore>,
}

/// The text of each version in the index, by its file name. An entry that was replaced has another address.
type Pieces = FxHashMap<String, (Arc<Entry>, Arc<str>)>;

#[derive(Debug, Default)]
struct Kept {
    archives: FxHashMap<String, Bytes>,
    sum: usize,
}

impl Catalogue {
    pub(crate) fn new(registry: Arc<Registry>) -> Self {
        Self {
            registry,
            current: Mutex::default(),
            pieces: Arc::default(),
            kept: Mutex::default(),
            sending: Arc::new(Semaphore::new(SENDING_KIB as usize)),
        }
    }

    /// The registry below.
    pub(crate) fn registry(&self) -> &Arc<Registry> {
        &self.registry
    }

    /// The registry at this moment: whatever was acknowledged before is in it.
    pub(crate) fn snapshot(&self) -> Arc<Snapshot> {
        let view = self.registry.view();
        let mut current = lock(&self.current);
        match &*current {
            Some(snapshot) if snapshot.view.generation() >= view.generation() => {
                Arc::clone(snapshot)
            }
            _ => {
                let snapshot = Arc::new(Snapshot {
                    view,
                    index: OnceCell::new(),
                    compressed: OnceCell::new(),
                });
                *current = Some(Arc::clone(&snapshot));
                snapshot
            }
        }
    }

    /// The index of a snapshot.
    pub(crate) async fn index<'a>(&self, snapshot: &'a Snapshot) -> Result<&'a Index, Refusal> {
        snapshot
            .index
            .get_or_try_init(|| async {
                let (view, pieces) = (Arc::clone(&snapshot.view), Arc::clone(&self.pieces));
                spawn_blocking(move || rendered(&view, &mut lock(&pieces)))
                    .await
                    .map_err(|_| Refusal::internal("the index could not be made"))
            })
            .await
    }

    /// The compressed index of a snapshot.
    pub(crate) async fn compressed<'a>(
        &self,
        snapshot: &'a Snapshot,
    ) -> Result<&'a Compressed, Refusal> {
        let index = self.index(snapshot).await?.clone();
        snapshot
            .compressed
            .get_or_try_init(|| async {
                spawn_blocking(move || compressed(&index))
                    .await
                    .ok()
                    .and_then(Result::ok)
                    .ok_or_else(|| Refusal::internal("the index could not be compressed"))
            })
            .await
    }

    /// The archive of a version.
    pub(crate) async fn archive(&self, entry: &Arc<Entry>) -> Result<Download, Refusal> {
        let digest = entry.digest().as_str();
        if let Some(bytes) = lock(&self.kept).archives.get(digest) {
            return Ok(Download {
                bytes: bytes.clone(),
                share: None,
            });
        }
        let large = entry.size() > KEPT_ARCHIVE as u64;
        let share = if large {
            let kib = u32::try_from(entry.size().div_ceil(1024))
                .map_or(SENDING_KIB, |kib| kib.min(SENDING_KIB));
            let waiting = Arc::clone(&self.sending).acquire_many_owned(kib);
            match timeout(DOWNLOAD_WAIT, waiting).await {
                Ok(Ok(share)) => Some(share),
                _ => return Err(Refusal::busy()),
            }
        } else {
            None
        };
        let (registry, wanted) = (Arc::clone(&self.registry), Arc::clone(entry));
        let bytes = spawn_blocking(move || registry.archive(&wanted))
            .await
            .ok()
            .and_then(Result::ok)
            .ok_or_else(|| Refusal::internal("the archive could not be read"))?
            .ok_or_else(|| Refusal::not_found("object not found"))?;
        if !large {
            let mut kept = lock(&self.kept);
            if kept.sum + bytes.len() > KEPT_SUM {
                *kept = Kept::default();
            }
            if kept
                .archives
                .insert(digest.to_owned(), bytes.clone())
                .is_none()
            {
                kept.sum += bytes.len();
            }
        }
        Ok(Download { bytes, share })
    }
}

/// Where an archive is, relative to the index.
pub(crate) fn url(entry: &Entry) -> String {
    format!("charts/{}", entry.file_name())
}

/// The fields of a version in the index.
pub(crate) fn fields(entry: &Entry) -> serde_json::Map<String, serde_json::Value> {
    render::fields(
        entry.chart(),
        render::Location {
            created: entry.created().0,
            digest: entry.digest().as_str(),
            url: &url(entry),
        },
    )
}

fn rendered(view: &View, pieces: &mut Pieces) -> Index {
    let mut texts: Vec<(&str, Arc<str>)> = Vec::with_capacity(view.entries().len());
    let mut size = 0;
    for entry in view.entries() {
        let piece = match pieces.get(entry.file_name()) {
            Some((known, piece)) if Arc::ptr_eq(known, entry) => Arc::clone(piece),
            _ => {
                let piece: Arc<str> = entry.index_text().into();
                let known = (Arc::clone(entry), Arc::clone(&piece));
                pieces.insert(entry.file_name().to_owned(), known);
                piece
            }
        };
        size += piece.len() + entry.name().len() + 4;
        texts.push((entry.name(), piece));
    }
    // versions that went away leave their pieces; forget all when they are the most
    if pieces.len() > 2 * texts.len() + 64 {
        pieces.clear();
    }
    let text = render::document(
        texts.iter().map(|(name, piece)| (*name, &**piece)),
        view.generated(),
        size,
    );
    let etag = etag(&text, "");
    Index {
        text: text.into(),
        etag,
    }
}

fn compressed(index: &Index) -> std::io::Result<Compressed> {
    let mut encoder = GzEncoder::new(
        Vec::with_capacity(index.text.len() / 16),
        Compression::new(4),
    );
    encoder.write_all(&index.text)?;
    Ok(Index {
        text: encoder.finish()?.into(),
        // another representation, so another tag
        etag: etag(&index.text, "-gzip"),
    })
}

/// The entity tag of a text: half of its SHA-256, which two states of a registry never share.
fn etag(text: impl AsRef<[u8]>, suffix: &str) -> HeaderValue {
    use std::fmt::Write as _;
    let mut tag = String::from("\"");
    for byte in Sha256::digest(text.as_ref()).iter().take(16) {
        let _ = write!(tag, "{byte:02x}");
    }
    tag.push_str(suffix);
    tag.push('"');
    // hexadecimal digits between quotes are always a header value
    HeaderValue::from_str(&tag).unwrap_or_else(|_| HeaderValue::from_static("\"\""))
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
