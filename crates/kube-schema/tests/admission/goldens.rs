//! The objects behind the records: every document of the golden renderings, and what stands inside their components.

use crate::json;
use goyaml::Tree;
use kube_schema::as_sent;
use std::collections::BTreeMap;
use std::path::Path;

/// Objects by digest.
pub(crate) type Objects = BTreeMap<String, Tree>;

/// All objects below a folder of goldens.
pub(crate) fn objects(goldens: &Path) -> Objects {
    let mut found = Objects::new();
    for part in ["addons", "synthetic", "definitions", "workloads"] {
        collect(&goldens.join(part), &mut found);
    }
    found
}

fn collect(folder: &Path, found: &mut Objects) {
    for entry in std::fs::read_dir(folder).expect("a folder of goldens") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(&path, found);
        } else if path
            .extension()
            .is_some_and(|extension| extension == "yaml")
        {
            for document in documents(&std::fs::read(&path).expect("a golden")) {
                put(&document, found);
            }
        }
    }
}

/// The documents of a stream, without empty ones and those that cannot be read.
pub(crate) fn documents(bytes: &[u8]) -> Vec<Tree> {
    let Ok(text) = goyaml::decode(bytes) else {
        return Vec::new();
    };
    let stream = goyaml::parse(&text, 1);
    let documents = stream
        .documents
        .iter()
        .filter(|document| !document.is_empty());
    documents
        .filter_map(|document| goyaml::resolve(&document.root).ok())
        .map(|resolved| as_sent(&resolved.tree).into_owned())
        .collect()
}

/// The objects inside the components of an application.
pub(crate) fn inside(application: &Tree) -> Vec<&Tree> {
    let components = application
        .get("spec")
        .and_then(|spec| spec.get("components"));
    let mut inside = Vec::new();
    for component in components.map(Tree::items).unwrap_or_default() {
        let Some(properties) = component.get("properties") else {
            continue;
        };
        match component.get("type").and_then(Tree::as_str) {
            Some("k8s-objects") => inside.extend(
                properties
                    .get("objects")
                    .map(Tree::items)
                    .unwrap_or_default(),
            ),
            Some("raw") => inside.push(properties),
            _ => {}
        }
    }
    inside
}

fn put(object: &Tree, found: &mut Objects) {
    for inner in inside(object) {
        found.insert(json::digest(inner), inner.clone());
    }
    found.insert(json::digest(object), object.clone());
}
