//! Where an Application uses definitions: the types of its components, traits, policies and workflow steps, with the
//! properties that each of them gets.
//!
//! Properties do not only come from beside the type. A policy `override` gives some to components, and an input
//! (`inputs[].parameterKey`) sets one while the workflow runs; so a [`Use`] knows which ones others may give, and what is not
//! there is missed only when nobody gives it (kubevela `enforceRequiredParams`, which counts the inputs of all steps).

use addon_render::definition::Kind;
use goyaml::{Data, Tree};
use source_vocab::Span;
use std::collections::BTreeSet;

/// One use of a definition.
#[derive(Clone, Debug)]
pub(crate) struct Use<'t> {
    pub(crate) kind: Kind,
    /// The type, as written.
    pub(crate) name: String,
    /// Where the type stands, or the nearest place around it.
    pub(crate) span: Span,
    /// What has this type: "component `web`".
    pub(crate) owner: String,
    /// The properties; none when there are none.
    pub(crate) properties: Option<&'t Tree>,
    /// Where the properties stand, or should stand.
    pub(crate) at: Span,
    /// The properties that somebody else may give, by their first name.
    pub(crate) given: BTreeSet<String>,
    /// The properties are a part of all: those of an `override`.
    pub(crate) is_partial: bool,
    /// The type of the component that a trait is put on.
    pub(crate) component: Option<String>,
}

/// All uses in an Application, in the order in which they stand.
pub(crate) fn uses(application: &Tree) -> Vec<Use<'_>> {
    let Some(spec) = application.get("spec") else {
        return Vec::new();
    };
    let mut found = Vec::new();
    let policies = items(spec.get("policies"));
    let steps = spec
        .get("workflow")
        .map(|workflow| items(workflow.get("steps")))
        .unwrap_or_default();
    let mut later = BTreeSet::new();
    inputs_of_steps(steps, &mut later);
    for policy in policies
        .iter()
        .filter(|policy| text(policy, "type") == "override")
    {
        for part in overridden(policy) {
            let properties = part.get("properties").map(Tree::entries);
            let keys = properties.unwrap_or_default().iter();
            later.extend(keys.map(|entry| entry.key.to_string()));
        }
    }
    for component in items(spec.get("components")) {
        of_component(component, &later, false, spec.span, &mut found);
    }
    for policy in policies {
        let owner = format!("policy `{}`", text(policy, "name"));
        let own = found_use(Kind::Policy, policy, owner, spec.span);
        let is_override = own.name == "override";
        found.push(own);
        if is_override {
            override_parts(policy, spec, &mut found);
        }
    }
    for step in steps {
        of_step(step, spec.span, &mut found);
    }
    found
}

fn of_component<'t>(
    component: &'t Tree,
    later: &BTreeSet<String>,
    is_partial: bool,
    around: Span,
    found: &mut Vec<Use<'t>>,
) {
    let owner = format!("component `{}`", text(component, "name"));
    let mut own = found_use(Kind::Component, component, owner.clone(), around);
    own.given.extend(later.iter().cloned());
    own.is_partial = is_partial;
    let kind = own.name.clone();
    found.push(own);
    traits(component, &owner, &kind, is_partial, around, found);
}

fn traits<'t>(
    component: &'t Tree,
    owner: &str,
    kind: &str,
    is_partial: bool,
    around: Span,
    found: &mut Vec<Use<'t>>,
) {
    for put in items(component.get("traits")) {
        let around = or(component.span, around);
        let owner = format!("trait of {owner}");
        let mut own = found_use(Kind::Trait, put, owner, around);
        own.is_partial = is_partial;
        own.component = Some(kind.to_owned()).filter(|kind| !kind.is_empty());
        found.push(own);
    }
}

/// What an `override` says of components: parts of properties, whose type is that of the component with the name, and traits.
fn override_parts<'t>(policy: &'t Tree, spec: &'t Tree, found: &mut Vec<Use<'t>>) {
    for part in overridden(policy) {
        let name = text(part, "name");
        let of_name = items(spec.get("components"))
            .iter()
            .find(|component| text(component, "name") == name);
        let own = text(part, "type");
        let kind = match of_name {
            _ if !own.is_empty() => own,
            Some(component) => text(component, "type"),
            None => String::new(),
        };
        let owner = format!("component `{name}`");
        if !kind.is_empty() && part.get("properties").is_some() {
            let mut made = found_use(Kind::Component, part, owner.clone(), policy.span);
            made.name.clone_from(&kind);
            made.is_partial = true;
            found.push(made);
        }
        traits(part, &owner, &kind, true, policy.span, found);
    }
}

fn of_step<'t>(step: &'t Tree, around: Span, found: &mut Vec<Use<'t>>) {
    let owner = format!("step `{}`", text(step, "name"));
    found.push(found_use(Kind::WorkflowStep, step, owner, around));
    for sub in items(step.get("subSteps")) {
        of_step(sub, or(step.span, around), found);
    }
}

fn found_use(kind: Kind, tree: &Tree, owner: String, around: Span) -> Use<'_> {
    let around = or(tree.span.start(), around);
    let named = tree.entry("type");
    let span = named.map_or(around, |entry| {
        or(entry.value.span, or(entry.key_span, around))
    });
    let given = tree.entry("properties");
    let properties = given.map(|entry| &entry.value);
    Use {
        kind,
        name: text(tree, "type"),
        span,
        owner,
        properties: properties.filter(|tree| !matches!(tree.data, Data::Null)),
        at: given.map_or(span, |entry| or(entry.key_span, or(entry.value.span, span))),
        given: inputs(tree).collect(),
        is_partial: false,
        component: None,
    }
}

/// The components that an `override` speaks of.
fn overridden(policy: &Tree) -> &[Tree] {
    let properties = policy.get("properties");
    items(properties.and_then(|properties| properties.get("components")))
}

fn inputs_of_steps(steps: &[Tree], keys: &mut BTreeSet<String>) {
    for step in steps {
        keys.extend(inputs(step));
        inputs_of_steps(items(step.get("subSteps")), keys);
    }
}

/// The first names of the properties that inputs set: of `objects[0].data.x` it is `objects`.
fn inputs(tree: &Tree) -> impl Iterator<Item = String> {
    let keys = items(tree.get("inputs")).iter();
    keys.filter_map(|input| {
        let key = input.get("parameterKey")?.coerced()?;
        let first = key.split(['.', '[']).next()?;
        Some(first.trim_matches('"').to_owned())
    })
}

fn items(tree: Option<&Tree>) -> &[Tree] {
    tree.map(Tree::items).unwrap_or_default()
}

fn text(tree: &Tree, key: &str) -> String {
    let value = tree.get(key).and_then(Tree::coerced);
    value.unwrap_or_default().into_owned()
}

fn or(span: Span, other: Span) -> Span {
    if span.is_detached() { other } else { span }
}
