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
//! - `job.rs`: one deployment after the other, component after component;
//! - `context.rs`, `component.rs`, `patch/`: templates and traits;
//! - `contract.rs`, `name.rs`: what every object gets; `object.rs`: objects as Go holds them;
//! - `print.rs`: the text of `vela dry-run`;
//! - `vendor.rs`: definitions as a folder with a lock.

mod application;
mod component;
mod context;
mod contract;
mod definitions;
mod job;
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

use crate::definition::providers::{self, Importer};
use application::{Application, Step};
use cue_engine::Session;
use goyaml::{Tree, Value};
use job::Job;
use source_vocab::{Diagnostic, Outcome, Place, Severity};

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
