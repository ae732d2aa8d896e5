//! Many publishers at once, each a process of its own.

use super::registry::{archive, check_index, check_nothing_is_left, versions};
use crate::run::{Run, Scratch};

const PUBLISHERS: usize = 16;

/// Runs `publish FILE` for all files at once.
fn publish_at_once(scratch: &Scratch, files: &[String]) -> Vec<Run> {
    std::thread::scope(|scope| {
        let threads: Vec<_> = files
            .iter()
            .map(|file| scope.spawn(move || scratch.run(&["publish", file])))
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    })
}

#[test]
fn nothing_is_lost_and_nothing_doubled() {
    let scratch = Scratch::new();
    let files: Vec<_> = (0..PUBLISHERS)
        .map(|number| {
            let file = format!("{number}.tgz");
            let version = format!("1.{number}.0");
            scratch.write(&file, archive(["a", "b"][number % 2], &version, "", &[]));
            file
        })
        .collect();
    for run in publish_at_once(&scratch, &files) {
        run.exits(0);
    }
    let registry = scratch.join("registry");
    check_index(&registry);
    check_nothing_is_left(&registry);
    let expected: Vec<_> = [
        ("a", [14, 12, 10, 8, 6, 4, 2, 0]),
        ("b", [15, 13, 11, 9, 7, 5, 3, 1]),
    ]
    .into_iter()
    .flat_map(|(name, minors)| minors.map(|minor| format!("{name} 1.{minor}.0")))
    .collect();
    assert_eq!(versions(&registry), expected);
}

#[test]
fn of_many_with_one_version_one_wins_and_the_others_are_told() {
    let scratch = Scratch::new();
    let files: Vec<_> = (0..PUBLISHERS)
        .map(|number| {
            let file = format!("{number}.tgz");
            scratch.write(
                &file,
                archive("a", "1.0.0", &format!("bytes {number}"), &[]),
            );
            file
        })
        .collect();
    let runs = publish_at_once(&scratch, &files);
    let winners: Vec<_> = (0..PUBLISHERS)
        .filter(|&number| runs[number].code == 0)
        .collect();
    assert_eq!(winners.len(), 1, "{runs:?}");
    for (number, run) in runs.into_iter().enumerate() {
        if number != winners[0] {
            let run = run.exits(5);
            assert!(
                run.stderr.contains("is published with other bytes"),
                "{}",
                run.stderr
            );
        }
    }
    let registry = scratch.join("registry");
    check_index(&registry);
    check_nothing_is_left(&registry);
    // The winner's bytes are the ones that are there.
    let run = scratch.run(&["publish", &files[winners[0]]]).exits(0);
    assert!(run.stderr.contains("Unchanged a 1.0.0"), "{}", run.stderr);
}
