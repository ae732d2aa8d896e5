//! `addon-pack changed`.

use clap::{Args, ValueEnum};
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  addon-pack changed --since origin/main                   the addons that CI has to test
  addon-pack changed --since origin/main --rdeps           and those that depend on them
  addon-pack changed --since v1.0.0 -o matrix addon        for `strategy.matrix` of GitHub Actions
  addon-pack check $(addon-pack changed --since HEAD~1 -o paths)

An addon counts when a file below its directory differs from the commit, also when it is not committed yet, when a file that
it takes from `shared` of addon-pack.yaml does, or when addon-pack.yaml itself does. git has to be there.";

/// In which form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Output {
    /// One name a line.
    Names,
    /// One directory a line.
    Paths,
    /// One JSON object, with the files that differ.
    Json,
    /// The matrix of a GitHub Actions job, on one line.
    Matrix,
}

/// Arguments of `changed`.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// A workspace or a folder of addons
    #[arg(value_name = "PATH", default_value = ".")]
    pub(crate) path: PathBuf,

    /// The commit, branch or tag to compare with
    #[arg(long, value_name = "REF")]
    pub(crate) since: String,

    /// Also the addons that depend on them, directly or through others
    #[arg(long)]
    pub(crate) rdeps: bool,

    /// In which form
    #[arg(long, short, value_name = "FORM", default_value = "names")]
    pub(crate) output: Output,
}
