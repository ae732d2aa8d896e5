//! An Application as the Kubernetes objects that it becomes.
//!
//! A component's type names a definition, whose template makes objects of the component's properties; the component's
//! traits add objects and patch them. This is what `vela dry-run --offline` shows (kubevela 5a44b5f10, `pkg/appfile`), with
//! the definitions that the caller has at hand and nothing else: no cluster, no network, no providers.
//!
//! ```text
//! Application ── workflow ──► deployments (topology, overrides) ── each ──► components ── component ──► objects
//!                                                                               │                         │ contract
//!                                                          policies ◄───────────┘                         ▼
//!                                                                                      names, labels, namespaces, references
//! ```
//!
//! - `application.rs`: what is read of an Application; `definitions.rs`: templates by kind and name;
//! - `workflow.rs`, `overrides.rs`: what is rendered how often, with which changes;
//! - `context.rs`, `component.rs`, `patch/`: templates and traits;
//! - `contract.rs`, `name.rs`: what every object gets; `object.rs`: objects as Go holds them;
//! - `print.rs`: the text of `vela dry-run`;
//! - `vendor.rs`: definitions as a folder with a lock.

mod application;
mod component;
mod context;
mod contract;
mod definitions;
mod name;
mod object;
mod overrides;
mod patch;
mod print;
pub mod vendor;
mod workflow;

pub use context::ClusterVersion;
pub use definitions::Definitions;
pub use print::dry_run_text;

use crate::definition::Kind;
use crate::definition::providers::{self, Importer};
use application::{Application, Component, Step, Word};
use component::{AUXILIARY, Renderer, definition_name, explained};
use context::{Seen, World};
use contract::Contract;
use cue_engine::Session;
use definitions::Template;
use goyaml::{Tree, Value};
use object::{Fields, Object};
use overrides::Override;
use source_vocab::{Diagnostic, Outcome, Place, Severity};
use std::collections::BTreeSet;
use workflow::Deployment;

/// What is to be rendered.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The Application; places lead to where its parts are written.
    pub application: &'a Tree,
    /// The namespace of an Application that names none.
    pub namespace: &'a str,
    /// The definitions that it may name.
    pub definitions: &'a Definitions,
    /// What templates see as the version of the cluster.
    pub cluster_version: &'a ClusterVersion,
    /// The joined clusters, which a topology without a selector means.
    pub clusters: &'a [String],
}

/// What an Application becomes.
#[derive(Clone, Debug, Default)]
pub struct Rendering {
    /// One group of objects for each deployment.
    pub groups: Vec<Group>,
    /// The steps of the workflow, in order; none is run.
    pub steps: Vec<WorkflowStep>,
}

/// The objects of one deployment.
#[derive(Clone, Debug)]
pub struct Group {
    /// The application's name, and how it is deployed: `app with topology edge`.
    pub title: String,
    /// Where to.
    pub target: Option<Target>,
    /// The components in order.
    pub components: Vec<ComponentObjects>,
    /// The objects of policies that are templates.
    pub policies: Vec<Value>,
}

/// Where a deployment goes: a policy of type `topology`.
#[derive(Clone, Debug)]
pub struct Target {
    /// The policy's name.
    pub policy: String,
    /// The clusters that it names; empty when it selects them by labels, which only a cluster can resolve.
    pub clusters: Vec<String>,
    /// The namespace that the objects go to, when it is not their own.
    pub namespace: Option<String>,
}

/// The objects of one component.
#[derive(Clone, Debug)]
pub struct ComponentObjects {
    /// The component's name.
    pub name: String,
    /// Its workload.
    pub workload: Value,
    /// Everything else, first what the component's own template gives, then the traits in order.
    pub others: Vec<OtherObject>,
}

/// An object beside a workload.
#[derive(Clone, Debug)]
pub struct OtherObject {
    /// Who made it.
    pub from: From,
    /// The object.
    pub object: Value,
}

/// Who made an object beside a workload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum From {
    /// The component's own template.
    Workload,
    /// The trait of this type.
    Trait(String),
}

/// A step of a workflow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkflowStep {
    /// Its name.
    pub name: String,
    /// Its type.
    pub kind: String,
    /// The steps inside a group.
    pub sub_steps: Vec<WorkflowStep>,
}

/// Renders an Application; needs a stack of [`cue_engine::Budget::STACK`] bytes.
///
/// The value is absent when there is an error; all components are tried, so that each cause is reported at once.
pub fn render(session: &Session, request: Request<'_>) -> Outcome<Rendering> {
    let mut found = Vec::new();
    let app = Application::read(request.application, request.namespace, &mut found);
    if let Some(external) = &app.workflow_ref {
        found.push(
            Diagnostic::error(
                "deep/external-workflow",
                format!(
                    "the workflow `{}` is an object of its own, which is not read",
                    external.text
                ),
                Place::Text(external.span),
            )
            .help("write the steps into the application"),
        );
    }
    let steps = workflow::steps(&app);
    let deployments = workflow::deployments(&app, &steps).unwrap_or_else(|more| {
        found.extend(more);
        Vec::new()
    });
    let session = &providers::session(session, Importer::Workflow);
    let job = Job {
        session,
        clusters: request.clusters,
        definitions: request.definitions,
        cluster_version: request.cluster_version,
    };
    job.check(&app, &steps, &mut found);
    let mut rendering = Rendering {
        groups: Vec::new(),
        steps: steps.iter().map(listed).collect(),
    };
    if !has_errors(&found) {
        for deployment in &deployments {
            match job.group(&app, deployment) {
                Ok(group) => rendering.groups.push(group),
                Err(more) => {
                    for diagnostic in more {
                        // deployments that differ in nothing fail for the same reasons
                        if !found.contains(&diagnostic) {
                            found.push(diagnostic);
                        }
                    }
                }
            }
        }
    }
    Outcome {
        value: (!has_errors(&found)).then_some(rendering),
        diagnostics: found,
    }
}

fn has_errors(found: &[Diagnostic]) -> bool {
    found
        .iter()
        .any(|diagnostic| diagnostic.severity == Severity::Error)
}

fn listed(step: &Step) -> WorkflowStep {
    WorkflowStep {
        name: step.name.clone(),
        kind: step.kind.text.clone(),
        sub_steps: step.sub_steps.iter().map(listed).collect(),
    }
}

/// Policies that act on an application as a whole and render nothing.
const INTERNAL_POLICIES: [&str; 11] = [
    "garbage-collect",
    "apply-once",
    "shared-resource",
    "take-over",
    "read-only",
    "resource-update",
    "env-binding",
    "topology",
    "replication",
    "debug",
    "override",
];

struct Job<'a> {
    session: &'a Session,
    clusters: &'a [String],
    definitions: &'a Definitions,
    cluster_version: &'a ClusterVersion,
}

impl Job<'_> {
    /// Finds what the application names and nobody has, before anything is rendered.
    fn check(&self, app: &Application, steps: &[Step], found: &mut Vec<Diagnostic>) {
        for component in &app.components {
            if component.kind.text == "ref-objects" {
                found.push(Diagnostic::error(
                    "deep/needs-cluster",
                    format!(
                        "the component `{}` refers to objects of a cluster (`ref-objects`), which rendering never reads",
                        component.name
                    ),
                    Place::Text(component.kind.span),
                ));
                continue;
            }
            self.must_have(Kind::Component, &component.kind, found);
            for made in &component.traits {
                self.must_have(Kind::Trait, &made.kind, found);
            }
        }
        for policy in &app.policies {
            let kind = policy.kind.text.as_str();
            if policy.properties.is_none() && kind != "debug" {
                found.push(overrides::no_properties(policy));
            } else if kind == workflow::OVERRIDE {
                match Override::read(policy) {
                    Ok(read) => {
                        let (components, traits) = read.types();
                        for word in components {
                            self.must_have(Kind::Component, word, found);
                        }
                        for word in traits {
                            self.must_have(Kind::Trait, word, found);
                        }
                    }
                    Err(more) => found.extend(more),
                }
            } else if !INTERNAL_POLICIES.contains(&kind) {
                self.must_have(Kind::Policy, &policy.kind, found);
            }
        }
        for step in steps
            .iter()
            .flat_map(|step| std::iter::once(step).chain(&step.sub_steps))
        {
            let kind = step.kind.text.as_str();
            // KubeVela itself knows `deploy` without a definition
            if !workflow::BUILTIN_STEPS.contains(&kind)
                && kind != "deploy"
                && self.definitions.find(Kind::WorkflowStep, kind).is_none()
            {
                let mut warning = self.unknown(Kind::WorkflowStep, &step.kind);
                warning.severity = Severity::Warning;
                found.push(warning);
            }
        }
    }

    fn must_have(&self, kind: Kind, word: &Word, found: &mut Vec<Diagnostic>) {
        if self.definitions.find(kind, &word.text).is_none() {
            let diagnostic = self.unknown(kind, word);
            if !found.contains(&diagnostic) {
                found.push(diagnostic);
            }
        }
    }

    fn unknown(&self, kind: Kind, word: &Word) -> Diagnostic {
        let name = word.text.as_str();
        let what = kind.word();
        let diagnostic = Diagnostic::error(
            "deep/unknown-definition",
            format!("there is no {what} definition `{name}`"),
            Place::Text(word.span),
        );
        let near = cue_engine::nearest(name, self.definitions.names(kind));
        match near {
            Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
            None => diagnostic.help(format!(
                "the definitions of the addon and of its dependencies are known by themselves; give others with `--definitions` \
                 (a directory, an archive, or what `kubectl get {}s -A -o yaml` prints)",
                kind.object_kind().to_lowercase()
            )),
        }
    }

    fn group(
        &self,
        app: &Application,
        deployment: &Deployment<'_>,
    ) -> Result<Group, Vec<Diagnostic>> {
        let mut app = app.clone();
        for policy in &deployment.overrides {
            app.components = Override::read(policy)?.apply(&app.components);
        }
        let title = match deployment.topology {
            Some(topology) => format!("{} with topology {}", app.name, topology.name),
            None if deployment.by_step => format!("{} only with override policies", app.name),
            None => app.name.clone(),
        };
        let renderer = Renderer {
            session: self.session,
            world: World {
                application: &app,
                cluster_version: self.cluster_version,
            },
        };
        let mut found = Vec::new();
        let mut components = Vec::new();
        let mut artifacts = Fields::new();
        for component in &app.components {
            match self.component(&renderer, &app, component) {
                Ok(made) => {
                    artifacts.insert(component.name.as_str().into(), made.artifact());
                    components.push(made.objects());
                }
                Err(more) => found.extend(more),
            }
        }
        let mut policies = Vec::new();
        if found.is_empty() {
            let artifacts = Object::Map(artifacts);
            for policy in &app.policies {
                match self.policy(&renderer, &app, policy, &artifacts) {
                    Ok(objects) => policies.extend(objects),
                    Err(more) => found.extend(more),
                }
            }
        }
        if !found.is_empty() {
            return Err(found);
        }
        Ok(Group {
            title,
            target: deployment
                .topology
                .map(|policy| target(policy, self.clusters)),
            components,
            policies,
        })
    }

    fn template(&self, kind: Kind, word: &Word) -> Result<&Template, Vec<Diagnostic>> {
        self.definitions
            .find(kind, &word.text)
            .ok_or_else(|| vec![self.unknown(kind, word)])
    }

    fn component(
        &self,
        renderer: &Renderer<'_>,
        app: &Application,
        component: &Component,
    ) -> Result<Made, Vec<Diagnostic>> {
        let template = self.template(Kind::Component, &component.kind)?;
        let traits = component
            .traits
            .iter()
            .map(|made| Ok((made, self.template(Kind::Trait, &made.kind)?)))
            .collect::<Result<Vec<_>, Vec<Diagnostic>>>()?;
        let rendered = renderer.component(component, template, traits)?;
        let about = format!(
            "component `{}` of type `{}`",
            component.name, component.kind.text
        );
        let contract = Contract {
            application: app,
            component: &component.name,
        };
        let mut workload = rendered
            .base
            .object()
            .map_err(|found| explained(found, &about, &component.kind))?;
        contract.workload(&mut workload, definition_name(&component.kind.text));
        let mut others = Vec::new();
        for auxiliary in &rendered.auxiliaries {
            let about = format!("`outputs.{}` of {about}", auxiliary.name);
            let mut object = auxiliary
                .instance
                .object()
                .map_err(|found| explained(found, &about, &component.kind))?;
            contract.auxiliary(&mut object, &auxiliary.kind, &auxiliary.name);
            if let Some(path) = self.reference_path(app, &auxiliary.kind) {
                contract::refer(&mut object, &auxiliary.kind, path, &workload).map_err(|why| {
                    let wrong = Diagnostic::error(
                        "deep/workload-reference",
                        format!("the reference to the workload cannot be set: {why}"),
                        Place::Nowhere,
                    );
                    explained(vec![wrong], &about, &component.kind)
                })?;
            }
            others.push(object);
        }
        Ok(Made {
            name: component.name.clone(),
            workload,
            others,
        })
    }

    /// Where the objects of a trait keep the reference to their workload. A type `a-b` is looked up as `a` when the
    /// application has a trait `a`, as KubeVela does.
    fn reference_path(&self, app: &Application, kind: &str) -> Option<&str> {
        let used: BTreeSet<&str> = app
            .components
            .iter()
            .flat_map(|component| &component.traits)
            .map(|made| definition_name(&made.kind.text))
            .collect();
        let short = kind.rsplit_once('-').map(|(short, _)| short);
        let name = short.filter(|short| used.contains(short)).unwrap_or(kind);
        let template = self.definitions.find(Kind::Trait, name)?;
        template.workload_ref_path.as_deref()
    }

    fn policy(
        &self,
        renderer: &Renderer<'_>,
        app: &Application,
        policy: &application::Policy,
        artifacts: &Object,
    ) -> Result<Vec<Value>, Vec<Diagnostic>> {
        if INTERNAL_POLICIES.contains(&policy.kind.text.as_str()) {
            return Ok(Vec::new());
        }
        let template = self.template(Kind::Policy, &policy.kind)?;
        let about = format!("policy `{}` of type `{}`", policy.name, policy.kind.text);
        let run = || -> Result<Vec<Value>, Vec<Diagnostic>> {
            let seen = Seen {
                world: renderer.world,
                name: &policy.name,
                properties: None,
                above: None,
                artifacts: Some(artifacts),
            };
            let rendered = renderer.base(template, policy.properties.as_ref(), seen)?;
            let contract = Contract {
                application: app,
                component: &policy.name,
            };
            let instances = std::iter::once(&rendered.base).chain(
                rendered
                    .auxiliaries
                    .iter()
                    .map(|auxiliary| &auxiliary.instance),
            );
            instances
                .map(|instance| {
                    let mut object = instance.object()?;
                    contract.policy(&mut object);
                    Ok(object.to_value())
                })
                .collect()
        };
        run().map_err(|found| explained(found, &about, &policy.kind))
    }
}

/// The objects of a component before they become plain values.
struct Made {
    name: String,
    workload: Object,
    others: Vec<Object>,
}

const TRAIT_TYPE: [&str; 3] = ["metadata", "labels", "trait.oam.dev/type"];
const TRAIT_RESOURCE: [&str; 3] = ["metadata", "labels", "trait.oam.dev/resource"];

impl Made {
    /// What templates of policies see of a component.
    fn artifact(&self) -> Object {
        let mut traits = Fields::new();
        for object in &self.others {
            let kind = object.text_at(&TRAIT_TYPE);
            let group = traits
                .entry(kind.into())
                .or_insert_with(|| Object::Map(Fields::new()));
            if let Object::Map(group) = group {
                group.insert(object.text_at(&TRAIT_RESOURCE).into(), object.clone());
            }
        }
        let mut fields = Fields::from([("workload".into(), self.workload.clone())]);
        if !traits.is_empty() {
            fields.insert("traits".into(), Object::Map(traits));
        }
        Object::Map(fields)
    }

    fn objects(self) -> ComponentObjects {
        ComponentObjects {
            name: self.name,
            workload: self.workload.to_value(),
            others: self
                .others
                .iter()
                .map(|object| OtherObject {
                    from: match object.text_at(&TRAIT_TYPE) {
                        AUXILIARY => From::Workload,
                        kind => From::Trait(kind.to_owned()),
                    },
                    object: object.to_value(),
                })
                .collect(),
        }
    }
}

/// Where a topology goes. Clusters are named, or selected by labels; a selector without labels means all joined ones.
fn target(policy: &application::Policy, joined: &[String]) -> Target {
    let at = |field: &str| policy.properties.as_ref().and_then(|tree| tree.get(field));
    let texts = |tree: &Tree| {
        let items = tree.items().iter().filter_map(Tree::coerced);
        items.map(std::borrow::Cow::into_owned).collect::<Vec<_>>()
    };
    let selector = at("clusterLabelSelector").or_else(|| at("clusterSelector"));
    let named = at("clusters").map(texts).unwrap_or_default();
    let selects_all = selector.is_some_and(|selector| selector.entries().is_empty());
    let is_open = selector.is_some_and(|selector| !selector.entries().is_empty());
    Target {
        policy: policy.name.clone(),
        clusters: match (named.is_empty(), selects_all, is_open) {
            (false, _, _) => named,
            (true, true, _) => joined.to_vec(),
            (true, false, true) => Vec::new(),
            // without any word about clusters it is the one that KubeVela runs in
            (true, false, false) => vec!["local".to_owned()],
        },
        namespace: at("namespace")
            .and_then(Tree::coerced)
            .map(std::borrow::Cow::into_owned),
    }
}
