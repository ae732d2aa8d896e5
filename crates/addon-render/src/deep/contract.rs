//! What KubeVela puts on every object: name, namespace, labels, annotations, and the reference of a trait to its workload.
//!
//! As `evalWorkloadWithContext` and `SetOAMContract` of kubevela `pkg/appfile/appfile.go`: labels of component and trait
//! first, then the name (whose hash sees the object as it is by then), then the rest. The labels of the application are
//! copied to everything, and its annotations but for a few.

use super::application::Application;
use super::component::AUXILIARY;
use super::name;
use super::object::{Fields, Object};
use std::collections::BTreeMap;
use std::sync::Arc;

const APP_NAME: &str = "app.oam.dev/name";
const APP_NAMESPACE: &str = "app.oam.dev/namespace";
const APP_REVISION: &str = "app.oam.dev/appRevision";
const APP_COMPONENT: &str = "app.oam.dev/component";
const RESOURCE_TYPE: &str = "app.oam.dev/resourceType";
const WORKLOAD_TYPE: &str = "workload.oam.dev/type";
const TRAIT_TYPE: &str = "trait.oam.dev/type";
const TRAIT_RESOURCE: &str = "trait.oam.dev/resource";
const LABEL_FILTER: &str = "filter.oam.dev/label-keys";
const ANNOTATION_FILTER: &str = "filter.oam.dev/annotation-keys";
/// Annotations of an application that are about the application itself.
const NOT_COPIED: [&str; 4] = [
    "app.oam.dev/inplace-upgrade",
    LABEL_FILTER,
    ANNOTATION_FILTER,
    "kubectl.kubernetes.io/last-applied-configuration",
];

/// The contract for the objects of one component.
pub(super) struct Contract<'a> {
    pub(super) application: &'a Application,
    pub(super) component: &'a str,
}

impl Contract<'_> {
    /// Completes the workload.
    pub(super) fn workload(&self, object: &mut Object, kind: &str) {
        let mut labels = self.first_labels();
        labels.push((WORKLOAD_TYPE, kind.to_owned()));
        add(object, "labels", labels);
        if object.text_at(&["metadata", "name"]).is_empty() {
            set(object, &["metadata", "name"], self.component);
        }
        self.set_namespace(object);
        self.label(object, "WORKLOAD");
        self.annotate(object);
    }

    /// Completes an object of a trait, or an auxiliary one.
    pub(super) fn auxiliary(&self, object: &mut Object, kind: &str, resource: &str) {
        let mut labels = self.first_labels();
        labels.push((TRAIT_TYPE, kind.to_owned()));
        if !resource.is_empty() {
            labels.push((TRAIT_RESOURCE, resource.to_owned()));
        }
        add(object, "labels", labels);
        if object.text_at(&["metadata", "name"]).is_empty() {
            let mut hashed = object.clone();
            if let Some(labels) = fields_at(&mut hashed, &["metadata", "labels"]) {
                labels.remove(APP_REVISION);
            }
            let name = name::generated(self.component, kind, &hashed);
            set(object, &["metadata", "name"], &name);
        }
        self.label(object, "TRAIT");
        self.annotate(object);
        self.set_namespace(object);
    }

    /// The labels that an object gets right after it was rendered.
    fn first_labels(&self) -> Vec<(&'static str, String)> {
        vec![
            (APP_NAME, self.application.name.clone()),
            (APP_COMPONENT, self.component.to_owned()),
            (APP_REVISION, String::new()),
        ]
    }

    /// The labels that policies' objects get.
    pub(super) fn policy(&self, object: &mut Object) {
        add(object, "labels", self.first_labels());
        if object.text_at(&["metadata", "name"]).is_empty() {
            set(object, &["metadata", "name"], self.component);
        }
        if object.text_at(&["metadata", "namespace"]).is_empty() {
            set(
                object,
                &["metadata", "namespace"],
                &self.application.namespace,
            );
        }
    }

    fn label(&self, object: &mut Object, resource_type: &str) {
        let app = self.application;
        let mut labels: BTreeMap<&str, String> = app
            .labels
            .iter()
            .map(|(key, value)| (key.as_str(), value.clone()))
            .collect();
        labels.extend([
            (APP_NAME, app.name.clone()),
            (APP_NAMESPACE, app.namespace.clone()),
            (APP_REVISION, String::new()),
            (APP_COMPONENT, self.component.to_owned()),
        ]);
        for key in listed(app.annotations.get(LABEL_FILTER)) {
            labels.remove(key);
        }
        add(
            object,
            "labels",
            [(RESOURCE_TYPE, resource_type.to_owned())],
        );
        add(object, "labels", labels);
    }

    fn annotate(&self, object: &mut Object) {
        let app = self.application;
        let annotations = app.annotations.iter();
        add(
            object,
            "annotations",
            annotations.map(|(key, value)| (key.as_str(), value.clone())),
        );
        if let Some(found) = fields_at(object, &["metadata", "annotations"]) {
            for key in NOT_COPIED.into_iter().chain(
                app.annotations
                    .get(ANNOTATION_FILTER)
                    .into_iter()
                    .flat_map(|text| text.split(',')),
            ) {
                found.remove(key);
            }
        }
    }

    fn set_namespace(&self, object: &mut Object) {
        let is_namespace =
            object.text_at(&["apiVersion"]) == "v1" && object.text_at(&["kind"]) == "Namespace";
        if !is_namespace && object.text_at(&["metadata", "namespace"]).is_empty() {
            set(
                object,
                &["metadata", "namespace"],
                &self.application.namespace,
            );
        }
    }
}

/// The keys of a comma-separated list.
fn listed(text: Option<&String>) -> impl Iterator<Item = &str> {
    text.into_iter()
        .flat_map(|text| text.split(','))
        .map(str::trim)
}

/// The map at the end of a path, made where it is missing or `null`; none where something else is in the way.
fn fields_at<'a>(object: &'a mut Object, path: &[&str]) -> Option<&'a mut Fields> {
    let mut at = object;
    for name in path {
        let Object::Map(fields) = at else {
            return None;
        };
        at = fields
            .entry(Arc::from(*name))
            .or_insert_with(|| Object::Map(Fields::new()));
        if matches!(at, Object::Null) {
            *at = Object::Map(Fields::new());
        }
    }
    match at {
        Object::Map(fields) => Some(fields),
        _ => None,
    }
}

fn set(object: &mut Object, path: &[&str], text: &str) {
    let Some((last, parents)) = path.split_last() else {
        return;
    };
    if let Some(fields) = fields_at(object, parents) {
        fields.insert(Arc::from(*last), Object::String(text.into()));
    }
}

/// Adds labels or annotations. Those of an object in which any value is no text are lost, as in Go's accessors, which then
/// see none.
fn add<K: AsRef<str>>(
    object: &mut Object,
    group: &str,
    added: impl IntoIterator<Item = (K, String)>,
) {
    let Some(metadata) = fields_at(object, &["metadata"]) else {
        return;
    };
    let known = metadata.get(group).and_then(Object::as_map);
    let mut all: Fields = known
        .filter(|known| {
            known
                .values()
                .all(|value| matches!(value, Object::String(_) | Object::Null))
        })
        .cloned()
        .unwrap_or_default();
    for value in all.values_mut() {
        if matches!(value, Object::Null) {
            *value = Object::String("".into());
        }
    }
    all.extend(
        added
            .into_iter()
            .map(|(key, value)| (Arc::from(key.as_ref()), Object::String(value.into()))),
    );
    metadata.insert(Arc::from(group), Object::Map(all));
}

/// Puts `{apiVersion, kind, name}` of the workload into an object, at the path that its trait's definition names
/// (`spec.workloadRef`, `spec.targets[0].ref`). An auxiliary object gets none.
///
/// # Errors
/// Why the path cannot be set.
pub(super) fn refer(
    object: &mut Object,
    kind: &str,
    path: &str,
    workload: &Object,
) -> Result<(), String> {
    if kind == AUXILIARY {
        return Ok(());
    }
    let reference: Fields = ["apiVersion", "kind"]
        .into_iter()
        .map(|field| (field, workload.text_at(&[field])))
        .chain([("name", workload.text_at(&["metadata", "name"]))])
        .filter(|(_, text)| !text.is_empty())
        .map(|(field, text)| (Arc::from(field), Object::String(text.into())))
        .collect();
    let mut at = object;
    for step in steps(path)? {
        at = match step {
            PathStep::Field(name) => {
                if matches!(at, Object::Null) {
                    *at = Object::Map(Fields::new());
                }
                let Object::Map(fields) = at else {
                    return Err(format!("`{name}` of `{path}` is no field of an object"));
                };
                fields.entry(Arc::from(name)).or_insert(Object::Null)
            }
            PathStep::Index(index) => {
                if matches!(at, Object::Null) {
                    *at = Object::List(Vec::new());
                }
                let Object::List(items) = at else {
                    return Err(format!("`[{index}]` of `{path}` is no element of a list"));
                };
                while items.len() <= index {
                    items.push(Object::Null);
                }
                items
                    .get_mut(index)
                    .ok_or_else(|| format!("`{path}` cannot be reached"))?
            }
        };
    }
    *at = Object::Map(reference);
    Ok(())
}

enum PathStep<'p> {
    Field(&'p str),
    Index(usize),
}

/// How far a list is filled up to reach an index.
const MOST_ELEMENTS: usize = 1_000;

/// The steps of a path: `a.b[0].c["d.e"]`.
fn steps(path: &str) -> Result<Vec<PathStep<'_>>, String> {
    let mut found = Vec::new();
    for part in path.split('.') {
        let (name, mut rest) = match part.find('[') {
            Some(at) => part.split_at(at),
            None => (part, ""),
        };
        if !name.is_empty() {
            found.push(PathStep::Field(name));
        } else if rest.is_empty() {
            return Err(format!("`{path}` has an empty step"));
        }
        while let Some(inner) = rest.strip_prefix('[') {
            let (inside, after) = inner
                .split_once(']')
                .ok_or_else(|| format!("`{path}` has a `[` without `]`"))?;
            found.push(match inside.parse::<usize>() {
                Ok(index) if index < MOST_ELEMENTS => PathStep::Index(index),
                Ok(_) => return Err(format!("`{path}` reaches too far into a list")),
                Err(_) => PathStep::Field(inside.trim_matches(['"', '\''])),
            });
            rest = after;
        }
    }
    Ok(found)
}
