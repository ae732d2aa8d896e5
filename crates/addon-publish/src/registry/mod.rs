//! A registry of addons over any [`Store`].
//!
//! The layout, the same for a directory that `publish` writes, one that `serve` serves, and a bucket:
//!
//! | objects | what they are |
//! |---|---|
//! | `entries/<name>/<version>.json` | the truth: one record a version, created once ([`Entry`]) |
//! | `charts/<name>-<version>.tgz` | the archives, under the names that the index gives |
//! | `index.yaml` | what vela and helm read; made from the entries, loses nothing when deleted |
//! | `incoming/<digest>.tgz` | archives of publishes under way, or of ones that crashed |
//!
//! A publish has four steps, and the second decides:
//! 1. The archive becomes `incoming/<digest>.tgz`. Its name is its content, so nothing can go wrong.
//! 2. The entry is created, if there is none. Of many publishers of one version exactly one gets
//!    through this; the others find an entry with another digest and are told.
//! 3. The archive is renamed to its place in `charts/`.
//! 4. The index is written, by whoever needs it as a file ([`Registry::write_index`]).
//!
//! After a crash between 2 and 4 the version is claimed and its bytes are in the store, but readers do
//! not see it. [`Registry::repair`], or the same publish run again, does the rest. Before 2 nothing
//! has happened. So a version is either not there or there with the right bytes, and a publish that
//! was acknowledged is found by every reader that looks afterwards.

mod entry;
mod index;
mod package;
mod publish;
mod refresh;
mod state;
mod version_id;

pub use entry::{Entry, EntryError, EntryState};
pub use index::IndexFile;
pub use package::Package;
pub use publish::{Policy, PublishError, Published};
pub use refresh::Problem;
pub use state::View;
pub use version_id::{VersionId, VersionIdError};

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use rustc_hash::FxHashSet;

use crate::store::{Key, KeyError, Listed, Store, StoreError};
use state::State;

/// A registry of addons.
#[derive(Debug)]
pub struct Registry {
    store: Arc<dyn Store>,
    state: Mutex<State>,
    /// Held while the store is read as a whole; guards what the index file looked like then.
    refreshed: Mutex<Option<Listed>>,
    problems: Mutex<Vec<Problem>>,
    /// Versions that a thread of this process is changing.
    busy: Mutex<FxHashSet<Key>>,
    turn_over: Condvar,
}

/// Why a registry cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum RegistryError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A fixed name of the layout is no key; a bug.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// Other processes changed the same object again and again.
    #[error("gave up on `{object}`: others changed it {attempts} times in between")]
    Contention {
        /// Which object.
        object: Key,
        /// How often it was tried.
        attempts: u32,
    },
}

/// How often an operation is tried when others interfere or the store does not answer.
const ATTEMPTS: u32 = 10;

impl Registry {
    /// Opens a registry and reads what is in it. An empty store is an empty registry.
    ///
    /// # Errors
    /// [`RegistryError`] when the store cannot be read. Single bad entries are no error but
    /// [`Registry::problems`].
    pub fn open(store: Arc<dyn Store>) -> Result<Self, RegistryError> {
        let registry = Self {
            store,
            state: Mutex::default(),
            refreshed: Mutex::default(),
            problems: Mutex::default(),
            busy: Mutex::default(),
            turn_over: Condvar::new(),
        };
        registry.refresh()?;
        Ok(registry)
    }

    /// All published versions, at this moment of this process. Costs nothing while nothing changes.
    pub fn view(&self) -> Arc<View> {
        self.state().view()
    }

    /// All published versions, after a look at what other processes may have published: one `stat`, and a
    /// reading of what is new if the index file has changed.
    ///
    /// # Errors
    /// [`RegistryError`] when the store cannot be read; [`Registry::view`] still gives the last state.
    pub fn fresh_view(&self) -> Result<Arc<View>, RegistryError> {
        self.refresh_if_changed()?;
        Ok(self.view())
    }

    /// What is wrong with the registry, as the last reading of the store found it.
    pub fn problems(&self) -> Vec<Problem> {
        lock(&self.problems).clone()
    }

    /// The archive of a version, or `None` if it has gone since.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot be read.
    pub fn archive(&self, entry: &Entry) -> Result<Option<Bytes>, StoreError> {
        self.store.read(entry.id().archive_key())
    }

    /// The store below.
    pub fn store(&self) -> &Arc<dyn Store> {
        &self.store
    }

    fn has_entry(&self, key: &Key) -> bool {
        self.state().entries.contains_key(key)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }
}

/// A poisoned lock is no reason to stop: every method leaves what it guards whole.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn index_key() -> Result<Key, KeyError> {
    Key::new("index.yaml")
}

fn incoming_key(digest: &crate::digest::Digest) -> Result<Key, KeyError> {
    Key::new(format!("incoming/{digest}.tgz"))
}

#[cfg(test)]
mod model_test;
#[cfg(test)]
pub(crate) mod tests;
