//! The store contract: named objects, created only if absent, replaced only if unchanged.
//!
//! Everything that publishes here rests on two promises that a directory, S3, GCS and Azure Blob can all
//! keep: [`Store::create`] lets exactly one of many racing callers win, and [`Store::replace`] succeeds
//! only while the object still is what the caller read. Nothing needs a lock, an append or a rename
//! across the network, so an object store fits later without a change to its users.
//!
//! The contract, in the words that the tests of every implementation check:
//! - A reader sees an object whole or not at all, and sees it as soon as the call that made it returned.
//! - When a call returns `Ok`, its effect survives a crash of the process and of the machine.
//! - When a call returns `Err`, the effect may or may not have happened: read back, never assume.
//! - [`Store::list`] shows every object whose creation returned before the call began.
//!
//! The trait is synchronous. A directory gains nothing from an async runtime, the command line should
//! not pay for starting one, and a server calls it from its blocking pool; a store that speaks HTTP owns
//! the runtime it needs.

mod directory;
mod key;
mod lock;
mod memory;

pub use directory::{DirectoryLock, DirectoryStore, Step, StepObserver};
pub use key::{Key, KeyError};
pub use memory::MemoryStore;

use bytes::Bytes;

/// Names the state of an object: equal tags of one key mean equal bytes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Etag(pub String);

/// An object as it was read.
#[derive(Clone, Debug)]
pub struct Object {
    /// Its content.
    pub bytes: Bytes,
    /// Names exactly this content, for [`Store::replace`] and [`Store::delete`].
    pub etag: Etag,
}

/// An object as a listing shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its key.
    pub key: Key,
    /// Its size in bytes.
    pub size: u64,
    /// Changes when the object is replaced. Cheap to get, and only good for "has it changed since I
    /// looked": it is not a precondition.
    pub stamp: String,
}

/// How [`Store::create`] ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Create {
    /// The object is new, and it is the caller's.
    Created(Etag),
    /// There is an object under this key already; it was left alone.
    Exists,
}

/// How [`Store::replace`] ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Replace {
    /// The object has the new bytes.
    Replaced(Etag),
    /// The object is not (or no longer) what the caller expected; it was left alone.
    Changed,
}

/// How [`Store::delete`] ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delete {
    /// The object is gone.
    Deleted,
    /// The object is not (or no longer) what the caller expected, or was absent; nothing was done.
    Changed,
}

/// How [`Store::promote`] ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Promote {
    /// The object has its new name; the old one is gone.
    Promoted,
    /// There is no object under the old name.
    Missing,
}

/// Objects under keys, with create-if-absent and compare-and-swap.
pub trait Store: std::fmt::Debug + Send + Sync {
    /// The object under `key`, or `None`.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot tell.
    fn get(&self, key: &Key) -> Result<Option<Object>, StoreError>;

    /// The bytes under `key`, for callers that need no tag.
    ///
    /// # Errors
    /// As [`Store::get`].
    fn read(&self, key: &Key) -> Result<Option<Bytes>, StoreError> {
        Ok(self.get(key)?.map(|object| object.bytes))
    }

    /// The listing of one key, or `None`: a cheap "is it there, and is it still the same".
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot tell.
    fn stat(&self, key: &Key) -> Result<Option<Listed>, StoreError>;

    /// Makes an object, unless the key is taken.
    ///
    /// # Errors
    /// [`StoreError`]; the object may exist afterwards.
    fn create(&self, key: &Key, bytes: &[u8]) -> Result<Create, StoreError>;

    /// Gives an existing object other bytes, if it still is `expected`.
    ///
    /// # Errors
    /// [`StoreError`]; the object may have the new bytes afterwards.
    fn replace(&self, key: &Key, bytes: &[u8], expected: &Etag) -> Result<Replace, StoreError>;

    /// Removes an object, if it still is `expected`.
    ///
    /// # Errors
    /// [`StoreError`]; the object may be gone afterwards.
    fn delete(&self, key: &Key, expected: &Etag) -> Result<Delete, StoreError>;

    /// All objects whose key starts with the folder `prefix` (`entries/`), sorted by key.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot tell.
    fn list(&self, prefix: &str) -> Result<Vec<Listed>, StoreError>;

    /// Gives an object another name, replacing what has it: a rename, or a server-side copy followed by a
    /// delete. The new name has the whole object or what it had before; a crash may leave both names.
    ///
    /// # Errors
    /// [`StoreError`]; either name may have the object afterwards.
    fn promote(&self, from: &Key, to: &Key) -> Result<Promote, StoreError>;

    /// Keeps writers of other processes out until the guard is dropped, where the store can; threads of this
    /// process share it. No promise above depends on it: it orders work that is not a single operation,
    /// as writing an index is, and makes [`Store::sweep`] safe.
    ///
    /// # Errors
    /// [`StoreError`] when the store can lock in principle, but not now.
    fn writer(&self) -> Result<Writer, StoreError> {
        Ok(Writer::unlocked())
    }

    /// As [`Store::writer`], but alone and without waiting: `None` while anybody writes, in this process
    /// or another, or when the store cannot tell.
    ///
    /// # Errors
    /// As [`Store::writer`].
    fn lone_writer(&self) -> Result<Option<Writer>, StoreError> {
        Ok(None)
    }

    /// Removes temporary files of crashed writers, and folders without objects. Only call it as a lone writer.
    ///
    /// # Errors
    /// [`StoreError`] when the leftovers cannot be removed.
    fn sweep(&self) -> Result<(), StoreError> {
        Ok(())
    }
}

/// The right to write for longer than one operation; given back when dropped.
#[derive(Debug)]
pub struct Writer {
    _lock: Option<DirectoryLock>,
}

impl Writer {
    /// A guard of a store that has no lock.
    pub fn unlocked() -> Self {
        Self { _lock: None }
    }
}

impl From<DirectoryLock> for Writer {
    fn from(lock: DirectoryLock) -> Self {
        Self { _lock: Some(lock) }
    }
}

/// Why a store could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The operating system refused.
    #[error("cannot {action} `{object}`: {source}")]
    Io {
        /// What was tried: `read`, `create`, …
        action: &'static str,
        /// The file or key.
        object: String,
        /// Its reason.
        source: std::io::Error,
    },
    /// The object is larger than a reader of this store takes into memory.
    #[error("`{object}` has {size} bytes, more than the {limit} that are read")]
    TooLarge {
        /// The file or key.
        object: String,
        /// Its size in bytes.
        size: u64,
        /// The limit in bytes.
        limit: u64,
    },
    /// The store did not answer in time or answered that it cannot at present.
    #[error("cannot {action} `{object}`: the store is unavailable")]
    Unavailable {
        /// What was tried.
        action: &'static str,
        /// The key.
        object: String,
    },
}

#[cfg(test)]
mod tests;
