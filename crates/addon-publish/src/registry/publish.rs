//! Publishing and deleting a version, each as a loop around one conditional write.
//!
//! The loop is: look at the entry, decide, write on the condition that nothing has changed since, and look
//! again if something has. An answer that got lost ("the write timed out") is handled by the same
//! loop: the next look shows whether the write happened. So a retry never assumes, and a publish of
//! bytes that are there already is a success whoever put them there.

use std::sync::{Arc, PoisonError};

use source_vocab::Timestamp;

use super::entry::{Entry, EntryState};
use super::package::Package;
use super::state::file_claim;
use super::version_id::{VersionId, VersionIdError};
use super::{ATTEMPTS, Registry, RegistryError, incoming_key, lock};
use crate::digest::Digest;
use crate::store::{Create, Etag, Key, KeyError, Promote, Replace, StoreError, Writer};

/// What to do when the version is there with other bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// Leave it alone and say so.
    Immutable,
    /// Replace it.
    Force,
}

/// How a publish ended well.
#[derive(Clone, Debug, PartialEq)]
pub enum Published {
    /// The version is new.
    New(Arc<Entry>),
    /// The version was there with the same bytes.
    Same(Arc<Entry>),
    /// The version was there with the same bytes, but its archive was missing or damaged and now is not: an
    /// earlier publish had been cut off.
    Completed(Arc<Entry>),
    /// The version had other bytes and [`Policy::Force`] replaced them, or it was deleted and is back.
    Replaced(Arc<Entry>),
}

impl Published {
    /// The entry that is now in the registry.
    pub fn entry(&self) -> &Arc<Entry> {
        match self {
            Self::New(entry)
            | Self::Same(entry)
            | Self::Completed(entry)
            | Self::Replaced(entry) => entry,
        }
    }
}

/// Why a version was not published, or not deleted.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// The name or the version is none.
    #[error(transparent)]
    Id(#[from] VersionIdError),
    /// The version is there with other bytes.
    #[error(
        "{} {} is published with other bytes (sha256 {}, offered {offered})",
        published.name(), published.version(), published.digest()
    )]
    VersionConflict {
        /// What is there.
        published: Box<Entry>,
        /// The digest of what was offered.
        offered: Digest,
    },
    /// The version was deleted, and its number stays taken.
    #[error(
        "{} {} was deleted, and a deleted version can come back only with its own bytes (sha256 {})",
        deleted.name(), deleted.version(), deleted.digest()
    )]
    Deleted {
        /// What was there.
        deleted: Box<Entry>,
    },
    /// Another version has an archive of this name, as `a-1` 2.0.0 and `a` 1-2.0.0 would.
    #[error("the file name `{file}` belongs to {owner}")]
    FileTaken {
        /// The file name.
        file: String,
        /// Whose it is.
        owner: String,
    },
    /// The entry that is there cannot be read, so nobody can say whether the bytes are the same.
    #[error("`{key}` cannot be read: {problem}")]
    DamagedEntry {
        /// Where it is.
        key: Key,
        /// What is wrong with it.
        problem: String,
    },
    /// The registry cannot be read or written.
    #[error(transparent)]
    Registry(#[from] RegistryError),
}

impl PublishError {
    /// Whether the registry said no, so that trying again is of no use and nothing was written.
    pub fn is_refusal(&self) -> bool {
        !matches!(self, Self::Registry(_))
    }
}

impl From<StoreError> for PublishError {
    fn from(error: StoreError) -> Self {
        Self::Registry(error.into())
    }
}

impl From<KeyError> for PublishError {
    fn from(error: KeyError) -> Self {
        Self::Registry(error.into())
    }
}

impl Registry {
    /// Publishes a version. When this returns `Ok`, the archive and the entry are durable, and every
    /// [`Registry::view`] from now on has the version. `created` is when it is published, if it is new.
    ///
    /// # Errors
    /// [`PublishError`]: nothing was published, unless it is a [`RegistryError`], after which the same
    /// call again finds out.
    pub fn publish(
        &self,
        package: &Package,
        policy: Policy,
        created: Timestamp,
    ) -> Result<Published, PublishError> {
        let id = VersionId::new(&package.name, &package.version)?;
        let _writer = self.store.writer()?;
        let _turn = Turn::wait(self, &id);
        let claim = FileClaim::new(self, &id)?;
        let published = self.commit(&id, package, policy, created);
        match &published {
            Ok(published) => {
                self.state()
                    .learn(Arc::clone(published.entry()), true, String::new());
                claim.keep();
            }
            // After any other error the entry may be there, and then it needs what is staged.
            Err(error) if error.is_refusal() => self.unstage(&package.digest),
            Err(_) => {}
        }
        published
    }

    fn commit(
        &self,
        id: &VersionId,
        package: &Package,
        policy: Policy,
        created: Timestamp,
    ) -> Result<Published, PublishError> {
        let fresh = Arc::new(Entry::new(id.clone(), package, created));
        let mut last_failure = None;
        // Whether a write of ours may have got through without our knowing.
        let mut perhaps_ours = false;
        for _ in 0..ATTEMPTS {
            let attempt = self.attempt(&fresh, package, policy, perhaps_ours);
            match attempt {
                Ok(Some(published)) => return Ok(published),
                Ok(None) => {}
                Err(PublishError::Registry(RegistryError::Store(error))) => {
                    perhaps_ours = true;
                    last_failure = Some(error);
                }
                Err(error) => return Err(error),
            }
        }
        Err(match last_failure {
            Some(error) => error.into(),
            None => RegistryError::Contention {
                object: id.entry_key().clone(),
                attempts: ATTEMPTS,
            }
            .into(),
        })
    }

    /// One round; `None` when something changed between the look and the write.
    fn attempt(
        &self,
        fresh: &Arc<Entry>,
        package: &Package,
        policy: Policy,
        perhaps_ours: bool,
    ) -> Result<Option<Published>, PublishError> {
        let key = fresh.id().entry_key();
        let Some((present, etag)) = self.read_entry(key, policy)? else {
            if policy == Policy::Immutable {
                self.refuse_foreign_archive(fresh)?;
            }
            self.stage(package)?;
            return match self.store.create(key, &fresh.to_json())? {
                Create::Exists => Ok(None),
                Create::Created(_) => {
                    self.place(fresh, package)?;
                    Ok(Some(Published::New(Arc::clone(fresh))))
                }
            };
        };
        let same_bytes = present
            .as_ref()
            .is_some_and(|entry| *entry.digest() == package.digest);
        match present {
            Some(entry) if same_bytes && entry.state() == EntryState::Active => {
                let repaired = self.place(&entry, package)?;
                let entry = Arc::new(entry);
                Ok(Some(if perhaps_ours && entry == *fresh {
                    Published::New(entry)
                } else if repaired {
                    Published::Completed(entry)
                } else {
                    Published::Same(entry)
                }))
            }
            Some(entry) if !same_bytes && policy == Policy::Immutable => {
                Err(conflict(entry, package))
            }
            // Other bytes by force, or a deleted version that comes back.
            Some(_) | None => {
                self.stage(package)?;
                match self.store.replace(key, &fresh.to_json(), &etag)? {
                    Replace::Changed => Ok(None),
                    Replace::Replaced(_) => {
                        self.place(fresh, package)?;
                        if let Some(old) = present.filter(|old| {
                            !old.id().archive_key().same_file(fresh.id().archive_key())
                        }) {
                            self.remove(old.id().archive_key())?;
                        }
                        Ok(Some(Published::Replaced(Arc::clone(fresh))))
                    }
                }
            }
        }
    }

    /// The entry and its tag; the entry is `None` when it is damaged and may be replaced.
    fn read_entry(
        &self,
        key: &Key,
        policy: Policy,
    ) -> Result<Option<(Option<Entry>, Etag)>, PublishError> {
        let Some(object) = self.store.get(key)? else {
            return Ok(None);
        };
        match Entry::from_json(&object.bytes) {
            Ok(entry) => Ok(Some((Some(entry), object.etag))),
            Err(_) if policy == Policy::Force => Ok(Some((None, object.etag))),
            Err(problem) => Err(PublishError::DamagedEntry {
                key: key.clone(),
                problem: problem.to_string(),
            }),
        }
    }

    /// Refuses to overwrite an archive that no entry speaks of: somebody put it there by other means.
    fn refuse_foreign_archive(&self, fresh: &Entry) -> Result<(), PublishError> {
        let Some(bytes) = self.store.read(fresh.id().archive_key())? else {
            return Ok(());
        };
        // It may be the work of a publisher who came in since we looked; then the entry decides.
        if Digest::of(&bytes) == *fresh.digest()
            || self.store.stat(fresh.id().entry_key())?.is_some()
        {
            return Ok(());
        }
        Err(PublishError::FileTaken {
            file: fresh.file_name().to_owned(),
            owner: "a file that no entry of this registry speaks of".to_owned(),
        })
    }

    fn stage(&self, package: &Package) -> Result<(), PublishError> {
        let key = incoming_key(&package.digest)?;
        // If it exists it has these bytes: its name is their digest.
        self.store.create(&key, &package.archive)?;
        Ok(())
    }

    /// Removes a staged archive that nobody will place. What cannot be removed now is swept later.
    fn unstage(&self, digest: &Digest) {
        if let Ok(key) = incoming_key(digest) {
            let _ = self.remove(&key);
        }
    }

    fn remove(&self, key: &Key) -> Result<(), StoreError> {
        if let Some(object) = self.store.get(key)? {
            self.store.delete(key, &object.etag)?;
        }
        Ok(())
    }

    /// Sees to it that the archive of `entry` is in its place; says whether there was work to do.
    fn place(&self, entry: &Entry, package: &Package) -> Result<bool, PublishError> {
        let (from, to) = (incoming_key(entry.digest())?, entry.id().archive_key());
        let mut worked = false;
        for _ in 0..ATTEMPTS {
            if self.store.promote(&from, to)? == Promote::Promoted {
                return Ok(true);
            }
            // Nothing staged: either somebody has placed it already, or it has to be staged again.
            let there = self.store.read(to)?;
            if there.is_some_and(|bytes| Digest::of(&bytes) == *entry.digest()) {
                return Ok(worked);
            }
            worked = true;
            self.stage(package)?;
        }
        Err(RegistryError::Contention {
            object: to.clone(),
            attempts: ATTEMPTS,
        }
        .into())
    }

    /// Takes a version out of the registry; its number stays taken. `None` if there is no such version.
    ///
    /// # Errors
    /// [`PublishError`]; the same call again finds out whether it happened.
    pub fn delete(&self, name: &str, version: &str) -> Result<Option<Arc<Entry>>, PublishError> {
        let id = VersionId::new(name, version)?;
        let _writer = self.store.writer()?;
        let _turn = Turn::wait(self, &id);
        let key = id.entry_key();
        for _ in 0..ATTEMPTS {
            let Some((Some(present), etag)) = self.read_entry(key, Policy::Immutable)? else {
                return Ok(None);
            };
            if present.state() == EntryState::Deleted {
                // A deletion that was cut off leaves the archive.
                self.remove(present.id().archive_key())?;
                return Ok(None);
            }
            let gone = Arc::new(present.in_state(EntryState::Deleted));
            if let Replace::Replaced(_) = self.store.replace(key, &gone.to_json(), &etag)? {
                self.state().learn(Arc::clone(&gone), true, String::new());
                self.remove(gone.id().archive_key())?;
                return Ok(Some(gone));
            }
        }
        Err(RegistryError::Contention {
            object: key.clone(),
            attempts: ATTEMPTS,
        }
        .into())
    }

    /// Finishes or undoes what crashed publishers left, if nobody is publishing at present; says whether
    /// it could. Archives of committed versions are put in their place; others are removed.
    ///
    /// # Errors
    /// [`RegistryError`] when the store cannot be read or written.
    pub fn repair(&self) -> Result<bool, RegistryError> {
        match self.store.lone_writer()? {
            Some(alone) => self.repair_alone(&alone).map(|()| true),
            None => Ok(false),
        }
    }

    /// As [`Registry::repair`], for a caller that has the lock of the store and no other thread that publishes.
    ///
    /// # Errors
    /// As [`Registry::repair`].
    pub fn repair_alone(&self, _alone: &Writer) -> Result<(), RegistryError> {
        self.store.sweep()?;
        let incoming = self.store.list("incoming/")?;
        let mut placed = false;
        for listed in &incoming {
            let wanted = {
                let state = self.state();
                state
                    .entries
                    .values()
                    .find(|known| {
                        known.entry.state() == EntryState::Active
                            && listed.key.as_str()
                                == format!("incoming/{}.tgz", known.entry.digest())
                    })
                    .map(|known| Arc::clone(&known.entry))
            };
            match wanted {
                Some(entry) => {
                    self.store.promote(&listed.key, entry.id().archive_key())?;
                    placed = true;
                }
                None => self.remove(&listed.key)?,
            }
        }
        for listed in self.store.list("charts/")? {
            if self.is_superseded(&listed.key) {
                self.remove(&listed.key)?;
            }
        }
        if placed {
            self.refresh()?;
        }
        Ok(())
    }

    /// Whether an archive is of a version that is deleted, or that has its archive under another spelling: a
    /// deletion or replacement was cut off before it removed this one.
    fn is_superseded(&self, archive: &Key) -> bool {
        let Some(stem) = archive
            .as_str()
            .strip_prefix("charts/")
            .and_then(|file| file.strip_suffix(".tgz"))
        else {
            return false;
        };
        // Where the name ends and the version begins, the file name does not say.
        stem.match_indices('-').any(|(dash, _)| {
            let (name, version) = (&stem[..dash], &stem[dash + 1..]);
            let Ok(id) = VersionId::new(name, version) else {
                return false;
            };
            let state = self.state();
            let owned = state.files.get(&file_claim(&id)).is_some_and(|owner| {
                state.entries.get(owner).is_some_and(|known| {
                    known.entry.state() == EntryState::Active
                        && known.entry.id().archive_key().same_file(archive)
                })
            });
            !owned && state.entries.contains_key(id.entry_key())
        })
    }

    /// What a publish would do, without doing it: as far as anybody can know who does not keep others out.
    ///
    /// # Errors
    /// As [`Registry::publish`].
    pub fn rehearse(&self, package: &Package, policy: Policy) -> Result<Published, PublishError> {
        let id = VersionId::new(&package.name, &package.version)?;
        let _claim = FileClaim::new(self, &id)?;
        let fresh = Arc::new(Entry::new(id, package, Timestamp(0)));
        match self.read_entry(fresh.id().entry_key(), policy)? {
            None => {
                if policy == Policy::Immutable {
                    self.refuse_foreign_archive(&fresh)?;
                }
                Ok(Published::New(fresh))
            }
            Some((Some(entry), _)) if *entry.digest() == package.digest => {
                if entry.state() == EntryState::Deleted {
                    return Ok(Published::Replaced(fresh));
                }
                let there = self.store.read(entry.id().archive_key())?;
                Ok(match there.map(|bytes| Digest::of(&bytes)) {
                    Some(digest) if digest == package.digest => Published::Same(Arc::new(entry)),
                    _ => Published::Completed(Arc::new(entry)),
                })
            }
            Some((Some(entry), _)) if policy == Policy::Immutable => Err(conflict(entry, package)),
            Some(_) => Ok(Published::Replaced(fresh)),
        }
    }
}

/// Why other bytes than those of `present` are refused.
fn conflict(present: Entry, offered: &Package) -> PublishError {
    match present.state() {
        EntryState::Active => PublishError::VersionConflict {
            published: Box::new(present),
            offered: offered.digest.clone(),
        },
        EntryState::Deleted => PublishError::Deleted {
            deleted: Box::new(present),
        },
    }
}

/// The exclusive right of a thread to change one version. With the lock of a directory it makes the whole
/// publish of a version exclusive; stores without a lock need it for [`Policy::Force`] only, where two
/// processes could otherwise place their archives in the other order than their entries.
struct Turn<'a> {
    registry: &'a Registry,
    key: Key,
}

impl<'a> Turn<'a> {
    fn wait(registry: &'a Registry, id: &VersionId) -> Self {
        let key = id.entry_key().clone();
        let mut busy = lock(&registry.busy);
        while busy.contains(&key) {
            busy = registry
                .turn_over
                .wait(busy)
                .unwrap_or_else(PoisonError::into_inner);
        }
        busy.insert(key.clone());
        drop(busy);
        Self { registry, key }
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        lock(&self.registry.busy).remove(&self.key);
        self.registry.turn_over.notify_all();
    }
}

/// A file name that belongs to one version while it is being published, and for good if that succeeds.
struct FileClaim<'a> {
    registry: &'a Registry,
    file: String,
    /// Whether the claim is new and goes when the publish fails.
    new: bool,
}

impl<'a> FileClaim<'a> {
    fn new(registry: &'a Registry, id: &VersionId) -> Result<Self, PublishError> {
        let file = file_claim(id);
        let mut state = registry.state();
        let new = match state.files.get(&file) {
            Some(owner) if owner == id.entry_key() => false,
            Some(owner) => {
                return Err(PublishError::FileTaken {
                    file: file.trim_start_matches("charts/").to_owned(),
                    owner: format!("`{owner}`"),
                });
            }
            None => {
                state.files.insert(file.clone(), id.entry_key().clone());
                true
            }
        };
        drop(state);
        Ok(Self {
            registry,
            file,
            new,
        })
    }

    fn keep(mut self) {
        self.new = false;
    }
}

impl Drop for FileClaim<'_> {
    fn drop(&mut self) {
        if self.new {
            self.registry.state().files.remove(&self.file);
        }
    }
}
