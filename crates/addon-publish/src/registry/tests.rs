//! What a publish and a deletion leave in the store, and what readers see of it.

use std::sync::Arc;

use bytes::Bytes;
use serde_json::{Map, json};
use source_vocab::Timestamp;

use super::{Package, Policy, PublishError, Published, Registry};
use crate::digest::Digest;
use crate::store::{Create, DirectoryStore, Key, MemoryStore, Store};

const NOON: Timestamp = Timestamp(1_000_000_000);

pub(crate) fn package(name: &str, version: &str, content: &str) -> Package {
    let mut chart = Map::new();
    chart.insert("name".to_owned(), json!(name));
    chart.insert("version".to_owned(), json!(version));
    Package::new(
        name.to_owned(),
        version.to_owned(),
        Bytes::copy_from_slice(content.as_bytes()),
        chart,
    )
}

fn key(text: &str) -> Key {
    Key::new(text).unwrap()
}

fn memory() -> (Arc<MemoryStore>, Registry) {
    let store = Arc::new(MemoryStore::new());
    let registry = Registry::open(Arc::clone(&store) as Arc<dyn Store>).unwrap();
    (store, registry)
}

fn names(store: &dyn Store) -> Vec<String> {
    let listing = store.list("").unwrap();
    listing
        .into_iter()
        .map(|listed| listed.key.to_string())
        .collect()
}

fn versions(registry: &Registry) -> Vec<String> {
    let view = registry.view();
    view.entries()
        .iter()
        .map(|entry| format!("{} {}", entry.name(), entry.version()))
        .collect()
}

#[test]
fn a_version_is_published_once() {
    let (store, registry) = memory();
    let first = package("fluxcd", "1.0.0", "one");
    let published = registry.publish(&first, Policy::Immutable, NOON).unwrap();
    let Published::New(entry) = &published else {
        panic!("{published:?}");
    };
    assert_eq!(entry.file_name(), "fluxcd-1.0.0.tgz");
    assert_eq!(entry.created(), NOON);
    assert_eq!(
        names(&*store),
        ["charts/fluxcd-1.0.0.tgz", "entries/fluxcd/1.0.0.json"]
    );
    assert_eq!(registry.archive(entry).unwrap().unwrap(), first.archive);

    let again = registry
        .publish(&first, Policy::Immutable, Timestamp(7))
        .unwrap();
    assert_eq!(again, Published::Same(Arc::clone(entry)));

    let other = package("fluxcd", "v1.0.0", "two");
    let error = registry
        .publish(&other, Policy::Immutable, NOON)
        .unwrap_err();
    assert!(
        matches!(&error, PublishError::VersionConflict { published, offered }
            if published.version() == "1.0.0" && *offered == other.digest),
        "{error}"
    );
    assert_eq!(registry.archive(entry).unwrap().unwrap(), first.archive);
    assert_eq!(
        names(&*store),
        ["charts/fluxcd-1.0.0.tgz", "entries/fluxcd/1.0.0.json"]
    );
}

#[test]
fn force_replaces_even_under_another_spelling() {
    let (store, registry) = memory();
    registry
        .publish(&package("a", "1.0.0", "one"), Policy::Force, NOON)
        .unwrap();
    let generation = registry.view().generation();
    let published = registry
        .publish(&package("a", "v1.0.0", "two"), Policy::Force, NOON)
        .unwrap();
    assert!(matches!(published, Published::Replaced(_)));
    assert_eq!(
        names(&*store),
        ["charts/a-v1.0.0.tgz", "entries/a/1.0.0.json"]
    );
    assert_eq!(
        store.read(&key("charts/a-v1.0.0.tgz")).unwrap().unwrap(),
        "two"
    );
    assert!(registry.view().generation() > generation);
}

#[test]
fn views_are_sorted_and_stay_as_they_were() {
    let (_, registry) = memory();
    for version in ["1.0.0", "1.10.0", "1.9.0", "2.0.0-rc.1", "v1.9.1"] {
        registry
            .publish(&package("b", version, version), Policy::Immutable, NOON)
            .unwrap();
    }
    registry
        .publish(&package("a", "1.0.0", "x"), Policy::Immutable, NOON)
        .unwrap();
    let before = registry.view();
    assert_eq!(
        versions(&registry),
        [
            "a 1.0.0",
            "b 2.0.0-rc.1",
            "b 1.10.0",
            "b v1.9.1",
            "b 1.9.0",
            "b 1.0.0"
        ]
    );
    assert_eq!(before.addon("b").len(), 5);
    assert!(before.addon("c").is_empty());
    assert_eq!(
        before.version("b", "1.9.1").unwrap().file_name(),
        "b-v1.9.1.tgz"
    );
    assert!(before.version("b", "1.9").is_none());
    assert_eq!(before.file("b-v1.9.1.tgz").unwrap().version(), "v1.9.1");
    assert!(before.file("b-1.9.1.tgz").is_none());

    registry
        .publish(&package("c", "1.0.0", "x"), Policy::Immutable, NOON)
        .unwrap();
    assert_eq!(before.entries().len(), 6);
    assert_eq!(registry.view().entries().len(), 7);
    assert!(Arc::ptr_eq(&registry.view(), &registry.view()));
}

#[test]
fn a_deleted_version_keeps_its_number() {
    let (store, registry) = memory();
    let first = package("a", "1.0.0", "one");
    assert!(registry.delete("a", "1.0.0").unwrap().is_none());
    registry.publish(&first, Policy::Immutable, NOON).unwrap();
    assert!(registry.delete("a", "v1.0.0").unwrap().is_some());
    assert!(registry.delete("a", "1.0.0").unwrap().is_none());
    assert!(versions(&registry).is_empty());
    assert_eq!(names(&*store), ["entries/a/1.0.0.json"]);
    let error = registry
        .publish(&package("a", "1.0.0", "two"), Policy::Immutable, NOON)
        .unwrap_err();
    assert!(matches!(error, PublishError::Deleted { .. }));
    registry.publish(&first, Policy::Immutable, NOON).unwrap();
    assert_eq!(versions(&registry), ["a 1.0.0"]);
    assert_eq!(
        store.read(&key("charts/a-1.0.0.tgz")).unwrap().unwrap(),
        "one"
    );
}

#[test]
fn two_versions_never_share_a_file_name() {
    let (_, registry) = memory();
    registry
        .publish(&package("a-1", "2.0.0", "one"), Policy::Immutable, NOON)
        .unwrap();
    for policy in [Policy::Immutable, Policy::Force] {
        let error = registry
            .publish(&package("a", "1-2.0.0", "two"), policy, NOON)
            .unwrap_err();
        assert!(matches!(error, PublishError::FileTaken { .. }), "{error}");
    }
    assert_eq!(versions(&registry), ["a-1 2.0.0"]);
}

#[test]
fn an_archive_that_somebody_put_there_is_not_overwritten() {
    let (store, registry) = memory();
    store
        .create(&key("charts/a-1.0.0.tgz"), b"by hand")
        .unwrap();
    let offered = package("a", "1.0.0", "one");
    let error = registry
        .publish(&offered, Policy::Immutable, NOON)
        .unwrap_err();
    assert!(matches!(error, PublishError::FileTaken { .. }), "{error}");
    assert_eq!(names(&*store), ["charts/a-1.0.0.tgz"]);
    let same = package("a", "1.0.0", "by hand");
    registry.publish(&same, Policy::Immutable, NOON).unwrap();
    assert_eq!(versions(&registry), ["a 1.0.0"]);
}

#[test]
fn names_and_versions_are_checked_before_anything_is_written() {
    let (store, registry) = memory();
    for (name, version) in [
        ("../a", "1.0.0"),
        ("a", "../1.0.0"),
        ("a", "latest"),
        ("A", "1.0.0"),
    ] {
        let error = registry
            .publish(&package(name, version, "x"), Policy::Force, NOON)
            .unwrap_err();
        assert!(matches!(error, PublishError::Id(_)), "{error}");
    }
    assert!(names(&*store).is_empty());
}

/// What a publish of `offered` leaves when it dies after each of its steps.
fn states_after_a_crash(offered: &Package) -> Vec<MemoryStore> {
    let entry = {
        let (store, registry) = memory();
        registry.publish(offered, Policy::Immutable, NOON).unwrap();
        store.read(&key("entries/a/1.0.0.json")).unwrap().unwrap()
    };
    let incoming = key(&format!("incoming/{}.tgz", offered.digest));
    (0..=3)
        .map(|step| {
            let store = MemoryStore::new();
            if (1..=2).contains(&step) {
                store.create(&incoming, &offered.archive).unwrap();
            }
            if step >= 2 {
                store.create(&key("entries/a/1.0.0.json"), &entry).unwrap();
            }
            if step >= 3 {
                store
                    .create(&key("charts/a-1.0.0.tgz"), &offered.archive)
                    .unwrap();
            }
            store
        })
        .collect()
}

#[test]
fn the_same_publish_completes_what_a_crash_left() {
    let offered = package("a", "1.0.0", "one");
    for (step, store) in states_after_a_crash(&offered).into_iter().enumerate() {
        let store: Arc<dyn Store> = Arc::new(store);
        let registry = Registry::open(Arc::clone(&store)).unwrap();
        let seen = versions(&registry).len();
        assert_eq!(seen, usize::from(step == 3), "step {step}");
        let published = registry.publish(&offered, Policy::Immutable, NOON).unwrap();
        match step {
            0 | 1 => assert!(matches!(published, Published::New(_))),
            2 => assert!(matches!(published, Published::Completed(_))),
            _ => assert!(matches!(published, Published::Same(_))),
        }
        assert_eq!(versions(&registry), ["a 1.0.0"]);
        assert_eq!(
            names(&*store),
            ["charts/a-1.0.0.tgz", "entries/a/1.0.0.json"],
            "step {step}"
        );
    }
}

#[test]
fn repair_completes_or_undoes_what_a_crash_left() {
    let offered = package("a", "1.0.0", "one");
    let directory = tempfile::tempdir().unwrap();
    for (step, memory) in states_after_a_crash(&offered).into_iter().enumerate() {
        // In a directory, where a repair takes the lock and takes it again for each removal.
        let store = DirectoryStore::new(directory.path().join(step.to_string()));
        for listed in memory.list("").unwrap() {
            let bytes = memory.read(&listed.key).unwrap().unwrap();
            store.create(&listed.key, &bytes).unwrap();
        }
        let store: Arc<dyn Store> = Arc::new(store);
        let registry = Registry::open(Arc::clone(&store)).unwrap();
        assert!(registry.repair().unwrap());
        let done = step >= 2;
        assert_eq!(versions(&registry).len(), usize::from(done), "step {step}");
        assert_eq!(
            names(&*store).len(),
            if done { 2 } else { 0 },
            "step {step}"
        );
        assert_eq!(registry.problems(), [], "step {step}");
    }
}

#[test]
fn a_replacement_that_was_cut_off_is_not_shown_with_the_old_bytes() {
    let (store, registry) = memory();
    registry
        .publish(&package("a", "1.0.0", "one"), Policy::Immutable, NOON)
        .unwrap();
    // The state after the second step of a forced publish of as many other bytes.
    let new = package("a", "1.0.0", "two");
    let entry = {
        let (other, registry) = memory();
        registry.publish(&new, Policy::Immutable, NOON).unwrap();
        other.read(&key("entries/a/1.0.0.json")).unwrap().unwrap()
    };
    store
        .create(&key(&format!("incoming/{}.tgz", new.digest)), &new.archive)
        .unwrap();
    let old = store.get(&key("entries/a/1.0.0.json")).unwrap().unwrap();
    store
        .replace(&key("entries/a/1.0.0.json"), &entry, &old.etag)
        .unwrap();

    let registry = Registry::open(Arc::clone(&store) as Arc<dyn Store>).unwrap();
    assert!(versions(&registry).is_empty());
    assert_eq!(registry.problems().len(), 1);
    assert!(registry.repair().unwrap());
    assert_eq!(versions(&registry), ["a 1.0.0"]);
    assert_eq!(registry.problems(), []);
    assert_eq!(
        store.read(&key("charts/a-1.0.0.tgz")).unwrap().unwrap(),
        "two"
    );
}

#[test]
fn bad_entries_are_problems_and_hide_no_others() {
    let (store, registry) = memory();
    for name in ["a", "b", "c"] {
        registry
            .publish(&package(name, "1.0.0", name), Policy::Immutable, NOON)
            .unwrap();
    }
    let good = store.read(&key("entries/a/1.0.0.json")).unwrap().unwrap();
    store.create(&key("entries/x/1.0.0.json"), &good).unwrap();
    store.create(&key("entries/x/2.0.0.json"), b"{").unwrap();
    store
        .create(&key("entries/README.md"), b"hand-made")
        .unwrap();
    let archive = store.get(&key("charts/b-1.0.0.tgz")).unwrap().unwrap();
    store
        .delete(&key("charts/b-1.0.0.tgz"), &archive.etag)
        .unwrap();

    let registry = Registry::open(Arc::clone(&store) as Arc<dyn Store>).unwrap();
    assert_eq!(versions(&registry), ["a 1.0.0", "c 1.0.0"]);
    let problems: Vec<_> = registry
        .problems()
        .into_iter()
        .map(|problem| problem.key.to_string())
        .collect();
    assert_eq!(
        problems,
        [
            "entries/README.md",
            "entries/b/1.0.0.json",
            "entries/x/1.0.0.json",
            "entries/x/2.0.0.json"
        ]
    );
    let error = registry
        .publish(&package("x", "2.0.0", "x"), Policy::Immutable, NOON)
        .unwrap_err();
    assert!(
        matches!(error, PublishError::DamagedEntry { .. }),
        "{error}"
    );
    registry
        .publish(&package("x", "2.0.0", "x"), Policy::Force, NOON)
        .unwrap();
    // The bytes of a lost archive may come back, others may not.
    let error = registry
        .publish(&package("b", "1.0.0", "other"), Policy::Immutable, NOON)
        .unwrap_err();
    assert!(
        matches!(error, PublishError::VersionConflict { .. }),
        "{error}"
    );
    let published = registry
        .publish(&package("b", "1.0.0", "b"), Policy::Immutable, NOON)
        .unwrap();
    assert!(matches!(published, Published::Completed(_)));
    assert_eq!(
        versions(&registry),
        ["a 1.0.0", "b 1.0.0", "c 1.0.0", "x 2.0.0"]
    );
}

#[test]
fn other_processes_are_seen_when_they_have_written_the_index() {
    let directory = tempfile::tempdir().unwrap();
    let open = || Registry::open(Arc::new(DirectoryStore::new(directory.path()))).unwrap();
    let (one, other) = (open(), open());
    other
        .publish(&package("a", "1.0.0", "x"), Policy::Immutable, NOON)
        .unwrap();
    one.publish(&package("b", "1.0.0", "y"), Policy::Immutable, NOON)
        .unwrap();
    assert!(matches!(
        other.store().create(&key("index.yaml"), b"new").unwrap(),
        Create::Created(_)
    ));
    one.fresh_view().unwrap();
    assert_eq!(versions(&one), ["a 1.0.0", "b 1.0.0"]);
    let view = one.view();
    assert!(Arc::ptr_eq(&one.fresh_view().unwrap(), &view));
}

#[test]
fn of_many_publishers_of_one_version_one_wins_and_the_others_are_told() {
    let directory = tempfile::tempdir().unwrap();
    let registries: Vec<_> = (0..4)
        .map(|_| Registry::open(Arc::new(DirectoryStore::new(directory.path()))).unwrap())
        .collect();
    let results: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..16_usize)
            .map(|number| {
                let registry = &registries[number % 4];
                scope.spawn(move || {
                    let offered = package("a", "1.0.0", &format!("bytes {number}"));
                    (
                        offered.digest.clone(),
                        registry.publish(&offered, Policy::Immutable, NOON),
                    )
                })
            })
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    let winners: Vec<_> = results
        .iter()
        .filter(|(_, result)| result.is_ok())
        .collect();
    assert_eq!(winners.len(), 1);
    let conflicts = results
        .iter()
        .filter(|(_, result)| matches!(result, Err(PublishError::VersionConflict { .. })))
        .count();
    assert_eq!(conflicts, 15);
    let fresh = Registry::open(Arc::new(DirectoryStore::new(directory.path()))).unwrap();
    let entry = Arc::clone(fresh.view().version("a", "1.0.0").unwrap());
    assert_eq!(*entry.digest(), winners[0].0);
    assert_eq!(
        Digest::of(&fresh.archive(&entry).unwrap().unwrap()),
        winners[0].0
    );
    assert!(fresh.store().list("incoming/").unwrap().is_empty());
}

#[test]
fn many_publishers_of_many_versions_lose_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let registry = Registry::open(Arc::new(DirectoryStore::new(directory.path()))).unwrap();
    std::thread::scope(|scope| {
        for thread in 0..16 {
            let registry = &registry;
            scope.spawn(move || {
                for number in 0..4 {
                    let version = format!("{number}.{thread}.0");
                    let offered = package("a", &version, &version);
                    registry.publish(&offered, Policy::Immutable, NOON).unwrap();
                    assert!(registry.view().version("a", &version).is_some());
                }
            });
        }
    });
    assert_eq!(registry.view().entries().len(), 64);
    let fresh = Registry::open(Arc::new(DirectoryStore::new(directory.path()))).unwrap();
    assert_eq!(versions(&fresh), versions(&registry));
    assert_eq!(fresh.problems(), []);
}
