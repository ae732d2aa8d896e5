//! `addon-pack explain`.

use super::connection::Connection;
use super::render::Inputs;
use clap::Args;

const EXAMPLES: &str = "\
Examples:
  addon-pack explain META04                            the page of a rule
  addon-pack explain                                   all rules, a line each
  addon-pack explain addon/fluxcd spec.components[0].type
  addon-pack explain addon/fluxcd 'metadata.labels[\"addons.oam.dev/name\"]'
  addon-pack explain addon/fluxcd spec namespace=x     everything below, with an argument
  addon-pack explain dist/fluxcd-3.0.2.tgz aux[2]      the third object beside the Application

With a SOURCE, each value at or below PATH of what `render` prints is shown with the file and line that it comes from: where
it is written, the default of a parameter, an argument, `metadata.yaml`, or a rule of KubeVela.";

/// Arguments of `explain`.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The id of a rule, as findings show it; or an addon, as `render` takes it
    #[arg(value_name = "RULE|SOURCE")]
    pub(crate) subject: Option<String>,

    /// What is explained of the rendered addon; all of the Application otherwise
    #[arg(value_name = "PATH")]
    pub(crate) path: Option<String>,

    /// Rules of your own, in a CUE file or a folder of them; may be given several times
    #[arg(long, value_name = "PATH")]
    pub(crate) rules: Vec<std::path::PathBuf>,

    /// Arguments of the addon
    #[arg(value_name = "KEY=VALUE")]
    pub(crate) words: Vec<String>,

    #[command(flatten)]
    pub(crate) inputs: Inputs,

    #[command(flatten)]
    pub(crate) connection: Connection,
}
