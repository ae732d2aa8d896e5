//! `man`: manual pages from the same source as `--help`.

use crate::cli::Cli;
use crate::cli::man::Arguments;
use crate::exit::{CommandResult, Exit, Failure, OrExit as _};
use crate::printer::Printer;
use crate::system;
use anyhow::Context as _;
use clap::{Command, CommandFactory as _};

/// Prints the main page, or writes the pages of all commands into a directory.
///
/// # Errors
/// [`Exit::Input`] when the directory cannot be written.
pub(crate) fn run(arguments: &Arguments, printer: &Printer) -> CommandResult {
    let mut root = Cli::command();
    root.build();
    let Some(directory) = &arguments.directory else {
        printer.bytes(&page(&root)?);
        return Ok(Exit::Success);
    };
    let mut commands = Vec::new();
    collect(&root, &mut commands);
    for command in &commands {
        let name = command.get_display_name().unwrap_or(command.get_name());
        system::write_atomic(&directory.join(format!("{name}.1")), &page(command)?)?;
    }
    printer.status(
        "Wrote",
        &format!(
            "{} manual pages to `{}`",
            commands.len(),
            directory.display()
        ),
    );
    Ok(Exit::Success)
}

fn collect<'a>(command: &'a Command, into: &mut Vec<&'a Command>) {
    into.push(command);
    for below in command.get_subcommands() {
        if below.get_name() != "help" && !below.is_hide_set() {
            collect(below, into);
        }
    }
}

fn page(command: &Command) -> Result<Vec<u8>, Failure> {
    let mut text = Vec::new();
    clap_mangen::Man::new(command.clone())
        .render(&mut text)
        .context("cannot make the manual page")
        .or_exit(Exit::Bug)?;
    Ok(text)
}
