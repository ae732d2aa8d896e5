//! The command line as types: one file per command, help that teaches by example.
//!
//! Only shapes and texts live here; what a command does is in `commands`. A mistyped command or
//! option gets a suggestion from clap itself.

pub(crate) mod assemble;
pub(crate) mod build;
pub(crate) mod bump;
pub(crate) mod changed;
pub(crate) mod check;
pub(crate) mod completion;
pub(crate) mod connection;
pub(crate) mod cue;
pub(crate) mod diff;
pub(crate) mod docs;
pub(crate) mod explain;
pub(crate) mod fmt;
pub(crate) mod images;
pub(crate) mod index;
pub(crate) mod init;
pub(crate) mod inspect;
pub(crate) mod man;
pub(crate) mod publish;
pub(crate) mod pull;
pub(crate) mod render;
pub(crate) mod schema;
pub(crate) mod serve;
pub(crate) mod vendor;
pub(crate) mod verify;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Makes, proves and publishes KubeVela addons.
#[derive(Debug, Parser)]
#[command(
    name = "addon-pack",
    version,
    about,
    max_term_width = 100,
    arg_required_else_help = true,
    after_help = "Run `addon-pack help COMMAND` for a command's options and examples.",
    after_long_help = EXIT_CODES
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,

    #[command(subcommand)]
    pub(crate) command: Command,
}

const EXIT_CODES: &str = "\
Exit codes:
  0    done
  1    findings, failed tests or differences
  2    wrong usage or configuration
  3    an input cannot be read, or an output not written
  4    the network, a registry or its authentication failed
  5    refused by policy, as other bytes for a published version are
  101  a bug of this program
  130  interrupted

Run `addon-pack help COMMAND` for a command's options and examples.";

/// Options of every command.
#[derive(Args, Debug)]
#[command(next_help_heading = "Global options")]
pub(crate) struct Global {
    /// Say nothing but errors and what was asked for
    #[arg(long, short, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,

    /// Say more about the work
    #[arg(long, short, global = true, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,

    /// When to use colour
    ///
    /// `auto` looks at the terminal and at `NO_COLOR`, `CLICOLOR` and `CLICOLOR_FORCE`.
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: ColorChoice,

    /// Never draw a progress bar
    #[arg(long, global = true)]
    pub(crate) no_progress: bool,
}

/// When to use colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorChoice {
    /// On a terminal, unless the environment says otherwise.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The commands, in the order in which help shows them. The options of a command are put together when it is the one that
/// was called, which halves the start of a process.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub(crate) enum Command {
    /// Make an addon to begin with
    Init(init::Arguments),
    /// Check addons against the rules
    Check(check::Arguments),
    /// Show what a rule asks for, and why
    Explain(explain::Arguments),
    /// Write the tables of a README, or tell where they drift
    Docs(docs::Arguments),
    /// Lay out the files of addons
    Fmt(fmt::Arguments),
    /// List the images that addons bring into a cluster
    Images(images::Arguments),
    /// Show what changed between two versions of an addon, and which version step that asks for
    Diff(diff::Arguments),
    /// Write the next version into metadata.yaml
    Bump(bump::Arguments),
    /// List the addons that differ from a commit
    Changed(changed::Arguments),
    /// Copy what the addons of a workspace share into each of them
    Assemble(assemble::Arguments),
    /// Package addons into reproducible archives with an index
    Build(build::Arguments),
    /// Build, merge or verify an index.yaml
    Index(index::Arguments),
    /// Show what enabling an addon would apply, without a cluster
    Render(render::Arguments),
    /// Print the schema of the parameters of an addon or a definition
    Schema(schema::Arguments),
    /// Show what is in an archive or a registry
    Inspect(inspect::Arguments),
    /// Check an archive or a registry, and that it is what its source gives
    Verify(verify::Arguments),
    /// Publish addons into a directory or a registry
    Publish(publish::Arguments),
    /// Download an archive from a registry and check its digest
    Pull(pull::Arguments),
    /// Serve a registry over HTTP
    Serve(serve::Arguments),
    /// Keep what rendering needs beside the addon
    #[command(subcommand)]
    Vendor(vendor::Command),
    /// Evaluate, export, check and format CUE
    #[command(subcommand)]
    Cue(cue::Command),
    /// Print a completion script for a shell
    Completion(completion::Arguments),
    /// Print the manual pages, or write them to a directory
    Man(man::Arguments),
}

impl Command {
    /// How a signal ends the command.
    pub(crate) fn ending(&self) -> Ending {
        match self {
            Self::Serve(_) => Ending::ByItself,
            Self::Cue(_) | Self::Explain(_) | Self::Completion(_) => Ending::Silent,
            _ => Ending::Told,
        }
    }
}

/// How a signal ends a command. What it is writing at that moment is written to its end in any case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// It listens to signals itself, as the server does, which ends its requests first.
    ByItself,
    /// Without a word, as a filter in a pipe: it is done before a person could interrupt it, so that a thread that waits
    /// for signals would be a good part of its time.
    Silent,
    /// With a word, since it works for long or waits for the network.
    Told,
}
