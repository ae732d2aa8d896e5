//! The addon registry over HTTP: index, archives, uploads, pages.
//!
//! A request goes `connections` (sockets, time-outs) → `router` (which handler, who may) → `handlers` or
//! `pages` → `catalogue` (the registry at one moment, as bytes that are ready to send) →
//! [`addon_publish::registry::Registry`]. An upload goes through `intake` (bounded bodies) and `form`, is read
//! by [`addon_archive::untrusted`] and published by the registry. This crate decides nothing about archives
//! and versions; it speaks HTTP for those who do.
//!
//! Invariants: nothing that a client sends makes the server panic, hang or hold more memory than
//! [`Limits`] allows; 201 means that every later read sees the version; no answer and no log line has a
//! secret in it.
//!
//! The clock is handed in ([`Clock`]), as everywhere in this workspace.

mod access;
mod catalogue;
mod connections;
mod form;
mod handlers;
mod intake;
mod options;
mod pages;
mod prov;
mod range;
mod refusal;
mod router;

use std::{fmt, future::Future, sync::Arc, time::Duration};

use addon_publish::registry::Registry;
use source_vocab::Timestamp;
use tokio::{net::TcpListener, sync::Semaphore, task::spawn_blocking};

pub use access::{Access, AnonymousRead};
pub use addon_archive::untrusted::Versions;
pub use options::{BadContextPath, ContextPath, Limits, Options, SMALL_BODY};

/// The release that `/info` and the pages show.
const RELEASE: &str = env!("CARGO_PKG_VERSION");

/// How often the store is asked whether another process has published, and how long publishing has to pause
/// before the file `index.yaml` is written.
const LOOK_AROUND: Duration = Duration::from_secs(1);

/// Tells the time at which a version is published.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Timestamp + Send + Sync>);

impl Clock {
    /// A clock that asks `now`.
    pub fn new(now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    fn now(&self) -> Timestamp {
        (self.0)()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock")
    }
}

/// Serves a registry on `listener` until `stop` resolves; then finishes the requests under way.
///
/// Versions that other processes publish into the same store show up within a second or two.
pub async fn serve(
    registry: Arc<Registry>,
    listener: TcpListener,
    options: Options,
    clock: Clock,
    stop: impl Future<Output = ()>,
) {
    let limits = options.limits.clone();
    let app = Arc::new(handlers::App {
        catalogue: catalogue::Catalogue::new(Arc::clone(&registry)),
        intake: intake::Intake::new(&limits),
        unpackers: Arc::new(Semaphore::new(limits.unpackers)),
        details: pages::Details::default(),
        options,
        clock,
    });
    let keeper = tokio::spawn(keep_up(Arc::clone(&registry)));
    connections::answer(listener, router::router(app), &limits, stop).await;
    keeper.abort();
    write_index(registry).await;
}

/// Takes in what other processes publish, and brings the file `index.yaml` up to date whenever publishing
/// has paused: static hosts serve that file, and other processes look at it for news. A publish does not wait
/// for it, because its cost grows with the registry.
async fn keep_up(registry: Arc<Registry>) {
    let (mut before, mut written) = (None, None);
    loop {
        tokio::time::sleep(LOOK_AROUND).await;
        let looking = Arc::clone(&registry);
        let now = match spawn_blocking(move || looking.fresh_view()).await {
            Ok(Ok(view)) => Some(view.generation()),
            Ok(Err(error)) => {
                tracing::warn!(%error, "the store could not be read");
                continue;
            }
            Err(_) => return,
        };
        if now == before && now != written {
            write_index(Arc::clone(&registry)).await;
            written = now;
        }
        before = now;
    }
}

async fn write_index(registry: Arc<Registry>) {
    if let Ok(Err(error)) = spawn_blocking(move || registry.write_index()).await {
        tracing::warn!(%error, "`index.yaml` could not be written");
    }
}
