//! What authors of addons would else write by hand, and what would then drift.
//!
//! ```text
//! docs:     README.md, what an addon is rendered to ─► README.md with its tables
//! fmt:      CUE and YAML files ─► the same in their canonical layout
//! images:   what an addon is rendered to ─► the images it names, each with its places
//! assemble: addon-pack.yaml, shared files, members ─► Plan: the copies to write and to remove
//! ```
//! Each part is a function from files to the bytes that should be there and what differs now; it writes nothing. The
//! command writes, or with `--check` reports. So both agree on what is right, and running twice changes nothing.

pub mod assemble;
pub mod docs;
pub mod fmt;
pub mod images;
