//! `addon-pack init`.

use clap::Args;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  addon-pack init my-addon
  addon-pack init mongodb --helm-repo https://charts.example.com --chart mongodb --chart-version 12.1.16
  addon-pack init my-addon --url https://example.com/resource.yaml --no-samples
  addon-pack init my-addon --components server,shard --traits note

What is made passes `addon-pack build` and can be enabled as it stands.";

/// Arguments of `init`.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// Lower-case words joined by dashes
    #[arg(value_name = "NAME")]
    pub(crate) name: String,

    /// Where the addon goes [default: ./NAME]
    #[arg(long, short, value_name = "DIR")]
    pub(crate) path: Option<PathBuf>,

    /// The repository of a Helm chart to install
    #[arg(long, value_name = "URL", requires = "chart")]
    pub(crate) helm_repo: Option<String>,

    /// The Helm chart to install
    #[arg(long, value_name = "CHART", requires = "helm_repo")]
    pub(crate) chart: Option<String>,

    /// The version of the Helm chart
    #[arg(long, value_name = "VERSION", requires = "chart")]
    pub(crate) chart_version: Option<String>,

    /// A file of Kubernetes objects to apply from its URL; may be given several times
    #[arg(long = "url", short, value_name = "URL")]
    pub(crate) urls: Vec<String>,

    /// Leave out the samples: a component, a trait, a view
    #[arg(long)]
    pub(crate) no_samples: bool,

    /// Definitions of components to begin with
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub(crate) components: Vec<String>,

    /// Definitions of traits
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub(crate) traits: Vec<String>,

    /// Definitions of policies
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub(crate) policies: Vec<String>,

    /// Definitions of workflow steps
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub(crate) workflowsteps: Vec<String>,

    /// Write the definitions in Go, in godef/, instead of CUE
    ///
    /// Only `vela addon enable DIRECTORY` compiles them; an addon from a registry is enabled without them.
    #[arg(long)]
    pub(crate) godef: bool,

    /// Replace what is in the directory
    #[arg(long, short)]
    pub(crate) force: bool,
}
