//! Custom resources by the CRDs that define them, and CRDs by the rules for CRDs.
//!
//! ```text
//! set.rs       the CRDs that are there; kubevela.rs those of KubeVela
//! schema.rs    the schema of a version, compiled
//! resource.rs  a custom resource, stage by stage:
//!                metadata.rs  prune.rs  defaults.rs  value.rs (format.rs)  listtype.rs
//! path.rs      the way to a field
//! ```

mod defaults;
mod format;
mod kubevela;
mod listtype;
mod metadata;
mod path;
mod prune;
mod resource;
mod schema;
mod set;
mod value;

pub use set::{CrdSet, CustomKind};

use crate::fault::Fault;
use crate::release::Release;
use goyaml::Tree;

/// What the validation of `release` finds in an object of the kind `CustomResourceDefinition` whose types and fields are
/// right.
pub fn validate_definition(_object: &Tree, _release: Release) -> Vec<Fault> {
    Vec::new()
}
