//! `addon-pack inspect`.

use super::connection::Connection;
use clap::Args;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  addon-pack inspect dist/fluxcd-3.0.2.tgz                  what is in an archive
  addon-pack inspect registry                               what is in a registry
  addon-pack inspect registry/fluxcd@3.0.2                  what is in an archive of it
  addon-pack inspect - < fluxcd-3.0.2.tgz                   an archive from stdin
  addon-pack inspect https://addons.example.com             the same of other places
  addon-pack inspect https://addons.example.com/index.yaml#fluxcd@3.0.2
  addon-pack inspect https://addons.example.com/charts/fluxcd-3.0.2.tgz
  addon-pack inspect --file parameter.cue dist/fluxcd-3.0.2.tgz

What comes out of a registry has the digest that the index gives, or is not looked at.";

/// Arguments of `inspect`.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// An archive or a registry, or `REGISTRY#NAME[@VERSION]` for an archive of one
    ///
    /// An archive is a file, its URL, or `-` for stdin. A registry is a directory with an index.yaml, or a URL, with or
    /// without the /index.yaml at its end. Without a version it is the newest that is no prerelease.
    #[arg(value_name = "SOURCE", verbatim_doc_comment)]
    pub(crate) source: PathBuf,

    /// Print this file of the archive instead
    #[arg(long, value_name = "PATH")]
    pub(crate) file: Option<String>,

    /// Show it as one JSON object
    #[arg(long, conflicts_with = "file")]
    pub(crate) json: bool,

    #[command(flatten)]
    pub(crate) connection: Connection,
}
