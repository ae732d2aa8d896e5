//! Reading an index as strictly as KubeVela does.
//!
//! KubeVela and Helm decode `index.yaml` strictly: one unknown key, or one key that stands twice, and no addon
//! of the registry is found; an entry that is null crashes `vela`. Each such mistake is a finding (`REG01`) with its place.

use crate::model::{Index, IndexEntry, compare, identity};
use goyaml::{Data, Tree};
use serde_json::{Map, Value as Json};
use source_vocab::{Diagnostic, Outcome, SourceFile};
use std::cmp::Ordering;

const TOP: [&str; 6] = [
    "apiVersion",
    "annotations",
    "entries",
    "generated",
    "publicKeys",
    "serverInfo",
];
const ENTRY: [&str; 25] = [
    "annotations",
    "apiVersion",
    "appVersion",
    "checksum",
    "condition",
    "created",
    "dependencies",
    "deprecated",
    "description",
    "digest",
    "engine",
    "home",
    "icon",
    "keywords",
    "kubeVersion",
    "maintainers",
    "name",
    "removed",
    "sources",
    "tags",
    "tillerVersion",
    "type",
    "url",
    "urls",
    "version",
];

fn found(message: impl Into<String>, place: source_vocab::Span) -> Diagnostic {
    Diagnostic::error("REG01", message, place)
}

/// Reads the text of an `index.yaml`. There is always an index, of the entries that could be read.
pub fn read(source: &SourceFile) -> Outcome<Index> {
    let mut diagnostics = Vec::new();
    let mut index = Index::new();
    let stream = goyaml::parse_file(source);
    if let Some(error) = stream.error {
        let mut finding = Diagnostic::from(error);
        finding.code = "REG01".into();
        diagnostics.push(finding);
    }
    if let Some(document) = stream.documents.first() {
        match goyaml::resolve(&document.root) {
            Ok(resolved) => {
                for duplicate in &resolved.duplicates {
                    let mut finding = Diagnostic::from(duplicate);
                    finding.code = "REG01".into();
                    diagnostics.push(finding);
                }
                top(&resolved.tree, &mut index, &mut diagnostics);
            }
            Err(error) => {
                let mut finding = Diagnostic::from(error);
                finding.code = "REG01".into();
                diagnostics.push(finding);
            }
        }
    } else if diagnostics.is_empty() {
        diagnostics.push(found("the index is empty", source.span().start()));
    }
    Outcome {
        value: Some(index),
        diagnostics,
    }
}

fn unknown(key: &goyaml::Entry, what: &str) -> Diagnostic {
    found(format!("`{}` is no field of {what}", key.key), key.key_span)
        .help("remove it: KubeVela rejects the whole registry")
}

fn top(tree: &Tree, index: &mut Index, diagnostics: &mut Vec<Diagnostic>) {
    if !matches!(tree.data, Data::Map(_)) {
        diagnostics.push(found("the index is no mapping", tree.span));
        return;
    }
    for key in tree.entries() {
        if !TOP.contains(&&*key.key) {
            diagnostics.push(unknown(key, "an index"));
        }
    }
    if tree
        .get("apiVersion")
        .and_then(Tree::as_str)
        .is_none_or(str::is_empty)
    {
        let finding = found("the index has no `apiVersion`", tree.span.start());
        diagnostics.push(finding.help("add `apiVersion: v1`: Helm rejects the index without it"));
    }
    let Some(entries) = tree.get("entries") else {
        return;
    };
    for addon in entries.entries() {
        addon_versions(addon, index, diagnostics);
    }
}

fn addon_versions(addon: &goyaml::Entry, index: &mut Index, diagnostics: &mut Vec<Diagnostic>) {
    let name = &*addon.key;
    let mut last: Option<String> = None;
    for item in addon.value.items() {
        if !matches!(item.data, Data::Map(_)) {
            let finding = found(format!("an entry of `{name}` is no mapping"), item.span);
            diagnostics.push(finding.help("remove it: it makes `vela addon list` crash"));
            continue;
        }
        for key in item.entries() {
            if !ENTRY.contains(&&*key.key) {
                diagnostics.push(unknown(key, "an index entry"));
            }
        }
        let Some(version) = item.get("version").and_then(Tree::coerced) else {
            let finding = found(
                format!("an entry of `{name}` has no `version`"),
                item.span.start(),
            );
            diagnostics.push(finding);
            continue;
        };
        let place = item
            .get("version")
            .map_or(item.span, |version| version.span);
        if gosemver::Version::parse(&version).is_err() {
            let finding = found(format!("`{version}` of `{name}` is no version"), place);
            diagnostics.push(finding.help("Helm skips the entry, KubeVela sorts it last"));
        }
        if let Some(other) = index.find(name, &version) {
            let message = format!("`{}` of `{name}` stands twice", identity(&version));
            diagnostics.push(found(message, place).label(other.span, "first here"));
            continue;
        }
        if let Some(last) = &last
            && compare(last, &version) == Ordering::Greater
        {
            let message = format!("`{version}` of `{name}` stands behind `{last}`, which is lower");
            let help = "sort the versions, the highest first: clients take the first as the latest";
            diagnostics.push(found(message, place).help(help));
        }
        last = Some(version.clone().into_owned());
        let mut entry = IndexEntry::new(fields(item));
        entry
            .fields
            .insert("version".to_owned(), Json::String(version.into_owned()));
        entry.span = item.span;
        // equal versions were sorted out above
        let _ = index.insert(name, entry);
    }
}

fn fields(tree: &Tree) -> Map<String, Json> {
    tree.entries()
        .iter()
        .map(|entry| (entry.key.to_string(), json(&entry.value)))
        .collect()
}

fn json(tree: &Tree) -> Json {
    serde_json::from_str(&json_text(tree)).unwrap_or(Json::Null)
}

/// The value as JSON text; texts that YAML reads as numbers or booleans keep their kind.
fn json_text(tree: &Tree) -> String {
    match &tree.data {
        Data::Map(_) => Json::Object(fields(tree)).to_string(),
        Data::List(items) => Json::Array(items.iter().map(json).collect()).to_string(),
        _ => match tree.to_value() {
            goyaml::Value::String(text) => Json::String(text).to_string(),
            goyaml::Value::Null => "null".to_owned(),
            goyaml::Value::Bool(value) => value.to_string(),
            goyaml::Value::Number(_) => tree
                .coerced()
                .map_or_else(|| "null".to_owned(), std::borrow::Cow::into_owned),
            goyaml::Value::List(_) | goyaml::Value::Map(_) => "null".to_owned(),
        },
    }
}
