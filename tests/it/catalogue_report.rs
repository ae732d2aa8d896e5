//! The errors that are found in the addons of the KubeVela catalog, each with the sentence why it is true.
//!
//! `docs/catalogue-report.md` is generated from what the program finds; the sentences are written by hand in
//! `docs/catalogue-reasons.txt`, keyed by addon, rule and place. A finding without a sentence, a sentence without
//! a finding, and a report that is not current fail the test. `ADDON_PACK_BLESS=1` writes the report anew.
#![expect(
    clippy::disallowed_methods,
    reason = "a test reads and blesses files of the repository"
)]

use crate::run::Scratch;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

/// Addon, rule, and `file:line:column` in the addon.
type Key = (String, String, String);

/// The sentences: an entry is a line of three words and a line with the sentence.
fn reasons(text: &str) -> BTreeMap<Key, String> {
    let mut all = BTreeMap::new();
    let mut lines = text
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    while let Some(key) = lines.next() {
        let words: Vec<&str> = key.split(' ').collect();
        let [addon, rule, place] = words[..] else {
            panic!("`{key}` is not addon, rule and place");
        };
        let sentence = lines.next().unwrap_or_default().trim();
        assert!(sentence.len() > 20, "`{key}` has no sentence");
        let key = (addon.to_owned(), rule.to_owned(), place.to_owned());
        let twice = all.insert(key, sentence.to_owned());
        assert_eq!(twice, None, "two sentences for one place");
    }
    all
}

/// The place of a finding, as it is written in the report.
fn place(finding: &Value, addon: &str) -> String {
    let file = finding["place"]["file"].as_str().unwrap();
    let file = file.strip_prefix(addon).unwrap().trim_start_matches('/');
    match (
        finding["place"]["line"].as_u64(),
        finding["place"]["column"].as_u64(),
    ) {
        (Some(line), Some(column)) => format!("{file}:{line}:{column}"),
        _ => file.to_owned(),
    }
}

/// The report, and what is wrong with the sentences.
fn report(found: &Value, mut reasons: BTreeMap<Key, String>) -> (String, Vec<String>) {
    let (mut body, mut wrong) = (String::new(), Vec::new());
    let mut warnings: BTreeMap<&str, u64> = BTreeMap::new();
    let (mut addons, mut errors) = (0, 0);
    let mut told = BTreeMap::new();
    for addon in found["addons"].as_array().unwrap() {
        let path = addon["path"].as_str().unwrap();
        let name = path.rsplit('/').next().unwrap();
        addons += u64::from(Path::new(path).join("metadata.yaml").is_file());
        let mut titled = false;
        for finding in addon["findings"].as_array().unwrap() {
            let code = finding["code"].as_str().unwrap();
            if finding["severity"] != "error" {
                *warnings.entry(code).or_default() += 1;
                continue;
            }
            errors += 1;
            if !titled {
                write!(body, "\n## {name}\n\n").unwrap();
                titled = true;
            }
            let key = (name.to_owned(), code.to_owned(), place(finding, path));
            let sentence = reasons.remove(&key).or_else(|| told.get(&key).cloned());
            let sentence = sentence.unwrap_or_else(|| {
                wrong.push(format!("no sentence for {} {} {}", key.0, key.1, key.2));
                String::new()
            });
            let message = finding["message"].as_str().unwrap();
            writeln!(
                body,
                "- **{code}** `{}`: {message}\n\n  {sentence}\n",
                key.2
            )
            .unwrap();
            told.insert(key, sentence);
        }
    }
    let left = reasons.keys();
    wrong.extend(left.map(|key| format!("no finding for {} {} {}", key.0, key.1, key.2)));
    let mut head = format!(
        "# What `check` finds in the KubeVela catalog\n\n\
         Generated from the {addons} addons of the corpus; the sentences are those of `catalogue-reasons.txt`.\n\n\
         {errors} errors, each true for the reason below it. Warnings by rule:\n\n| rule | warnings |\n| --- | ---: |\n"
    );
    for (code, count) in warnings {
        writeln!(head, "| {code} | {count} |").unwrap();
    }
    (format!("{head}{}\n", body.trim_end()), wrong)
}

#[test]
fn every_error_in_the_catalogue_has_its_reason() {
    let test = "every_error_in_the_catalogue_has_its_reason";
    let Some(corpus) = testkit::conformance_or_skip(test, "addons") else {
        return;
    };
    let folder = corpus.join("inputs/addons");
    let run = Scratch::new().run(&[
        "check",
        "--no-cache",
        "--exit-zero",
        "--format",
        "json",
        folder.to_str().unwrap(),
    ]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let found: Value = serde_json::from_str(&run.stdout).unwrap();
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    let sentences = std::fs::read_to_string(docs.join("catalogue-reasons.txt")).unwrap();
    let (report, wrong) = report(&found, reasons(&sentences));
    assert_eq!(wrong, Vec::<String>::new());
    let file = docs.join("catalogue-report.md");
    if std::env::var_os("ADDON_PACK_BLESS").is_some() {
        std::fs::write(&file, &report).unwrap();
    }
    let current = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        current == report,
        "docs/catalogue-report.md is not current: run this test with ADDON_PACK_BLESS=1"
    );
}
