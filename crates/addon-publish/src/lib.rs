//! Stores and protocols that an addon is published through.
//!
//! A [`store::Store`] keeps named objects with create-if-absent and compare-and-swap. A
//! [`registry::Registry`] publishes versions of addons through it, so that many publishers lose
//! nothing, double nothing, and a crash leaves nothing half done. A [`chartmuseum::Client`] publishes to
//! registries of others over HTTP.

pub mod chartmuseum;
mod digest;
mod order;
pub mod pull;
pub mod registry;
pub mod store;

pub use digest::{Digest, DigestError};
pub use order::dependency_order;
