//! What comes together with one set of arguments, looked up by kind and name: what an object refers to may be in it.
//!
//! A chart, a terraform module or a component of another type makes objects that are not known here, and so may an
//! operator. [`Set::is_whole`] tells whether the addon has none of the first kind; the rules on references are silent where
//! it has.

use crate::proof::{Neighbour, Proof};
use crate::rules::applied::{Applied, applied_together, at, pod_template};
use goyaml::{Data, Tree};
use std::collections::BTreeSet;

/// Types of components whose objects are written out.
const PLAIN: [&str; 2] = ["k8s-objects", "raw"];

/// The objects of one case.
pub(in crate::rules) struct Set<'p> {
    /// The objects.
    pub(in crate::rules) objects: Vec<Applied<'p>>,
    /// Kind and name of all.
    names: BTreeSet<(&'p str, &'p str)>,
    /// The addons that this one depends on, whose objects are there too.
    near: &'p [&'p Neighbour],
    /// Whether all that the addon makes is known.
    pub(in crate::rules) is_whole: bool,
}

/// The sets of an addon: a case each.
pub(in crate::rules) fn sets<'p>(proof: &'p Proof<'_>) -> Vec<Set<'p>> {
    let mut components = proof
        .applications()
        .flat_map(|application| proof.components(application));
    let is_whole = proof.missing_dependencies().is_empty()
        && components.all(|component| PLAIN.contains(&component.kind));
    let sets = applied_together(proof).into_iter();
    sets.map(|objects| {
        let names = objects
            .iter()
            .map(|object| (object.kind(), object.name()))
            .collect();
        Set {
            objects,
            names,
            near: proof.dependencies(),
            is_whole,
        }
    })
    .collect()
}

impl<'p> Set<'p> {
    /// Whether an object of this kind and name is there, in whatever namespace.
    pub(in crate::rules) fn has(&self, kind: &str, name: &str) -> bool {
        self.names.contains(&(kind, name)) || self.near.iter().any(|near| near.applies(kind, name))
    }

    /// Whether every object is of a kind that Kubernetes brings: none is a wish that an operator fulfils.
    pub(in crate::rules) fn is_plain(&self) -> bool {
        self.objects.iter().all(|object| {
            matches!(
                object.group(),
                "" | "apps" | "batch" | "autoscaling" | "policy" | "core.oam.dev"
            ) || object.group().ends_with(".k8s.io") && !object.group().contains("x-k8s.io")
        })
    }

    /// The objects whose pods could have these labels: same namespace, as far as both are known.
    pub(in crate::rules) fn selected(&self, by: &Applied<'p>, labels: &Tree) -> Vec<&Applied<'p>> {
        let wanted = labels.entries();
        let fits = |object: &&Applied<'p>| {
            let Some(found) = pod_template(object).and_then(|pod| at(pod, &["metadata", "labels"]))
            else {
                return false;
            };
            let is_near = match (by.namespace(), object.namespace()) {
                (Some(one), Some(other)) => one == other,
                _ => true,
            };
            is_near
                && wanted.iter().all(|entry| {
                    let value = found.get(&entry.key).and_then(Tree::coerced);
                    value.is_some() && value == entry.value.coerced()
                })
        };
        self.objects.iter().filter(fits).collect()
    }

    /// Whether a selector misses all pods although they are all known: either nothing but built-in kinds is there, or some
    /// pods have labels with these keys and other values.
    pub(in crate::rules) fn misses(&self, by: &Applied<'p>, labels: &Tree) -> bool {
        let wanted = labels.entries();
        let is_velas = |key: &str| key.starts_with("app.oam.dev/");
        if !self.is_whole || wanted.is_empty() || wanted.iter().any(|entry| is_velas(&entry.key)) {
            return false;
        }
        let pods = || self.objects.iter().filter_map(pod_template);
        if pods().next().is_none() || !self.selected(by, labels).is_empty() {
            return false;
        }
        let has_keys = |pod: &Tree| {
            let found = at(pod, &["metadata", "labels"]);
            found.is_some_and(|found| wanted.iter().all(|entry| found.get(&entry.key).is_some()))
        };
        self.is_plain() || pods().any(has_keys)
    }

    /// How many texts of all objects contain a name: where more do than refer to it, something else may make it.
    pub(in crate::rules) fn mentions(&self, name: &str) -> usize {
        let mut count = 0;
        for object in &self.objects {
            visit(object.tree, &mut |text| {
                count += usize::from(text.contains(name));
            });
        }
        count
    }
}

fn visit(tree: &Tree, look: &mut dyn FnMut(&str)) {
    match &tree.data {
        Data::String(text) => look(text),
        Data::List(items) => {
            for item in items {
                visit(item, look);
            }
        }
        Data::Map(entries) => {
            for entry in entries {
                visit(&entry.value, look);
            }
        }
        Data::Null | Data::Bool(_) | Data::Number(_) => {}
    }
}
