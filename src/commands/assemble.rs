//! `assemble`: what the addons of a workspace share, copied into each of them.
//!
//! All is compared before anything is written, and where one file cannot be dealt with none is written. Each file is
//! written in one step.

use super::findings::Findings;
use super::workspace;
use crate::cli::assemble::Arguments;
use crate::exit::{CommandResult, Exit, Failure};
use crate::printer::Printer;
use crate::system;
use addon_author::assemble::{Edits, Reason};
use addon_model::workspace::FILE_NAME;
use source_vocab::{Diagnostic, Severity, VPath};
use std::path::PathBuf;

/// Compares and writes.
///
/// # Errors
/// [`Exit::Usage`] where there is no workspace or its file is wrong; a failure when a file cannot be written.
pub(crate) fn run(arguments: &Arguments, printer: &Printer) -> CommandResult {
    let Some(mut workspace) = workspace::of_paths(&arguments.paths, printer)? else {
        let message = format!("there is no `{FILE_NAME}` here or above");
        return Err(Failure::new(Exit::Usage, message)
            .help("write one that names the addons, such as `members: [addon/*]`"));
    };
    let members = if arguments.paths.is_empty() {
        let here = [PathBuf::from(".")];
        workspace.selected(&here, printer)?
    } else {
        workspace.selected(&arguments.paths, printer)?
    };
    let edits = if arguments.discard_edits {
        Edits::Discard
    } else {
        Edits::Keep
    };
    let plan = addon_author::assemble::plan(
        &workspace.world,
        &VPath::root(),
        &workspace.file,
        &members,
        edits,
        &mut workspace.sources,
    );
    let show = |list: &[Diagnostic]| {
        let findings = Findings {
            list,
            sources: &workspace.sources,
            world: &workspace.world,
        };
        findings.show(Severity::Info, printer);
    };
    show(&plan.findings);
    let count = plan.changes.len() + plan.unchanged;
    let (plural, addons) = (if count == 1 { "y" } else { "ies" }, members.len());
    let of_addons = format!(
        "{count} cop{plural} in {addons} addon{}",
        if addons == 1 { "" } else { "s" }
    );
    if arguments.check {
        for change in &plan.changes {
            show(std::slice::from_ref(&change.finding));
        }
        if plan.is_refused() || !plan.changes.is_empty() {
            return Ok(Exit::Findings);
        }
        printer.status("Checked", &format!("{of_addons}: all as they should be"));
        return Ok(Exit::Success);
    }
    if plan.is_refused() {
        printer.note("nothing was written");
        return Ok(Exit::Findings);
    }
    for change in &plan.changes {
        let place = workspace.place(&change.path);
        match &change.text {
            Some(text) => {
                system::write_atomic(&place, text.as_bytes())?;
                let verb = if change.reason == Reason::Missing {
                    "Added"
                } else {
                    "Updated"
                };
                printer.status(verb, &place.display().to_string());
            }
            None => {
                system::remove_file(&place)?;
                printer.status("Removed", &place.display().to_string());
            }
        }
    }
    printer.status(
        "Assembled",
        &format!("{of_addons}: {} changed", plan.changes.len()),
    );
    Ok(Exit::Success)
}
