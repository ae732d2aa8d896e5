//! KubeVela's definitions as data: `crates/addon-check/src/definitions/builtin.json`, the built-in ones, and
//! `catalogue.json`, which addon of the public catalogue brings which.
//!
//! The catalogue is a folder of addons, of which the names of the definitions are kept, one addon a line. The source of the
//! other is a file of facts about one commit of KubeVela (kind, name, the OpenAPI schema of the parameters, what a trait
//! applies to). What only people read, titles and descriptions, is left out, and so is what stands twice: of two
//! definitions with one kind and name the one that comes with KubeVela itself counts. The schemas list every field without
//! `?` as required; here only those are that nobody else gives: a field with a default, one that may be null, an open list
//! and a struct of such fields need not be given.

use anyhow::{Context as _, bail};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::path::Path;

/// The set of definitions that nobody gets without installing them.
const NOT_INSTALLED: &str = "registry";
/// Examples in the catalogue, which nobody depends on.
const EXAMPLES: [&str; 1] = ["example-cue"];

/// Parameters whose default is taken from the context of the Application (`*context.namespace | string`), which no schema
/// can say: by definition.
const FROM_CONTEXT: [(&str, &[&str]); 9] = [
    ("apply-terraform-config", &["namespace"]),
    ("clean-jobs", &["namespace"]),
    ("collect-service-endpoints", &["name", "namespace"]),
    ("create-config", &["namespace"]),
    ("delete-config", &["namespace"]),
    ("export-data", &["name", "namespace"]),
    ("export-service", &["name", "namespace"]),
    ("list-config", &["namespace"]),
    ("read-config", &["namespace"]),
];

/// Properties that a schema leaves out.
struct LeftOut {
    definitions: &'static [&'static str],
    /// Where, as a JSON pointer.
    holder: &'static str,
    /// Their names and types.
    properties: &'static [(&'static str, &'static str)],
}

/// A policy may have them in KubeVela's code (`apis/core.oam.dev/v1alpha1`) and not in its definition. Others are there only
/// for some values of another parameter (`if type == "pvc" {claimName: string}`); a schema holds those of the default.
const LEFT_OUT: [LeftOut; 4] = [
    LeftOut {
        definitions: &["garbage-collect"],
        holder: "/properties",
        properties: &[("order", "string")],
    },
    LeftOut {
        definitions: &["override"],
        holder: "/properties/components/items/properties",
        properties: &[("externalRevision", "string")],
    },
    LeftOut {
        definitions: &[
            "cron-task",
            "daemon",
            "statefulset",
            "task",
            "volumes",
            "webservice",
            "worker",
        ],
        holder: "/properties/volumes/items/properties",
        properties: &[
            ("claimName", "string"),
            ("cmName", "string"),
            ("defaultMode", "integer"),
            ("items", "array"),
            ("secretName", "string"),
        ],
    },
    LeftOut {
        definitions: &["pvc"],
        holder: "/properties/volumesToMount/items/properties",
        properties: &[("devicePath", "string")],
    },
];

/// Parameters that have to be given only for some values of another one.
const SOMETIMES: [(&str, &[&str]); 1] = [("pvc", &["mountPath"])];

const FILE: &str = "crates/addon-check/src/definitions/builtin.json";
const CATALOGUE: &str = "crates/addon-check/src/definitions/catalogue.json";

/// Writes the data from the file of facts, and from a folder of addons.
///
/// # Errors
/// When the file is not of the expected form, or the disk refuses.
#[expect(clippy::disallowed_methods, reason = "this command writes the tree")]
pub(crate) fn run(root: &Path, source: &str, addons: &str) -> anyhow::Result<()> {
    let text = std::fs::read(source).with_context(|| format!("cannot read `{source}`"))?;
    let Value::Array(all) = serde_json::from_slice(&text)? else {
        bail!("`{source}` holds no list of definitions");
    };
    let mut made: BTreeMap<(String, String), Value> = BTreeMap::new();
    for definition in &all {
        let word = |key: &str| {
            definition
                .get(key)
                .and_then(Value::as_str)
                .unwrap_or_default()
        };
        let key = (word("kind").to_owned(), word("name").to_owned());
        let is_installed = word("set") != NOT_INSTALLED;
        if is_installed || !made.contains_key(&key) {
            made.insert(key, compact(definition, is_installed));
        }
    }
    let lines: Vec<String> = made.values().map(Value::to_string).collect();
    let text = format!("[\n{}\n]\n", lines.join(",\n"));
    std::fs::write(root.join(FILE), text).with_context(|| format!("cannot write `{FILE}`"))?;
    let text = catalogue(Path::new(addons))?;
    std::fs::write(root.join(CATALOGUE), text)
        .with_context(|| format!("cannot write `{CATALOGUE}`"))
}

/// The names of the definitions of all addons in a folder.
#[expect(clippy::disallowed_methods, reason = "this command reads the tree")]
fn catalogue(addons: &Path) -> anyhow::Result<String> {
    let mut lines = BTreeMap::new();
    for addon in std::fs::read_dir(addons)? {
        let addon = addon?;
        let name = addon.file_name().to_string_lossy().into_owned();
        if EXAMPLES.contains(&name.as_str()) {
            continue;
        }
        let mut files = Vec::new();
        for entry in walkdir::WalkDir::new(addon.path().join("definitions")).sort_by_file_name() {
            // an addon may have no definitions
            let Ok(entry) = entry else { continue };
            if entry.file_type().is_file() {
                let bytes = std::fs::read(entry.path())?;
                files.push((entry.path().display().to_string(), bytes));
            }
        }
        let mut session = cue_engine::Session::new();
        let found = addon_render::definition::find(&mut session, files, None);
        let mut kinds: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for definition in found.value.unwrap_or_default() {
            let names = kinds.entry(definition.kind.word()).or_default();
            names.push(definition.name);
            names.sort();
        }
        if !kinds.is_empty() {
            lines.insert(json!(name).to_string(), json!(kinds).to_string());
        }
    }
    let lines: Vec<String> = lines
        .into_iter()
        .map(|(addon, kinds)| format!("{addon}:{kinds}"))
        .collect();
    Ok(format!("{{\n{}\n}}\n", lines.join(",\n")))
}

fn compact(definition: &Value, is_installed: bool) -> Value {
    let mut made = Map::new();
    for key in ["kind", "name", "appliesToWorkloads", "workload"] {
        if let Some(value) = definition.get(key) {
            made.insert(key.to_owned(), value.clone());
        }
    }
    if definition.get("set").and_then(Value::as_str) == Some("deprecated") {
        made.insert("deprecated".to_owned(), json!(true));
    }
    if !is_installed {
        made.insert("installed".to_owned(), json!(false));
    }
    let parameter = definition.get("parameter").filter(|value| !value.is_null());
    if let Some(parameter) = parameter.filter(|_| is_installed) {
        let name = definition.get("name").and_then(Value::as_str);
        let mut parameter = schema(parameter, None);
        let unneeded = FROM_CONTEXT.iter().chain(&SOMETIMES);
        for (_, names) in unneeded.filter(|(own, _)| Some(*own) == name) {
            not_needed(&mut parameter, names);
        }
        for left_out in LEFT_OUT {
            if !name.is_some_and(|name| left_out.definitions.contains(&name)) {
                continue;
            }
            if let Some(known) = parameter.pointer_mut(left_out.holder) {
                for (property, typ) in left_out.properties {
                    known[property] = json!({"type": typ});
                }
            }
        }
        made.insert("parameter".to_owned(), parameter);
    }
    Value::Object(made)
}

/// A schema without what only people read. An alternative names properties of the schema that it stands in.
fn schema(value: &Value, outer: Option<&Value>) -> Value {
    let Value::Object(map) = value else {
        return value.clone();
    };
    let properties = map.get("properties").or(outer);
    let mut made = Map::new();
    for (key, value) in map {
        let value = match (key.as_str(), value) {
            ("title" | "description" | "default", _) => continue,
            ("properties", Value::Object(properties)) => properties
                .iter()
                .map(|(name, property)| (name.clone(), schema(property, None)))
                .collect(),
            ("items" | "additionalProperties" | "not", inner) => schema(inner, None),
            ("oneOf" | "anyOf" | "allOf", Value::Array(all)) => {
                all.iter().map(|one| schema(one, properties)).collect()
            }
            ("required", Value::Array(names)) => {
                let names = names.iter().filter(|name| is_needed(name, properties));
                Value::Array(names.cloned().collect())
            }
            _ => value.clone(),
        };
        if key != "required" || value.as_array().is_some_and(|names| !names.is_empty()) {
            made.insert(key.clone(), value);
        }
    }
    Value::Object(made)
}

/// Takes names out of what is required, on every level.
fn not_needed(schema: &mut Value, names: &[&str]) {
    if let Some(Value::Array(required)) = schema.get_mut("required") {
        required.retain(|name| !name.as_str().is_some_and(|name| names.contains(&name)));
    }
    match schema {
        Value::Object(map) => map.values_mut().for_each(|inner| not_needed(inner, names)),
        Value::Array(all) => all.iter_mut().for_each(|inner| not_needed(inner, names)),
        _ => {}
    }
}

/// Whether a property that is listed as required has to be given.
fn is_needed(name: &Value, properties: Option<&Value>) -> bool {
    let property = name.as_str().and_then(|name| properties?.get(name));
    property.is_none_or(|property| {
        let list = |key: &str| property.get(key).and_then(Value::as_array);
        let is_fixed = list("enum").is_some_and(|values| values.len() == 1);
        let may_be_null = property.get("nullable") == Some(&Value::Bool(true));
        if property.get("default").is_some() || is_fixed || may_be_null {
            return false;
        }
        let has_alternatives = property.get("oneOf").is_some();
        match property.get("type").and_then(Value::as_str) {
            Some("object") if !has_alternatives => {
                let required = list("required").into_iter().flatten();
                required
                    .filter(|name| is_needed(name, property.get("properties")))
                    .count()
                    > 0
            }
            Some("array") if !has_alternatives => false,
            _ => true,
        }
    })
}
