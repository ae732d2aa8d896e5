//! The corpora on optimised code: builds the runner of `cue-engine` with the profile `conformance`
//! and hands it the options.

use anyhow::{Context as _, bail};
use std::path::Path;

/// Runs the conformance runner.
///
/// # Errors
/// When it cannot be built, or a case fails that is not known to.
pub(crate) fn run(root: &Path, options: &[&str]) -> anyhow::Result<()> {
    let status = super::cargo()
        .args(["test", "--profile", "conformance", "-p", "cue-engine"])
        .args(["--test", "conformance", "--"])
        .args(options)
        .current_dir(root)
        .status()
        .context("cannot run `cargo test`")?;
    if status.success() {
        return Ok(());
    }
    bail!("the conformance run failed: {status}")
}
