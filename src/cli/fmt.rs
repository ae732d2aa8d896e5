//! `addon-pack fmt`.

use clap::Args;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  addon-pack fmt                         every addon of the workspace, or in addon/
  addon-pack fmt addon/fluxcd            all files of one addon
  addon-pack fmt addon/x/parameter.cue   one file
  addon-pack fmt --check                 write nothing; names what would change, and the exit code is 1 then
  addon-pack fmt --diff                  write nothing; shows what would change
  addon-pack fmt --as metadata.yaml - < metadata.yaml

CUE is laid out as `cue fmt` does it. YAML stays as it was written, but for blanks at the end of lines and needless empty lines;
metadata.yaml is indented and its keys are put in the order in which `init` writes them, each with its comments. What a file
means is never changed: it is read again before it is written, and left alone where the values differ.

Left alone are files of charts, of cue.mod, hidden files, links, and the copies that `assemble` keeps.";

/// Arguments of `fmt`.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// Addons, folders of addons, workspaces, files, or - for stdin
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,

    /// Write nothing, and name the files that would change
    #[arg(long)]
    pub(crate) check: bool,

    /// Write nothing, and show what would change
    #[arg(long)]
    pub(crate) diff: bool,

    /// What stdin is called: CUE, YAML and metadata.yaml have layouts of their own
    #[arg(long = "as", value_name = "NAME", default_value = "stdin.cue")]
    pub(crate) name: String,
}
