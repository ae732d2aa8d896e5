//! Hand made objects with one fault or one legitimate variation each.

use crate::json;
use goyaml::{Strictness, Tree};
use kube_schema::{CrdSet, Verdict, as_sent, check_object};
use serde_json::Value;
use std::path::Path;
use testkit::ratchet::Results;

/// The object of a probe; `Err` when its text cannot be read, with what the reader says.
fn object(probe: &Value) -> Result<Tree, String> {
    if let Some(text) = probe["text"].as_str() {
        let tree = goyaml::read_tree(text.as_bytes(), 1, Strictness::Strict);
        let tree = tree.map_err(|error| error.to_string())?;
        return Ok(as_sent(&tree).into_owned());
    }
    let mut object = probe["object"].clone();
    for fill in probe["fill"].as_array().into_iter().flatten() {
        let mut place = &mut object;
        for step in fill["path"].as_array().expect("a path") {
            place = match step {
                Value::String(key) => &mut place[key.as_str()],
                step => {
                    &mut place[usize::try_from(step.as_u64().expect("an index")).expect("a size")]
                }
            };
        }
        let count = usize::try_from(fill["count"].as_u64().expect("a count")).expect("a size");
        *place = fill["char"]
            .as_str()
            .expect("a character")
            .repeat(count)
            .into();
    }
    Ok(json::tree(&object))
}

/// The results of the groups of probes.
pub(crate) fn run(corpus: &Path) -> Vec<(&'static str, Results)> {
    let crd = std::fs::read_to_string(corpus.join("probe-crd.json")).expect("the CRD of probes");
    let crd = json::tree(&serde_json::from_str(&crd).expect("JSON"));
    let mut crds = CrdSet::new();
    assert!(crds.insert(&crd), "the CRD of probes");
    let names = [
        "schema",
        "strict",
        "validation",
        "field",
        "accepted",
        "unknown",
    ];
    let mut groups = names.map(|name| (name, Results::new()));
    for probe in crate::records(&corpus.join("probes.jsonl")) {
        let id = probe["id"].as_str().expect("an id").to_owned();
        let read = object(&probe);
        let verdict = read.as_ref().map(|object| {
            let crds = probe.get("needs").map(|_| &crds);
            check_object(object, crate::release(), crds)
        });
        let wanted = probe["verdict"].as_str().expect("a verdict");
        let group = match (wanted, probe["layer"].as_str()) {
            ("rejected", Some(layer)) => layer,
            ("ok", _) => "accepted",
            _ => "unknown",
        };
        let (found, said) = match &verdict {
            Ok(verdict) => (crate::word(verdict), crate::said(verdict)),
            Err(error) => ("rejected", format!("cannot be read: {error}")),
        };
        let result = if found == wanted {
            Ok(())
        } else {
            let message = probe["message"].as_str().unwrap_or_default();
            Err(format!("said {said}, expected {wanted}: {message}"))
        };
        let fields: Vec<&str> = probe["causes"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|cause| cause["field"].as_str())
            .collect();
        let mut put = |group: &str, result| {
            let results = groups.iter_mut().find(|(name, _)| *name == group);
            results.expect("a group").1.insert(id.clone(), result);
        };
        if let (Ok(Verdict::Rejected(faults)), false) = (&verdict, fields.is_empty()) {
            let named = faults
                .iter()
                .any(|fault| fields.contains(&fault.field.as_str()));
            let result = if named {
                Ok(())
            } else {
                Err(format!("said {said}, expected {fields:?}"))
            };
            put("field", result);
        }
        put(group, result);
    }
    groups.into()
}
