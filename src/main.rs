//! The `addon-pack` binary: arguments in, exit code out.
//!
//! `main` parses the command line, hands it to [`commands::run`] on a thread whose stack size is
//! stated (the CUE engine counts its own depth and relies on it), and turns the result into one of
//! the codes of [`Exit`]. Nothing is opened, read or started before the command asks for it, so
//! `addon-pack --version` costs the price of a process.
//!
//! To add a command `frob`: write `cli/frob.rs` (the arguments and their help), `commands/frob.rs`
//! (`pub(crate) fn run(arguments: &cli::frob::Arguments, printer: &Printer) -> CommandResult`), and
//! name it in the two lists: `cli::Command` and `commands::run`. Its black-box tests are
//! `tests/it/frob.rs`.

mod cli;
mod commands;
mod exit;
mod interrupt;
mod printer;
mod system;

use crate::cli::{Cli, Ending};
use crate::exit::Exit;
use crate::printer::Printer;
use clap::Parser as _;
use std::process::ExitCode;

/// Stack of the thread that runs the command. Only pages that are touched cost memory; the smaller
/// size serves where the address space is limited.
const STACK_SIZES: [usize; 2] = [512 << 20, 64 << 20];

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            printer::print_usage(&error);
            return if error.use_stderr() {
                Exit::Usage.into()
            } else {
                Exit::Success.into()
            };
        }
    };
    on_big_stack(cli).into()
}

fn on_big_stack(cli: Cli) -> Exit {
    let cli = std::sync::Arc::new(cli);
    for size in STACK_SIZES {
        let for_thread = std::sync::Arc::clone(&cli);
        let thread = std::thread::Builder::new()
            .name("main".to_owned())
            .stack_size(size)
            .spawn(move || execute(&for_thread));
        if let Ok(thread) = thread {
            return thread.join().unwrap_or_else(|_| {
                printer::print_bug();
                Exit::Bug
            });
        }
    }
    execute(&cli)
}

fn execute(cli: &Cli) -> Exit {
    let printer = Printer::new(&cli.global);
    match cli.command.ending() {
        Ending::ByItself => {}
        Ending::Silent => interrupt::watch_from_first_work(end),
        Ending::Told => interrupt::watch(end),
    }
    match commands::run(&cli.command, &printer) {
        Ok(exit) => exit,
        Err(failure) => {
            printer.failure(&failure);
            failure.exit
        }
    }
}

#[expect(
    clippy::exit,
    reason = "a signal ends the process from another thread than the command's"
)]
fn end() {
    printer::print_interrupted();
    std::process::exit(Exit::Interrupted.code().into())
}
