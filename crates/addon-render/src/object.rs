//! YAML files as objects of Kubernetes, and the few fields of objects that KubeVela looks at.
//!
//! One file is one object: what stands after the first document is lost, which is a warning here. A file is read as kubevela's
//! `renderObject` does it (apimachinery `UnstructuredJSONScheme`): the root is a mapping, `kind` is a text that is not empty,
//! and an `apiVersion` with two slashes hides the kind.

use crate::tree::{self, text_at};
use addon_model::YamlFile;
use goyaml::{Data, Tree};
use source_vocab::{Diagnostic, Span};

/// The object that a file is.
///
/// # Errors
/// Why it is none.
pub(crate) fn read(
    yaml: &YamlFile,
    warnings: &mut Vec<Diagnostic>,
) -> Result<Tree, Box<Diagnostic>> {
    let mut object = root(yaml)?;
    require_kind(yaml, &object)?;
    warn_of_lost_documents(yaml, warnings);
    tree::kubernetes_numbers(&mut object);
    Ok(object)
}

/// The first document of a file; null when there is none.
///
/// # Errors
/// The mistake in its YAML, or a root that is no mapping.
pub(crate) fn root(yaml: &YamlFile) -> Result<Tree, Box<Diagnostic>> {
    if let Some(mut found) = yaml.failure() {
        found.message = format!("`{}` is no valid YAML: {}", yaml.file.path, found.message);
        return Err(Box::new(found));
    }
    let Some(object) = yaml.tree() else {
        return Ok(Tree {
            span: yaml.file.source.span().start(),
            data: Data::Null,
        });
    };
    match object.data {
        Data::Map(_) | Data::Null => Ok(object.clone()),
        _ => {
            let message = format!(
                "`{}` must be an object of Kubernetes, found {}",
                yaml.file.path,
                object.kind()
            );
            Err(Box::new(Diagnostic::error(
                "render/no-object",
                message,
                object.span.start(),
            )))
        }
    }
}

/// Refuses an object without a kind.
pub(crate) fn require_kind(yaml: &YamlFile, object: &Tree) -> Result<(), Box<Diagnostic>> {
    if !kind(object).is_empty() {
        return Ok(());
    }
    let path = &yaml.file.path;
    let (message, help) = if object.entries().is_empty() {
        (
            format!("`{path}` is empty, an object of Kubernetes is expected"),
            "write the object, or remove the file",
        )
    } else if text_at(object, "kind").is_empty() {
        (
            format!("the object in `{path}` has no `kind`"),
            "every file is one object with `apiVersion`, `kind` and `metadata`",
        )
    } else {
        (
            format!("the `apiVersion` of the object in `{path}` has more than one `/`"),
            "write `version` or `group/version`",
        )
    };
    let version = object.get("apiVersion");
    let hidden = version.filter(|_| !text_at(object, "kind").is_empty());
    let place = hidden.map_or(object.span.start(), |version| version.span);
    Err(Box::new(
        Diagnostic::error("render/no-object", message, place).help(help),
    ))
}

/// Says what is lost with the second and further documents of a file.
pub(crate) fn warn_of_lost_documents(yaml: &YamlFile, warnings: &mut Vec<Diagnostic>) {
    let count = yaml.stream.documents.len();
    if let Some(second) = yaml.stream.documents.get(1) {
        let message = format!(
            "`{}` has {count} documents; KubeVela applies the first and loses the others",
            yaml.file.path
        );
        let found = Diagnostic::warning("render/lost-documents", message, second.span.start())
            .help("give each object a file of its own");
        warnings.push(found);
    }
}

/// The kind as Kubernetes reads it; empty when there is none.
pub(crate) fn kind(object: &Tree) -> &str {
    let version = text_at(object, "apiVersion");
    if version.matches('/').count() > 1 {
        return "";
    }
    text_at(object, "kind")
}

/// `metadata.name`; empty when there is none.
pub(crate) fn name(object: &Tree) -> &str {
    object
        .get("metadata")
        .map_or("", |metadata| text_at(metadata, "name"))
}

/// A label or annotation. A map with a value that is no text counts as empty, as in apimachinery (`NestedStringMap`).
pub(crate) fn text_of_map<'o>(object: &'o Tree, map: &str, key: &str) -> Option<&'o Tree> {
    let entries = object.get("metadata")?.get(map)?.entries();
    let all_texts = entries
        .iter()
        .all(|entry| matches!(entry.value.data, Data::String(_)));
    let found = entries.iter().find(|entry| &*entry.key == key)?;
    all_texts.then_some(&found.value)
}

/// Sets labels, over those that are there; a map with a value that is no text is lost, as in Go.
pub(crate) fn set_labels<const N: usize>(object: &mut Tree, labels: [(&str, &str, Span); N]) {
    let metadata = tree::slot(object, "metadata");
    let known = tree::slot(metadata, "labels");
    let all_texts = known
        .entries()
        .iter()
        .all(|entry| matches!(entry.value.data, Data::String(_)));
    if !all_texts {
        known.data = Data::Map(Vec::new());
    }
    for (key, value, span) in labels {
        tree::set(known, key, tree::text(value, span));
    }
}

/// Sets `metadata.namespace`.
pub(crate) fn set_namespace(object: &mut Tree, namespace: &str) {
    let metadata = tree::slot(object, "metadata");
    tree::set(metadata, "namespace", tree::text(namespace, Span::DETACHED));
}

/// A `ConfigMap` as Go prints the typed one.
pub(crate) fn config_map(name: Tree, data: Vec<(&str, Tree)>) -> Tree {
    let data = data
        .into_iter()
        .map(|(key, value)| tree::entry(key, value))
        .collect();
    let detached = |text: &str| tree::text(text, Span::DETACHED);
    tree::map([
        ("apiVersion", detached("v1")),
        ("data", tree::detached(Data::Map(data))),
        ("kind", detached("ConfigMap")),
        (
            "metadata",
            tree::map([
                ("creationTimestamp", tree::detached(Data::Null)),
                ("name", name),
                ("namespace", detached(crate::SYSTEM_NAMESPACE)),
            ]),
        ),
    ])
}
