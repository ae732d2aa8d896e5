//! `addon-pack index`.

use clap::{Args, Subcommand};
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  addon-pack index build dist                 index.yaml for the archives in dist/
  addon-pack index merge dist other/index.yaml
  addon-pack index verify registry            everything that a client would trip over

An index grows only: other bytes for a version that it has are refused.";

/// Arguments of `index`.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES, subcommand_required = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) action: Action,
}

/// What to do with the index.
#[derive(Debug, Subcommand)]
pub(crate) enum Action {
    /// Add the archives of a directory to its index.yaml
    Build {
        /// Where the archives are, directly or in charts/
        #[arg(value_name = "DIR", default_value = "dist")]
        directory: PathBuf,
    },
    /// Add the versions of other indexes to that of a directory
    Merge {
        /// The directory whose index.yaml grows
        #[arg(value_name = "DIR")]
        directory: PathBuf,
        /// The indexes to take versions from
        #[arg(value_name = "INDEX", required = true)]
        others: Vec<PathBuf>,
    },
    /// Check an index and the archives that it names
    Verify {
        /// A directory with an index.yaml
        #[arg(value_name = "DIR", default_value = "registry")]
        directory: PathBuf,
        /// The URL that the directory is served under, if absolute URLs of it are allowed
        #[arg(long, value_name = "URL")]
        url: Option<String>,
        /// Show the findings as one JSON object
        #[arg(long)]
        json: bool,
    },
}
