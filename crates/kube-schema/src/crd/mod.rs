//! Custom resources by the CRDs that define them, and CRDs by the rules for CRDs.
//!
//! ```text
//! set.rs       the CRDs that are there; kubevela.rs those of KubeVela
//! schema.rs    the schema of a version, compiled
//! resource.rs  a custom resource, stage by stage:
//!                metadata.rs  prune.rs  defaults.rs  value.rs (format.rs)  listtype.rs
//! cel/         rules: x-kubernetes-validations
//! definition/  a CRD itself
//! path.rs      the way to a field
//! ```

pub(crate) mod cel;
mod defaults;
mod definition;
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

pub use definition::{validate_definition, validate_names, validate_versions};
pub use set::{CrdSet, CustomKind};
