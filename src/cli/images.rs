//! `addon-pack images`.

use super::connection::Connection;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  addon-pack images addon/fluxcd                    each image, and where it comes from
  addon-pack images addon/*                         of several addons
  addon-pack images -o names dist/fluxcd-3.0.2.tgz  one name a line, for scripts that mirror them
  addon-pack images addon/fluxcd registry=my.io     with these arguments alone
  addon-pack images -o json addon/fluxcd            for programs

Without arguments the addon is rendered with its defaults and with every case of examples/. Images are looked for in the
containers, init containers and ephemeral containers of all pods, in image volumes, in the fields of custom resources, in the
properties of components and in the values of charts. What a chart runs that its values do not name is not known here.

`written out` marks an image whose whole name stands in the addon's files, so that no parameter has a part in it.";

/// In which form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Output {
    /// Each image with its places.
    Text,
    /// The names alone.
    Names,
    /// One JSON object.
    Json,
    /// The same as YAML.
    Yaml,
}

/// Arguments of `images`.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// Addons (directories, folders of them, workspaces, archives, `-`, `REGISTRY#NAME[@VERSION]`), and arguments KEY=VALUE
    #[arg(value_name = "PATH|KEY=VALUE", required = true)]
    pub(crate) words: Vec<String>,

    /// In which form
    #[arg(long, short, value_name = "FORM", default_value = "text")]
    pub(crate) output: Output,

    /// With arguments, the images of all cases too
    #[arg(long)]
    pub(crate) all_cases: bool,

    #[command(flatten)]
    pub(crate) connection: Connection,
}

impl Arguments {
    /// The addons and the arguments.
    pub(crate) fn split(&self) -> (Vec<PathBuf>, Vec<String>) {
        // a URL may have an equals sign in its query
        let is_argument = |word: &&String| word.contains('=') && !word.contains("://");
        let (arguments, paths): (Vec<&String>, Vec<&String>) =
            self.words.iter().partition(is_argument);
        let paths = paths.into_iter().map(PathBuf::from).collect();
        (paths, arguments.into_iter().cloned().collect())
    }
}
