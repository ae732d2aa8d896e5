//! `index.yaml`: its model, and its text.
//!
//! [`render`] makes the text from pieces that are made once for each version.

pub mod render;
