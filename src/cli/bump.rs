//! `addon-pack bump`.

use super::connection::Connection;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  addon-pack bump minor addon/fluxcd                            1.4.2 becomes 1.5.0
  addon-pack bump auto addon/fluxcd --against registry#fluxcd   as far as the changes ask for
  addon-pack bump auto addon/fluxcd --against registry#fluxcd --check   in CI: fail when it is not far enough

Only the version in metadata.yaml is written, everything else stays as it is. With `auto` a version that is far enough already
stays too; below 1.0.0 a breaking change takes a minor step.";

/// Which step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Step {
    /// The third number.
    Patch,
    /// The second number.
    Minor,
    /// The first number.
    Major,
    /// What changed since the version of `--against` asks for.
    Auto,
}

/// Arguments of `bump`.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// Which step
    #[arg(value_name = "STEP")]
    pub(crate) step: Step,

    /// The addon's directory
    #[arg(value_name = "PATH")]
    pub(crate) path: PathBuf,

    /// The version to start from: a directory, an archive or `REGISTRY#NAME[@VERSION]`
    #[arg(long, value_name = "OLD", required_if_eq("step", "auto"))]
    pub(crate) against: Option<PathBuf>,

    /// Write nothing, and fail when the version would be another
    #[arg(long)]
    pub(crate) check: bool,

    #[command(flatten)]
    pub(crate) connection: Connection,
}
