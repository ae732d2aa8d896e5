//! Every addon of the corpus is read as KubeVela read it: the same files in the same buckets in
//! the same order, the same metadata (`load.json` of `conformance/addons`, FORMAT.md section 1).
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test reads the corpus from the real disk and fails where it cannot"
)]

use addon_model::{Addon, Element, Meta, Pair, Spanned, TextFile};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use source_vocab::{SourceMap, VPath};
use std::path::{Path, PathBuf};
use testkit::MemoryWorld;

/// Addons that are not read as KubeVela reads them, with the reason. Aim: none.
const KNOWN_FAILURES: &[&str] = &[];

fn fill(mut world: MemoryWorld, directory: &Path, below: &str) -> MemoryWorld {
    for entry in std::fs::read_dir(directory).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        let path = format!("{below}{name}");
        if entry.file_type().unwrap().is_dir() {
            world = fill(world, &entry.path(), &format!("{path}/"));
        } else {
            world = world.file(&path, std::fs::read(entry.path()).unwrap());
        }
    }
    world
}

fn subdirectories(directory: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .collect();
    found.sort();
    found
}

fn names<'a>(files: impl Iterator<Item = &'a TextFile> + 'a) -> Value {
    files.map(|file| json!(file.name())).collect()
}

fn cue(elements: &[Element]) -> Value {
    names(elements.iter().filter_map(Element::as_cue))
}

fn yaml(elements: &[Element]) -> Value {
    names(
        elements
            .iter()
            .filter_map(Element::as_yaml)
            .map(|yaml| &yaml.file),
    )
}

fn strings(list: &[Spanned<String>]) -> Value {
    list.iter().map(|text| json!(text.value)).collect()
}

fn pairs(list: &[Pair]) -> Value {
    Value::Object(
        list.iter()
            .map(|pair| (pair.key.value.clone(), json!(pair.value.value)))
            .collect(),
    )
}

/// `Meta` as Go's JSON encoder prints it: `omitempty` where its tags say so.
fn meta_json(meta: &Meta) -> Value {
    let mut object = json!({
        "name": meta.name.value,
        "version": meta.version.value,
        "description": meta.description.value,
        "icon": meta.icon.value,
        "invisible": meta.invisible.value,
    });
    let mut set = |key: &str, value: Value| {
        object[key] = value;
    };
    if !meta.url.is_empty() {
        set("url", json!(meta.url.value));
    }
    if !meta.tags.is_empty() {
        set("tags", strings(&meta.tags));
    }
    if !meta.need_namespace.is_empty() {
        set("needNamespace", strings(&meta.need_namespace));
    }
    if !meta.ux_plugins.is_empty() {
        set("uxPlugins", pairs(&meta.ux_plugins));
    }
    if !meta.annotations.is_empty() {
        set("annotations", pairs(&meta.annotations));
    }
    if let Some(deploy_to) = &meta.deploy_to {
        let mut value = json!({
            "disableControlPlane": deploy_to.disable_control_plane.value,
            "runtimeCluster": deploy_to.runtime_cluster.value,
        });
        if deploy_to.legacy_runtime_cluster.value {
            value["runtime_cluster"] = json!(true);
        }
        set("deployTo", value);
    }
    let without_empty = |fields: &[(&str, &Spanned<String>)]| {
        Value::Object(
            fields
                .iter()
                .filter(|(_, text)| !text.is_empty())
                .map(|(key, text)| ((*key).to_owned(), json!(text.value)))
                .collect(),
        )
    };
    if !meta.dependencies.is_empty() {
        let list = meta
            .dependencies()
            .map(|found| without_empty(&[("name", &found.name), ("version", &found.version)]))
            .collect();
        set("dependencies", list);
    }
    if let Some(system) = &meta.system {
        set(
            "system",
            without_empty(&[("vela", &system.vela), ("kubernetes", &system.kubernetes)]),
        );
    }
    object
}

struct Hex<'a>(&'a [u8]);

impl std::fmt::LowerHex for Hex<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

fn load_json(addon: &Addon) -> Value {
    let parameter = addon.effective_parameter().map_or("", TextFile::text);
    let digest = format!("{:x}", Hex(&Sha256::digest(parameter)));
    json!({
        "appTemplateCUE": addon.template_cue.as_ref().map_or("", TextFile::name),
        "appTemplateYAML": addon.template_yaml.is_some(),
        "configTemplates": names(addon.config_templates.iter()),
        "cueDefinitions": cue(&addon.definitions),
        "cueTemplates": cue(&addon.resources),
        "cueViews": cue(&addon.views),
        "defSchemas": names(addon.schemas.iter()),
        "definitions": yaml(&addon.definitions),
        "hasParameters": !parameter.is_empty(),
        "meta": meta_json(addon.meta()),
        "notes": addon.notes.as_ref().map_or("", TextFile::name),
        "parametersSHA256": digest,
        "yamlTemplates": yaml(&addon.resources),
        "yamlViews": yaml(&addon.views),
    })
}

/// Which fields of two objects differ.
fn differences(ours: &Value, theirs: &Value) -> Vec<String> {
    let (ours, theirs) = (ours.as_object().unwrap(), theirs.as_object().unwrap());
    theirs
        .iter()
        .filter(|(key, value)| ours.get(*key) != Some(value))
        .map(|(key, value)| format!("{key}: want {value}, got {:?}", ours.get(key)))
        .collect()
}

#[test]
fn every_addon_is_read_as_kubevela_reads_it() {
    let test = "every_addon_is_read_as_kubevela_reads_it";
    let Some(corpus) = testkit::conformance_or_skip(test, "addons") else {
        return;
    };
    let mut cases: Vec<(PathBuf, PathBuf)> = Vec::new();
    for input in subdirectories(&corpus.join("inputs/addons")) {
        let golden = corpus.join("addons").join(input.file_name().unwrap());
        cases.push((input, golden));
    }
    for synthetic in subdirectories(&corpus.join("synthetic")) {
        cases.push((synthetic.join("src"), synthetic));
    }
    let (mut compared, mut refused, mut failures) = (0, 0, Vec::new());
    for (input, golden) in cases {
        let name = golden.file_name().unwrap().to_string_lossy().into_owned();
        let world = fill(MemoryWorld::new(), &input, "");
        let mut sources = SourceMap::new();
        let tree = addon_model::scan(&world, &VPath::root()).value.unwrap();
        let addon = addon_model::load(&world, &tree, &mut sources)
            .value
            .unwrap();
        let refusal = addon_model::load_packaging(&world, &tree, &mut sources).refusal;
        let package: Value =
            serde_json::from_str(&std::fs::read_to_string(golden.join("package.json")).unwrap())
                .unwrap();
        let theirs = package
            .get("error")
            .and_then(Value::as_str)
            .unwrap_or_default();
        if refusal.is_some() != theirs.contains("is not an addon dir") {
            failures.push(format!(
                "{name}: packaging gives {refusal:?}, KubeVela says {theirs:?}"
            ));
        }
        let Ok(text) = std::fs::read_to_string(golden.join("load.json")) else {
            // KubeVela could not read it: for reasons of CUE or of Kubernetes types, not ours
            assert!(
                golden.join("load-error.txt").is_file(),
                "{name} has no golden"
            );
            refused += 1;
            continue;
        };
        let theirs: Value = serde_json::from_str(&text).unwrap();
        compared += 1;
        let found = differences(&load_json(&addon), &theirs);
        let known = KNOWN_FAILURES.contains(&name.as_str());
        if found.is_empty() == known {
            failures.push(format!(
                "{name}: {}",
                if known {
                    vec!["now passes".into()]
                } else {
                    found
                }
                .join("; ")
            ));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(compared > 100, "only {compared} addons compared");
    assert!(
        refused < compared / 10,
        "{refused} addons have no golden to compare with"
    );
}
