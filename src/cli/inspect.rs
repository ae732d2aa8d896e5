//! `addon-pack inspect`.

use clap::Args;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  addon-pack inspect dist/fluxcd-3.0.2.tgz     what is in an archive
  addon-pack inspect registry                  what is in a registry
  addon-pack inspect - < fluxcd-3.0.2.tgz      an archive from stdin
  addon-pack inspect --file parameter.cue dist/fluxcd-3.0.2.tgz";

/// Arguments of `inspect`.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// An archive, a directory with an index.yaml, or `-` for an archive from stdin
    #[arg(value_name = "SOURCE")]
    pub(crate) source: PathBuf,

    /// Print this file of the archive instead
    #[arg(long, value_name = "PATH")]
    pub(crate) file: Option<String>,

    /// Show it as one JSON object
    #[arg(long, conflicts_with = "file")]
    pub(crate) json: bool,
}
