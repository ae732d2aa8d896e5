//! `kill -9` in the middle of a publish, and the same command again.
//!
//! A debug build can be told to stop at the N-th step of the directory store (`ADDON_PACK_CRASH_TEST`); the test
//! waits until it says so and kills it there, so that every kill hits a living publish and every step is
//! hit. The order is drawn from recorded seeds; one registry goes through all of it. As many more kills come
//! at a moment of the clock, whatever they hit.
#![cfg(debug_assertions)]

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Child, Stdio};
use std::time::Duration;

use super::registry::{archive, check_index, check_nothing_is_left, has_index, versions};
use crate::run::Scratch;

const SEEDS: [u64; 4] = [1, 20_240_229, 0xdead_beef, 0x5eed_0004];
/// How many publishes must die, and how many of them at each step.
const KILLS: u32 = 50;
const KILLS_AT_A_STEP: u32 = 3;
/// The steps of a publish into a registry with an index: archive, entry and index are four each (written,
/// synced, named, directory synced), and two for the archive's move to its place.
const STEPS_OF_A_PUBLISH: u64 = 14;
/// The steps of removing what an earlier crash left: the deletion, and the sync of its directory.
const STEPS_OF_A_REPAIR: u64 = 2;
/// The step after which an archive is staged and its version is not claimed.
const STAGED: u64 = 4;

/// `SplitMix64`, as in the model test of `addon-publish`.
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

fn start(scratch: &Scratch, file: &str, step: Option<u64>) -> Child {
    let mut command = scratch.command();
    command
        .args(["publish", file])
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    if let Some(step) = step {
        command.env("ADDON_PACK_CRASH_TEST", step.to_string());
    }
    command.spawn().unwrap()
}

/// Kills a publish at a step; gives the name of the step.
fn kill_at(scratch: &Scratch, file: &str, step: u64) -> String {
    let mut child = start(scratch, file, Some(step));
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let stopped = lines
        .find_map(|line| line.unwrap().strip_prefix("stopped at ").map(str::to_owned))
        .unwrap_or_else(|| panic!("the publish of {file} has no step {step}"));
    child.kill().unwrap();
    // it was alive until now
    assert_eq!(child.wait().unwrap().signal(), Some(9));
    stopped
}

struct Story {
    scratch: Scratch,
    published: u32,
    hits: BTreeMap<String, u32>,
}

impl Story {
    fn next(&mut self) -> (String, String) {
        self.published += 1;
        let (file, version) = (
            format!("{}.tgz", self.published),
            format!("1.0.{}", self.published),
        );
        self.scratch
            .write(&file, archive("demo", &version, "content", &[]));
        (file, format!("demo {version}"))
    }

    fn kill_at(&mut self, file: &str, step: u64) {
        let stopped = kill_at(&self.scratch, file, step);
        *self.hits.entry(stopped).or_default() += 1;
        self.check_after_a_kill();
    }

    fn check_after_a_kill(&self) {
        let registry = self.scratch.join("registry");
        if has_index(&registry) {
            check_index(&registry);
        }
    }

    fn complete(&self, file: &str, version: &str) {
        self.scratch.run(&["publish", file]).exits(0);
        let registry = self.scratch.join("registry");
        check_index(&registry);
        check_nothing_is_left(&registry);
        assert!(
            versions(&registry).contains(&version.to_owned()),
            "{version}"
        );
    }
}

#[test]
fn a_killed_publish_leaves_a_valid_registry_and_runs_again() {
    let mut story = Story {
        scratch: Scratch::new(),
        published: 0,
        hits: BTreeMap::new(),
    };
    // Into nothing at all, too.
    let (file, version) = story.next();
    for step in 1..=STEPS_OF_A_PUBLISH {
        let fresh = Story {
            scratch: Scratch::new(),
            published: 0,
            hits: BTreeMap::new(),
        };
        fresh
            .scratch
            .write(&file, archive("demo", "1.0.1", "content", &[]));
        kill_at(&fresh.scratch, &file, step);
        fresh.check_after_a_kill();
        fresh.complete(&file, &version);
    }
    story.complete(&file, &version);

    for seed in SEEDS {
        let mut dice = Dice(seed);
        let mut moments: Vec<_> = (1..=STEPS_OF_A_PUBLISH)
            .map(|step| (step, false))
            .chain((1..=STEPS_OF_A_REPAIR).map(|step| (step, true)))
            .collect();
        while !moments.is_empty() {
            let drawn = dice.roll(moments.len() as u64);
            let (step, of_a_repair) = moments.swap_remove(usize::try_from(drawn).unwrap());
            let (file, version) = story.next();
            if of_a_repair {
                // An archive that another publisher staged before it was killed.
                let (earlier, earlier_version) = story.next();
                kill_at(&story.scratch, &earlier, STAGED);
                story.kill_at(&file, step);
                story.complete(&file, &version);
                story.complete(&earlier, &earlier_version);
            } else {
                story.kill_at(&file, step);
                story.complete(&file, &version);
            }
        }
    }
    let total: u32 = story.hits.values().sum();
    assert!(total >= KILLS, "{:?}", story.hits);
    let steps: Vec<_> = story.hits.keys().map(String::as_str).collect();
    assert_eq!(
        steps,
        [
            "Created",
            "Deleted",
            "DirectorySynced",
            "Promoted",
            "Replaced",
            "Synced",
            "Written"
        ]
    );
    assert!(
        story.hits.values().all(|&hits| hits >= KILLS_AT_A_STEP),
        "{:?}",
        story.hits
    );
}

#[test]
fn a_publish_killed_by_the_clock_runs_again() {
    let mut story = Story {
        scratch: Scratch::new(),
        published: 0,
        hits: BTreeMap::new(),
    };
    let mut dice = Dice(SEEDS[0]);
    let mut alive = 0;
    for _ in 0..KILLS {
        let (file, version) = story.next();
        let mut child = start(&story.scratch, &file, None);
        std::thread::sleep(Duration::from_micros(dice.roll(30_000)));
        child.kill().unwrap();
        alive += u32::from(child.wait().unwrap().signal() == Some(9));
        story.check_after_a_kill();
        story.complete(&file, &version);
    }
    // the clock of a fast machine may let some of them finish
    assert!(alive >= 5, "{alive} of {KILLS} were alive");
}

#[test]
fn a_killed_replacement_runs_again() {
    let scratch = Scratch::new();
    let registry = scratch.join("registry");
    scratch.write("old.tgz", archive("demo", "1.0.0", "old", &[]));
    for spelling in ["1.0.0", "v1.0.0"] {
        scratch.write("new.tgz", archive("demo", spelling, "new", &[]));
        // Four for the archive, four for the entry, two for the move, two for the removal of an
        // archive under the other spelling, four for the index.
        let steps = if spelling == "1.0.0" { 14 } else { 16 };
        for step in 1..=steps {
            scratch.run(&["publish", "old.tgz", "--force"]).exits(0);
            let mut command = scratch.command();
            command
                .args(["publish", "new.tgz", "--force"])
                .env("ADDON_PACK_CRASH_TEST", step.to_string())
                .stderr(Stdio::piped());
            let mut child = command.spawn().unwrap();
            let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
            assert!(
                lines.any(|line| line.unwrap().starts_with("stopped at ")),
                "step {step}"
            );
            child.kill().unwrap();
            child.wait().unwrap();
            scratch.run(&["publish", "new.tgz", "--force"]).exits(0);
            check_index(&registry);
            check_nothing_is_left(&registry);
            assert_eq!(versions(&registry), [format!("demo {spelling}")]);
        }
    }
}
