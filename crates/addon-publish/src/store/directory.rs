//! A store in a directory: key `a/b` is the file `a/b`, so that any static web host can serve it.
//!
//! An object is written to a temporary file in `.tmp`, synced, and only then given its name, by an
//! operation that the file system makes atomic: a rename that refuses to replace (for
//! [`Store::create`]), or a rename that replaces. Then the directory is synced. A crash at any point
//! leaves the old state or the new one, and at most a temporary file that [`Store::sweep`] removes.
//!
//! Compare-and-swap is what no file system offers, so [`Store::replace`] and [`Store::delete`] hold the
//! lock of `lock.rs` for their moment. A tag is the digest of the content: equal tags mean equal bytes,
//! with no help from clocks or inode numbers.
//!
//! Together with `src/system.rs` of the binary this is the only place that writes files.
#![expect(
    clippy::disallowed_methods,
    reason = "the directory store reads and writes files"
)]

use std::collections::BTreeMap;
use std::fmt;
use std::fs::{self, File, Metadata};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use tempfile::NamedTempFile;

use crate::digest::Digest;

use super::lock::{Hold, SharedLock};
use super::{
    Create, Delete, Etag, Key, Listed, Object, Promote, Replace, Store, StoreError, Writer,
};

/// Where temporary files live; a part of a key cannot start with a dot.
const TEMPORARY: &str = ".tmp";
/// What is read into memory at most: an index of 100,000 versions, many times the largest archive.
const READ_LIMIT: u64 = 128 << 20;
/// How deep a listing descends; the layout of a registry needs two.
const DEPTH_LIMIT: usize = 8;

/// A point between two system calls of a write, at which a crash leaves a state of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// The bytes are in a temporary file, perhaps not on disk.
    Written,
    /// The temporary file is on disk.
    Synced,
    /// The object has its name, perhaps not on disk.
    Created,
    /// The object has replaced another, perhaps not on disk.
    Replaced,
    /// The object has its new name and lost the old one, perhaps not on disk.
    Promoted,
    /// The object lost its name, perhaps not on disk.
    Deleted,
    /// The directory of the object is on disk.
    DirectorySynced,
}

type Observe = dyn Fn(Step, &Key) + Send + Sync;

/// Is told every [`Step`] and the key it is about. Crash tests stop the process there.
#[derive(Clone)]
pub struct StepObserver(Arc<Observe>);

impl StepObserver {
    /// An observer that calls `observe`.
    pub fn new(observe: impl Fn(Step, &Key) + Send + Sync + 'static) -> Self {
        Self(Arc::new(observe))
    }
}

impl fmt::Debug for StepObserver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StepObserver")
    }
}

/// Objects as files below a directory.
#[derive(Debug)]
pub struct DirectoryStore {
    root: PathBuf,
    lock: Arc<SharedLock>,
    /// Orders compare-and-swap among the threads that share the lock.
    swap: Mutex<()>,
    observer: Option<StepObserver>,
}

/// The right of this process to publish into a directory; given back when dropped.
#[derive(Debug)]
pub struct DirectoryLock {
    _hold: Hold,
}

impl DirectoryStore {
    /// A store in `root`, which need not exist yet: the first write makes it.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        let root = root.into();
        Self {
            lock: Arc::new(SharedLock::new(&root)),
            root,
            swap: Mutex::new(()),
            observer: None,
        }
    }

    /// The same store, telling `observer` every step of every write.
    pub fn with_observer(mut self, observer: StepObserver) -> Self {
        self.observer = Some(observer);
        self
    }

    /// The directory.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Waits until no other process publishes into this directory, and keeps others out until the guard is
    /// dropped. Threads of this process share it. Makes the directory if it does not exist.
    ///
    /// # Errors
    /// [`StoreError::Io`] when the directory cannot be made or locked.
    pub fn lock(&self) -> Result<DirectoryLock, StoreError> {
        self.make_directory(&self.root)?;
        let hold = self
            .lock
            .hold()
            .map_err(|source| self.failed("lock", &self.root, source))?;
        Ok(DirectoryLock { _hold: hold })
    }

    /// The lock, if nobody has it, in this process or another. While it is held, others in this process
    /// wait as well.
    ///
    /// # Errors
    /// [`StoreError::Io`] when the directory cannot be made or locked.
    pub fn try_lock_alone(&self) -> Result<Option<DirectoryLock>, StoreError> {
        self.make_directory(&self.root)?;
        let hold = self
            .lock
            .try_hold_alone()
            .map_err(|source| self.failed("lock", &self.root, source))?;
        Ok(hold.map(|hold| DirectoryLock { _hold: hold }))
    }

    fn path(&self, key: &Key) -> PathBuf {
        self.root.join(key.as_str())
    }

    fn step(&self, step: Step, key: &Key) {
        if let Some(StepObserver(observe)) = &self.observer {
            observe(step, key);
        }
    }

    #[expect(
        clippy::unused_self,
        reason = "reads as a sentence at its many callers"
    )]
    fn failed(&self, action: &'static str, path: &Path, source: io::Error) -> StoreError {
        StoreError::Io {
            action,
            object: path.display().to_string(),
            source,
        }
    }

    /// Makes `directory` and its parents, each synced into the one above it.
    fn make_directory(&self, directory: &Path) -> Result<(), StoreError> {
        if directory.is_dir() {
            return Ok(());
        }
        let parent = match directory.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        self.make_directory(parent)?;
        match fs::create_dir(directory) {
            Ok(()) => self.sync_directory(parent),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && directory.is_dir() => {
                Ok(())
            }
            Err(error) => Err(self.failed("create", directory, error)),
        }
    }

    fn sync_directory(&self, directory: &Path) -> Result<(), StoreError> {
        // Only Unix can sync a directory; elsewhere the file system orders what it does itself.
        if cfg!(unix) {
            File::open(directory)
                .and_then(|file| file.sync_all())
                .map_err(|error| self.failed("sync", directory, error))?;
        }
        Ok(())
    }

    fn sync_parent(&self, path: &Path, key: &Key) -> Result<(), StoreError> {
        self.sync_directory(path.parent().unwrap_or(&self.root))?;
        self.step(Step::DirectorySynced, key);
        Ok(())
    }

    /// The bytes in a temporary file, on disk.
    fn write_temporary(&self, key: &Key, bytes: &[u8]) -> Result<NamedTempFile, StoreError> {
        let folder = self.root.join(TEMPORARY);
        let mut builder = tempfile::Builder::new();
        #[cfg(unix)]
        let permissions = {
            use std::os::unix::fs::PermissionsExt;
            // A web server under another user reads what is published; the umask still applies.
            fs::Permissions::from_mode(0o666)
        };
        #[cfg(unix)]
        builder.permissions(permissions);
        let mut tries = 0;
        let mut file = loop {
            self.make_directory(&folder)?;
            match builder.tempfile_in(&folder) {
                Ok(file) => break file,
                // Another process found the folder empty and removed it in between.
                Err(error) if error.kind() == io::ErrorKind::NotFound && tries < 100 => tries += 1,
                Err(error) => return Err(self.failed("create a file in", &folder, error)),
            }
        };
        let written = file.write_all(bytes);
        self.step(Step::Written, key);
        written
            .and_then(|()| file.as_file().sync_all())
            .map_err(|error| self.failed("write", file.path(), error))?;
        self.step(Step::Synced, key);
        Ok(file)
    }

    fn open(&self, path: &Path) -> Result<Option<(File, Metadata)>, StoreError> {
        let opened = fs::metadata(path).and_then(|metadata| {
            if metadata.is_file() {
                // Only now: opening a pipe would wait for its other end.
                File::open(path).map(Some)
            } else {
                Ok(None)
            }
        });
        match opened {
            Ok(Some(file)) => match file.metadata() {
                Ok(metadata) => Ok(Some((file, metadata))),
                Err(error) => Err(self.failed("read", path, error)),
            },
            Ok(None) => Ok(None),
            Err(error) if is_absence(&error) => Ok(None),
            Err(error) => Err(self.failed("read", path, error)),
        }
    }

    fn read_bytes(&self, key: &Key) -> Result<Option<Bytes>, StoreError> {
        let path = self.path(key);
        let Some((file, metadata)) = self.open(&path)? else {
            return Ok(None);
        };
        let too_large = |size| StoreError::TooLarge {
            object: path.display().to_string(),
            size,
            limit: READ_LIMIT,
        };
        if metadata.len() > READ_LIMIT {
            return Err(too_large(metadata.len()));
        }
        let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or(0));
        file.take(READ_LIMIT + 1)
            .read_to_end(&mut bytes)
            .map_err(|error| self.failed("read", &path, error))?;
        if bytes.len() as u64 > READ_LIMIT {
            return Err(too_large(bytes.len() as u64));
        }
        Ok(Some(bytes.into()))
    }

    /// Runs `change` if the object still has the content `expected`, with every other writer kept out.
    fn swap<T>(
        &self,
        key: &Key,
        expected: &Etag,
        change: impl FnOnce(&Path) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        let _process = self.lock()?;
        let _thread = self.swap.lock().unwrap_or_else(PoisonError::into_inner);
        match self.read_bytes(key)? {
            Some(bytes) if etag(&bytes) == *expected => change(&self.path(key)).map(Some),
            _ => Ok(None),
        }
    }

    fn list_folder(
        &self,
        folder: &Path,
        prefix: &str,
        depth: usize,
        found: &mut BTreeMap<Key, Listed>,
    ) -> Result<(), StoreError> {
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) if is_absence(&error) => return Ok(()),
            Err(error) => return Err(self.failed("list", folder, error)),
        };
        for entry in entries {
            let entry = entry.map_err(|error| self.failed("list", folder, error))?;
            // What cannot be a key is not ours: temporary files, a web host's files, other encodings.
            let Some(name) = entry.file_name().to_str().map(str::to_owned) else {
                continue;
            };
            let Ok(key) = Key::new(format!("{prefix}{name}")) else {
                continue;
            };
            // Relative to the open directory where that will do, which saves looking up the whole path.
            let metadata = match entry.metadata() {
                Ok(metadata) if metadata.is_symlink() => fs::metadata(entry.path()),
                other => other,
            };
            let metadata = match metadata {
                Ok(metadata) => metadata,
                // Renamed or deleted since the listing began.
                Err(error) if is_absence(&error) => continue,
                Err(error) => return Err(self.failed("list", &entry.path(), error)),
            };
            if metadata.is_dir() && depth < DEPTH_LIMIT {
                self.list_folder(&entry.path(), &format!("{key}/"), depth + 1, found)?;
            } else if metadata.is_file() {
                found.insert(key.clone(), listed(key, &metadata));
            }
        }
        Ok(())
    }
}

impl Store for DirectoryStore {
    fn get(&self, key: &Key) -> Result<Option<Object>, StoreError> {
        Ok(self.read_bytes(key)?.map(|bytes| Object {
            etag: etag(&bytes),
            bytes,
        }))
    }

    fn read(&self, key: &Key) -> Result<Option<Bytes>, StoreError> {
        self.read_bytes(key)
    }

    fn stat(&self, key: &Key) -> Result<Option<Listed>, StoreError> {
        let path = self.path(key);
        match fs::metadata(&path) {
            Ok(metadata) if metadata.is_file() => Ok(Some(listed(key.clone(), &metadata))),
            Ok(_) => Ok(None),
            Err(error) if is_absence(&error) => Ok(None),
            Err(error) => Err(self.failed("read", &path, error)),
        }
    }

    fn create(&self, key: &Key, bytes: &[u8]) -> Result<Create, StoreError> {
        let path = self.path(key);
        // Spares the losers of a race most of the work; the rename below is what decides.
        if path.symlink_metadata().is_ok() {
            return Ok(Create::Exists);
        }
        let file = self.write_temporary(key, bytes)?;
        self.make_directory(path.parent().unwrap_or(&self.root))?;
        match file.persist_noclobber(&path) {
            Ok(_) => {}
            Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => {
                return Ok(Create::Exists);
            }
            Err(error) => return Err(self.failed("create", &path, error.error)),
        }
        self.step(Step::Created, key);
        self.sync_parent(&path, key)?;
        Ok(Create::Created(etag(bytes)))
    }

    fn replace(&self, key: &Key, bytes: &[u8], expected: &Etag) -> Result<Replace, StoreError> {
        let replaced = self.swap(key, expected, |path| {
            let file = self.write_temporary(key, bytes)?;
            file.persist(path)
                .map_err(|error| self.failed("replace", path, error.error))?;
            self.step(Step::Replaced, key);
            self.sync_parent(path, key)
        })?;
        Ok(match replaced {
            Some(()) => Replace::Replaced(etag(bytes)),
            None => Replace::Changed,
        })
    }

    fn delete(&self, key: &Key, expected: &Etag) -> Result<Delete, StoreError> {
        let deleted = self.swap(key, expected, |path| {
            fs::remove_file(path).map_err(|error| self.failed("delete", path, error))?;
            self.step(Step::Deleted, key);
            self.sync_parent(path, key)
        })?;
        Ok(match deleted {
            Some(()) => Delete::Deleted,
            None => Delete::Changed,
        })
    }

    fn list(&self, prefix: &str) -> Result<Vec<Listed>, StoreError> {
        let mut found = BTreeMap::new();
        let folder = prefix.trim_end_matches('/');
        let prefix = if folder.is_empty() {
            String::new()
        } else {
            format!("{folder}/")
        };
        self.list_folder(&self.root.join(folder), &prefix, 1, &mut found)?;
        Ok(found.into_values().collect())
    }

    fn promote(&self, from: &Key, to: &Key) -> Result<Promote, StoreError> {
        let (from, target) = (self.path(from), self.path(to));
        self.make_directory(target.parent().unwrap_or(&self.root))?;
        match fs::rename(&from, &target) {
            Ok(()) => {
                self.step(Step::Promoted, to);
                self.sync_parent(&target, to)?;
                Ok(Promote::Promoted)
            }
            Err(error) if is_absence(&error) => Ok(Promote::Missing),
            Err(error) => Err(self.failed("rename", &from, error)),
        }
    }

    fn writer(&self) -> Result<Writer, StoreError> {
        self.lock().map(Writer::from)
    }

    fn lone_writer(&self) -> Result<Option<Writer>, StoreError> {
        Ok(self.try_lock_alone()?.map(Writer::from))
    }

    fn sweep(&self) -> Result<(), StoreError> {
        let folder = self.root.join(TEMPORARY);
        match fs::remove_dir_all(&folder) {
            Ok(()) => {}
            Err(error) if is_absence(&error) => {}
            Err(error) => return Err(self.failed("delete", &folder, error)),
        }
        // A folder without objects means nothing, and git does not keep it either.
        let entries = match fs::read_dir(&self.root) {
            Ok(entries) => entries,
            Err(error) if is_absence(&error) => return Ok(()),
            Err(error) => return Err(self.failed("list", &self.root, error)),
        };
        for entry in entries.flatten() {
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                // Refused where there is something in it.
                let _ = fs::remove_dir(entry.path());
            }
        }
        Ok(())
    }
}

/// Whether an error says that the file, or a folder on the way to it, is not there.
fn is_absence(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}

fn etag(bytes: &[u8]) -> Etag {
    Etag(Digest::of(bytes).to_string())
}

fn listed(key: Key, metadata: &Metadata) -> Listed {
    Listed {
        key,
        size: metadata.len(),
        stamp: stamp(metadata),
    }
}

/// What changes when a rename replaces a file: the inode, and the times of both kinds.
#[cfg(unix)]
fn stamp(metadata: &Metadata) -> String {
    use std::os::unix::fs::MetadataExt;
    format!(
        "{:x}-{:x}-{:x}.{:x}-{:x}.{:x}",
        metadata.ino(),
        metadata.size(),
        metadata.mtime(),
        metadata.mtime_nsec(),
        metadata.ctime(),
        metadata.ctime_nsec()
    )
}

#[cfg(not(unix))]
fn stamp(metadata: &Metadata) -> String {
    let modified = metadata
        .modified()
        .ok()
        .and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok())
        .map_or(0, |since| since.as_nanos());
    format!("{:x}-{modified:x}", metadata.len())
}
