//! A store in memory: the contract in its plainest form, for tests and for servers that keep nothing.
//!
//! One mutex over one sorted map; tags are a counter, so that two states of a key never share one, even
//! when their bytes are equal.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;

use super::{
    Create, Delete, Etag, Key, Listed, Object, Promote, Replace, Store, StoreError, Writer,
};

/// Objects in a map.
#[derive(Debug, Default)]
pub struct MemoryStore {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    objects: BTreeMap<Key, (Bytes, u64)>,
    writes: u64,
}

impl State {
    fn write(&mut self, key: &Key, bytes: Bytes) -> Etag {
        self.writes += 1;
        self.objects.insert(key.clone(), (bytes, self.writes));
        tag(self.writes)
    }
}

fn tag(count: u64) -> Etag {
    Etag(format!("m{count}"))
}

impl MemoryStore {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Every method leaves the map whole before anything can panic.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store for MemoryStore {
    fn get(&self, key: &Key) -> Result<Option<Object>, StoreError> {
        Ok(self.state().objects.get(key).map(|(bytes, count)| Object {
            bytes: bytes.clone(),
            etag: tag(*count),
        }))
    }

    fn stat(&self, key: &Key) -> Result<Option<Listed>, StoreError> {
        Ok(self
            .state()
            .objects
            .get(key)
            .map(|(bytes, count)| listed(key, bytes, *count)))
    }

    fn create(&self, key: &Key, bytes: &[u8]) -> Result<Create, StoreError> {
        let mut state = self.state();
        if state.objects.contains_key(key) {
            return Ok(Create::Exists);
        }
        Ok(Create::Created(
            state.write(key, Bytes::copy_from_slice(bytes)),
        ))
    }

    fn replace(&self, key: &Key, bytes: &[u8], expected: &Etag) -> Result<Replace, StoreError> {
        let mut state = self.state();
        match state.objects.get(key) {
            Some((_, count)) if tag(*count) == *expected => Ok(Replace::Replaced(
                state.write(key, Bytes::copy_from_slice(bytes)),
            )),
            _ => Ok(Replace::Changed),
        }
    }

    fn delete(&self, key: &Key, expected: &Etag) -> Result<Delete, StoreError> {
        let mut state = self.state();
        match state.objects.get(key) {
            Some((_, count)) if tag(*count) == *expected => {
                state.objects.remove(key);
                Ok(Delete::Deleted)
            }
            _ => Ok(Delete::Changed),
        }
    }

    fn list(&self, prefix: &str) -> Result<Vec<Listed>, StoreError> {
        Ok(self
            .state()
            .objects
            .iter()
            .filter(|(key, _)| key.as_str().starts_with(prefix))
            .map(|(key, (bytes, count))| listed(key, bytes, *count))
            .collect())
    }

    fn promote(&self, from: &Key, to: &Key) -> Result<Promote, StoreError> {
        let mut state = self.state();
        match state.objects.remove(from) {
            Some((bytes, _)) => {
                state.write(to, bytes);
                Ok(Promote::Promoted)
            }
            None => Ok(Promote::Missing),
        }
    }

    fn lone_writer(&self) -> Result<Option<Writer>, StoreError> {
        // There is nothing to sweep here, and nobody outside this process.
        Ok(Some(Writer::unlocked()))
    }
}

fn listed(key: &Key, bytes: &Bytes, count: u64) -> Listed {
    Listed {
        key: key.clone(),
        size: bytes.len() as u64,
        stamp: count.to_string(),
    }
}
