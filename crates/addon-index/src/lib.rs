//! `index.yaml`: its model, its rules, and its text.
//!
//! [`Index`] is read strictly, because KubeVela rejects a whole registry for one unknown key, and grows only by
//! [`Index::insert`], which refuses other bytes for a published version. [`verify()`] says what a client would trip
//! over. [`render`] makes the text from pieces that are made once for each version. [`requirement`] decides which
//! version fits what an addon asks for.

mod model;
mod read;
pub mod render;
pub mod requirement;
mod shape;
mod verify;

pub use model::{Change, Index, IndexEntry, VersionConflict};
pub use read::read;
pub use verify::{Archives, verify};
