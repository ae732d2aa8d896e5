//! Every rule by its fixture: `fixtures/ID.txtar` holds a good addon, a bad one, and what is expected of the bad one.
//!
//! The whole pipeline runs on both: reading, packaging, rules. An `index.yaml` without an addon is read and verified
//! as a registry. The good one gives no finding of the id; the bad one exactly those of `expect`, a line each:
//! `path:line:column: ID`, or `path: ID` for a file as a whole. A few things cannot be written down as text: `\r`
//! and `\u{feff}` stand for the characters, `@LARGE@` for 5 MiB and a byte, `@DEEP@` for 65 folders.
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a test reads its fixtures from the disk and fails on a broken one"
)]

use addon_check::rules;
use source_vocab::{SourceMap, VPath, World as _, render};
use std::path::{Path, PathBuf};
use testkit::{Archive, MemoryWorld, parse_txtar};

struct Nothing;

impl addon_index::Archives for Nothing {
    fn digest(&self, url: &str) -> Option<String> {
        (url == "charts/a-1.0.0.tgz").then(|| "a".repeat(64))
    }
}

fn fixture(id: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("fixtures/{id}.txtar"))
}

/// The files of `good` or `bad`.
fn world(archive: &Archive, part: &str) -> MemoryWorld {
    let mut world = MemoryWorld::new();
    for file in &archive.files {
        let Some(path) = file
            .name
            .strip_prefix(part)
            .and_then(|rest| rest.strip_prefix('/'))
        else {
            continue;
        };
        let path = path.replace("@DEEP@", &"d/".repeat(65));
        let text = file
            .data
            .replace("\\r\n", "\r\n")
            .replace("\\u{feff}", "\u{feff}")
            .replace("@LARGE@", &"x".repeat((5 << 20) + 1));
        world = world.file(&path, text);
    }
    world
}

/// All findings with the id, as a fixture writes them.
fn found(archive: &Archive, part: &str, id: &str) -> Vec<String> {
    let world = world(archive, part);
    let mut sources = SourceMap::new();
    let root = VPath::root();
    let findings = if let Ok(text) = world.read(&root.child("index.yaml")) {
        let text = String::from_utf8(text).unwrap();
        let file = sources.add("index.yaml", text.as_str()).unwrap();
        let mut findings = Vec::new();
        let index = addon_index::read(&file).drain_into(&mut findings).unwrap();
        findings.extend(addon_index::verify(&index, &Nothing, None));
        findings
    } else {
        addon_check::inspect(&world, &root, Some("sample"), &mut sources).findings
    };
    let show = |path: &VPath| path.to_string();
    findings
        .iter()
        .filter(|found| found.code == id)
        .map(|found| {
            let line = render::concise(found, &sources, &show)
                .replace("error[", "")
                .replace("warning[", "")
                .replace("info[", "");
            let at = line.find(id).unwrap();
            let place = line[..at].trim_end();
            format!("{place} {id}")
        })
        .collect()
}

#[test]
fn every_rule_finds_what_its_fixture_says() {
    let mut wrong = Vec::new();
    for rule in rules::ALL {
        let id = rule.id;
        let text =
            std::fs::read_to_string(fixture(id)).unwrap_or_else(|_| panic!("{id} has no fixture"));
        let archive = parse_txtar(&text);
        let good = found(&archive, "good", id);
        if !good.is_empty() {
            wrong.push(format!("{id}, good: {good:?}"));
        }
        let expected: Vec<&str> = archive.file("expect").unwrap().lines().collect();
        assert!(!expected.is_empty(), "{id} expects nothing");
        let bad = found(&archive, "bad", id);
        if bad != expected {
            wrong.push(format!("{id}, bad: {bad:?}, expected {expected:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_fixture_is_of_a_rule() {
    for entry in std::fs::read_dir(fixture("META01").parent().unwrap()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(
            rules::find(name.trim_end_matches(".txtar")).is_some(),
            "{name}"
        );
    }
}
