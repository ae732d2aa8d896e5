//! What a Kubernetes API server says about an object, without one.
//!
//! An object is a [`goyaml::Tree`], so every [`Fault`] has a place as well as a path. It is looked at in the order in which
//! the server does it, and what a stage refuses hides the stages behind it:
//!
//! ```text
//! builtin/   decoding and types, unknown fields, required fields: the OpenAPI schema of a release
//! crd/       the same for a custom resource, by the CRD that defines it; and whether a CRD is one
//! semantic/  what no schema says: names, labels, quantities, references inside the object
//! ```
//! [`check_object`] is all of them in their order.
//!
//! Invariant: nothing here reads a file, and a fault is what the server would answer, not what is good style.

mod admission;
pub mod builtin;
pub mod crd;
mod fault;
mod release;
pub mod semantic;
mod sent;

pub use admission::{Verdict, check_object};
pub use builtin::{Gvk, InReleases, Lifecycle, Served, inspect, lifecycle, served, validate};
pub use crd::CrdSet;
pub use fault::{Fault, FaultKind};
pub use release::{Release, Releases, UnknownRelease};
pub use sent::as_sent;
