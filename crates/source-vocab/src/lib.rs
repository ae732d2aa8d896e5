//! Vocabulary for tools that read source files.
//!
//! Everything above this crate speaks in these words: a [`VPath`] names a file inside a root, a
//! [`World`] reads it, a [`SourceMap`] gives its bytes an address range, a [`Span`] is a piece of
//! that range, a [`Diagnostic`] says what is wrong at which [`Place`], and an [`Outcome`] carries a
//! partial result together with all findings. Nothing here touches a disk, a clock or a terminal.

mod diagnostic;
pub mod nearest;
mod outcome;
mod path;
#[cfg(feature = "render")]
pub mod render;
mod source_map;
mod world;

pub use diagnostic::{Diagnostic, Edit, Fix, Label, Place, Severity};
pub use outcome::Outcome;
pub use path::VPath;
pub use source_map::{LineColumn, SourceFile, SourceFull, SourceId, SourceMap, Span};
pub use world::{DirEntry, EntryKind, Link, ReadError, Timestamp, World};
