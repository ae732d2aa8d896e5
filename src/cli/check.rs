//! `addon-pack check`.

use clap::{Args, ValueEnum};
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  addon-pack check                           every addon of the workspace, or in addon/
  addon-pack check addons/fluxcd             one addon
  addon-pack check dist/fluxcd-3.0.2.tgz     an archive, and the addon in it
  addon-pack check --format concise          a line for each finding
  addon-pack check --format sarif > log      for a code host
  addon-pack check --select META04,SEC       these rules only, also those of severity info
  addon-pack check --ignore META13           all but this one
  addon-pack check --profile release         what is published now
  addon-pack check --rules rules.cue         with rules of your own, written in CUE
  addon-pack check --fix                     mend what can be mended
  addon-pack check --baseline known.json     only what is new since `--update-baseline`

The exit code is 1 when there is an error. `addon-pack explain RULE` shows what a rule is about.

What no option and no variable says, `addon-pack.yaml` may say for a workspace:
  members: [addon/*]
  vela: ['1.9', '1.10']
  check:
    profile: strict
    ignore: [META13]
    rules: {META05: error, IMG02: off}

A comment takes back a finding in its line or the next, with a reason:
  # addon-pack:ignore META13 the project has no picture yet";

/// How findings are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// With the lines they are about.
    Human,
    /// A line for each.
    Concise,
    /// One JSON object.
    Json,
    /// Annotations of GitHub Actions.
    Github,
    /// One SARIF 2.1.0 log.
    Sarif,
    /// A code quality report of GitLab.
    Gitlab,
    /// The XML of `JUnit`: a suite for each addon.
    Junit,
}

/// What addons are checked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Profile {
    /// Errors and warnings.
    Default,
    /// Warnings are errors.
    Strict,
    /// What is published now: all about the package and its version.
    Release,
    /// A public catalog: an icon, a description and a README are asked for.
    Catalog,
}

/// Arguments of `check`.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
#[expect(clippy::struct_excessive_bools, reason = "options of a command line")]
pub(crate) struct Arguments {
    /// Addons, folders of addons, workspaces, archives, or - for an archive from stdin; without it the members of the
    /// workspace, else `addon`
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,

    /// Do not use what earlier runs found, and keep nothing (it lies in `ADDON_PACK_CACHE_DIR`, else `$XDG_CACHE_HOME/addon-pack`)
    #[arg(long)]
    pub(crate) no_cache: bool,

    /// How findings are shown
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub(crate) format: Format,

    /// What the addons are checked for [env: `ADDON_PACK_PROFILE`; default: default]
    #[arg(long, value_name = "PROFILE")]
    pub(crate) profile: Option<Profile>,

    /// Only these rules, by id or family [env: `ADDON_PACK_SELECT`]
    #[arg(long, value_name = "IDS", value_delimiter = ',')]
    pub(crate) select: Vec<String>,

    /// All rules but these [env: `ADDON_PACK_IGNORE`]
    #[arg(long, value_name = "IDS", value_delimiter = ',')]
    pub(crate) ignore: Vec<String>,

    /// Only what holds for one of these releases of KubeVela, as in 1.9,1.10 [env: `ADDON_PACK_VELA_VERSION`]
    #[arg(long, value_name = "VERSIONS", value_delimiter = ',')]
    pub(crate) vela: Vec<String>,

    /// Rules of your own, in a CUE file or a folder of them; may be given several times
    #[arg(long, value_name = "PATH")]
    pub(crate) rules: Vec<PathBuf>,

    /// Show only findings that are not in this file
    #[arg(long, value_name = "FILE")]
    pub(crate) baseline: Option<PathBuf>,

    /// Write the findings of today into the file
    #[arg(long, requires = "baseline")]
    pub(crate) update_baseline: bool,

    /// Mend what a rule can mend by itself, in the files of addons
    #[arg(long)]
    pub(crate) fix: bool,

    /// Also what changed since this version: an addon, an archive, a folder of addons or a registry
    #[arg(long, value_name = "OLD")]
    pub(crate) against: Option<PathBuf>,

    /// End with 0 also when there are errors
    #[arg(long)]
    pub(crate) exit_zero: bool,
}
