//! An addon as a reproducible chart archive, and archives read safely.
//!
//! [`plan()`] decides what goes in (pure, apart from looking at a few files), [`write()`] turns a plan into bytes that depend on nothing but the files and
//! one time. [`untrusted`] reads the archives of strangers: it streams, bounds and refuses.

pub mod chart;
mod chart_fields;
mod helm;
mod ignore;
mod plan;
mod tarball;
pub mod untrusted;
mod write;

pub use ignore::{BadRule, IgnoreRules, PathIs};
pub use plan::{Content, LARGEST_ADDON, LARGEST_FILE, Mode, PackagePlan, PlanEntry, is_junk, plan};
pub use write::{Digests, EPOCH, WriteError, write};
