//! `addon-pack docs`.

use clap::Args;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  addon-pack docs                       every addon of the workspace, or in addon/
  addon-pack docs addon/fluxcd          one addon
  addon-pack docs --insert addon/fluxcd add markers for all that the addon has, and write between them
  addon-pack docs --check               write nothing; the exit code is 1 where a README is not what it should be

Only what stands between two markers is written, the rest of README.md stays as it is:

  <!-- addon-pack:parameters -->
  <!-- /addon-pack:parameters -->

There are four: `requirements` (KubeVela, Kubernetes, other addons), `parameters` (name, type, bounds, default and usage text of
each parameter of the addon), `definitions` (the components, traits, policies and workflow steps that it brings, with their
parameters) and `images` (all that it runs, in all cases). Descriptions are the `// +usage=` comments in CUE.";

/// Arguments of `docs`.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// Addons, folders of addons, or workspaces
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,

    /// Write nothing, and show what differs
    #[arg(long)]
    pub(crate) check: bool,

    /// Add the markers that are missing, and a README where there is none
    #[arg(long, conflicts_with = "check")]
    pub(crate) insert: bool,
}
