//! `addon-pack completion SHELL`.

use clap::{Args, ValueEnum};

const EXAMPLES: &str = "\
Examples:
  bash        addon-pack completion bash > ~/.local/share/bash-completion/completions/addon-pack
  zsh         addon-pack completion zsh > \"${fpath[1]}/_addon-pack\"
  fish        addon-pack completion fish > ~/.config/fish/completions/addon-pack.fish
  powershell  addon-pack completion powershell | Out-String | Invoke-Expression";

/// Arguments of `completion`.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The shell that is to complete
    pub(crate) shell: Shell,
}

/// The shells there are scripts for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Shell {
    /// GNU bash.
    Bash,
    /// The Z shell.
    Zsh,
    /// fish.
    Fish,
    /// PowerShell.
    Powershell,
}
