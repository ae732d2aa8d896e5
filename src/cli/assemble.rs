//! `addon-pack assemble`.

use clap::Args;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  addon-pack assemble                   all addons of the workspace
  addon-pack assemble addon/gateway     one of them
  addon-pack assemble --check           write nothing; the exit code is 1 when a copy is not as it should be

The workspace, `addon-pack.yaml`, says what can be shared, and what it becomes in an addon:
  members: [addon/*]
  shared:
    proxy: {source: shared/proxy.cue, target: resources/proxy.cue}
    rbac: {source: shared/rbac, target: resources}

An addon says in its metadata.yaml what it takes:
  annotations:
    addon-pack.dev/shared: proxy, rbac

Of a folder all CUE and YAML files are shared. A copy begins with a comment that says where it is from. Copies of changed
sources are written anew and those that nobody takes any more removed; a copy that somebody has edited, and a file that is
no copy, are left alone, and nothing is written then.";

/// Arguments of `assemble`.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// Addons of a workspace, or folders of them; all of the workspace otherwise
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,

    /// Write nothing, and say what differs
    #[arg(long, conflicts_with = "discard_edits")]
    pub(crate) check: bool,

    /// Write copies anew, or remove them, also where somebody has edited them
    #[arg(long)]
    pub(crate) discard_edits: bool,
}
