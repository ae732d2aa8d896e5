//! The formatter against the corpus of cue v0.14.1, and against itself.
#![expect(clippy::expect_used, reason = "a test may fail")]
#![expect(clippy::print_stdout, reason = "the counts are for people")]
#![expect(
    clippy::disallowed_methods,
    reason = "tests read their corpus from the disk"
)]

use cue_syntax::format::{self, Options};
use serde_json::Value;
use source_vocab::SourceMap;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The formatted text; `None` when it does not parse.
fn formatted(text: &str, options: Options) -> Option<String> {
    let mut sources = SourceMap::new();
    let file = sources.add("case.cue", text).expect("a small file");
    let parsed = cue_syntax::parse(&file);
    parsed
        .errors
        .is_empty()
        .then(|| format::format(&parsed.file, options))
}

fn check(failed: &BTreeSet<String>, details: &[String], total: usize) {
    println!("{} of {total} cases differ", failed.len());
    if std::env::var_os("SHOW").is_some() {
        println!("{}", details.join("\n----\n"));
    }
    let list = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/known/fmt.txt");
    testkit::ratchet::assert_as_listed(list, failed);
}

#[test]
fn texts_are_those_of_cue_fmt() {
    let Some(dir) = testkit::conformance_or_skip("format", "cue/fmt") else {
        return;
    };
    let mut failed = BTreeSet::new();
    let mut details = Vec::new();
    let mut total = 0;
    let mut compare = |id: String, text: &str, want: &str, simplify: bool| {
        total += 1;
        let got = formatted(text, Options { simplify });
        if got.as_deref() != Some(want) {
            details.push(format!(
                "{id}\n{text}\n-- want\n{want}\n-- got\n{}",
                got.unwrap_or_default()
            ));
            failed.insert(id);
        }
    };
    let extra = std::fs::read_to_string(dir.join("extra.jsonl")).expect("the corpus");
    for line in extra.lines() {
        let case: Value = serde_json::from_str(line).expect("JSON");
        let (id, text) = (
            case["id"].as_str().expect("id"),
            case["src"].as_str().expect("src"),
        );
        let golden = case["golden"].as_str().unwrap_or(text);
        compare(format!("plain {id}"), text, golden, false);
        compare(
            format!("simple {id}"),
            text,
            case["simplify"].as_str().unwrap_or(golden),
            true,
        );
    }
    let mut names: Vec<PathBuf> = std::fs::read_dir(&dir)
        .expect("the corpus")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.is_dir())
        .collect();
    names.sort();
    for path in names {
        let read = |name: &str| std::fs::read_to_string(path.join(name)).expect("a case");
        let id = path
            .file_name()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        let text = read("input.cue");
        compare(
            format!("plain pair {id}"),
            &text,
            &read("golden.cue"),
            false,
        );
        compare(
            format!("simple pair {id}"),
            &text,
            &read("golden.simplify.cue"),
            true,
        );
    }
    check(&failed, &details, total);
}

fn cue_files(dir: &Path, into: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(dir).expect("a directory") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            cue_files(&path, into);
        } else if path.extension().is_some_and(|extension| extension == "cue") {
            into.push(path);
        }
    }
}

#[test]
fn the_files_of_real_addons_parse_and_stay_as_they_are_formatted() {
    let Some(dir) = testkit::conformance_or_skip("format real files", "addons/inputs") else {
        return;
    };
    let mut files = Vec::new();
    cue_files(&dir, &mut files);
    assert!(files.len() > 300, "only {} files", files.len());
    let mut wrong = Vec::new();
    for path in files {
        let text = std::fs::read_to_string(&path).expect("a text");
        for simplify in [false, true] {
            let options = Options { simplify };
            let once = formatted(&text, options);
            let twice = once.as_deref().and_then(|once| formatted(once, options));
            if once.is_none() || once != twice {
                wrong.push(format!("{} (simplify: {simplify})", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
