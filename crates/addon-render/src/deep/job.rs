//! One application, deployment after deployment.
//!
//! First everything that the application names and nobody has is found, for all deployments at once. Then each deployment
//! renders the components with its overrides applied, and the policies that are templates with the components in view.

use super::application::{Application, Component, Policy, Step, Word};
use super::component::{AUXILIARY, Renderer, definition_name, explained};
use super::context::{ClusterVersion, Seen, World};
use super::contract::{self, Contract};
use super::definitions::{Definitions, Template};
use super::object::{Fields, Object};
use super::overrides::{self, Override};
use super::workflow::{self, Deployment};
use super::{ComponentObjects, From, Group, OtherObject, Target};
use crate::definition::Kind;
use cue_engine::Session;
use goyaml::{Tree, Value};
use source_vocab::{Diagnostic, Place, Severity};
use std::collections::BTreeSet;

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

/// Whether a policy is a template that renders objects.
fn is_template(policy: &Policy) -> bool {
    !INTERNAL_POLICIES.contains(&policy.kind.text.as_str())
}

/// What all deployments share.
pub(super) struct Job<'a> {
    pub(super) session: &'a Session,
    pub(super) clusters: &'a [String],
    pub(super) definitions: &'a Definitions,
    pub(super) cluster_version: &'a ClusterVersion,
}

impl Job<'_> {
    /// Finds what the application names and nobody has, before anything is rendered.
    pub(super) fn check(&self, app: &Application, steps: &[Step], found: &mut Vec<Diagnostic>) {
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
            } else if is_template(policy) {
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
            // a step that was made for the application stands nowhere
            if word.span.is_detached() {
                Place::Nowhere
            } else {
                Place::Text(word.span)
            },
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

    /// Renders one deployment.
    ///
    /// # Errors
    /// What is wrong with any of its components and policies.
    pub(super) fn group(
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
        let traits = app
            .components
            .iter()
            .flat_map(|component| &component.traits);
        let used: BTreeSet<&str> = traits
            .map(|made| definition_name(&made.kind.text))
            .collect();
        let shows_artifacts = app.policies.iter().any(is_template);
        let mut found = Vec::new();
        let mut components = Vec::new();
        let mut artifacts = Fields::new();
        for component in &app.components {
            match self.component(&renderer, &app, component, &used) {
                Ok(made) => {
                    if shows_artifacts {
                        artifacts.insert(component.name.as_str().into(), made.artifact());
                    }
                    components.push(made.objects());
                }
                Err(more) => found.extend(more),
            }
        }
        let mut policies = Vec::new();
        if found.is_empty() {
            let artifacts = Object::Map(artifacts);
            for policy in app.policies.iter().filter(|policy| is_template(policy)) {
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
        used: &BTreeSet<&str>,
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
            if let Some(path) = self.reference_path(used, &auxiliary.kind) {
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
    fn reference_path(&self, used: &BTreeSet<&str>, kind: &str) -> Option<&str> {
        let short = kind.rsplit_once('-').map(|(short, _)| short);
        let name = short.filter(|short| used.contains(short)).unwrap_or(kind);
        let template = self.definitions.find(Kind::Trait, name)?;
        template.workload_ref_path.as_deref()
    }

    fn policy(
        &self,
        renderer: &Renderer<'_>,
        app: &Application,
        policy: &Policy,
        artifacts: &Object,
    ) -> Result<Vec<Value>, Vec<Diagnostic>> {
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
fn target(policy: &Policy, joined: &[String]) -> Target {
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
