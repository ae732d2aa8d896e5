//! `encoding/*`: data formats, to and from CUE's concrete values.
//!
//! [`json`], [`toml`] and [`yaml`] are also what the façade exports and reads files with.

pub(crate) mod base64;
pub(crate) mod csv;
pub(crate) mod hex;
pub mod json;
pub mod toml;
pub mod yaml;
