//! `addon-pack render`.

use super::connection::Connection;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  addon-pack render addon/fluxcd                       with the default arguments
  addon-pack render addon/fluxcd name=x a.b=1          with arguments, as `vela addon enable` takes them
  addon-pack render addon/fluxcd 'clusters={local,c1}' a list
  addon-pack render addon/fluxcd -f args.yaml a=2      a file first, then words
  addon-pack render addon/fluxcd --only definitions    X-definitions alone
  addon-pack render addon/fluxcd -o dir -d out         a file for each object
  addon-pack render dist/fluxcd-3.0.2.tgz              an archive, or `-` for stdin
  addon-pack render https://addons.example.com/index.yaml#fluxcd@3.0.2
  addon-pack render registry#fluxcd                    the newest release in a registry
  addon-pack render addon/hello --deep --definitions vendor/definitions
                                                       the objects that its components and traits become

What is printed is what `vela addon enable DIR --dry-run` prints behind its first line, without a cluster. Warnings on stderr
say what KubeVela drops, overwrites or does not notice. When something fails, the diagnostic names the line of the addon or
the argument, and KubeVela's own words for it; the exit code is 1.

The facts of a cluster are stated, not looked up: without options the clusters `local` and `c1` are joined, and every
dependency is installed in a version that fits. In a file (--facts):

  clusters: [local, prod]
  installed:
  - name: fluxcd
    version: 2.0.0";

/// What is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Part {
    /// The Application.
    App,
    /// All other objects.
    Aux,
    /// The X-definitions among them.
    Definitions,
    /// The notes that are printed once the addon is enabled.
    Notes,
    /// The Secret that keeps the arguments.
    Secret,
}

/// In which form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Output {
    /// The documents of the dry run.
    Yaml,
    /// One JSON object.
    Json,
    /// A file for each object in a new directory.
    Dir,
}

/// What goes into a rendering besides the addon.
#[derive(Args, Debug, Default)]
pub(crate) struct Inputs {
    /// A file of arguments, YAML or JSON; may be given several times
    #[arg(long = "file", short, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,

    /// An argument, as a word behind SOURCE
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub(crate) set: Vec<String>,

    /// The joined clusters, with commas between them
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub(crate) clusters: Option<Vec<String>>,

    /// An addon that is installed; others are not, once one is named
    #[arg(long, value_name = "NAME[@VERSION]")]
    pub(crate) installed: Vec<String>,

    /// A file that states clusters and installed addons
    #[arg(long, value_name = "FILE")]
    pub(crate) facts: Option<PathBuf>,

    /// Render as `vela addon upgrade` does, which only the notes see
    #[arg(long)]
    pub(crate) upgrade: bool,
}

/// How far a rendering goes.
#[derive(Args, Debug)]
#[command(next_help_heading = "Deep rendering")]
pub(crate) struct Depth {
    /// Go on to the objects that components and traits become, as `vela dry-run` prints them
    #[arg(long, conflicts_with = "only")]
    pub(crate) deep: bool,

    /// Definitions: a directory, an archive, a dump of `kubectl get -o yaml`, a URL of these, or `REGISTRY#NAME[@VERSION]`; may
    /// be given several times
    #[arg(long, value_name = "SOURCE", requires = "deep")]
    pub(crate) definitions: Vec<PathBuf>,

    /// Where the addons are that this one depends on: a folder of addons or a registry, beside SOURCE otherwise; their
    /// definitions count too
    #[arg(long, value_name = "PLACE", requires = "deep")]
    pub(crate) dependencies: Vec<PathBuf>,

    /// What templates see as the version of the cluster, such as 1.29; unknown otherwise
    #[arg(long, value_name = "VERSION", requires = "deep")]
    pub(crate) cluster_version: Option<String>,
}

/// Arguments of `render`.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// An addon: its directory, an archive, `-`, or `REGISTRY#NAME[@VERSION]`
    #[arg(value_name = "SOURCE")]
    pub(crate) source: PathBuf,

    /// Arguments of the addon
    #[arg(value_name = "KEY=VALUE")]
    pub(crate) words: Vec<String>,

    #[command(flatten)]
    pub(crate) inputs: Inputs,

    /// Print this part alone
    #[arg(long, value_name = "PART")]
    pub(crate) only: Option<Part>,

    /// In which form
    #[arg(long, short, value_name = "FORM", default_value = "yaml")]
    pub(crate) output: Output,

    /// Where `-o dir` puts the files; NAME-VERSION otherwise
    #[arg(long, short, value_name = "DIR")]
    pub(crate) directory: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) depth: Depth,

    #[command(flatten)]
    pub(crate) connection: Connection,
}
