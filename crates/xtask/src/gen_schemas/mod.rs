//! The schemas of Kubernetes as `kube-schema` embeds them: one file for all releases, made from their OpenAPI documents.
//!
//! ```text
//! schemas-source/kubernetes/1.28.json … 1.35.json      definitions and kinds of a release
//! conformance/admission/gvk-served.json                which are on by default, and their lives
//!                      │ source      read into types
//!                      │ merge       one row a property, with the set of releases that have it
//!                      ▼ write       tables (their layout: `kube-schema/src/builtin/data.rs`)
//! crates/kube-schema/src/builtin/kubernetes.bin
//! ```
//! The same documents give the same bytes. What no object can hold (lists of objects, options of calls) is left out.

mod merge;
mod source;
mod write;

use anyhow::{Context as _, bail};
use std::path::{Path, PathBuf};

const TARGET: &str = "crates/kube-schema/src/builtin/kubernetes.bin";

/// Writes the file from the documents in `source`, or in the folder beside the corpora.
///
/// # Errors
/// When a document is missing or not as expected.
#[expect(clippy::disallowed_methods, reason = "this command writes the tree")]
pub(crate) fn write(root: &Path, source: Option<&str>) -> anyhow::Result<()> {
    let bytes = generate(root, source)?;
    std::fs::write(root.join(TARGET), bytes).with_context(|| format!("cannot write `{TARGET}`"))
}

/// Fails unless the file is what [`write()`] would write.
///
/// # Errors
/// When it is not, or a document is missing or not as expected.
#[expect(clippy::disallowed_methods, reason = "this command reads the tree")]
pub(crate) fn check(root: &Path, source: Option<&str>) -> anyhow::Result<()> {
    let present = std::fs::read(root.join(TARGET)).unwrap_or_default();
    if present != generate(root, source)? {
        bail!("`{TARGET}` is stale, run `cargo xtask gen-schemas`");
    }
    Ok(())
}

fn generate(root: &Path, source: Option<&str>) -> anyhow::Result<Vec<u8>> {
    let folder = source.map_or_else(|| beside_the_corpora(root), PathBuf::from);
    let sources = source::read(&folder)?;
    let merged = merge::merge(&sources)?;
    write::tables(&merged)
}

/// `schemas-source` beside the folder that `ADDON_PACK_CONFORMANCE` names, or beside the checkout.
#[expect(
    clippy::disallowed_methods,
    reason = "a maintenance command reads its environment"
)]
fn beside_the_corpora(root: &Path) -> PathBuf {
    let corpora = std::env::var_os("ADDON_PACK_CONFORMANCE");
    let corpora = corpora.map_or_else(|| root.join("../shared/conformance"), PathBuf::from);
    corpora.join("../schemas-source")
}
