//! The steps of an application's workflow, as far as they decide what is rendered.
//!
//! Steps are listed and not run. A step of type `deploy` names policies: its overrides change the components, and each of
//! its topologies is one deployment of them. An application without steps gets some, as in kubevela
//! `pkg/workflow/step/generator.go`: one `deploy` for each topology (or one for the overrides), else one step for each
//! environment of an `env-binding` policy, else one `apply-component` for each component.

use super::application::{Application, Policy, Step, Word, entry, object, string};
use super::overrides::known;
use goyaml::{Data, Tree};
use source_vocab::{Diagnostic, Place, Span};

const DEPLOY: &str = "deploy";
const TOPOLOGY: &str = "topology";
pub(super) const OVERRIDE: &str = "override";
/// The types of steps that need no definition.
pub(super) const BUILTIN_STEPS: [&str; 4] = [
    "suspend",
    "apply-component",
    "builtin-apply-component",
    "step-group",
];

/// One time that the components are rendered.
#[derive(Clone, Debug)]
pub(super) struct Deployment<'a> {
    pub(super) topology: Option<&'a Policy>,
    pub(super) overrides: Vec<&'a Policy>,
    /// The step that asks for it; absent when no step deploys and everything is rendered as it is.
    pub(super) by_step: bool,
}

/// The steps that run: those written, else those that KubeVela makes.
pub(super) fn steps(app: &Application) -> Vec<Step> {
    match &app.steps {
        Some(steps) if !steps.is_empty() => return steps.clone(),
        _ => {}
    }
    let of_type = |kind: &'static str| {
        app.policies
            .iter()
            .filter(move |policy| policy.kind.text == kind)
    };
    let overrides: Vec<&str> = of_type(OVERRIDE)
        .map(|policy| policy.name.as_str())
        .collect();
    let mut made: Vec<Step> = of_type(TOPOLOGY)
        .map(|topology| {
            let mut names = overrides.clone();
            names.push(&topology.name);
            step(
                &format!("deploy-{}", topology.name),
                DEPLOY,
                policies(&names),
            )
        })
        .collect();
    let refers = app
        .components
        .iter()
        .any(|component| component.kind.text == "ref-objects");
    if made.is_empty() && (refers || !overrides.is_empty()) {
        made.push(step(DEPLOY, DEPLOY, policies(&overrides)));
    }
    if made.is_empty() {
        made = of_type("env-binding").flat_map(environments).collect();
    }
    if made.is_empty() {
        made = app
            .components
            .iter()
            .map(|component| {
                let named = entry("component", string(&component.name, Span::DETACHED));
                step(&component.name, "apply-component", object(vec![named]))
            })
            .collect();
    }
    made
}

fn environments(policy: &Policy) -> Vec<Step> {
    let envs = policy.properties.as_ref().and_then(|tree| tree.get("envs"));
    envs.map(Tree::items)
        .unwrap_or_default()
        .iter()
        .filter_map(|env| env.get("name")?.coerced())
        .map(|env| {
            let properties = object(vec![
                entry("env", string(&env, Span::DETACHED)),
                entry("policy", string(&policy.name, Span::DETACHED)),
            ]);
            step(
                &format!("deploy-{}-{env}", policy.name),
                "deploy2env",
                properties,
            )
        })
        .collect()
}

fn step(name: &str, kind: &str, properties: Tree) -> Step {
    Step {
        name: name.to_owned(),
        kind: Word {
            text: kind.to_owned(),
            span: Span::DETACHED,
        },
        properties: Some(properties),
        sub_steps: Vec::new(),
    }
}

fn policies(names: &[&str]) -> Tree {
    let names = names
        .iter()
        .map(|name| string(name, Span::DETACHED))
        .collect();
    let list = Tree {
        span: Span::DETACHED,
        data: Data::List(names),
    };
    object(vec![entry("policies", list)])
}

/// What is rendered: once for each topology of each deploying step, or once as it is.
///
/// # Errors
/// Steps that name policies that do not exist, or have fields that the type `deploy` does not have.
pub(super) fn deployments<'a>(
    app: &'a Application,
    steps: &[Step],
) -> Result<Vec<Deployment<'a>>, Vec<Diagnostic>> {
    let mut found = Vec::new();
    let mut out = Vec::new();
    for step in steps.iter().filter(|step| step.kind.text == DEPLOY) {
        let Some(properties) = &step.properties else {
            out.push(Deployment {
                topology: None,
                overrides: Vec::new(),
                by_step: true,
            });
            continue;
        };
        let fields = [
            "auto",
            "policies",
            "parallelism",
            "ignoreTerraformComponent",
        ];
        known(properties, &fields, &mut found);
        let mut topologies = Vec::new();
        let mut overrides = Vec::new();
        for name in properties
            .get("policies")
            .map(Tree::items)
            .unwrap_or_default()
        {
            let text = name.coerced().unwrap_or_default();
            // of two policies with one name the last counts
            match app.policies.iter().rfind(|policy| policy.name == text) {
                Some(policy) if policy.kind.text == TOPOLOGY => topologies.push(policy),
                Some(policy) if policy.kind.text == OVERRIDE => overrides.push(policy),
                Some(_) => {}
                None => found.push(
                    Diagnostic::error(
                        "deep/unknown-policy",
                        format!("the step `{}` names the policy `{text}`, which the application does not have", step.name),
                        Place::Text(name.span),
                    )
                    .help("policies that are objects of their own are not read; write the policy into the application"),
                ),
            }
        }
        if topologies.is_empty() {
            out.push(Deployment {
                topology: None,
                overrides,
                by_step: true,
            });
        } else {
            out.extend(topologies.into_iter().map(|topology| Deployment {
                topology: Some(topology),
                overrides: overrides.clone(),
                by_step: true,
            }));
        }
    }
    if !found.is_empty() {
        return Err(found);
    }
    if out.is_empty() {
        out.push(Deployment {
            topology: None,
            overrides: Vec::new(),
            by_step: false,
        });
    }
    Ok(out)
}
