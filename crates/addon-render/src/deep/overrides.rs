//! Policies of type `override`: an application's components, changed for one deployment.
//!
//! A part of an override names a component (as a pattern: `web*`), or all of a type, or all; it merges properties and
//! traits, replaces a component by one of another type, or adds one. A selector then keeps some of them. As
//! `PatchComponents` of kubevela `pkg/policy/envbinding/patch.go`, with what follows from its text: a name matches anywhere
//! in a component's name (`web` also means `my-web-2`), and of two traits of one type the last stands for both.

use super::application::{Component, Policy, Trait, Word, object};
use cue_engine::regex;
use goyaml::{Data, Tree};
use source_vocab::{Diagnostic, Place};
use std::collections::BTreeMap;

/// What an override policy says.
#[derive(Clone, Debug)]
pub(super) struct Override {
    parts: Vec<Part>,
    selector: Option<Vec<String>>,
}

#[derive(Clone, Debug)]
struct Part {
    /// The changes in the form of a component.
    component: Component,
    /// Which of its traits are disabled.
    disabled: Vec<bool>,
}

impl Override {
    /// Reads the properties of a policy.
    ///
    /// # Errors
    /// Fields that an override does not have, and what is not of the right form.
    pub(super) fn read(policy: &Policy) -> Result<Self, Vec<Diagnostic>> {
        let Some(properties) = &policy.properties else {
            return Err(vec![no_properties(policy)]);
        };
        let mut found = Vec::new();
        known(properties, &["components", "selector"], &mut found);
        let mut parts = Vec::new();
        for tree in properties
            .get("components")
            .map(Tree::items)
            .unwrap_or_default()
        {
            let fields = ["name", "type", "properties", "traits", "externalRevision"];
            known(tree, &fields, &mut found);
            let traits = tree.get("traits").map(Tree::items).unwrap_or_default();
            for part in traits {
                known(part, &["type", "properties", "disable"], &mut found);
            }
            parts.push(Part {
                component: Component::read(tree, &mut found),
                disabled: traits
                    .iter()
                    .map(|part| {
                        part.get("disable")
                            .is_some_and(|flag| flag.data == Data::Bool(true))
                    })
                    .collect(),
            });
        }
        let selector = properties
            .get("selector")
            .filter(|tree| !matches!(tree.data, Data::Null))
            .map(|tree| {
                let names = tree.items().iter().filter_map(Tree::coerced);
                names.map(std::borrow::Cow::into_owned).collect()
            });
        if found.is_empty() {
            Ok(Self { parts, selector })
        } else {
            Err(found)
        }
    }

    /// The types of components and of traits that the policy names.
    pub(super) fn types(&self) -> (Vec<&Word>, Vec<&Word>) {
        let named = |word: &&Word| !word.text.is_empty();
        let components = self.parts.iter().map(|part| &part.component.kind);
        let traits = self.parts.iter().flat_map(|part| &part.component.traits);
        (
            components.filter(named).collect(),
            traits.map(|made| &made.kind).filter(named).collect(),
        )
    }

    /// The components after the policy.
    pub(super) fn apply(&self, components: &[Component]) -> Vec<Component> {
        let mut order: Vec<String> = Vec::new();
        let mut by_name: BTreeMap<String, Component> = BTreeMap::new();
        for component in components {
            order.push(component.name.clone());
            by_name.insert(component.name.clone(), component.clone());
        }
        for part in &self.parts {
            part.apply(&mut order, &mut by_name);
        }
        order
            .iter()
            .filter(|name| {
                let selector = self.selector.as_ref();
                selector.is_none_or(|selector| selector.contains(name))
            })
            .filter_map(|name| by_name.get(name).cloned())
            .collect()
    }
}

impl Part {
    fn apply(&self, order: &mut Vec<String>, by_name: &mut BTreeMap<String, Component>) {
        let change = &self.component;
        if change.name.is_empty() {
            for component in by_name.values_mut() {
                if change.kind.text.is_empty() || change.kind.text == component.kind.text {
                    *component = self.merged(component);
                }
            }
            return;
        }
        let mut is_new = change.name.contains(|c: char| c.is_ascii_lowercase());
        if let Ok(pattern) = regex::compile(&change.name.replace('*', ".*")) {
            for (name, component) in &mut *by_name {
                if !pattern.is_match(name.as_bytes()) {
                    continue;
                }
                is_new = false;
                if !change.kind.text.is_empty() && change.kind.text != component.kind.text {
                    *component = self.as_component();
                } else {
                    *component = self.merged(component);
                }
            }
        }
        if is_new {
            by_name.insert(change.name.clone(), self.as_component());
            order.push(change.name.clone());
        }
    }

    /// The traits that the part has or changes, and whether each is disabled.
    fn traits(&self) -> impl Iterator<Item = (&Trait, bool)> {
        let flags = self.disabled.iter().copied();
        self.component
            .traits
            .iter()
            .zip(flags.chain(std::iter::repeat(false)))
    }

    fn as_component(&self) -> Component {
        Component {
            traits: self
                .traits()
                .filter(|(_, disabled)| !disabled)
                .map(|(made, _)| made.clone())
                .collect(),
            others: Vec::new(),
            ..self.component.clone()
        }
    }

    fn merged(&self, base: &Component) -> Component {
        let mut out = base.clone();
        out.properties = Some(merged(
            base.properties.as_ref(),
            self.component.properties.as_ref(),
        ));
        for entry in &self.component.others {
            if &*entry.key == "externalRevision" {
                out.others.retain(|known| known.key != entry.key);
                out.others.insert(0, entry.clone());
            }
        }
        let mut order: Vec<&str> = Vec::new();
        let mut by_type: BTreeMap<&str, Trait> = BTreeMap::new();
        for made in &base.traits {
            order.push(&made.kind.text);
            by_type.insert(&made.kind.text, made.clone());
        }
        for (change, disabled) in self.traits() {
            let kind = change.kind.text.as_str();
            match by_type.get_mut(kind) {
                Some(_) if disabled => {
                    by_type.remove(kind);
                }
                Some(known) => {
                    known.properties = Some(merged(
                        known.properties.as_ref(),
                        change.properties.as_ref(),
                    ));
                }
                None if disabled => {}
                None => {
                    order.push(kind);
                    by_type.insert(kind, change.clone());
                }
            }
        }
        out.traits = order
            .into_iter()
            .filter_map(|kind| by_type.get(kind).cloned())
            .collect();
        out
    }
}

/// Properties with a change merged in: objects are merged, everything else is replaced. Properties that nobody gave become
/// an empty object.
fn merged(base: Option<&Tree>, change: Option<&Tree>) -> Tree {
    let base = base.cloned().unwrap_or_else(|| object(Vec::new()));
    match change {
        Some(change) => merged_tree(base, change),
        None => base,
    }
}

fn merged_tree(base: Tree, change: &Tree) -> Tree {
    match (base.data, &change.data) {
        (Data::Map(mut entries), Data::Map(changes)) => {
            for entry in changes {
                match entries.iter_mut().find(|known| known.key == entry.key) {
                    Some(known) => {
                        let old = std::mem::replace(
                            &mut known.value,
                            Tree {
                                span: entry.value.span,
                                data: Data::Null,
                            },
                        );
                        known.value = merged_tree(old, &entry.value);
                    }
                    None => entries.push(entry.clone()),
                }
            }
            Tree {
                span: base.span,
                data: Data::Map(entries),
            }
        }
        _ => change.clone(),
    }
}

/// A policy without the properties that it needs.
pub(super) fn no_properties(policy: &Policy) -> Diagnostic {
    Diagnostic::error(
        "deep/policy-without-properties",
        format!(
            "the policy `{}` of type `{}` must have `properties`",
            policy.name, policy.kind.text
        ),
        Place::Text(policy.kind.span),
    )
}

/// Reports the fields of an object that are not among the known ones.
pub(super) fn known(tree: &Tree, fields: &[&str], found: &mut Vec<Diagnostic>) {
    for entry in tree.entries() {
        // Go matches names of fields without regard to case
        if !fields
            .iter()
            .any(|field| field.eq_ignore_ascii_case(&entry.key))
        {
            found.push(
                Diagnostic::error(
                    "deep/unknown-field",
                    format!("`{}` is no field here", entry.key),
                    Place::Text(entry.key_span),
                )
                .help(format!("the fields are {}", fields.join(", "))),
            );
        }
    }
}
