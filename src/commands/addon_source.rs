//! An addon, wherever it is: a directory, an archive, a registry here or behind a URL.

use super::archive_world::ArchiveWorld;
use super::named::{self, Named};
use crate::cli::connection::Connection;
use crate::exit::{Exit, Failure, OrExit as _};
use crate::printer::Printer;
use crate::system::{self, DiskWorld, PathKind};
use addon_model::{Addon, AddonTree};
use cue_engine::Session;
use source_vocab::{Diagnostic, VPath, World};
use std::path::{Path, PathBuf};

/// An addon that was read, with the session that its texts are in.
#[derive(Debug)]
pub(crate) struct LoadedAddon {
    pub(crate) addon: Addon,
    pub(crate) session: Session,
    /// Where its files are.
    pub(crate) world: Box<dyn World>,
    /// What reading found.
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// The name of its directory; that of the addon when it comes from an archive.
    pub(crate) directory: String,
}

/// Reads the addon that `source` names.
///
/// # Errors
/// As [`named::open`], and [`Exit::Usage`] for a registry of several addons.
pub(crate) fn load(
    source: &Path,
    connection: &Connection,
    printer: &Printer,
) -> Result<LoadedAddon, Failure> {
    let is_directory = source != Path::new("-")
        && system::path_kind(source).or_exit(Exit::Input)? == PathKind::Directory
        && !is_registry(source)?;
    if is_directory {
        let name = system::directory_name(source);
        return Ok(read(Box::new(DiskWorld::new(source)), name));
    }
    let all = |_: &str| true;
    let opened = match named::open(source, connection, printer, all)? {
        Named::Archive(opened) => opened,
        Named::Registry { shown, index } => {
            let name = only_addon(&shown, index)?;
            let one = PathBuf::from(format!("{}#{name}", source.display()));
            match named::open(&one, connection, printer, all)? {
                Named::Archive(opened) => opened,
                Named::Registry { .. } => {
                    let message = format!("`{shown}` is a registry, an addon is expected");
                    return Err(Failure::new(Exit::Usage, message));
                }
            }
        }
    };
    let shown = source.display().to_string();
    let name = opened.contents.name.clone();
    Ok(read(
        Box::new(ArchiveWorld::new(&shown, opened.contents)),
        name,
    ))
}

/// Whether a directory is a registry and no addon.
fn is_registry(directory: &Path) -> Result<bool, Failure> {
    let has = |name: &str| -> Result<bool, Failure> {
        Ok(system::path_kind(&directory.join(name)).or_exit(Exit::Input)? == PathKind::File)
    };
    Ok(has("index.yaml")? && !has("metadata.yaml")?)
}

/// The addon of a registry that has no other.
fn only_addon(shown: &str, index: Vec<u8>) -> Result<String, Failure> {
    let text = String::from_utf8(index).unwrap_or_default();
    let mut sources = source_vocab::SourceMap::new();
    let file = sources.add(shown, text).or_exit(Exit::Input)?;
    let index = addon_index::read(&file).value.unwrap_or_default();
    let names: Vec<&str> = index.addons().map(|(name, _)| name).collect();
    match names.as_slice() {
        [only] => Ok((*only).to_owned()),
        [] => Err(Failure::new(
            Exit::Input,
            format!("the registry `{shown}` has no addon"),
        )),
        several => {
            let message = format!(
                "`{shown}` is a registry of {} addons, one is expected",
                several.len()
            );
            let first = several.first().copied().unwrap_or_default();
            Err(Failure::new(Exit::Usage, message).help(format!(
                "name it: `{shown}#{first}` or `{shown}#{first}@VERSION`"
            )))
        }
    }
}

/// Reads the addon at the root of a world.
pub(crate) fn read(world: Box<dyn World>, directory: String) -> LoadedAddon {
    let mut session = Session::new().with_budget(addon_render::BUDGET);
    let mut diagnostics = Vec::new();
    let tree: AddonTree = addon_model::scan(&*world, &VPath::root())
        .drain_into(&mut diagnostics)
        .unwrap_or_default();
    let addon = addon_model::load(&*world, &tree, session.sources_mut())
        .drain_into(&mut diagnostics)
        .unwrap_or_default();
    LoadedAddon {
        addon,
        session,
        world,
        diagnostics,
        directory,
    }
}
