//! The registry against a store that fails, loses answers, and stops publishers dead, while others publish
//! in between.
//!
//! Every run is drawn from a seed and is sequential, so a failure can be replayed by its number: before
//! each operation of a publisher's store the dice decide whether it fails before or after its effect,
//! whether the publisher dies there (this and every later operation fails), and whether another
//! publisher does its whole work first, under the same dice. The model is what was acknowledged:
//!
//! - An acknowledged version is in every registry that is opened afterwards, with the bytes that were
//!   acknowledged, and no later publish changes them.
//! - Whatever a reader sees has its archive, with the right digest.
//! - A publisher is told of a conflict only when the registry has other bytes.
//! - Once the faults stop, the same publishes again and a repair leave nothing undone and nothing over.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use source_vocab::Timestamp;

use super::tests::package;
use super::{Package, Policy, PublishError, Registry};
use crate::digest::Digest;
use crate::store::{
    Create, Delete, Etag, Key, Listed, MemoryStore, Object, Promote, Replace, Store, StoreError,
    Writer,
};

const SEEDS: u64 = 300;
const PUBLISHES: u32 = 12;
/// How many publishers may be in the middle of their work at once.
const DEPTH: u32 = 3;

/// Steele, Lea, Flood: `SplitMix64`.
#[derive(Debug)]
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % sides
    }
}

/// What all publishers of a run share.
#[derive(Debug)]
struct Run {
    seed: u64,
    memory: MemoryStore,
    dice: Mutex<Dice>,
    acknowledged: Mutex<BTreeMap<Key, Digest>>,
    unfinished: Mutex<Vec<Package>>,
    counts: Mutex<Counts>,
}

#[derive(Debug, Default)]
struct Counts {
    failed_before: u32,
    failed_after: u32,
    died: u32,
    interleaved: u32,
    conflicts: u32,
}

impl Run {
    fn new(seed: u64) -> Arc<Self> {
        Arc::new(Self {
            seed,
            memory: MemoryStore::new(),
            dice: Mutex::new(Dice(seed)),
            acknowledged: Mutex::default(),
            unfinished: Mutex::default(),
            counts: Mutex::default(),
        })
    }

    fn roll(&self, sides: u64) -> u64 {
        self.dice.lock().unwrap().roll(sides)
    }

    fn count(&self, add: impl FnOnce(&mut Counts)) {
        add(&mut self.counts.lock().unwrap());
    }
}

/// One publisher's way to the store.
#[derive(Debug)]
struct Faulty {
    run: Arc<Run>,
    depth: u32,
    dead: Mutex<bool>,
}

impl Faulty {
    fn operate<T>(
        &self,
        key: &str,
        operation: impl FnOnce(&MemoryStore) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let failure = || StoreError::Unavailable {
            action: "reach",
            object: key.to_owned(),
        };
        if *self.dead.lock().unwrap() {
            return Err(failure());
        }
        if self.depth < DEPTH && self.run.roll(12) == 0 {
            self.run.count(|counts| counts.interleaved += 1);
            publish_something(&self.run, self.depth + 1);
        }
        match self.run.roll(40) {
            0 => {
                self.run.count(|counts| counts.failed_before += 1);
                Err(failure())
            }
            1 => {
                self.run.count(|counts| counts.failed_after += 1);
                operation(&self.run.memory)?;
                Err(failure())
            }
            2 => {
                self.run.count(|counts| counts.died += 1);
                *self.dead.lock().unwrap() = true;
                if self.run.roll(2) == 0 {
                    operation(&self.run.memory)?;
                }
                Err(failure())
            }
            _ => operation(&self.run.memory),
        }
    }
}

impl Store for Faulty {
    fn get(&self, key: &Key) -> Result<Option<Object>, StoreError> {
        self.operate(key.as_str(), |store| store.get(key))
    }
    fn read(&self, key: &Key) -> Result<Option<Bytes>, StoreError> {
        self.operate(key.as_str(), |store| store.read(key))
    }
    fn stat(&self, key: &Key) -> Result<Option<Listed>, StoreError> {
        self.operate(key.as_str(), |store| store.stat(key))
    }
    fn create(&self, key: &Key, bytes: &[u8]) -> Result<Create, StoreError> {
        self.operate(key.as_str(), |store| store.create(key, bytes))
    }
    fn replace(&self, key: &Key, bytes: &[u8], expected: &Etag) -> Result<Replace, StoreError> {
        self.operate(key.as_str(), |store| store.replace(key, bytes, expected))
    }
    fn delete(&self, key: &Key, expected: &Etag) -> Result<Delete, StoreError> {
        self.operate(key.as_str(), |store| store.delete(key, expected))
    }
    fn list(&self, prefix: &str) -> Result<Vec<Listed>, StoreError> {
        self.operate(prefix, |store| store.list(prefix))
    }
    fn promote(&self, from: &Key, to: &Key) -> Result<Promote, StoreError> {
        self.operate(from.as_str(), |store| store.promote(from, to))
    }
    fn lone_writer(&self) -> Result<Option<Writer>, StoreError> {
        Ok(None)
    }
}

/// A publisher comes, opens the registry, publishes one of few versions with one of few contents, and goes.
fn publish_something(run: &Arc<Run>, depth: u32) {
    let name = ["a", "b"][usize::try_from(run.roll(2)).unwrap()];
    let version = ["1.0.0", "v1.0.0", "1.1.0"][usize::try_from(run.roll(3)).unwrap()];
    let content = format!("{name} {version} {}", run.roll(2));
    let offered = package(name, version, &content);
    let store = Arc::new(Faulty {
        run: Arc::clone(run),
        depth,
        dead: Mutex::new(false),
    });
    let result = match Registry::open(store) {
        Ok(registry) => registry.publish(&offered, Policy::Immutable, Timestamp(0)),
        Err(error) => Err(error.into()),
    };
    let seed = run.seed;
    let raw = Registry::open(Arc::new(Faithful(Arc::clone(run)))).unwrap();
    let view = raw.view();
    let present = view.version(name, version);
    match result {
        Ok(published) => {
            let entry = published.entry();
            assert_eq!(*entry.digest(), offered.digest, "seed {seed}");
            let there = present.unwrap_or_else(|| panic!("seed {seed}: acknowledged, not there"));
            assert_eq!(there.digest(), entry.digest(), "seed {seed}");
            run.acknowledged
                .lock()
                .unwrap()
                .insert(entry.id().entry_key().clone(), offered.digest);
        }
        Err(PublishError::VersionConflict { published, .. }) => {
            run.count(|counts| counts.conflicts += 1);
            assert_ne!(*published.digest(), offered.digest, "seed {seed}");
        }
        Err(PublishError::Registry(_)) => run.unfinished.lock().unwrap().push(offered),
        Err(other) => panic!("seed {seed}: {other}"),
    }
    check(run, &raw);
}

/// What must hold at every moment.
fn check(run: &Run, registry: &Registry) {
    let seed = run.seed;
    let view = registry.view();
    for entry in view.entries() {
        let archive = registry.archive(entry).unwrap();
        let archive = archive.unwrap_or_else(|| panic!("seed {seed}: {entry:?} has no archive"));
        assert_eq!(Digest::of(&archive), *entry.digest(), "seed {seed}");
    }
    for (key, digest) in run.acknowledged.lock().unwrap().iter() {
        let entry = view
            .entries()
            .iter()
            .find(|entry| entry.id().entry_key() == key)
            .unwrap_or_else(|| panic!("seed {seed}: {key} was acknowledged and is gone"));
        assert_eq!(entry.digest(), digest, "seed {seed}: {key}");
    }
}

/// The memory without faults.
#[derive(Debug)]
struct Faithful(Arc<Run>);

impl Store for Faithful {
    fn get(&self, key: &Key) -> Result<Option<Object>, StoreError> {
        self.0.memory.get(key)
    }
    fn stat(&self, key: &Key) -> Result<Option<Listed>, StoreError> {
        self.0.memory.stat(key)
    }
    fn create(&self, key: &Key, bytes: &[u8]) -> Result<Create, StoreError> {
        self.0.memory.create(key, bytes)
    }
    fn replace(&self, key: &Key, bytes: &[u8], expected: &Etag) -> Result<Replace, StoreError> {
        self.0.memory.replace(key, bytes, expected)
    }
    fn delete(&self, key: &Key, expected: &Etag) -> Result<Delete, StoreError> {
        self.0.memory.delete(key, expected)
    }
    fn list(&self, prefix: &str) -> Result<Vec<Listed>, StoreError> {
        self.0.memory.list(prefix)
    }
    fn promote(&self, from: &Key, to: &Key) -> Result<Promote, StoreError> {
        self.0.memory.promote(from, to)
    }
    fn lone_writer(&self) -> Result<Option<Writer>, StoreError> {
        self.0.memory.lone_writer()
    }
}

#[test]
fn nothing_acknowledged_is_lost_or_changed_whatever_fails() {
    let mut total = Counts::default();
    for seed in 0..SEEDS {
        let run = Run::new(seed);
        for _ in 0..PUBLISHES {
            publish_something(&run, 1);
        }
        // The faults are over. What was committed can be completed without its publisher.
        let registry = Registry::open(Arc::new(Faithful(Arc::clone(&run)))).unwrap();
        if seed % 2 == 0 {
            assert!(registry.repair().unwrap());
            assert_eq!(registry.problems(), [], "seed {seed}");
        }
        // And every publish that was cut off can be run again.
        let unfinished = std::mem::take(&mut *run.unfinished.lock().unwrap());
        for offered in unfinished {
            match registry.publish(&offered, Policy::Immutable, Timestamp(0)) {
                Ok(published) => {
                    let key = published.entry().id().entry_key().clone();
                    run.acknowledged.lock().unwrap().insert(key, offered.digest);
                }
                Err(PublishError::VersionConflict { published, .. }) => {
                    assert_ne!(*published.digest(), offered.digest, "seed {seed}");
                }
                Err(other) => panic!("seed {seed}: {other}"),
            }
        }
        assert!(registry.repair().unwrap());
        let end = Registry::open(Arc::new(Faithful(Arc::clone(&run)))).unwrap();
        check(&run, &end);
        assert_eq!(end.problems(), [], "seed {seed}");
        let archives = run.memory.list("charts/").unwrap().len();
        assert_eq!(archives, end.view().entries().len(), "seed {seed}");
        assert!(
            run.memory.list("incoming/").unwrap().is_empty(),
            "seed {seed}"
        );

        let counts = run.counts.lock().unwrap();
        total.failed_before += counts.failed_before;
        total.failed_after += counts.failed_after;
        total.died += counts.died;
        total.interleaved += counts.interleaved;
        total.conflicts += counts.conflicts;
    }
    // Dice that never fell would prove nothing.
    for count in [
        total.failed_before,
        total.failed_after,
        total.died,
        total.interleaved,
        total.conflicts,
    ] {
        assert!(count > 500, "{total:?}");
    }
}
