//! The schemas of Kubernetes as `kube-schema` embeds them: one file for all releases, made from their OpenAPI documents.
//!
//! ```text
//! schemas-source/kubernetes/1.28.json … 1.35.json      definitions and kinds of a release
//! conformance/admission/gvk-served.json                which are on by default, and their lives
//!                      │ source      read into types
//!                      │ merge       one row a property, with the set of releases that have it
//!                      ▼ write       tables (their layout: `kube-schema/src/builtin/data.rs`)
//! crates/kube-schema/src/builtin/kubernetes.bin
//!
//! schemas-source/kubevela-crds/*.json                  the CRDs of KubeVela
//!                      ▼ kubevela
//! crates/kube-schema/src/crd/kubevela.jsonl
//! ```
//! The same documents give the same bytes. What no object can hold (lists of objects, options of calls) is left out.

mod kubevela;
mod merge;
mod source;
mod write;

use anyhow::{Context as _, bail};
use std::path::{Path, PathBuf};

const KUBERNETES: &str = "crates/kube-schema/src/builtin/kubernetes.bin";
const KUBEVELA: &str = "crates/kube-schema/src/crd/kubevela.jsonl";

/// Writes the files from the documents in `source`, or in the folder beside the corpora.
///
/// # Errors
/// When a document is missing or not as expected.
#[expect(clippy::disallowed_methods, reason = "this command writes the tree")]
pub(crate) fn write(root: &Path, source: Option<&str>) -> anyhow::Result<()> {
    for (target, bytes) in generate(root, source)? {
        std::fs::write(root.join(target), bytes)
            .with_context(|| format!("cannot write `{target}`"))?;
    }
    Ok(())
}

/// Fails unless the files are what [`write()`] would write.
///
/// # Errors
/// When they are not, or a document is missing or not as expected.
#[expect(clippy::disallowed_methods, reason = "this command reads the tree")]
pub(crate) fn check(root: &Path, source: Option<&str>) -> anyhow::Result<()> {
    for (target, bytes) in generate(root, source)? {
        if std::fs::read(root.join(target)).unwrap_or_default() != bytes {
            bail!("`{target}` is stale, run `cargo xtask gen-schemas`");
        }
    }
    Ok(())
}

/// The files and what stands in them.
fn generate(root: &Path, source: Option<&str>) -> anyhow::Result<[(&'static str, Vec<u8>); 2]> {
    let folder = source.map_or_else(|| beside_the_corpora(root), PathBuf::from);
    let sources = source::read(&folder)?;
    let merged = merge::merge(&sources)?;
    let kubevela = kubevela::generate(&folder)?.into_bytes();
    Ok([(KUBERNETES, write::tables(&merged)?), (KUBEVELA, kubevela)])
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
