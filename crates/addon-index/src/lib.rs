//! The registry index: versions, constraints, merge rules.
