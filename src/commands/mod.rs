//! What each command does: arguments to options, a call into the crates, a report.
//!
//! No type of the command line goes below this folder, and no file here prints or touches the
//! disk: that is the work of `printer` and `system`.

mod addon_source;
mod against;
mod archive_world;
mod archives;
mod assemble;
mod build;
mod bump;
mod changed;
mod check;
mod check_settings;
mod completion;
mod connection;
mod cue;
mod definition_source;
mod diff;
mod difference;
mod docs;
mod explain;
mod findings;
mod findings_cache;
mod fmt;
mod images;
mod index;
mod init;
mod inspect;
mod man;
mod named;
mod own_rules;
mod packages;
mod packaging;
mod publish;
mod publish_report;
mod pull;
mod render;
mod render_deep;
mod schema;
mod serve;
mod vendor;
mod verify;
mod workspace;

use crate::cli::Command;
use crate::exit::CommandResult;
use crate::printer::Printer;

/// Runs the command that was asked for.
///
/// # Errors
/// The failure of the command, with its exit code.
pub(crate) fn run(command: &Command, printer: &Printer) -> CommandResult {
    match command {
        Command::Init(arguments) => init::run(arguments, printer),
        Command::Assemble(arguments) => assemble::run(arguments, printer),
        Command::Diff(arguments) => diff::run(arguments, printer),
        Command::Bump(arguments) => bump::run(arguments, printer),
        Command::Changed(arguments) => changed::run(arguments, printer),
        Command::Docs(arguments) => docs::run(arguments, printer),
        Command::Fmt(arguments) => fmt::run(arguments, printer),
        Command::Images(arguments) => images::run(arguments, printer),
        Command::Build(arguments) => build::run(arguments, printer),
        Command::Index(arguments) => index::run(arguments, printer),
        Command::Inspect(arguments) => inspect::run(arguments, printer),
        Command::Render(arguments) => render::run(arguments, printer),
        Command::Schema(arguments) => schema::run(arguments, printer),
        Command::Verify(arguments) => verify::run(arguments, printer),
        Command::Check(arguments) => check::run(arguments, printer),
        Command::Explain(arguments) => explain::run(arguments, printer),
        Command::Publish(arguments) => publish::run(arguments, printer),
        Command::Pull(arguments) => pull::run(arguments, printer),
        Command::Serve(arguments) => serve::run(arguments, printer),
        Command::Vendor(command) => vendor::run(command, printer),
        Command::Cue(command) => cue::run(command, printer),
        Command::Completion(arguments) => Ok(completion::run(arguments, printer)),
        Command::Man(arguments) => man::run(arguments, printer),
    }
}
