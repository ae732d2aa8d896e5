//! An Application as rendering reads it.
//!
//! It is read from a tree with places, whatever it was before (`template.yaml`, the value of `template.cue`), so that what is
//! said about a component's type or properties points at the line where the author wrote it. Only what takes part in
//! rendering is looked at; fields that the type of KubeVela does not have are dropped when a component is shown to templates
//! as `context.components`.

use goyaml::{Data, Entry, Tree};
use source_vocab::{Diagnostic, Place, Span};
use std::collections::BTreeMap;

/// What is rendered.
#[derive(Clone, Debug)]
pub(super) struct Application {
    pub(super) name: String,
    pub(super) namespace: String,
    pub(super) labels: BTreeMap<String, String>,
    pub(super) annotations: BTreeMap<String, String>,
    pub(super) components: Vec<Component>,
    pub(super) policies: Vec<Policy>,
    /// The steps of the workflow as written; absent without a workflow.
    pub(super) steps: Option<Vec<Step>>,
    /// `spec.workflow.ref`.
    pub(super) workflow_ref: Option<Word>,
}

/// A name or type with its place.
#[derive(Clone, Debug, Default)]
pub(super) struct Word {
    pub(super) text: String,
    pub(super) span: Span,
}

/// A component as written or overridden.
#[derive(Clone, Debug)]
pub(super) struct Component {
    pub(super) name: String,
    pub(super) kind: Word,
    pub(super) properties: Option<Tree>,
    pub(super) traits: Vec<Trait>,
    /// `externalRevision`, `dependsOn`, `inputs`, `outputs`, `scopes`: shown to templates as they are.
    pub(super) others: Vec<Entry>,
}

/// A trait of a component.
#[derive(Clone, Debug)]
pub(super) struct Trait {
    pub(super) kind: Word,
    pub(super) properties: Option<Tree>,
}

/// A policy.
#[derive(Clone, Debug)]
pub(super) struct Policy {
    pub(super) name: String,
    pub(super) kind: Word,
    pub(super) properties: Option<Tree>,
}

/// A step of the workflow.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub(super) name: String,
    pub(super) kind: Word,
    pub(super) properties: Option<Tree>,
    pub(super) sub_steps: Vec<Step>,
}

/// What `null` and an absent field have in common.
fn given(tree: Option<&Tree>) -> Option<&Tree> {
    tree.filter(|tree| !matches!(tree.data, Data::Null))
}

fn text(tree: &Tree, field: &str) -> String {
    word(tree, field).text
}

fn word(tree: &Tree, field: &str) -> Word {
    match tree.get(field) {
        Some(value) => Word {
            text: value.coerced().unwrap_or_default().into_owned(),
            span: value.span,
        },
        None => Word {
            text: String::new(),
            span: tree.span,
        },
    }
}

fn strings(tree: Option<&Tree>) -> BTreeMap<String, String> {
    given(tree)
        .map(Tree::entries)
        .unwrap_or_default()
        .iter()
        .filter_map(|entry| {
            let value = entry.value.coerced()?.into_owned();
            Some((entry.key.to_string(), value))
        })
        .collect()
}

fn wrong(what: &str, wanted: &str, tree: &Tree) -> Diagnostic {
    Diagnostic::error(
        "deep/invalid-application",
        format!("`{what}` must be {wanted}, but is {}", tree.kind()),
        Place::Text(tree.span),
    )
}

/// The elements of a list of objects.
fn objects<'t>(tree: Option<&'t Tree>, what: &str, found: &mut Vec<Diagnostic>) -> Vec<&'t Tree> {
    let Some(tree) = given(tree) else {
        return Vec::new();
    };
    let Data::List(items) = &tree.data else {
        found.push(wrong(what, "a list", tree));
        return Vec::new();
    };
    let mut kept = Vec::with_capacity(items.len());
    for item in items {
        if matches!(item.data, Data::Map(_)) {
            kept.push(item);
        } else {
            found.push(wrong(what, "a list of objects", item));
        }
    }
    kept
}

/// `properties`, which must be an object.
fn properties(tree: &Tree, found: &mut Vec<Diagnostic>) -> Option<Tree> {
    let value = given(tree.get("properties"))?;
    if !matches!(value.data, Data::Map(_)) {
        found.push(wrong("properties", "an object", value));
        return None;
    }
    Some(value.clone())
}

impl Application {
    /// Reads an Application; what is wrong with it is added to `found`.
    pub(super) fn read(tree: &Tree, namespace: &str, found: &mut Vec<Diagnostic>) -> Self {
        let metadata = tree.get("metadata");
        let spec = tree.get("spec");
        let in_spec = |field: &str| spec.and_then(|spec| spec.get(field));
        let own_namespace = metadata
            .map(|meta| text(meta, "namespace"))
            .unwrap_or_default();
        let workflow = given(in_spec("workflow"));
        Self {
            name: metadata.map(|meta| text(meta, "name")).unwrap_or_default(),
            namespace: if own_namespace.is_empty() {
                namespace.to_owned()
            } else {
                own_namespace
            },
            labels: strings(metadata.and_then(|meta| meta.get("labels"))),
            annotations: strings(metadata.and_then(|meta| meta.get("annotations"))),
            components: objects(in_spec("components"), "components", found)
                .into_iter()
                .map(|tree| Component::read(tree, found))
                .collect(),
            policies: objects(in_spec("policies"), "policies", found)
                .into_iter()
                .enumerate()
                .map(|(at, tree)| Policy::read(tree, at, found))
                .collect(),
            steps: workflow.map(|workflow| {
                objects(workflow.get("steps"), "steps", found)
                    .into_iter()
                    .map(|tree| Step::read(tree, found))
                    .collect()
            }),
            workflow_ref: workflow
                .filter(|workflow| given(workflow.get("ref")).is_some())
                .map(|workflow| word(workflow, "ref"))
                .filter(|name| !name.text.is_empty()),
        }
    }
}

impl Component {
    /// Reads a component, or the part of an override policy that has its form.
    pub(super) fn read(tree: &Tree, found: &mut Vec<Diagnostic>) -> Self {
        Self {
            name: text(tree, "name"),
            kind: word(tree, "type"),
            properties: properties(tree, found),
            traits: objects(tree.get("traits"), "traits", found)
                .into_iter()
                .map(|tree| Trait::read(tree, found))
                .collect(),
            others: [
                "externalRevision",
                "dependsOn",
                "inputs",
                "outputs",
                "scopes",
            ]
            .into_iter()
            .filter_map(|field| tree.entry(field))
            .filter(|entry| !matches!(entry.value.data, Data::Null))
            .cloned()
            .collect(),
        }
    }

    /// The component as templates see it in `context.components`.
    pub(super) fn to_tree(&self) -> Tree {
        let mut entries = vec![
            entry("name", string(&self.name, Span::DETACHED)),
            entry("type", string(&self.kind.text, self.kind.span)),
        ];
        if let Some(properties) = &self.properties {
            entries.push(entry("properties", properties.clone()));
        }
        entries.extend(self.others.iter().cloned());
        if !self.traits.is_empty() {
            let traits = self.traits.iter().map(Trait::to_tree).collect();
            entries.push(entry(
                "traits",
                Tree {
                    span: Span::DETACHED,
                    data: Data::List(traits),
                },
            ));
        }
        object(entries)
    }
}

impl Trait {
    pub(super) fn read(tree: &Tree, found: &mut Vec<Diagnostic>) -> Self {
        Self {
            kind: word(tree, "type"),
            properties: properties(tree, found),
        }
    }

    fn to_tree(&self) -> Tree {
        let mut entries = vec![entry("type", string(&self.kind.text, self.kind.span))];
        if let Some(properties) = &self.properties {
            entries.push(entry("properties", properties.clone()));
        }
        object(entries)
    }
}

impl Policy {
    fn read(tree: &Tree, at: usize, found: &mut Vec<Diagnostic>) -> Self {
        let kind = word(tree, "type");
        let name = text(tree, "name");
        Self {
            name: if name.is_empty() {
                format!("{}-auto-gen-{at}", kind.text)
            } else {
                name
            },
            kind,
            properties: properties(tree, found),
        }
    }
}

impl Step {
    fn read(tree: &Tree, found: &mut Vec<Diagnostic>) -> Self {
        Self {
            name: text(tree, "name"),
            kind: word(tree, "type"),
            properties: properties(tree, found),
            sub_steps: objects(tree.get("subSteps"), "subSteps", found)
                .into_iter()
                .map(|tree| Self::read(tree, &mut Vec::new()))
                .collect(),
        }
    }
}

/// A field of a made object.
pub(super) fn entry(key: &str, value: Tree) -> Entry {
    Entry {
        key: key.into(),
        key_span: value.span,
        value,
    }
}

/// A made object.
pub(super) fn object(entries: Vec<Entry>) -> Tree {
    Tree {
        span: Span::DETACHED,
        data: Data::Map(entries),
    }
}

/// A text with the place it came from.
pub(super) fn string(text: &str, span: Span) -> Tree {
    Tree {
        span,
        data: Data::String(text.into()),
    }
}
