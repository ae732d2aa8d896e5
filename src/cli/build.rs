//! `addon-pack build`.

use clap::{Args, ValueEnum};
use std::path::{Path, PathBuf};

const EXAMPLES: &str = "\
Examples:
  addon-pack build                        every addon in addon/ into dist/
  addon-pack build addons/fluxcd -d out   one addon
  addon-pack build --list addons/fluxcd   what would be in the archive, without writing it
  SOURCE_DATE_EPOCH=1700000000 addon-pack build

The same files give the same bytes, whatever the clock, the locale, the umask or --jobs.
The directory of the addon is never written to: Chart.yaml is made in memory.

Every rule of `check` is run, on what the defaults and the files of examples/ render to; the argument sets that `check` makes
from the parameters are left to it.";

/// How the result is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    Human,
    /// One JSON object.
    Json,
}

/// Arguments of `build`.
#[derive(Args, Clone, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// Addons, folders of addons, or workspaces; without it the members of the workspace, else `addon`
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,

    /// Where the archives and their index.yaml go; without it `output` of the workspace, else `dist`
    #[arg(long, short, value_name = "DIR")]
    pub(crate) directory: Option<PathBuf>,

    /// Package whatever `vela addon package` would package, without checks
    #[arg(long)]
    pub(crate) no_verify: bool,

    /// Show what would be in each archive and write nothing
    #[arg(long)]
    pub(crate) list: bool,

    /// How the result is shown
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub(crate) format: Format,

    /// How many addons are packaged at once; 0 for as many as there are processors
    #[arg(long, short, value_name = "N", default_value_t = 0)]
    pub(crate) jobs: usize,
}

impl Arguments {
    /// Where the archives go.
    pub(crate) fn directory(&self) -> &Path {
        self.directory.as_deref().unwrap_or(Path::new("dist"))
    }
}
