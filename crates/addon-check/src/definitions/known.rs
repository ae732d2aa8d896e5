//! The definitions that an addon may use: its own, those of the addons it depends on, those that come with KubeVela.
//!
//! They are looked for in that order, which is how a cluster has them: an addon's definition replaces one of KubeVela of the
//! same name. Definitions that the addon applies as objects (in `resources/`, in a component `k8s-objects`) are known by name
//! only. The set is complete when every dependency was found; while one is missing, a type that nobody defines may be defined
//! by it.
//!
//! Where a type is not in the set, [`Elsewhere`] says what is known of it: the public catalogue has it in these addons, or
//! KubeVela keeps it in a collection that nobody has without installing it.

use super::builtin::{self, BuiltIn};
use super::catalogue;
use super::fault::{Cursor, Fault};
use super::schema::{self, Reader};
use super::template::Template;
use super::uses::Use;
use crate::proof::{KnownDefinition, Proof};
use addon_render::definition::Kind;
use addon_render::definition::providers::{self, Importer};
use addon_render::definition::upgrade::upgrade;
use cue_engine::Session;
use goyaml::{Data, Tree, Value};
use source_vocab::Span;
use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// The parameters of definitions, as far as they were asked for.
type Templates = BTreeMap<(Kind, String), Option<Rc<Template>>>;

/// The definitions that an addon may use.
#[derive(Debug)]
pub(crate) struct Known<'p> {
    proof: &'p Proof<'p>,
    /// Definitions among the objects that the addon and its dependencies apply, once somebody asks.
    applied: OnceCell<BTreeSet<(Kind, String)>>,
    /// Knows the packages that templates import.
    session: OnceCell<Session>,
    templates: RefCell<Templates>,
}

/// A definition that a type names.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Definition<'p> {
    /// Of the addon or of one that it depends on.
    Addon(&'p KnownDefinition),
    /// Of KubeVela.
    BuiltIn(&'static BuiltIn),
    /// Known by name only.
    Name,
}

/// What is known of a type that is not in the set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Elsewhere {
    /// Addons that define it.
    Addons(Vec<&'static str>),
    /// KubeVela keeps it among definitions that have to be installed.
    Collection,
    /// Nothing.
    Nowhere,
}

/// Where a type is that is not in the set.
pub(crate) fn elsewhere(kind: Kind, name: &str) -> Elsewhere {
    let bare = bare(name);
    let addons = catalogue::addons_with(kind, bare);
    if !addons.is_empty() {
        return Elsewhere::Addons(addons);
    }
    if builtin::find(kind, bare).is_some() {
        return Elsewhere::Collection;
    }
    Elsewhere::Nowhere
}

/// A type without its revision.
pub(crate) fn bare(name: &str) -> &str {
    name.split('@').next().unwrap_or(name)
}

impl<'p> Known<'p> {
    /// The definitions for the addon of a proof.
    pub(crate) fn of(proof: &'p Proof<'p>) -> Self {
        Self {
            proof,
            applied: OnceCell::new(),
            session: OnceCell::new(),
            templates: RefCell::default(),
        }
    }

    /// The dependencies that were not found.
    pub(crate) fn missing(&self) -> &[&'p str] {
        self.proof.missing_dependencies()
    }

    /// The definition that a type names.
    pub(crate) fn find(&self, kind: Kind, name: &str) -> Option<Definition<'p>> {
        let bare = bare(name);
        if let Some(own) = self.proof.definition(kind, bare) {
            return Some(Definition::Addon(own));
        }
        match builtin::find(kind, bare) {
            Some(found) if found.is_installed => return Some(Definition::BuiltIn(found)),
            _ if builtin::needs_no_definition(kind, bare) => return Some(Definition::Name),
            _ => {}
        }
        // as it was before there were component definitions
        let is_workload = kind == Kind::Component
            && (self.proof.definition(Kind::Workload, bare).is_some()
                || self.is_applied(Kind::Workload, bare));
        (is_workload || self.is_applied(kind, bare)).then_some(Definition::Name)
    }

    /// Whether a definition is among the objects that the addon and its dependencies apply.
    fn is_applied(&self, kind: Kind, name: &str) -> bool {
        let applied = self.applied.get_or_init(|| {
            let near = self.proof.dependencies().iter();
            let near = near.flat_map(|neighbour| neighbour.objects());
            let own = self.proof.objects().iter().map(|object| object.tree);
            let all = own.chain(near).filter_map(|tree| {
                let kind = Kind::of_object_kind(tree.get("kind")?.as_str()?)?;
                let name = tree.get("metadata")?.get("name")?.as_str()?;
                Some((kind, name.to_owned()))
            });
            all.collect()
        });
        applied.contains(&(kind, name.to_owned()))
    }

    /// The name of the set that was probably meant.
    pub(crate) fn near(&self, kind: Kind, name: &str) -> Option<String> {
        let near = self.proof.dependencies().iter();
        let near = near.flat_map(|neighbour| neighbour.definitions());
        let own = self.proof.definitions().iter().chain(near);
        let own = own.filter(|known| known.kind == kind);
        let names = own
            .map(|known| known.name.as_str())
            .chain(builtin::names(kind).map(|name| -> &'p str { name }));
        source_vocab::nearest::nearest(bare(name), names).map(str::to_owned)
    }

    /// What is wrong with the properties of a use. Nothing where the parameters are not known.
    pub(crate) fn faults(&self, used: &Use<'_>) -> Vec<Fault> {
        let Some(definition) = self.find(used.kind, &used.name) else {
            return Vec::new();
        };
        let nothing = Tree {
            span: Span::DETACHED,
            data: Data::Map(Vec::new()),
        };
        let properties = used.properties.unwrap_or(&nothing);
        let at = Cursor::root(used.at);
        match definition {
            Definition::BuiltIn(definition) => match &definition.parameter {
                Some(parameter) => {
                    let reader = match used.kind {
                        Kind::Policy if builtin::is_code(bare(&used.name)) => Reader::Code,
                        _ => Reader::Template,
                    };
                    schema::check(parameter, properties, &at, reader)
                }
                None => Vec::new(),
            },
            Definition::Addon(definition) => match self.template(definition) {
                Some(template) => template.check(properties, &at),
                None => Vec::new(),
            },
            Definition::Name => Vec::new(),
        }
    }

    /// The schema of a type's parameters, as KubeVela makes it; none where it cannot be told.
    pub(crate) fn schema(&self, kind: Kind, name: &str) -> Option<Value> {
        match self.find(kind, name)? {
            Definition::BuiltIn(definition) => definition.parameter.as_ref().map(Value::from),
            Definition::Addon(definition) => definition.schema(self.proof.session()).cloned(),
            Definition::Name => None,
        }
    }

    /// The parameters of a definition; none where they cannot be told.
    pub(crate) fn template(&self, definition: &KnownDefinition) -> Option<Rc<Template>> {
        let key = (definition.kind, definition.name.clone());
        if let Some(known) = self.templates.borrow().get(&key) {
            return known.clone();
        }
        let made = definition.template.clone().and_then(|mut file| {
            upgrade(&mut file);
            let session = self
                .session
                .get_or_init(|| providers::session(self.proof.session(), Importer::Workflow));
            Template::of(&file, session).map(Rc::new)
        });
        self.templates.borrow_mut().insert(key, made.clone());
        made
    }
}

impl Definition<'_> {
    /// The kinds of workloads that a trait is for; empty for all.
    pub(crate) fn applies_to(&self) -> Vec<String> {
        match self {
            Self::BuiltIn(definition) => definition.applies_to.clone(),
            Self::Addon(definition) => {
                let listed = at(&definition.object, &["spec", "appliesToWorkloads"]);
                let listed = listed.and_then(Value::as_list).unwrap_or_default();
                let texts = listed.iter().filter_map(Value::as_str);
                texts.map(str::to_owned).collect()
            }
            Self::Name => Vec::new(),
        }
    }

    /// The kind of workload that a component is, `deployments.apps`; none where only rendering tells.
    pub(crate) fn workload(&self) -> Option<String> {
        let named = match self {
            Self::BuiltIn(definition) => definition.workload.clone(),
            Self::Addon(definition) => workload_of(&definition.object),
            Self::Name => None,
        };
        named.filter(|name| !name.starts_with("autodetects"))
    }
}

fn at<'v>(value: &'v Value, path: &[&str]) -> Option<&'v Value> {
    path.iter().try_fold(value, |value, key| value.get(key))
}

/// `spec.workload.type`, or the resource of `spec.workload.definition`.
fn workload_of(object: &Value) -> Option<String> {
    let workload = at(object, &["spec", "workload"])?;
    if let Some(typ) = workload.get("type").and_then(Value::as_str) {
        return Some(typ.to_owned());
    }
    let definition = workload.get("definition")?;
    let (group, _) = definition.get("apiVersion")?.as_str()?.split_once('/')?;
    let kind = definition.get("kind")?.as_str()?.to_lowercase();
    Some(format!("{kind}s.{group}"))
}
