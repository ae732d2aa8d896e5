//! `addon-pack cue dump`: a package of files in the form of conformance goldens.

use crate::cli::cue::Dump;
use crate::exit::{CommandResult, Exit};
use crate::printer::Printer;
use crate::system::WorkingWorld;
use cue_engine::{LoadRequest, Session, load};

/// Runs the command.
pub(super) fn run(arguments: &Dump, printer: &Printer) -> CommandResult {
    let world = WorkingWorld::new()?;
    let mut session = Session::new();
    let request = LoadRequest {
        files: arguments
            .files
            .iter()
            .map(|file| world.resolve(file))
            .collect(),
        module_root: super::inputs::module_root(&world),
        ..LoadRequest::default()
    };
    let package = load(&mut session, &world, &request);
    let evaluation = session.evaluate(&package);
    printer.data(&cue_engine::dump::dump(&evaluation));
    printer.data("\n");
    Ok(Exit::Success)
}
