//! `addon-pack diff`.

use super::connection::Connection;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  addon-pack diff registry#fluxcd addon/fluxcd             what is not published yet
  addon-pack diff dist/fluxcd-1.0.0.tgz dist/fluxcd-2.0.0.tgz
  addon-pack diff --breaking 'https://charts.example.com#fluxcd@1.0.0' addon/fluxcd
  addon-pack diff -o json old new                          for programs

Parameters, definitions, objects (with the defaults, and with each case of examples/ that both versions have), CRDs,
requirements and files are compared. The verdict is that of the heaviest change:

  major  arguments that are no longer taken, definitions, CRD versions or objects that are gone, objects that move between
         components, fields that a cluster lets nobody change
  minor  what is new, other defaults, other requirements
  patch  the rest

Exits with 1 when the new version is not far enough from the old one for what changed; with `--breaking` when anything is
breaking.";

/// In which form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Output {
    /// A line a change, and the verdict.
    Text,
    /// One JSON object.
    Json,
}

/// Arguments of `diff`.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The old version: a directory, an archive, `-`, or `REGISTRY#NAME[@VERSION]`
    #[arg(value_name = "OLD")]
    pub(crate) old: PathBuf,

    /// The new version
    #[arg(value_name = "NEW")]
    pub(crate) new: PathBuf,

    /// Show what is breaking alone, and fail when anything is
    #[arg(long)]
    pub(crate) breaking: bool,

    /// In which form
    #[arg(long, short, value_name = "FORM", default_value = "text")]
    pub(crate) output: Output,

    #[command(flatten)]
    pub(crate) connection: Connection,
}
