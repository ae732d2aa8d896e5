//! What a kube-apiserver 1.34.3 said to CRDs and to custom resources: `golden/definitions.jsonl` and `golden/custom.jsonl`.
//!
//! A line is a case: `verdict` is the server's (server-side dry run, strict field validation), `fields` are the fields that it
//! named, of which at least one has to be named here: a value that cannot be decoded has no field in its answer. The file of custom resources
//! begins with the CRDs that were there.
#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    reason = "a test reads the files that stand beside it"
)]

use goyaml::Tree;
use kube_schema::{CrdSet, Release, Verdict, check_object};
use serde_json::Value;

/// Cases that are answered otherwise, and why.
const DIFFERENT: [(&str, &str); 3] = [
    (
        "property rule-cost",
        "what a rule may cost at most is not estimated",
    ),
    (
        "property default-list-type",
        "an element of a default is called `default[0]`, not `default.[0]`",
    ),
    (
        "conv noname",
        "the server names the namespace where the name is missing",
    ),
];

fn records(name: &str) -> Vec<Value> {
    let file = format!("{}/tests/golden/{name}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(file).expect("the cases");
    let lines = text
        .lines()
        .map(|line| serde_json::from_str(line).expect("a case"));
    lines.collect()
}

fn tree(object: &Value) -> Tree {
    let text = object.to_string();
    goyaml::read_tree(text.as_bytes(), 1, goyaml::Strictness::Lenient)
        .unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// The cases that are answered otherwise.
fn differing(records: &[Value], crds: &CrdSet<'_>) -> Vec<String> {
    let release = Release::new(34).expect("a release that is built in");
    let mut wrong = Vec::new();
    for record in records {
        let Some(case) = record["case"].as_str() else {
            continue;
        };
        let verdict = check_object(&tree(&record["object"]), release, Some(crds));
        let (word, faults) = match verdict {
            Verdict::Ok => ("ok", Vec::new()),
            Verdict::Rejected(faults) => ("rejected", faults),
            Verdict::UnknownKind => ("no-kind", Vec::new()),
        };
        let expected: Vec<&str> = record["fields"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let is_named = |field: &&str| faults.iter().any(|fault| fault.field == *field);
        let is_same =
            record["verdict"] == word && (expected.is_empty() || expected.iter().any(is_named));
        let is_known = DIFFERENT.iter().any(|(name, _)| *name == case);
        if is_same == is_known {
            let said = faults
                .iter()
                .map(|fault| format!("`{}` {}", fault.field, fault.message));
            let said = said.collect::<Vec<_>>().join("; ");
            wrong.push(format!(
                "{case}: {word} {said}\n    expected {} {expected:?}",
                record["verdict"]
            ));
        }
    }
    wrong
}

#[test]
fn definitions_are_judged_as_by_the_server() {
    let wrong = differing(&records("definitions.jsonl"), &CrdSet::new());
    assert!(
        wrong.is_empty(),
        "{} cases:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn custom_resources_are_judged_as_by_the_server() {
    let records = records("custom.jsonl");
    let definitions = records.iter().filter_map(|record| record.get("definition"));
    let definitions: Vec<Tree> = definitions.map(tree).collect();
    let mut crds = CrdSet::new();
    for definition in &definitions {
        assert!(crds.insert(definition));
    }
    let wrong = differing(&records, &crds);
    assert!(
        wrong.is_empty(),
        "{} cases:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}
