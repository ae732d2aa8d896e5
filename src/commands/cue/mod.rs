//! `addon-pack cue`: cue's commands over the engine. Any failure ends in exit code 1, as cue's.

mod arguments;
mod dump;
mod fmt;
mod form;
mod inputs;
mod output;
mod placement;
mod values;

use crate::cli::cue::{Command, Format};
use crate::exit::{CommandResult, Exit, Failure};
use crate::printer::Printer;
use cue_engine::Session;
use source_vocab::{Diagnostic, render};

/// Runs a command of `cue`.
pub(crate) fn run(command: &Command, printer: &Printer) -> CommandResult {
    let result = match command {
        Command::Export(arguments) => values::export(arguments, printer),
        Command::Eval(arguments) => values::eval(arguments, printer),
        Command::Def(arguments) => values::def(arguments, printer),
        Command::Vet(arguments) => values::vet(arguments, printer),
        Command::Fmt(arguments) => fmt::run(arguments, printer),
        Command::Dump(arguments) => dump::run(arguments, printer),
    };
    // cue knows one code for every failure
    result.map_err(|failure| Failure {
        exit: Exit::Findings,
        ..failure
    })
}

/// Shows findings on standard error (as JSON on standard output) and gives the exit code.
fn report(session: &Session, found: &[Diagnostic], format: Format, printer: &Printer) -> Exit {
    let show_path = |path: &source_vocab::VPath| path.to_string();
    if format == Format::Json {
        let all: Vec<serde_json::Value> = found
            .iter()
            .map(|found| render::json(found, session.sources(), &show_path))
            .collect();
        printer.json(&serde_json::Value::Array(all));
    } else {
        for found in found {
            let text = if format == Format::Concise {
                render::concise(found, session.sources(), &show_path)
            } else {
                render::human(found, session.sources(), &show_path, printer.stderr_color())
            };
            printer.text(&text);
        }
    }
    if found.is_empty() {
        Exit::Success
    } else {
        Exit::Findings
    }
}
