//! Reading an index as strictly as KubeVela does.
//!
//! KubeVela and Helm decode `index.yaml` strictly: one unknown key, one key that stands twice, one value of another type,
//! and no addon of the registry is found; an entry that is null crashes `vela`. Each such mistake is a finding (`REG01`)
//! with its place.

use crate::model::{Index, IndexEntry, compare, identity};
use crate::shape::{ENTRY, TOP, record};
use goyaml::{Data, Tree};
use serde_json::Value as Json;
use source_vocab::{Diagnostic, Outcome, Place, SourceFile};
use std::cmp::Ordering;

fn found(message: impl Into<String>, place: source_vocab::Span) -> Diagnostic {
    Diagnostic::error("REG01", message, place)
}

/// Reads the text of an `index.yaml`. There is always an index, of the entries that could be read.
pub fn read(source: &SourceFile) -> Outcome<Index> {
    let mut diagnostics = Vec::new();
    let mut index = Index::new();
    let stream = goyaml::parse_file(source);
    let Some(document) = stream.documents.first() else {
        diagnostics.push(match stream.error {
            Some(error) => of_rule(error.into()),
            None => found("the index is empty", source.span().start()),
        });
        return Outcome {
            value: Some(index),
            diagnostics,
        };
    };
    match goyaml::resolve(&document.root) {
        Ok(resolved) => {
            let duplicates = resolved.duplicates.iter();
            diagnostics.extend(duplicates.map(|duplicate| of_rule(duplicate.into())));
            top(&resolved.tree, &mut index, &mut diagnostics);
        }
        Err(error) => diagnostics.push(of_rule(error.into())),
    }
    // nobody reads on after the first document
    let second = stream.documents.get(1).map(|second| second.span.start());
    let broken = stream
        .error
        .map(|error| of_rule(error.into()).primary.place);
    if let Some(place) = second.map(Place::Text).or(broken) {
        let message = "what stands behind the first document is not read";
        let found = Diagnostic::warning("REG01", message, place);
        diagnostics.push(found.help("keep one document"));
    }
    Outcome {
        value: Some(index),
        diagnostics,
    }
}

fn of_rule(mut finding: Diagnostic) -> Diagnostic {
    finding.code = "REG01".into();
    finding
}

fn top(tree: &Tree, index: &mut Index, diagnostics: &mut Vec<Diagnostic>) {
    if !matches!(tree.data, Data::Map(_)) {
        diagnostics.push(found("the index is no mapping", tree.span));
        return;
    }
    let fields = record(tree, TOP, "the index", diagnostics);
    let api = fields.get("apiVersion").and_then(Json::as_str);
    if api.is_none_or(str::is_empty) {
        let finding = found("the index has no `apiVersion`", tree.span.start());
        diagnostics.push(finding.help("add `apiVersion: v1`: Helm rejects the index without it"));
    }
    let entries = tree
        .entries()
        .iter()
        .find(|entry| entry.key.eq_ignore_ascii_case("entries"));
    for addon in entries.iter().flat_map(|entry| entry.value.entries()) {
        addon_versions(addon, index, diagnostics);
    }
}

fn addon_versions(addon: &goyaml::Entry, index: &mut Index, diagnostics: &mut Vec<Diagnostic>) {
    let name = &*addon.key;
    let mut last: Option<String> = None;
    for item in addon.value.items() {
        if item.data == Data::Null {
            let finding = found(format!("an entry of `{name}` is null"), item.span);
            diagnostics.push(finding.help("remove it: it makes `vela addon list` crash"));
            continue;
        }
        if !matches!(item.data, Data::Map(_)) {
            let finding = found(format!("an entry of `{name}` is no mapping"), item.span);
            diagnostics.push(finding.help("remove it: KubeVela rejects the whole registry"));
            continue;
        }
        let what = format!("an entry of `{name}`");
        let mut fields = record(item, ENTRY, &what, diagnostics);
        let key = |wanted: &str| {
            let entries = item.entries().iter();
            entries
                .clone()
                .find(|entry| entry.key.eq_ignore_ascii_case(wanted))
        };
        let written = fields.get("name").and_then(Json::as_str);
        if written != Some(name) {
            let message = match written {
                Some(other) => format!("an entry of `{name}` is called `{other}`"),
                None => format!("an entry of `{name}` has no `name`"),
            };
            let place = key("name").map_or(item.span.start(), |entry| entry.value.span);
            let finding = Diagnostic::warning("REG01", message, place);
            let help = format!(
                "write `name: {name}`: Helm skips an entry without, KubeVela goes by the key"
            );
            diagnostics.push(finding.help(help));
        }
        let version = key("version").and_then(|entry| entry.value.coerced());
        let Some(version) = version else {
            let finding = found(
                format!("an entry of `{name}` has no `version`"),
                item.span.start(),
            );
            let help = "remove it: without the fields of a chart it makes `vela addon list` crash";
            diagnostics.push(finding.help(help));
            continue;
        };
        let place = key("version").map_or(item.span, |entry| entry.value.span);
        if gosemver::Version::parse(&version).is_err() {
            let finding = found(format!("`{version}` of `{name}` is no version"), place);
            diagnostics.push(finding.help("Helm skips the entry, KubeVela sorts it last"));
        }
        if let Some(other) = index.find(name, &version) {
            let message = format!("`{}` of `{name}` stands twice", identity(&version));
            let finding = found(message, place).label(other.span, "first here");
            diagnostics
                .push(finding.help("remove one of them: it is chance which one is installed"));
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
        fields.insert("version".to_owned(), Json::String(version.into_owned()));
        let mut entry = IndexEntry::new(fields);
        entry.span = item.span;
        // equal versions were sorted out above
        let _ = index.insert(name, entry);
    }
}
