//! Indexes against what vela said of them (`data/verdicts.txtar`): what it rejects is an error with a place, and what it
//! accepts is none.

use source_vocab::{Place, Severity, SourceMap};

/// Accepted when it is read, and an error all the same: `vela addon list` crashes on an entry without the fields of a
/// chart, and Helm rejects an index without `apiVersion`.
const WORSE: [&str; 1] = ["no-version"];

#[test]
fn an_index_is_read_as_vela_reads_it() {
    let archive = testkit::parse_txtar(include_str!("data/verdicts.txtar"));
    let mut wrong = Vec::new();
    for file in &archive.files {
        let (verdict, name) = file.name.split_once(' ').unwrap();
        let mut sources = SourceMap::new();
        let source = sources.add("index.yaml", file.data.as_str()).unwrap();
        let findings = addon_index::read(&source).diagnostics;
        let errors: Vec<_> = findings
            .iter()
            .filter(|found| found.severity == Severity::Error)
            .collect();
        let expected = verdict == "rejected" || WORSE.contains(&name);
        let placed = errors
            .iter()
            .all(|found| matches!(found.primary.place, Place::Text(_)) && found.code == "REG01");
        if errors.is_empty() == expected || !placed {
            wrong.push(format!("{name}, {verdict}: {errors:#?}"));
        }
    }
    assert!(archive.files.len() > 60);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
