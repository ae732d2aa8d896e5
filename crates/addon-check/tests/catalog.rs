//! The rules over the addons of the KubeVela catalog: what is an error there was looked at by hand.

#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a test reads the corpus from the disk"
)]

use addon_check::{Neighbours, Subject};
use source_vocab::{Severity, SourceMap, VPath};
use std::path::Path;
use testkit::MemoryWorld;

/// A directory in memory; the catalog has no links.
fn world(directory: &Path, prefix: &str, mut world: MemoryWorld) -> MemoryWorld {
    for entry in std::fs::read_dir(directory).unwrap() {
        let entry = entry.unwrap();
        let path = format!("{prefix}{}", entry.file_name().into_string().unwrap());
        world = if entry.file_type().unwrap().is_dir() {
            self::world(&entry.path(), &format!("{path}/"), world)
        } else {
            world.file(&path, std::fs::read(entry.path()).unwrap())
        };
    }
    world
}

#[test]
fn errors_in_the_catalog_are_true() {
    let test = "errors_in_the_catalog_are_true";
    let Some(corpus) = testkit::conformance_or_skip(test, "addons") else {
        return;
    };
    let mut errors = Vec::new();
    let mut count = 0;
    for entry in std::fs::read_dir(corpus.join("inputs/addons")).unwrap() {
        let entry = entry.unwrap();
        if !entry.file_type().unwrap().is_dir() {
            continue;
        }
        count += 1;
        let name = entry.file_name().into_string().unwrap();
        let world = world(&entry.path(), "", MemoryWorld::new());
        let mut sources = SourceMap::new();
        let subject = Subject {
            world: &world,
            root: &VPath::root(),
            directory: Some(&name),
            neighbours: &Neighbours::none(),
        };
        let inspection = addon_check::inspect(&subject, &mut sources);
        errors.extend(
            inspection
                .findings
                .iter()
                .filter(|found| found.severity == Severity::Error)
                .map(|found| format!("{name} {}", found.code)),
        );
    }
    errors.sort();
    assert_eq!(count, 72);
    let expected = include_str!("catalog.txt").lines();
    let expected: Vec<&str> = expected
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .collect();
    assert_eq!(errors, expected);
}
