//! `completion`: a script that completes commands and options in a shell.

use crate::cli::Cli;
use crate::cli::completion::{Arguments, Shell};
use crate::exit::Exit;
use crate::printer::Printer;
use clap::CommandFactory as _;
use clap_complete::shells;

/// Prints the script.
pub(crate) fn run(arguments: &Arguments, printer: &Printer) -> Exit {
    let mut command = Cli::command();
    let name = command.get_name().to_owned();
    let mut script = Vec::new();
    match arguments.shell {
        Shell::Bash => clap_complete::generate(shells::Bash, &mut command, name, &mut script),
        Shell::Zsh => clap_complete::generate(shells::Zsh, &mut command, name, &mut script),
        Shell::Fish => clap_complete::generate(shells::Fish, &mut command, name, &mut script),
        Shell::Powershell => {
            clap_complete::generate(shells::PowerShell, &mut command, name, &mut script);
        }
    }
    printer.bytes(&script);
    Exit::Success
}
