//! The CRDs that are there while a custom resource is looked at.
//!
//! A set holds definitions by the name of their resource (`widgets.example.org`); one that comes later replaces an earlier
//! one, as an apply does. Nothing is compiled before a custom resource asks for it, and only the version it asks for.
//!
//! ```text
//! CrdSet::of_kubevela()        what vela-core's chart installs
//!   .insert(crd of a dependency)
//!   .insert(crd of the addon)
//! set.validate(object)         Some(faults), or None when no CRD serves its kind
//! ```

use super::kubevela;
use super::resource;
use super::schema::{Schema, is_set, member, text};
use crate::fault::Fault;
use goyaml::Tree;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// CRDs, each resource once.
#[derive(Debug, Default)]
pub struct CrdSet<'t> {
    /// By the name of the resource.
    definitions: BTreeMap<(&'t str, &'t str), Definition<'t>>,
    /// What is looked at when nothing here has a kind.
    below: Option<&'static CrdSet<'static>>,
}

#[derive(Debug)]
struct Definition<'t> {
    kind: &'t str,
    is_namespaced: bool,
    versions: Vec<Version<'t>>,
}

#[derive(Debug)]
struct Version<'t> {
    name: &'t str,
    is_served: bool,
    source: Option<&'t Tree>,
    subresources: Subresources<'t>,
    schema: OnceLock<Schema>,
}

/// What the version has beside the resource itself.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Subresources<'t> {
    /// A creation then drops `status`.
    pub(super) has_status: bool,
    /// `.spec.replicas`, where the resource can be scaled.
    pub(super) replicas: Option<&'t str>,
}

/// A kind that a CRD serves.
#[derive(Clone, Copy, Debug)]
pub struct CustomKind<'a> {
    is_namespaced: bool,
    plural: &'a str,
    version: &'a Version<'a>,
}

impl<'t> CrdSet<'t> {
    /// No CRD.
    pub fn new() -> Self {
        Self::default()
    }

    /// The CRDs that the chart of KubeVela installs: Application, the definitions, and what else its API groups have.
    pub fn of_kubevela() -> Self {
        Self {
            definitions: BTreeMap::new(),
            below: Some(kubevela::crds()),
        }
    }

    /// Adds a `CustomResourceDefinition` of `apiextensions.k8s.io/v1`; false when `object` is none or too broken to serve a kind.
    pub fn insert(&mut self, object: &'t Tree) -> bool {
        if !is_definition(object) {
            return false;
        }
        let Some(spec) = member(object, "spec") else {
            return false;
        };
        let names = member(spec, "names");
        let (Some(group), Some(plural), Some(kind)) = (
            text(spec, "group"),
            names.and_then(|names| text(names, "plural")),
            names.and_then(|names| text(names, "kind")),
        ) else {
            return false;
        };
        let versions = member(spec, "versions")
            .map(Tree::items)
            .unwrap_or_default();
        let versions = versions.iter().filter_map(|version| {
            let schema = member(version, "schema");
            Some(Version {
                name: text(version, "name")?,
                is_served: is_set(version, "served"),
                subresources: Subresources::of(version),
                source: schema.and_then(|schema| member(schema, "openAPIV3Schema")),
                schema: OnceLock::new(),
            })
        });
        let definition = Definition {
            kind,
            is_namespaced: text(spec, "scope") == Some("Namespaced"),
            versions: versions.collect(),
        };
        self.definitions.insert((group, plural), definition);
        true
    }

    /// The kind, when a CRD of the set serves it in this version.
    pub fn kind<'a>(&'a self, group: &str, version: &str, kind: &str) -> Option<CustomKind<'a>> {
        let of_group = self.definitions.iter().filter(|((of, _), _)| *of == group);
        let mut found = None;
        for ((_, plural), definition) in of_group {
            if definition.kind != kind {
                continue;
            }
            // a definition hides the one below even when it lacks the version
            let is_wanted = |one: &&Version<'t>| one.is_served && one.name == version;
            found = Some(
                definition
                    .versions
                    .iter()
                    .find(is_wanted)
                    .map(|version| CustomKind {
                        is_namespaced: definition.is_namespaced,
                        plural,
                        version,
                    }),
            );
        }
        match (found, self.below) {
            (Some(found), _) => found,
            (None, Some(below)) => below.kind(group, version, kind),
            (None, None) => None,
        }
    }

    /// The versions in which the set's CRDs serve a kind, in the order of the CRD; empty when none has the kind.
    pub fn served_versions(&self, group: &str, kind: &str) -> Vec<&str> {
        let found = self
            .definitions
            .iter()
            .find(|((of, _), definition)| *of == group && definition.kind == kind);
        match (found, self.below) {
            (Some((_, definition)), _) => {
                let served = definition
                    .versions
                    .iter()
                    .filter(|version| version.is_served);
                served.map(|version| version.name).collect()
            }
            (None, Some(below)) => below.served_versions(group, kind),
            (None, None) => Vec::new(),
        }
    }

    /// What the server says about the creation of a custom resource; `None` when no CRD of the set serves its kind.
    pub fn validate(&self, object: &Tree) -> Option<Vec<Fault>> {
        let api = text(object, "apiVersion")?;
        let (group, version) = api.split_once('/')?;
        let kind = self.kind(group, version, text(object, "kind")?)?;
        Some(kind.validate(object))
    }
}

impl<'t> Subresources<'t> {
    fn of(version: &'t Tree) -> Self {
        let Some(all) = member(version, "subresources") else {
            return Self::default();
        };
        Self {
            has_status: member(all, "status").is_some(),
            replicas: member(all, "scale").and_then(|scale| text(scale, "specReplicasPath")),
        }
    }
}

impl CustomKind<'_> {
    /// Whether its objects live in namespaces.
    pub fn is_namespaced(&self) -> bool {
        self.is_namespaced
    }

    /// The name of the resource in paths: `widgets`.
    pub fn plural(&self) -> &str {
        self.plural
    }

    /// What the server says about the creation of `object`, which is of this kind, with strict field validation.
    pub fn validate(&self, object: &Tree) -> Vec<Fault> {
        match self.version.source {
            Some(source) => {
                let schema = self.version.schema.get_or_init(|| Schema::compile(source));
                resource::validate(object, schema, self.version.subresources)
            }
            None => Vec::new(),
        }
    }
}

/// Whether an object is a `CustomResourceDefinition` of the API that servers have.
pub(super) fn is_definition(object: &Tree) -> bool {
    text(object, "kind") == Some("CustomResourceDefinition")
        && text(object, "apiVersion") == Some("apiextensions.k8s.io/v1")
}
