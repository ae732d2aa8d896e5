//! The house rules that no compiler knows.
//!
//! Each file here is one group of rules: a function from the work tree to a list of [`Problem`]s.
//! All groups run and all problems are shown, so one run tells everything.

mod layers;
mod sources;
mod tree;

use anyhow::bail;
use std::fmt;
use std::path::Path;

/// A broken house rule.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    /// The file, relative to the top of the work tree.
    pub(crate) file: String,
    /// The line, from 1, or 0 for the whole file.
    pub(crate) line: usize,
    /// What is wrong.
    pub(crate) message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.file, self.message),
            line => write!(f, "{}:{line}: {}", self.file, self.message),
        }
    }
}

/// Checks all house rules.
///
/// # Errors
/// When one is broken, or the tree cannot be read.
#[expect(
    clippy::print_stderr,
    reason = "a maintenance command talks to its user"
)]
pub(crate) fn run(root: &Path) -> anyhow::Result<()> {
    let files = tree::text_files(root)?;
    let mut problems = Vec::new();
    for file in &files {
        sources::check(file, &mut problems);
    }
    layers::check(root, &mut problems)?;
    for problem in &problems {
        eprintln!("{problem}");
    }
    if problems.is_empty() {
        return Ok(());
    }
    bail!("{} broken house rules", problems.len())
}
