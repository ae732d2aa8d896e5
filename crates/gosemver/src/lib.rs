//! Versions and constraints as the Go library Masterminds semver v3.2.1 reads them.
//!
//! Helm and KubeVela decide with that library which versions exist, in which order they stand and
//! which of them satisfy a range. It is more lenient than the `SemVer` text (a leading `v`, `1.2`)
//! and its ranges are its own (`=>`, a bare `1.2` that means `~1.2`, prereleases that must be asked
//! for), so a crate that follows the standard would choose differently. The tests compare with
//! tables that the Go library wrote.

mod constraint;
mod scan;
mod version;

pub use constraint::{Constraint, ConstraintError, ConstraintProblem};
pub use version::{Version, VersionError};
