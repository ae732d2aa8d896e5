//! What changed between two versions of an addon, and which version step that asks for.
//!
//! ```text
//! Proof of the old ─► Snapshot ─┐
//!                               ├─ compare ─► Diff: changes, each with its weight ─► verdict
//! Proof of the new ─► Snapshot ─┘
//! ```
//! A change is as heavy as what it does to who has the addon enabled: arguments that are no longer taken and objects that are
//! deleted or cannot be updated are major, new possibilities are minor, the rest is a patch. Below 1.0.0 what is breaking
//! needs a minor step alone, as `SemVer` and cargo have it.
//!
//! Invariant: a snapshot is a value without the addon; comparing is a function of two snapshots, and what is the same has no
//! change. The version itself, also where `KubeVela` writes it into labels, is no change.

mod change;
mod compare;
mod immutable;
mod object;
mod parameter;
mod snapshot;
mod verdict;

pub use change::{Change, Topic, Weight};
pub use compare::{Diff, compare};
pub use snapshot::{Definition, Held, ObjectKey, Snapshot};
pub use verdict::{Step, Written, enough, next, step_between};
