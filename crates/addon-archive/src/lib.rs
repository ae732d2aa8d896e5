//! An addon as a reproducible chart archive, and archives read safely.
//!
//! [`untrusted`] reads the archives of strangers: it streams, bounds and refuses.

pub mod untrusted;
