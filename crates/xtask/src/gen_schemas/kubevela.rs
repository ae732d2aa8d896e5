//! The CRDs of KubeVela as `kube-schema` embeds them: a line of JSON each, sorted by their names, with the keys sorted.
//!
//! The source has a file for each CRD, without the wrapping of an object: names, scope and versions stand at the top. What
//! does not matter for a custom resource (printer columns, descriptions) is left out.

use anyhow::{Context as _, bail};
use serde_json::Value;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// The text of the file, from the documents in `folder`.
///
/// # Errors
/// When a document cannot be read or is not as expected.
#[expect(
    clippy::disallowed_methods,
    reason = "this command reads the documents"
)]
pub(super) fn generate(folder: &Path) -> anyhow::Result<String> {
    let folder = folder.join("kubevela-crds");
    let listed = std::fs::read_dir(&folder)
        .with_context(|| format!("cannot list `{}`", folder.display()))?;
    let mut files: Vec<PathBuf> = listed
        .map(|entry| Ok(entry?.path()))
        .collect::<anyhow::Result<_>>()?;
    files.retain(|file| {
        file.extension()
            .is_some_and(|extension| extension == "json")
    });
    files.sort();
    let mut out = String::new();
    for file in files {
        let bytes =
            std::fs::read(&file).with_context(|| format!("cannot read `{}`", file.display()))?;
        let source: Value = serde_json::from_slice(&bytes)
            .with_context(|| format!("`{}` is no JSON", file.display()))?;
        let object =
            definition(&source).with_context(|| format!("the CRD in `{}`", file.display()))?;
        write_sorted(&object, &mut out);
        out.push('\n');
    }
    Ok(out)
}

fn definition(source: &Value) -> anyhow::Result<Value> {
    let Some(versions) = source["versions"].as_array() else {
        bail!("it has no `versions`");
    };
    let mut kept = Vec::new();
    for version in versions {
        let mut one = serde_json::Map::new();
        for key in ["name", "served", "storage", "schema", "subresources"] {
            if let Some(value) = version.get(key).filter(|value| !value.is_null()) {
                one.insert(key.to_owned(), without_descriptions(value));
            }
        }
        if !one.contains_key("schema") {
            bail!("a version has no `schema`");
        }
        kept.push(Value::Object(one));
    }
    Ok(serde_json::json!({
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": source["name"]},
        "spec": {
            "group": source["group"],
            "names": source["names"],
            "scope": source["scope"],
            "versions": kept,
        },
    }))
}

/// The schema without texts for people. A property that is called `description` is a schema, and stays.
fn without_descriptions(value: &Value) -> Value {
    match value {
        Value::Object(entries) => Value::Object(
            entries
                .iter()
                .filter(|(key, value)| *key != "description" || !value.is_string())
                .map(|(key, value)| (key.clone(), without_descriptions(value)))
                .collect(),
        ),
        Value::Array(items) => Value::Array(items.iter().map(without_descriptions).collect()),
        other => other.clone(),
    }
}

/// Writes JSON without blanks, whatever order the maps keep.
fn write_sorted(value: &Value, out: &mut String) {
    match value {
        Value::Object(entries) => {
            let mut sorted: Vec<_> = entries.iter().collect();
            sorted.sort_by(|left, right| left.0.cmp(right.0));
            out.push('{');
            for (at, (key, value)) in sorted.into_iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                // writing into a string cannot fail
                let _ = write!(out, "{}:", Value::String(key.clone()));
                write_sorted(value, out);
            }
            out.push('}');
        }
        Value::Array(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                write_sorted(item, out);
            }
            out.push(']');
        }
        other => {
            let _ = write!(out, "{other}");
        }
    }
}
