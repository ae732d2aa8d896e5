//! `addon-pack vendor`.

use super::connection::Connection;
use clap::{Args, Subcommand};
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  kubectl get componentdefinitions,traitdefinitions -n vela-system -o yaml > dump.yaml
  addon-pack vendor definitions dump.yaml                      into vendor/definitions
  addon-pack vendor definitions https://example.com/definitions.tar.gz --into defs
  addon-pack vendor definitions registry#fluxcd@3.0.2 --into vendor/fluxcd
  addon-pack render addon/hello --deep --definitions vendor/definitions

The folder can be checked in: a file for each definition, and `definitions.lock` with the source and a digest of each file.
As long as the folder is what its lock says, the command reads nothing from the source and changes nothing; --update reads it
again. `render --deep` refuses a folder that is not what its lock says.";

/// What is kept beside the addon.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Keep definitions in a folder with a lock, for `render --deep`
    Definitions(Definitions),
}

/// Arguments of `vendor definitions`.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Definitions {
    /// A directory, an archive, a dump of `kubectl get -o yaml`, `-`, a URL of these, or `REGISTRY#NAME[@VERSION]`
    #[arg(value_name = "SOURCE")]
    pub(crate) source: PathBuf,

    /// The folder
    #[arg(long, value_name = "DIR", default_value = "vendor/definitions")]
    pub(crate) into: PathBuf,

    /// Read the source again, and write the folder anew
    #[arg(long)]
    pub(crate) update: bool,

    #[command(flatten)]
    pub(crate) connection: Connection,
}
