//! `addon-pack schema`.

use super::connection::Connection;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  addon-pack schema addon/fluxcd                              of the addon's own parameters
  addon-pack schema addon/fluxcd --definition helm            of a definition of the addon
  addon-pack schema definitions/web.cue                       of a definition in a file
  addon-pack schema dump.yaml --definition webservice         of a dump that kubectl made
  addon-pack schema https://addons.example.com/index.yaml#fluxcd@3.0.2
  addon-pack schema addon/fluxcd --format jsonschema > fluxcd.schema.json

`openapi` is the schema that KubeVela makes and draws forms from, with titles, descriptions, defaults and x-immutable; it is
`null` for an addon without parameters. `jsonschema` says the same for editors and validators, in JSON Schema 2020-12: what has
a default need not be given, and a value may fit several alternatives. Where KubeVela makes no schema the diagnostic says why,
and the exit code is 1.";

/// In which words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// OpenAPI 3.0, as KubeVela.
    Openapi,
    /// JSON Schema 2020-12.
    Jsonschema,
}

/// Arguments of `schema`.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// An addon (its directory, an archive, `-`, or `REGISTRY#NAME[@VERSION]`), or files of definitions
    #[arg(value_name = "SOURCE")]
    pub(crate) source: PathBuf,

    /// The schema of this definition
    #[arg(long, value_name = "NAME")]
    pub(crate) definition: Option<String>,

    /// In which words
    #[arg(long, value_name = "FORMAT", default_value = "openapi")]
    pub(crate) format: Format,

    #[command(flatten)]
    pub(crate) connection: Connection,
}
