//! `docs`: the generated parts of a README.
//!
//! Each addon is on its own: one that cannot be read does not keep the others from being written. The run ends in the
//! worst of what was met.

use super::difference::difference;
use super::findings::Findings;
use super::packaging::addons_at;
use super::workspace;
use crate::cli::docs::Arguments;
use crate::exit::{CommandResult, Exit, Failure, OrExit as _};
use crate::printer::Printer;
use crate::system::{self, DiskWorld, PathKind};
use addon_author::docs::{self, Missing, Sections};
use addon_check::{Neighbours, Proof, Subject, proven};
use addon_model::Role;
use source_vocab::{Diagnostic, EntryKind, Outcome, Severity, SourceMap, VPath, World};
use std::path::{Path, PathBuf};

/// Writes, or compares.
///
/// # Errors
/// A failure when a path cannot be read or a file not be written.
pub(crate) fn run(arguments: &Arguments, printer: &Printer) -> CommandResult {
    let mut exit = Exit::Success;
    for addon in addons(&arguments.paths, printer)? {
        let ended = one(&addon, arguments, printer)?;
        if ended.code() > exit.code() {
            exit = ended;
        }
    }
    Ok(exit)
}

/// The directories of the addons that are named; without names those of the workspace, else those in `addon`.
///
/// # Errors
/// As [`addons_at`], and for what is no directory.
pub(super) fn addons(paths: &[PathBuf], printer: &Printer) -> Result<Vec<PathBuf>, Failure> {
    let paths = workspace::paths_or_workspace(paths, printer)?;
    let mut addons = Vec::new();
    for path in &paths {
        if system::path_kind(path).or_exit(Exit::Input)? != PathKind::Directory {
            let message = format!("`{}` is no directory", path.display());
            let help = "name an addon or a folder of addons";
            return Err(Failure::new(Exit::Input, message).help(help));
        }
        addons.extend(addons_at(path, printer)?);
    }
    Ok(addons)
}

/// What an addon says of itself.
struct Said {
    sections: Outcome<Sections>,
    /// The README, and whether it is a plain file.
    readme: Option<(VPath, bool)>,
    new: String,
    /// What keeps the addon from being read.
    refused: bool,
}

fn say(proof: &Proof<'_>) -> Said {
    let addon = proof.addon();
    let entries = addon.tree.entries.iter();
    let mut readmes =
        entries.filter(|entry| matches!(entry.role, Role::Readme | Role::LegacyReadme));
    // the one that KubeVela reads, else one that it cannot read
    let read = addon
        .readme
        .as_ref()
        .and_then(|file| addon.tree.find(file.path.as_str()));
    let readme = read
        .or_else(|| readmes.next())
        .map(|entry| (entry.path.clone(), entry.kind == EntryKind::File));
    Said {
        sections: docs::sections(proof),
        readme,
        new: docs::new_readme(proof),
        refused: addon.metadata.refused,
    }
}

fn one(path: &Path, arguments: &Arguments, printer: &Printer) -> CommandResult {
    let world = DiskWorld::new(path);
    let mut sources = SourceMap::new();
    let name = system::directory_name(path);
    let subject = Subject {
        world: &world,
        root: &VPath::root(),
        directory: Some(&name),
        neighbours: &Neighbours::none(),
    };
    let shown = path.display();
    let said = proven(&subject, &mut sources, say).filter(|said| !said.refused);
    let Some(said) = said else {
        let message = format!("`{shown}` cannot be read as an addon");
        let failure = Failure::new(Exit::Input, message);
        printer.failure(&failure.help("`addon-pack check` shows what is wrong with it"));
        return Ok(Exit::Input);
    };
    show(&said.sections.diagnostics, &sources, &world, printer);
    let Some(sections) = said.sections.value else {
        return Ok(Exit::Input);
    };
    let missing = if arguments.insert {
        Missing::Insert
    } else {
        Missing::Tell
    };
    let (file, is_new) = match said.readme {
        Some((file, true)) => (file, false),
        Some((file, false)) => {
            let message = format!(
                "`{}` is a link and is not written through",
                world.display(&file)
            );
            show(
                &[Diagnostic::error("docs/link", message, file)],
                &sources,
                &world,
                printer,
            );
            return Ok(Exit::Findings);
        }
        None => (VPath::root().child("README.md"), true),
    };
    let old = if is_new {
        said.new
    } else {
        let bytes = world.read(&file).or_exit(Exit::Input)?;
        let Ok(text) = String::from_utf8(bytes) else {
            let message = format!("`{}` is not UTF-8", world.display(&file));
            show(
                &[Diagnostic::error("docs/encoding", message, file)],
                &sources,
                &world,
                printer,
            );
            return Ok(Exit::Input);
        };
        text
    };
    if is_new && missing == Missing::Tell {
        let found = Diagnostic::error(
            "docs/no-readme",
            "the addon has no README.md",
            VPath::root(),
        );
        show(
            &[found.help("`addon-pack docs --insert` makes one")],
            &sources,
            &world,
            printer,
        );
        return Ok(Exit::Findings);
    }
    let readme = sources
        .add(world.display(&file), old.as_str())
        .or_exit(Exit::Input)?;
    let outcome = docs::applied(&readme, &sections, missing);
    show(&outcome.diagnostics, &sources, &world, printer);
    let Some(applied) = outcome.value else {
        return Ok(Exit::Findings);
    };
    if arguments.check {
        show(&applied.drift, &sources, &world, printer);
        if applied.drift.is_empty() {
            printer.status("Checked", &format!("{}: as it should be", readme.name()));
            return Ok(Exit::Success);
        }
        printer.data(&difference(readme.name(), &old, &applied.text));
        return Ok(Exit::Findings);
    }
    if is_new || applied.text != old {
        system::write_atomic(&world.real_path(&file), applied.text.as_bytes())?;
        printer.status(if is_new { "Added" } else { "Updated" }, readme.name());
    } else {
        printer.status("Unchanged", readme.name());
    }
    Ok(Exit::Success)
}

fn show(list: &[Diagnostic], sources: &SourceMap, world: &DiskWorld, printer: &Printer) {
    Findings {
        list,
        sources,
        world,
    }
    .show(Severity::Info, printer);
}
