//! The bytes of an archive depend on nothing but the files in it.
//!
//! Then everybody can build it again and compare, and publishing twice what did not change gives one digest. What
//! usually differs are the times of files, their owners and permissions, and the order in which a directory is
//! listed. Times that all are the same, but not the constant that `addon-pack build` uses, come from
//! `SOURCE_DATE_EPOCH`, and are told so that one knows with which value it must be built again.
//!
//! Bad: `tar -czf fluxcd-1.0.0.tgz fluxcd/`, with times and owners of the machine.
//!
//! Good: `addon-pack build fluxcd`.

use crate::archive::ArchiveInput;
use crate::rule::{Found, Holds, Rule};
use addon_archive::EPOCH;
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "PKG06",
    title: "an archive can be built again, byte for byte",
    severity: Severity::Info,
    holds: Holds::Always,
    mended: false,
    file: "pkg/pkg06_reproducible.rs",
    source: include_str!("pkg06_reproducible.rs"),
    found: &[Found::InArchive(check)],
};

/// Permissions of a file in a reproducible archive.
const MODE: u64 = 0o644;
/// Where the header of gzip holds a time.
const GZIP_TIME: std::ops::Range<usize> = 4..8;

fn check(input: &ArchiveInput<'_>, findings: &mut Vec<Diagnostic>) {
    let files = &input.contents.files;
    let mut tell = |message: String| {
        let found = RULE.finding(message, input.place());
        findings.push(found.help("package it with `addon-pack build`"));
    };
    let gzip_time = input.archive.bytes.get(GZIP_TIME).unwrap_or_default();
    if gzip_time.iter().any(|byte| *byte != 0) {
        tell("the compressed stream holds the time at which it was made".to_owned());
    }
    let mut times = files.iter().map(|file| file.stamp.mtime);
    let first = times.next().unwrap_or_default();
    if times.any(|time| time != first) {
        tell("the files carry the times at which they were changed".to_owned());
    } else if i64::try_from(first) != Ok(EPOCH.0) {
        tell(format!(
            "all files carry the time {first}: the archive is built again with `SOURCE_DATE_EPOCH={first}` alone"
        ));
    }
    if let Some(file) = files.iter().find(|file| file.stamp.has_owner) {
        tell(format!(
            "the files carry their owner, `{}` for one",
            file.path
        ));
    }
    if let Some(file) = files.iter().find(|file| file.stamp.mode & 0o7777 != MODE) {
        tell(format!(
            "the files carry their permissions, `{}` has {:o} and not {MODE:o}",
            file.path, file.stamp.mode
        ));
    }
    let keys: Vec<_> = files.iter().map(|file| order(&file.path)).collect();
    if !keys.is_sorted() {
        tell("the files stand in the order in which a directory was listed".to_owned());
    }
}

/// What the order of `addon_archive::plan()` goes by: the files that Helm puts first, then each part of the path.
fn order(path: &str) -> (usize, Vec<&str>) {
    let first = [
        "Chart.yaml",
        "Chart.lock",
        "values.yaml",
        "values.schema.json",
    ];
    let rank = match first.iter().position(|name| *name == path) {
        Some(rank) => rank,
        None if path.starts_with("templates/") => first.len(),
        None => first.len() + 1,
    };
    (rank, path.split('/').collect())
}
