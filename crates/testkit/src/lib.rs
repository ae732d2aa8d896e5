//! Test support: txtar archives, the conformance corpora, a `World` in memory or on disk, lists of known
//! failures.

mod conformance;
mod disk_world;
mod memory_world;
pub mod ratchet;
mod stack;
mod txtar;

pub use conformance::{conformance_dir, conformance_or_skip};
pub use disk_world::DiskWorld;
pub use memory_world::MemoryWorld;
pub use stack::on_big_stack;
pub use txtar::{Archive, TxtarFile, parse_txtar};
