//! `addon-pack man`.

use clap::Args;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  addon-pack man | man -l -                       read the page of addon-pack itself
  addon-pack man -d ~/.local/share/man/man1       install the pages of all commands";

/// Arguments of `man`.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// Write one page per command into this directory, instead of the main page to stdout
    #[arg(long, short, value_name = "DIR")]
    pub(crate) directory: Option<PathBuf>,
}
