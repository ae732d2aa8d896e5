//! The objects that the cases gave, each distinct one once.
//!
//! An object is where it stands (the third of the objects of this component, the definition of that file) and what it holds;
//! two cases that agree in both show one object. Objects are compared by a hash over their content first, and places do not
//! count: an argument moves the place of a value to the file of the arguments and leaves the object what it is.

use super::case::Case;
use super::matrix::Sense;
use addon_model::Addon;
use addon_render::{AuxiliaryRole, ComponentSource};
use goyaml::{Data, Step, Tree};
use rustc_hash::{FxHashMap, FxHasher};
use source_vocab::{Place, Span, VPath};
use std::hash::{Hash as _, Hasher as _};

/// The namespace of an Application, where its objects go that name none.
const SYSTEM_NAMESPACE: &str = "vela-system";

/// An object that a case gave.
#[derive(Clone, Debug)]
pub struct ProvenObject<'a> {
    /// The object. Its spans lie in the author's files, except those of what KubeVela or a computation made.
    pub tree: &'a Tree,
    /// What it is to the addon.
    pub role: Role<'a>,
    /// The first case that gives it: an index into [`Proof::cases`](super::Proof::cases).
    pub case: usize,
    /// The namespace it lands in, if its kind has one: its own, else that of the Application or of its topology; `None`
    /// where nothing says it.
    pub namespace: Option<&'a str>,
    /// Where it stands as a whole: its first line where it is written, else what it is made in, else a file.
    pub place: Place,
}

/// What an object is to the addon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role<'a> {
    /// The Application itself.
    Application,
    /// An object beside the Application: a definition, a config template, a UI schema, a view, a field of `outputs`.
    Auxiliary {
        /// What it is for.
        role: AuxiliaryRole,
        /// The file it is made from, relative to the addon's directory.
        source: &'a VPath,
    },
    /// An object of a component of type `k8s-objects`. The YAML files of `resources/` make one such component, whose source
    /// is [`ComponentSource::Objects`].
    InComponent {
        /// The component's name.
        component: &'a str,
        /// Its number in `properties.objects`, from 0.
        index: usize,
        /// Where the component comes from.
        source: &'a ComponentSource,
    },
    /// The properties of a component of type `raw`. The namespaces of `needNamespace` are such components.
    Raw {
        /// The component's name.
        component: &'a str,
        /// Where the component comes from.
        source: &'a ComponentSource,
    },
    /// The object that a workflow step of type `apply-object` applies.
    InStep {
        /// The step's name.
        step: &'a str,
    },
}

impl<'a> ProvenObject<'a> {
    /// The place of a span of this object; that of the object where the span is detached.
    pub fn place_of(&self, span: Span) -> Place {
        if span.is_detached() {
            self.place.clone()
        } else {
            Place::Text(span)
        }
    }

    /// The place of the value at the end of a path into this object: its own, else that of the nearest value around it that
    /// has one. The path may lead beyond what is there: the place of a missing field is that of the mapping that lacks it.
    pub fn place_at(&self, path: &[Step<'_>]) -> Place {
        let mut place = self.place.clone();
        let mut at = self.tree;
        for step in path {
            let next = match step {
                Step::Key(key) => at.get(key),
                Step::Index(index) => at.items().get(*index),
            };
            let Some(next) = next else { break };
            if !next.span.is_detached() {
                place = Place::Text(next.span);
            }
            at = next;
        }
        place
    }

    /// `apiVersion`; empty when there is none.
    pub fn api_version(&self) -> &'a str {
        text_at(self.tree, "apiVersion")
    }

    /// `kind`; empty when there is none.
    pub fn kind(&self) -> &'a str {
        text_at(self.tree, "kind")
    }

    /// `metadata.name`; empty when there is none.
    pub fn name(&self) -> &'a str {
        self.tree
            .get("metadata")
            .map_or("", |metadata| text_at(metadata, "name"))
    }
}

pub(super) fn text_at<'t>(tree: &'t Tree, key: &str) -> &'t str {
    tree.get(key).and_then(Tree::as_str).unwrap_or_default()
}

/// All distinct objects, and which of them each case has.
#[derive(Debug, Default)]
pub(super) struct Collection<'a> {
    pub(super) objects: Vec<ProvenObject<'a>>,
    /// For each case the indices of its objects.
    pub(super) of_case: Vec<Vec<usize>>,
    /// The indices of objects by the hash of what makes them distinct.
    known: FxHashMap<u64, Vec<usize>>,
    /// The hash of each object.
    hashes: Vec<u64>,
}

impl<'a> Collection<'a> {
    /// Those of the cases whose values are as sure as `sense`; the others have none.
    pub(super) fn of(addon: &'a Addon, cases: &'a [Case], sense: Sense) -> Self {
        let mut collection = Self::default();
        for (at, case) in cases.iter().enumerate() {
            let mut one = OfCase {
                addon,
                case: at,
                into: &mut collection,
                indices: Vec::new(),
            };
            if case.is_up_to(sense) {
                one.gather(case);
            }
            let indices = one.indices;
            collection.of_case.push(indices);
        }
        collection
    }

    /// The hashes of the objects, in no order that means something.
    pub(super) fn hashes(&self) -> impl Iterator<Item = u64> + '_ {
        self.hashes.iter().copied()
    }

    /// The index of an object, which is added when it is new.
    fn add(&mut self, object: ProvenObject<'a>) -> usize {
        let mut hasher = FxHasher::default();
        hash_role(&object.role, &mut hasher);
        hash(object.tree, &mut hasher);
        let hash = hasher.finish();
        let same = self.known.entry(hash).or_default();
        let known = same.iter().copied().find(|at| {
            self.objects
                .get(*at)
                .is_some_and(|other| other.role == object.role && is_same(other.tree, object.tree))
        });
        known.unwrap_or_else(|| {
            let at = self.objects.len();
            same.push(at);
            self.objects.push(object);
            self.hashes.push(hash);
            at
        })
    }
}

struct OfCase<'c, 'a> {
    addon: &'a Addon,
    case: usize,
    into: &'c mut Collection<'a>,
    indices: Vec<usize>,
}

impl<'a> OfCase<'_, 'a> {
    fn gather(&mut self, case: &'a Case) {
        if let Some(application) = &case.rendered.application {
            self.application(&application.object, &application.components);
        }
        for made in &case.rendered.auxiliary {
            let role = Role::Auxiliary {
                role: made.role,
                source: &made.source,
            };
            let place = Place::Path(self.addon.tree.root.join(&made.source));
            self.add(&made.object, role, None, &place);
        }
    }

    fn application(&mut self, object: &'a Tree, sources: &'a [ComponentSource]) {
        let file = self.template();
        self.add(object, Role::Application, Some(SYSTEM_NAMESPACE), &file);
        let spec = object.get("spec");
        let lists = |key: &str| {
            let list = spec.and_then(|spec| spec.get(key));
            list.map(Tree::items).unwrap_or_default()
        };
        let topology = lists("policies")
            .iter()
            .filter(|policy| text_at(policy, "type") == "topology")
            .find_map(|policy| policy.get("properties")?.get("namespace")?.as_str())
            .unwrap_or(SYSTEM_NAMESPACE);
        for (component, source) in lists("components").iter().zip(sources) {
            self.component(component, source, topology, &file);
        }
        let steps = spec.and_then(|spec| spec.get("workflow")?.get("steps"));
        for step in steps.map(Tree::items).unwrap_or_default() {
            let inner = step.get("subSteps").map(Tree::items).unwrap_or_default();
            for step in std::iter::once(step).chain(inner) {
                let value = step
                    .get("properties")
                    .and_then(|properties| properties.get("value"));
                if let Some(value) = value.filter(|_| text_at(step, "type") == "apply-object") {
                    let role = Role::InStep {
                        step: text_at(step, "name"),
                    };
                    let around = around(step, &file);
                    self.add(value, role, Some(SYSTEM_NAMESPACE), &around);
                }
            }
        }
    }

    fn component(
        &mut self,
        tree: &'a Tree,
        source: &'a ComponentSource,
        namespace: &'a str,
        file: &Place,
    ) {
        let Some(properties) = tree.get("properties") else {
            return;
        };
        let whole = match source {
            ComponentSource::Resource(path) => {
                around(tree, &Place::Path(self.addon.tree.root.join(path)))
            }
            _ => around(tree, file),
        };
        let component = text_at(tree, "name");
        match text_at(tree, "type") {
            "raw" => {
                let role = Role::Raw { component, source };
                self.add(properties, role, Some(namespace), &whole);
            }
            "k8s-objects" => {
                let objects = properties.get("objects").map(Tree::items);
                for (index, object) in objects.unwrap_or_default().iter().enumerate() {
                    let role = Role::InComponent {
                        component,
                        index,
                        source,
                    };
                    self.add(object, role, Some(namespace), &whole);
                }
            }
            _ => {}
        }
    }

    fn add(
        &mut self,
        tree: &'a Tree,
        role: Role<'a>,
        namespace: Option<&'a str>,
        otherwise: &Place,
    ) {
        let own = tree
            .get("metadata")
            .map_or("", |metadata| text_at(metadata, "namespace"));
        let namespace = Some(own).filter(|own| !own.is_empty()).or(namespace);
        let at = self.into.add(ProvenObject {
            tree,
            role,
            case: self.case,
            namespace,
            place: around(tree, otherwise),
        });
        self.indices.push(at);
    }

    /// The file of the template, else that of the metadata.
    fn template(&self) -> Place {
        let yaml = self.addon.template_yaml.as_ref().map(|yaml| &yaml.file);
        let path = yaml
            .or(self.addon.template_cue.as_ref())
            .map(|file| &file.path);
        let root = &self.addon.tree.root;
        Place::Path(path.map_or_else(|| root.child("metadata.yaml"), |path| root.join(path)))
    }
}

/// Where a value stands: its own place, else that of its first key or value that has one, else another.
fn around(tree: &Tree, otherwise: &Place) -> Place {
    if !tree.span.is_detached() {
        return Place::Text(tree.span);
    }
    let inside = tree.entries().iter().find_map(|entry| {
        let spans = [entry.key_span, entry.value.span];
        spans.into_iter().find(|span| !span.is_detached())
    });
    inside.map_or_else(|| otherwise.clone(), Place::Text)
}

fn hash_role(role: &Role<'_>, into: &mut FxHasher) {
    std::mem::discriminant(role).hash(into);
    match role {
        Role::Application => {}
        Role::Auxiliary { role, source } => {
            std::mem::discriminant(role).hash(into);
            source.as_str().hash(into);
        }
        Role::InComponent {
            component, index, ..
        } => {
            component.hash(into);
            index.hash(into);
        }
        Role::Raw { component, .. } => component.hash(into),
        Role::InStep { step } => step.hash(into),
    }
}

/// Hashes what a value is, not where it stands.
fn hash(tree: &Tree, into: &mut FxHasher) {
    std::mem::discriminant(&tree.data).hash(into);
    match &tree.data {
        Data::Null => {}
        Data::Bool(value) => value.hash(into),
        Data::Number(number) => number.to_string_target().hash(into),
        Data::String(text) => text.hash(into),
        Data::List(items) => {
            items.len().hash(into);
            for item in items {
                hash(item, into);
            }
        }
        Data::Map(entries) => {
            entries.len().hash(into);
            for entry in entries {
                entry.key.hash(into);
                hash(&entry.value, into);
            }
        }
    }
}

/// Whether two values are the same, wherever they stand.
fn is_same(one: &Tree, other: &Tree) -> bool {
    match (&one.data, &other.data) {
        (Data::List(one), Data::List(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(a, b)| is_same(a, b))
        }
        (Data::Map(one), Data::Map(other)) => {
            let pairs = || one.iter().zip(other);
            one.len() == other.len()
                && pairs().all(|(a, b)| a.key == b.key && is_same(&a.value, &b.value))
        }
        (one, other) => one == other,
    }
}
