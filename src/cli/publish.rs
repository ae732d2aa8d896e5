//! `addon-pack publish`.

use super::connection::Connection;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  addon-pack publish                              every addon in addon/ into registry/
  addon-pack publish my-addon --to /srv/addons    one addon into another directory
  addon-pack publish dist/*.tgz --to https://addons.example.com --username ci --password-stdin
  addon-pack publish --dry-run                    what would happen

A published version keeps its bytes: other bytes for it are refused, the same bytes are fine.";

/// Arguments of `publish`.
#[derive(Args, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of the command line"
)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// Addons, folders of addons, and archives [default: addon]
    #[arg(value_name = "PATH|TGZ")]
    pub(crate) paths: Vec<PathBuf>,

    /// A directory, or the URL of a registry with the ChartMuseum API [env: `ADDON_PACK_REGISTRY`]; without both `registry`
    /// of the workspace, else the directory `registry`
    #[arg(long, short, value_name = "TARGET")]
    pub(crate) to: Option<String>,

    /// Say what would happen, and do nothing
    #[arg(long, short = 'n')]
    pub(crate) dry_run: bool,

    /// Leave versions alone that are published already, with whatever bytes
    #[arg(long, conflicts_with = "force")]
    pub(crate) skip_existing: bool,

    /// Replace versions that are published with other bytes
    #[arg(long, short)]
    pub(crate) force: bool,

    /// Package what vela would package, whatever the checks find
    #[arg(long)]
    pub(crate) no_verify: bool,

    /// How to report
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub(crate) format: Format,

    #[command(flatten)]
    pub(crate) connection: Connection,
}

/// How to report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Lines for people, on stderr.
    Human,
    /// One JSON document, on stdout.
    Json,
}
