//! `addon-pack check`.

use clap::{Args, ValueEnum};
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  addon-pack check                           every addon in addon/
  addon-pack check addons/fluxcd             one addon
  addon-pack check --format concise          a line for each finding
  addon-pack check --select META04,SEC04     these rules only, also those of severity info
  addon-pack check --ignore META13           all but this one

The exit code is 1 when there is an error. `addon-pack explain RULE` shows what a rule is about.";

/// How findings are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// With the lines they are about.
    Human,
    /// A line for each.
    Concise,
    /// One JSON object.
    Json,
}

/// Arguments of `check`.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// Addons, or folders of addons
    #[arg(value_name = "PATH", default_value = "addon")]
    pub(crate) paths: Vec<PathBuf>,

    /// How findings are shown
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub(crate) format: Format,

    /// Only these rules
    #[arg(long, value_name = "IDS", value_delimiter = ',')]
    pub(crate) select: Vec<String>,

    /// All rules but these
    #[arg(long, value_name = "IDS", value_delimiter = ',')]
    pub(crate) ignore: Vec<String>,
}
