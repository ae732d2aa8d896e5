//! Kinds that Kubernetes itself serves: their schemas and lives, by release.
//!
//! ```text
//! data        the tables of all releases, read where they lie
//! kinds       which kinds there are, and since when and until when
//! decode      one walk over an object for a set of releases: types, fields, required fields
//! meant       what was probably meant by what is unknown
//! required    what the schemas require and the server does not
//! scalar      quantities, times, base64
//! ```
//! `cargo xtask gen-schemas` writes the tables from the OpenAPI documents of Kubernetes.

mod data;
mod decode;
mod kinds;
mod meant;
mod path;
mod required;
mod scalar;

pub use kinds::{
    Gvk, Lifecycle, Served, is_builtin_group, kinds_of, lifecycle, served, served_by_default_in,
    served_in,
};

use crate::fault::Fault;
use crate::release::{Release, Releases};
use goyaml::Tree;

/// A fault and the releases whose server finds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InReleases {
    /// What is wrong.
    pub fault: Fault,
    /// The releases that say so.
    pub releases: Releases,
}

/// What the schemas of a set of releases say about an object; releases that do not serve its kind say nothing. Wrong types
/// and unknown fields first; a release that has none of these names the required fields that are missing.
pub fn inspect(object: &Tree, releases: Releases) -> Vec<InReleases> {
    let Some((definition, releases)) = definition(object, releases) else {
        return Vec::new();
    };
    let decoded = decode::decode(object, definition, releases);
    let stopped = decoded
        .faults
        .iter()
        .fold(Releases::NONE, |all, (_, releases)| all.or(*releases));
    let missing = decoded
        .missing
        .into_iter()
        .map(|(fault, releases)| (fault, releases.without(stopped)))
        .filter(|(_, releases)| !releases.is_empty());
    decoded
        .faults
        .into_iter()
        .chain(missing)
        .map(|(fault, releases)| InReleases { fault, releases })
        .collect()
}

/// Decodes an object with strict field validation: wrong types and unknown fields. Empty for a kind that `release` does not
/// serve.
pub fn validate(object: &Tree, release: Release) -> Vec<Fault> {
    let Some((definition, releases)) = definition(object, release.into()) else {
        return Vec::new();
    };
    let decoded = decode::decode(object, definition, releases);
    decoded.faults.into_iter().map(|(fault, _)| fault).collect()
}

fn definition(object: &Tree, releases: Releases) -> Option<(data::Definition, Releases)> {
    let gvk = Gvk::of(object)?;
    let row = data::find_kind(gvk.group, gvk.version, gvk.kind)?;
    let releases = row.served.and(releases);
    (!releases.is_empty()).then_some((row.definition?, releases))
}
