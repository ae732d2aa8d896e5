//! The contract of the store, run against each implementation.
#![expect(clippy::disallowed_methods, reason = "the tests look at the files")]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::{Create, Delete, DirectoryStore, Etag, Key, MemoryStore, Promote, Replace, Store};

fn key(text: &str) -> Key {
    Key::new(text).unwrap()
}

/// Runs `check` on an empty store of every kind.
fn on_each_store(check: impl Fn(Arc<dyn Store>)) {
    check(Arc::new(MemoryStore::new()));
    let directory = tempfile::tempdir().unwrap();
    check(Arc::new(DirectoryStore::new(
        directory.path().join("made/on/first/write"),
    )));
}

fn content(store: &dyn Store, name: &str) -> Option<Vec<u8>> {
    store
        .get(&key(name))
        .unwrap()
        .map(|object| object.bytes.to_vec())
}

#[test]
fn an_object_is_created_once() {
    on_each_store(|store| {
        assert_eq!(content(&*store, "a/b"), None);
        assert!(matches!(
            store.create(&key("a/b"), b"one").unwrap(),
            Create::Created(_)
        ));
        assert_eq!(store.create(&key("a/b"), b"two").unwrap(), Create::Exists);
        assert_eq!(content(&*store, "a/b").unwrap(), b"one");
    });
}

#[test]
fn a_replacement_needs_the_state_that_was_read() {
    on_each_store(|store| {
        let name = key("index.yaml");
        assert_eq!(
            store.replace(&name, b"x", &Etag("none".into())).unwrap(),
            Replace::Changed
        );
        let Create::Created(first) = store.create(&name, b"one").unwrap() else {
            panic!("the store was empty");
        };
        assert_eq!(store.get(&name).unwrap().unwrap().etag, first);
        let Replace::Replaced(second) = store.replace(&name, b"two", &first).unwrap() else {
            panic!("nobody else wrote");
        };
        assert_eq!(
            store.replace(&name, b"three", &first).unwrap(),
            Replace::Changed
        );
        assert_eq!(content(&*store, "index.yaml").unwrap(), b"two");
        assert_eq!(store.delete(&name, &first).unwrap(), Delete::Changed);
        assert_eq!(store.delete(&name, &second).unwrap(), Delete::Deleted);
        assert_eq!(store.delete(&name, &second).unwrap(), Delete::Changed);
        assert_eq!(content(&*store, "index.yaml"), None);
    });
}

#[test]
fn a_listing_is_sorted_and_keeps_to_its_folder() {
    on_each_store(|store| {
        for name in [
            "entries/b/1.json",
            "entries/a/2.json",
            "entries/a/10.json",
            "x",
            "entriesx",
        ] {
            store.create(&key(name), name.as_bytes()).unwrap();
        }
        let names: Vec<_> = store
            .list("entries/")
            .unwrap()
            .into_iter()
            .map(|listed| (listed.key.to_string(), listed.size))
            .collect();
        assert_eq!(
            names,
            [
                ("entries/a/10.json".to_owned(), 17),
                ("entries/a/2.json".to_owned(), 16),
                ("entries/b/1.json".to_owned(), 16),
            ]
        );
        assert!(store.list("absent/").unwrap().is_empty());
    });
}

#[test]
fn a_stamp_changes_with_the_object() {
    on_each_store(|store| {
        let name = key("a");
        let Create::Created(tag) = store.create(&name, b"same size 1").unwrap() else {
            panic!("the store was empty");
        };
        let before = store.stat(&name).unwrap().unwrap();
        assert_eq!(store.list("").unwrap(), std::slice::from_ref(&before));
        store.replace(&name, b"same size 2", &tag).unwrap();
        assert_ne!(store.stat(&name).unwrap().unwrap().stamp, before.stamp);
    });
}

#[test]
fn a_promotion_moves_and_replaces() {
    on_each_store(|store| {
        store.create(&key("incoming/x"), b"new").unwrap();
        store.create(&key("charts/x"), b"old").unwrap();
        assert_eq!(
            store.promote(&key("incoming/x"), &key("charts/x")).unwrap(),
            Promote::Promoted
        );
        assert_eq!(content(&*store, "incoming/x"), None);
        assert_eq!(content(&*store, "charts/x").unwrap(), b"new");
        assert_eq!(
            store.promote(&key("incoming/x"), &key("charts/x")).unwrap(),
            Promote::Missing
        );
        assert_eq!(content(&*store, "charts/x").unwrap(), b"new");
    });
}

#[test]
fn one_of_many_creators_wins_and_its_bytes_stay() {
    on_each_store(|store| {
        for round in 0..20 {
            let name = key(&format!("entries/a/{round}"));
            let winners = AtomicUsize::new(0);
            let winner = AtomicUsize::new(0);
            std::thread::scope(|scope| {
                for thread in 0..8_usize {
                    let (store, name, winners, winner) = (&store, &name, &winners, &winner);
                    scope.spawn(move || {
                        let bytes = format!("thread {thread}");
                        if let Create::Created(_) = store.create(name, bytes.as_bytes()).unwrap() {
                            winners.fetch_add(1, Ordering::SeqCst);
                            winner.store(thread, Ordering::SeqCst);
                        }
                    });
                }
            });
            assert_eq!(winners.into_inner(), 1);
            assert_eq!(
                content(&*store, name.as_str()).unwrap(),
                format!("thread {}", winner.into_inner()).as_bytes()
            );
        }
    });
}

#[test]
fn no_increment_is_lost_between_many_swappers() {
    on_each_store(|store| {
        let name = key("counter");
        store.create(&name, b"0").unwrap();
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..10 {
                        loop {
                            let object = store.get(&name).unwrap().unwrap();
                            let count: u32 =
                                std::str::from_utf8(&object.bytes).unwrap().parse().unwrap();
                            let next = (count + 1).to_string();
                            if let Replace::Replaced(_) =
                                store.replace(&name, next.as_bytes(), &object.etag).unwrap()
                            {
                                break;
                            }
                        }
                    }
                });
            }
        });
        assert_eq!(content(&*store, "counter").unwrap(), b"40");
    });
}

#[test]
fn keys_are_no_paths() {
    for text in [
        "", "/", "a/", "/a", "a//b", ".", "..", "a/..", "../a", "a/.tmp", ".lock", "a\\b", "c:x",
        "a b", "a\0", "a\n", "ä", "%2e", "a/b.",
    ] {
        assert!(Key::new(text).is_err(), "{text:?}");
    }
    assert!(Key::new("x".repeat(201)).is_err());
    for text in [
        "a",
        "entries/fluxcd/1.0.0-rc.1+build.json",
        "charts/a_b-v1.tgz",
    ] {
        assert_eq!(key(text).as_str(), text);
    }
}

#[test]
fn a_directory_keeps_nothing_but_its_objects() {
    let directory = tempfile::tempdir().unwrap();
    let store = DirectoryStore::new(directory.path());
    std::fs::create_dir(directory.path().join(".tmp")).unwrap();
    std::fs::write(directory.path().join(".tmp/left-by-a-crash"), "half").unwrap();
    store.create(&key("a/b"), b"x").unwrap();
    assert_eq!(store.create(&key("a/b"), b"y").unwrap(), Create::Exists);
    store.create(&key("c/d"), b"x").unwrap();
    store.promote(&key("c/d"), &key("a/d")).unwrap();
    store.sweep().unwrap();
    let names: Vec<_> = std::fs::read_dir(directory.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(names, ["a"]);
}

#[cfg(unix)]
#[test]
fn a_static_web_host_may_read_what_is_published() {
    use std::os::unix::fs::PermissionsExt;
    let directory = tempfile::tempdir().unwrap();
    let store = DirectoryStore::new(directory.path());
    let plain = directory.path().join("plain");
    std::fs::write(&plain, "").unwrap();
    store.create(&key("a"), b"x").unwrap();
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode();
    assert_eq!(mode(&directory.path().join("a")), mode(&plain));
}

#[test]
fn processes_exclude_each_other_and_threads_share() {
    let directory = tempfile::tempdir().unwrap();
    // Two stores stand for two processes: the lock belongs to an open file, not to a process.
    let one = DirectoryStore::new(directory.path());
    let other = DirectoryStore::new(directory.path());
    let held = one.lock().unwrap();
    let shared = one.lock().unwrap();
    assert!(other.try_lock_alone().unwrap().is_none());
    assert!(one.try_lock_alone().unwrap().is_none());
    drop(held);
    assert!(other.try_lock_alone().unwrap().is_none());
    drop(shared);
    let alone = other.try_lock_alone().unwrap();
    assert!(alone.is_some());
    std::thread::scope(|scope| {
        let waiter = scope.spawn(|| one.lock().map(drop));
        drop(alone);
        waiter.join().unwrap().unwrap();
    });
}

#[test]
fn whoever_holds_the_lock_may_take_it_again_however_late() {
    let directory = tempfile::tempdir().unwrap();
    let store = DirectoryStore::new(directory.path());
    store.create(&key("a"), b"one").unwrap();
    let outer = store.lock().unwrap();
    // Longer than threads may pass the lock among themselves.
    std::thread::sleep(std::time::Duration::from_millis(120));
    let object = store.get(&key("a")).unwrap().unwrap();
    assert_eq!(
        store.delete(&key("a"), &object.etag).unwrap(),
        Delete::Deleted
    );
    drop(outer);
    let alone = store.try_lock_alone().unwrap();
    assert!(alone.is_some());
    drop(store.lock().unwrap());
    drop(alone);
    assert!(store.try_lock_alone().unwrap().is_some());
}
