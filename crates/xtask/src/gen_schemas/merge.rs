//! All releases in one: a property that several have in the same form is one row with their mask.

use super::source::{Gvk, Life, MINORS, Sources, Type};
use anyhow::{Context as _, bail};
use std::collections::{BTreeMap, BTreeSet};

/// A set of releases: the lowest bit is the oldest.
pub(super) type Mask = u8;

/// A form of a property.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) name: String,
    pub(super) of: Type,
    /// The releases that have it in this form.
    pub(super) releases: Mask,
    /// Those of them that require it.
    pub(super) required: Mask,
}

/// A kind.
#[derive(Debug, Default)]
pub(super) struct Kind {
    pub(super) definition: Option<String>,
    pub(super) served: Mask,
    pub(super) by_default: Mask,
    pub(super) namespaced: bool,
    pub(super) creatable: bool,
    pub(super) life: Life,
}

/// Everything, each name once.
#[derive(Debug, Default)]
pub(super) struct Merged {
    pub(super) definitions: BTreeMap<String, Vec<Row>>,
    pub(super) kinds: BTreeMap<Gvk, Kind>,
}

fn bit(minor: u8) -> Mask {
    1 << (minor - MINORS.start())
}

/// # Errors
/// When the releases contradict each other about a kind.
pub(super) fn merge(sources: &Sources) -> anyhow::Result<Merged> {
    let mut merged = Merged::default();
    for (&minor, release) in &sources.releases {
        let mut open: Vec<&str> = Vec::new();
        for (gvk, (definition, namespaced)) in &release.kinds {
            let kind = merged.kinds.entry(gvk.clone()).or_default();
            if kind.served != 0
                && (kind.definition.as_ref(), kind.namespaced) != (Some(definition), *namespaced)
            {
                bail!("{gvk:?} changes its definition or scope in 1.{minor}");
            }
            kind.definition = Some(definition.clone());
            kind.namespaced = *namespaced;
            kind.served |= bit(minor);
            open.push(definition);
        }
        let mut reached: BTreeSet<&str> = open.iter().copied().collect();
        while let Some(name) = open.pop() {
            let definition = release.definitions.get(name);
            let definition = definition.with_context(|| format!("no definition `{name}`"))?;
            let rows = merged.definitions.entry(name.to_owned()).or_default();
            for (field, property) in definition {
                let known = rows
                    .iter_mut()
                    .find(|row| row.name == *field && row.of == property.of);
                let row = match known {
                    Some(row) => row,
                    None => rows.push_mut(Row {
                        name: field.clone(),
                        of: property.of.clone(),
                        releases: 0,
                        required: 0,
                    }),
                };
                row.releases |= bit(minor);
                row.required |= if property.required { bit(minor) } else { 0 };
                if let Some(next) = target(&property.of)
                    && reached.insert(next)
                {
                    open.push(next);
                }
            }
        }
    }
    for rows in merged.definitions.values_mut() {
        rows.sort_by(|left, right| (&left.name, &left.of).cmp(&(&right.name, &right.of)));
    }
    for (gvk, (minors, creatable)) in &sources.defaults {
        let kind = merged
            .kinds
            .get_mut(gvk)
            .with_context(|| format!("{gvk:?} is served nowhere"))?;
        kind.by_default = minors
            .iter()
            .filter(|minor| MINORS.contains(minor))
            .map(|minor| bit(*minor))
            .sum();
        kind.creatable = *creatable;
    }
    for (gvk, life) in &sources.lives {
        // a list of objects is no object
        if gvk.2.ends_with("List") {
            continue;
        }
        merged.kinds.entry(gvk.clone()).or_default().life = life.clone();
        if let Some(replacement) = &life.replacement {
            merged.kinds.entry(replacement.clone()).or_default();
        }
    }
    Ok(merged)
}

/// The definition that a value of a type leads to.
fn target(of: &Type) -> Option<&str> {
    match of {
        Type::Scalar(_) => None,
        Type::List(inner) | Type::Map(inner) => target(inner),
        Type::Struct(name) | Type::Or(_, name) => Some(name),
    }
}
