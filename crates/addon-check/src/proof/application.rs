//! The parts of an Application by name: components with their traits, policies, workflow steps.

use super::object::{ProvenObject, text_at};
use goyaml::Tree;

/// A component of an Application.
#[derive(Clone, Debug)]
pub struct Component<'a> {
    /// The whole component; [`ProvenObject::place_of`] makes a place of any span in it.
    pub tree: &'a Tree,
    /// Its number in `spec.components`, from 0.
    pub index: usize,
    /// `name`; empty when it has none.
    pub name: &'a str,
    /// `type`; empty when it has none.
    pub kind: &'a str,
    /// `properties`.
    pub properties: Option<&'a Tree>,
    /// Its traits in order.
    pub traits: Vec<TraitUse<'a>>,
}

/// A trait of a component.
#[derive(Clone, Copy, Debug)]
pub struct TraitUse<'a> {
    /// The whole trait.
    pub tree: &'a Tree,
    /// `type`; empty when it has none.
    pub kind: &'a str,
    /// `properties`.
    pub properties: Option<&'a Tree>,
}

/// A policy of an Application.
#[derive(Clone, Copy, Debug)]
pub struct Policy<'a> {
    /// The whole policy.
    pub tree: &'a Tree,
    /// `name`; empty when it has none.
    pub name: &'a str,
    /// `type`; empty when it has none.
    pub kind: &'a str,
    /// `properties`.
    pub properties: Option<&'a Tree>,
}

/// A step of a workflow.
#[derive(Clone, Copy, Debug)]
pub struct WorkflowStep<'a> {
    /// The whole step.
    pub tree: &'a Tree,
    /// `name`; empty when it has none.
    pub name: &'a str,
    /// `type`; empty when it has none.
    pub kind: &'a str,
    /// `properties`.
    pub properties: Option<&'a Tree>,
    /// The group it is in, by its name.
    pub group: Option<&'a str>,
}

fn list<'a>(object: &ProvenObject<'a>, path: &[&str]) -> &'a [Tree] {
    let spec = object.tree.get("spec");
    let found = spec.and_then(|spec| path.iter().try_fold(spec, |at, key| at.get(key)));
    found.map(Tree::items).unwrap_or_default()
}

pub(super) fn components<'a>(application: &ProvenObject<'a>) -> Vec<Component<'a>> {
    let all = list(application, &["components"]).iter().enumerate();
    all.map(|(index, tree)| Component {
        tree,
        index,
        name: text_at(tree, "name"),
        kind: text_at(tree, "type"),
        properties: tree.get("properties"),
        traits: tree
            .get("traits")
            .map(Tree::items)
            .unwrap_or_default()
            .iter()
            .map(|tree| TraitUse {
                tree,
                kind: text_at(tree, "type"),
                properties: tree.get("properties"),
            })
            .collect(),
    })
    .collect()
}

pub(super) fn policies<'a>(application: &ProvenObject<'a>) -> Vec<Policy<'a>> {
    let all = list(application, &["policies"]).iter();
    all.map(|tree| Policy {
        tree,
        name: text_at(tree, "name"),
        kind: text_at(tree, "type"),
        properties: tree.get("properties"),
    })
    .collect()
}

pub(super) fn workflow_steps<'a>(application: &ProvenObject<'a>) -> Vec<WorkflowStep<'a>> {
    let mut steps = Vec::new();
    for tree in list(application, &["workflow", "steps"]) {
        steps.push(step(tree, None));
        let inner = tree.get("subSteps").map(Tree::items).unwrap_or_default();
        let group = text_at(tree, "name");
        steps.extend(inner.iter().map(|tree| step(tree, Some(group))));
    }
    steps
}

fn step<'a>(tree: &'a Tree, group: Option<&'a str>) -> WorkflowStep<'a> {
    WorkflowStep {
        tree,
        name: text_at(tree, "name"),
        kind: text_at(tree, "type"),
        properties: tree.get("properties"),
        group,
    }
}
