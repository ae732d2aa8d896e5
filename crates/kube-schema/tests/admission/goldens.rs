//! The objects behind the records: every document of the golden renderings, and what stands inside their components; and
//! the CRDs that were there when an object was judged.

use crate::json;
use goyaml::Tree;
use kube_schema::{CrdSet, as_sent};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
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

/// CRDs that addons render, by addon and case, and which addons an addon depends on.
pub(crate) struct Definitions {
    rendered: BTreeMap<(String, String), Vec<Tree>>,
    dependencies: BTreeMap<String, Vec<String>>,
}

impl Definitions {
    /// Those of a folder of goldens and of the addons they were made from.
    pub(crate) fn read(goldens: &Path) -> Self {
        let mut made = Self {
            rendered: BTreeMap::new(),
            dependencies: BTreeMap::new(),
        };
        for (folder, prefix) in [("addons", ""), ("synthetic", "synthetic/")] {
            for addon in names(&goldens.join(folder)) {
                for case in names(&goldens.join(folder).join(&addon)) {
                    let crds = crds(&goldens.join(folder).join(&addon).join(&case));
                    if !crds.is_empty() {
                        made.rendered
                            .insert((format!("{prefix}{addon}"), case), crds);
                    }
                }
            }
        }
        for addon in names(&goldens.join("inputs/addons")) {
            let metadata = goldens
                .join("inputs/addons")
                .join(&addon)
                .join("metadata.yaml");
            let Ok(bytes) = std::fs::read(metadata) else {
                continue;
            };
            let needed = documents(&bytes);
            let needed = needed
                .first()
                .and_then(|metadata| metadata.get("dependencies"));
            let needed = needed.map(Tree::items).unwrap_or_default();
            let needed = needed
                .iter()
                .filter_map(|one| one.get("name").and_then(Tree::as_str));
            made.dependencies
                .insert(addon, needed.map(str::to_owned).collect());
        }
        made
    }

    /// What was there for an object of `case` of `addon`: KubeVela's own CRDs, those of its dependencies, then its own.
    pub(crate) fn of_case(&self, addon: &str, case: &str) -> CrdSet<'_> {
        let mut set = CrdSet::of_kubevela();
        let mut seen = BTreeSet::from([addon.to_owned()]);
        self.insert_dependencies(addon, &mut seen, &mut set);
        for crd in self
            .rendered
            .get(&(addon.to_owned(), case.to_owned()))
            .into_iter()
            .flatten()
        {
            set.insert(crd);
        }
        set
    }

    /// What was there for a workload made with the definitions of `addons`.
    pub(crate) fn of_addons(&self, addons: &BTreeSet<String>) -> CrdSet<'_> {
        let mut set = CrdSet::of_kubevela();
        let mut seen = BTreeSet::new();
        for addon in addons {
            self.insert_addon(addon, &mut seen, &mut set);
        }
        set
    }

    fn insert_dependencies<'t>(
        &'t self,
        addon: &str,
        seen: &mut BTreeSet<String>,
        set: &mut CrdSet<'t>,
    ) {
        for needed in self.dependencies.get(addon).into_iter().flatten() {
            self.insert_addon(needed, seen, set);
        }
    }

    /// Everything that an addon renders in any case; what its default case renders counts.
    fn insert_addon<'t>(&'t self, addon: &str, seen: &mut BTreeSet<String>, set: &mut CrdSet<'t>) {
        if !seen.insert(addon.to_owned()) {
            return;
        }
        self.insert_dependencies(addon, seen, set);
        let cases = self.rendered.iter().filter(|((of, _), _)| of == addon);
        let (default, others): (Vec<_>, Vec<_>) =
            cases.partition(|((_, case), _)| case == "default");
        for crd in others.into_iter().chain(default).flat_map(|(_, crds)| crds) {
            set.insert(crd);
        }
    }
}

/// The addons whose definitions a rendering of a workload used.
pub(crate) fn owners(case: &Path) -> BTreeSet<String> {
    let text = std::fs::read(case.join("params.json")).unwrap_or_default();
    let params: Value = serde_json::from_slice(&text).unwrap_or_default();
    let sources = params["definitions"].as_object().into_iter().flatten();
    sources
        .filter_map(|(_, source)| {
            let (_, below) = source.as_str()?.split_once("addons/")?;
            Some(below.split('/').next()?.to_owned())
        })
        .collect()
}

/// The names of the folders in a folder, sorted.
fn names(folder: &Path) -> BTreeSet<String> {
    std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .map(|entry| entry.expect("an entry"))
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect()
}

/// The CRDs among the documents of a case and inside its application.
fn crds(case: &Path) -> Vec<Tree> {
    let mut found = Vec::new();
    for file in ["app.yaml", "aux.yaml"] {
        for document in documents(&std::fs::read(case.join(file)).unwrap_or_default()) {
            let inner = inside(&document).into_iter();
            let all = inner.chain(std::iter::once(&document));
            let is_crd = |object: &&Tree| {
                object.get("kind").and_then(Tree::as_str) == Some("CustomResourceDefinition")
            };
            found.extend(all.filter(is_crd).cloned());
        }
    }
    found
}
