//! `addon-pack pull`.

use super::connection::Connection;
use clap::Args;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  addon-pack pull fluxcd                                   the newest release in registry/
  addon-pack pull fluxcd@3.0.2 --from https://addons.example.com -d dist

The archive is kept only if its digest is the one that the registry's index gives.";

/// Arguments of `pull`.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The addon, and which version of it; without one, the newest that is no prerelease
    #[arg(value_name = "NAME[@VERSION]")]
    pub(crate) addon: String,

    /// A directory, or the URL of any registry that vela or helm can read
    #[arg(long, value_name = "REGISTRY", default_value = "registry")]
    pub(crate) from: String,

    /// Where to put the archive
    #[arg(long, short, value_name = "DIR", default_value = ".")]
    pub(crate) directory: PathBuf,

    /// The digest that the archive must have, whatever the index says
    #[arg(long, value_name = "SHA256")]
    pub(crate) digest: Option<String>,

    #[command(flatten)]
    pub(crate) connection: Connection,
}
