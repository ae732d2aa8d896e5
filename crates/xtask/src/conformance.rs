//! The corpora on optimised code: builds each runner with the profile `conformance` and hands it the options.
//!
//! Options that name groups choose among the groups of all runners; a runner that has none of them runs nothing.

use anyhow::{Context as _, bail};
use std::path::Path;

/// The runners: a crate and its test program.
const RUNNERS: [(&str, &str); 5] = [
    ("cue-engine", "conformance"),
    ("addon-render", "definitions"),
    ("addon-render", "render"),
    ("addon-render", "deep"),
    ("kube-schema", "admission"),
];

/// Runs the conformance runners, all of them also when one fails.
///
/// # Errors
/// When one cannot be built, or a case fails that is not known to.
pub(crate) fn run(root: &Path, options: &[&str]) -> anyhow::Result<()> {
    let mut failed = Vec::new();
    for (package, test) in RUNNERS {
        let status = super::cargo()
            .args(["test", "--profile", "conformance", "-p", package])
            .args(["--test", test, "--"])
            .args(options)
            .current_dir(root)
            .status()
            .context("cannot run `cargo test`")?;
        if !status.success() {
            failed.push(format!("`{test}` of {package} ({status})"));
        }
    }
    if failed.is_empty() {
        return Ok(());
    }
    bail!("the conformance run failed: {}", failed.join(", "))
}
