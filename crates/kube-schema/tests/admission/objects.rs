//! Objects that addons and definitions render to.

use crate::goldens;
use kube_schema::check_object;
use std::path::Path;
use testkit::ratchet::Results;

/// The results of the groups of objects.
pub(crate) fn run(corpus: &Path) -> Vec<(&'static str, Results)> {
    let folder = corpus.join("../addons");
    let objects = goldens::objects(&folder);
    let definitions = goldens::Definitions::read(&folder);
    let groups = ["catalog", "workloads"];
    let group = |name: &'static str| {
        let mut results = Results::new();
        for record in crate::records(&corpus.join(format!("{name}.jsonl"))) {
            let digest = record["sha256"].as_str().expect("a digest");
            let place = &record["places"][0];
            let case = format!(
                "{} {} {} {} {}",
                &digest[..12],
                place["addon"].as_str().unwrap_or_default(),
                place["case"].as_str().unwrap_or_default(),
                place["where"].as_str().unwrap_or_default(),
                record["verdict"].as_str().unwrap_or_default(),
            );
            let Some(object) = objects.get(digest) else {
                results.insert(case, Err("is not among the goldens".to_owned()));
                continue;
            };
            // a namespace that nobody creates is no matter of the object
            let wanted = if record["code"] == 404 {
                &record["with_namespace"]["verdict"]
            } else {
                &record["verdict"]
            };
            let part = |key: &str| place[key].as_str().unwrap_or_default();
            let crds = if name == "workloads" {
                let case = folder
                    .join("workloads")
                    .join(part("addon"))
                    .join(part("case"));
                definitions.of_addons(&goldens::owners(&case))
            } else {
                let addon = part("addon");
                definitions.of_case(
                    addon.strip_prefix("definitions/").unwrap_or(addon),
                    part("case"),
                )
            };
            // CRDs and namespaces were judged on an empty server
            let verdict = check_object(object, crate::release(), Some(&crds));
            let result = if wanted == crate::word(&verdict) {
                Ok(())
            } else {
                let said = crate::said(&verdict);
                let message = record["message"].as_str().unwrap_or_default();
                Err(format!("said {said}, expected {wanted}: {message}"))
            };
            results.insert(case, result);
        }
        (name, results)
    };
    groups.map(group).into()
}
