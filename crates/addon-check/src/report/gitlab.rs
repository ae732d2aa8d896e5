//! The code quality report of GitLab: one JSON array, shown in merge requests.
//!
//! GitLab takes an issue that has the same fingerprint on both sides of a merge request for an old one, so a fingerprint
//! must not change when lines move: it is made of the file, the rule, the message, and how often that was seen before.

use super::{Subject, region, text};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use source_vocab::Severity;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The report; findings that have no file are given `.`, since GitLab drops an issue without a path.
pub fn gitlab(subjects: &[Subject<'_>]) -> Value {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut issues = Vec::new();
    for subject in subjects {
        for found in subject.findings {
            let region = region(&found.primary.place, subject.sources, subject.world);
            let (path, begin, end) = match region {
                Some(region) => {
                    let lines = region
                        .range
                        .map_or((1, 1), |(from, to)| (from.line, to.line));
                    (region.file, lines.0, lines.1)
                }
                None => (".".to_owned(), 1, 1),
            };
            let same = format!("{path}\0{}\0{}", found.code, found.message);
            let before = seen.entry(same.clone()).or_default();
            let fingerprint = fingerprint(&same, *before);
            *before += 1;
            issues.push(json!({
                "type": "issue",
                "check_name": found.code,
                "description": text(found),
                "fingerprint": fingerprint,
                "severity": match found.severity {
                    Severity::Error => "major",
                    Severity::Warning => "minor",
                    Severity::Info => "info",
                },
                "location": {
                    "path": path.trim_start_matches("./"),
                    "lines": {"begin": begin, "end": end},
                },
            }));
        }
    }
    Value::Array(issues)
}

fn fingerprint(same: &str, before: usize) -> String {
    let digest = Sha256::digest(format!("{same}\0{before}").as_bytes());
    digest.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use source_vocab::{Diagnostic, SourceMap};
    use testkit::MemoryWorld;

    fn report(text: &str, at: usize) -> Value {
        let mut sources = SourceMap::new();
        let file = sources.add("./demo/metadata.yaml", text).unwrap();
        let findings = [
            Diagnostic::error("META04", "no version", file.span_of(at, at + 1)),
            Diagnostic::warning("META04", "no version", file.span_of(at, at + 1)),
        ];
        let subject = Subject {
            findings: &findings,
            ignored: &[],
            sources: &sources,
            world: &MemoryWorld::new(),
        };
        gitlab(&[subject])
    }

    #[test]
    fn a_fingerprint_does_not_know_lines_and_is_used_once() {
        let (first, moved) = (report("a\nb\n", 0), report("\n\na\nb\n", 2));
        assert_eq!(
            first[0]["location"],
            json!({"path": "demo/metadata.yaml", "lines": {"begin": 1, "end": 1}})
        );
        assert_eq!(moved[0]["location"]["lines"]["begin"], 3);
        assert_eq!(first[0]["fingerprint"], moved[0]["fingerprint"]);
        assert_ne!(first[0]["fingerprint"], first[1]["fingerprint"]);
        assert_eq!(
            (&first[0]["severity"], &first[1]["severity"]),
            (&json!("major"), &json!("minor"))
        );
    }
}
