//! What a real API server said about probes and rendered objects, against [`kube_schema::check_object`].
//!
//! ```text
//! cargo test --profile conformance -p kube-schema --test admission -- [--filter TEXT] [--show N] [--bless [--allow-grow]] [GROUP...]
//! ```
//!
//! Groups of probes: `schema` and `strict` (refused by decoding: found), `validation` (refused by validation: found),
//! `field` (refused at named fields: one of them is named), `accepted` (accepted: nothing found), `unknown` (not served:
//! unknown). Groups of objects: `catalog` and `workloads` (the same answer). Every case passes or is named in
//! `tests/conformance/known/admission-GROUP.txt`.
#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::exit,
    reason = "a test program reads the real disk"
)]

mod goldens;
mod json;
mod objects;
mod probes;

use kube_schema::{Release, Verdict};
use serde_json::Value;
use std::path::Path;

/// The release of the server that was asked.
fn release() -> Release {
    "1.31".parse().expect("a release that is built in")
}

/// The records of a file with one a line.
fn records(file: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(file).expect("a file of records");
    text.lines()
        .map(|line| serde_json::from_str(line).expect("a record"))
        .collect()
}

/// A verdict in the word of the records.
fn word(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Ok => "ok",
        Verdict::Rejected(_) => "rejected",
        Verdict::UnknownKind => "no-kind",
    }
}

/// What a verdict says, for the report.
fn said(verdict: &Verdict) -> String {
    let Verdict::Rejected(faults) = verdict else {
        return word(verdict).to_owned();
    };
    let faults = faults.iter().map(|fault| {
        let help = fault.help.as_deref().unwrap_or_default();
        format!("`{}` {} {help}", fault.field, fault.message)
    });
    faults.collect::<Vec<_>>().join("; ")
}

fn main() {
    let ratchet = testkit::ratchet::Ratchet::from_arguments("admission");
    let Some(corpus) = testkit::conformance_or_skip("admission", "admission") else {
        return;
    };
    let mut groups = probes::run(&corpus);
    groups.extend(objects::run(&corpus));
    if ratchet.differs(&groups) {
        std::process::exit(1);
    }
}
