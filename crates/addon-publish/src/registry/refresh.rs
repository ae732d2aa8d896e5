//! Reading a store: which versions are there, and what is wrong with the rest.
//!
//! A reading lists all entries and archives and opens only the entries whose stamp is new, so looking
//! again costs two listings. It is due at the start, and when the index file has changed, because
//! every process that publishes into a shared directory writes that file last.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::entry::{Entry, EntryState};
use super::state::State;
use super::{Registry, RegistryError, incoming_key, index_key, lock};
use crate::digest::Digest;
use crate::store::{Key, Listed};

/// Something in a registry that readers do not get to see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Which object.
    pub key: Key,
    /// What is wrong with it, as one sentence.
    pub problem: String,
}

impl Registry {
    /// Reads the store again if another process has written its index since the last time.
    pub(super) fn refresh_if_changed(&self) -> Result<(), RegistryError> {
        let now = self.store.stat(&index_key()?)?;
        if *lock(&self.refreshed) == now {
            return Ok(());
        }
        self.refresh()
    }

    /// Reads the store.
    ///
    /// # Errors
    /// [`RegistryError`] when it cannot be read; what was known stays.
    pub fn refresh(&self) -> Result<(), RegistryError> {
        let mut refreshed = lock(&self.refreshed);
        let begin = self.state().tick;
        // Before the listing: a change during it must show as a change next time.
        let index = self.store.stat(&index_key()?)?;
        let entries = self.store.list("entries/")?;
        let archives = sizes(self.store.list("charts/")?);
        let incoming = sizes(self.store.list("incoming/")?);
        let mut problems = Vec::new();
        let mut learnt = Vec::new();
        let looked = in_parallel(&entries, |listed| {
            self.look_at(listed, &archives, &incoming)
        });
        for (listed, looked) in entries.iter().zip(looked) {
            match looked? {
                Ok((entry, complete)) => {
                    if !complete && entry.state() == EntryState::Active {
                        problems.push(Problem {
                            key: listed.key.clone(),
                            problem: format!(
                                "its archive `{}` is missing or has other bytes",
                                entry.id().archive_key()
                            ),
                        });
                    }
                    learnt.push((entry, complete, listed.stamp.clone()));
                }
                Err(problem) => problems.push(Problem {
                    key: listed.key.clone(),
                    problem,
                }),
            }
        }
        let mut state = self.state();
        apply(&mut state, begin, &entries, learnt);
        drop(state);
        *lock(&self.problems) = problems;
        *refreshed = index;
        Ok(())
    }

    /// The entry at a place of the listing, and whether its archive is there.
    fn look_at(
        &self,
        listed: &Listed,
        archives: &BTreeMap<Key, u64>,
        incoming: &BTreeMap<Key, u64>,
    ) -> Result<Result<(Arc<Entry>, bool), String>, RegistryError> {
        let known = self
            .state()
            .entries
            .get(&listed.key)
            .filter(|known| known.stamp == listed.stamp)
            .map(|known| Arc::clone(&known.entry));
        let entry = match known {
            Some(entry) => entry,
            None => {
                let Some(bytes) = self.store.read(&listed.key)? else {
                    return Ok(Err("it went away while it was read".to_owned()));
                };
                match Entry::from_json(&bytes) {
                    Ok(entry) if *entry.id().entry_key() == listed.key => Arc::new(entry),
                    Ok(entry) => {
                        return Ok(Err(format!(
                            "it is about {} {}, which belongs into `{}`",
                            entry.name(),
                            entry.version(),
                            entry.id().entry_key()
                        )));
                    }
                    Err(problem) => return Ok(Err(problem.to_string())),
                }
            }
        };
        let archive = entry.id().archive_key();
        let mut complete = archives.get(archive) == Some(&entry.size());
        if complete && incoming.contains_key(&incoming_key(entry.digest())?) {
            // A replacement of the same size may have been cut off before its archive was placed.
            complete = self
                .store
                .read(archive)?
                .is_some_and(|bytes| Digest::of(&bytes) == *entry.digest());
        }
        Ok(Ok((entry, complete)))
    }
}

/// Applies `look` to all items, in order, on a few threads if there are many: reading thousands of small files
/// is most of the time that a server takes to start.
fn in_parallel<T: Sync, R: Send>(items: &[T], look: impl Fn(&T) -> R + Sync) -> Vec<R> {
    const WORTH_A_THREAD: usize = 500;
    const THREADS: usize = 8;
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let threads = (items.len() / WORTH_A_THREAD).clamp(1, cores.min(THREADS));
    if threads == 1 {
        return items.iter().map(look).collect();
    }
    let look = &look;
    std::thread::scope(|scope| {
        let parts: Vec<_> = items
            .chunks(items.len().div_ceil(threads))
            .map(|part| scope.spawn(move || part.iter().map(look).collect::<Vec<R>>()))
            .collect();
        parts
            .into_iter()
            .flat_map(|part| match part.join() {
                Ok(looked) => looked,
                Err(panic) => std::panic::resume_unwind(panic),
            })
            .collect()
    })
}

fn sizes(listing: Vec<Listed>) -> BTreeMap<Key, u64> {
    listing
        .into_iter()
        .map(|listed| (listed.key, listed.size))
        .collect()
}

/// Brings what is known up to what was read, except where this process has learnt more since `begin`.
fn apply(
    state: &mut State,
    begin: u64,
    listing: &[Listed],
    learnt: Vec<(Arc<Entry>, bool, String)>,
) {
    let younger = |state: &State, key: &Key| {
        state
            .entries
            .get(key)
            .is_some_and(|known| known.tick > begin)
    };
    let gone: Vec<Key> = state
        .entries
        .keys()
        .filter(|key| {
            !younger(state, key)
                && listing
                    .binary_search_by(|listed| listed.key.cmp(key))
                    .is_err()
        })
        .cloned()
        .collect();
    for key in gone {
        state.forget(&key);
    }
    for (entry, complete, stamp) in learnt {
        if !younger(state, entry.id().entry_key()) {
            state.learn(entry, complete, stamp);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::in_parallel;

    #[test]
    fn looking_on_several_threads_keeps_the_order() {
        for count in [0, 1, 499, 1000, 4321] {
            let items: Vec<usize> = (0..count).collect();
            assert_eq!(
                in_parallel(&items, |item| item * 2),
                items.iter().map(|item| item * 2).collect::<Vec<_>>()
            );
        }
    }
}
