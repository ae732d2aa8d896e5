//! `addon-pack cue fmt`: CUE files in their canonical layout.

use super::arguments::Arguments;
use super::report;
use crate::cli::cue::{Fmt, Format};
use crate::commands::difference::difference;
use crate::exit::{CommandResult, Exit, Failure};
use crate::printer::Printer;
use crate::system::{WorkingWorld, read_standard_input, write_atomic};
use cue_engine::data_file::{self, Encoding};
use cue_engine::syntax::format::Options;
use cue_engine::{Session, parents_first};
use source_vocab::{DirEntry, EntryKind, VPath, World};

/// A file to be formatted; `None` for standard input.
type Target = Option<VPath>;

/// Runs the command.
///
/// Packages are read before anything is written, so a file that does not parse leaves all as they are; with `--files` each file
/// is on its own and the first that does not parse ends the command.
pub(super) fn run(arguments: &Fmt, printer: &Printer) -> CommandResult {
    let world = WorkingWorld::new()?;
    let mut session = Session::new();
    let targets = if arguments.files {
        files_below(&world, &arguments.inputs)?
    } else {
        files_of_packages(&world, &arguments.inputs)?
    };
    let mut work = Vec::new();
    let mut broken = None;
    for target in targets {
        let (name, bytes) = match &target {
            Some(path) => {
                let text = world.display(path);
                let bytes = world
                    .read(path)
                    .map_err(|error| Failure::new(Exit::Findings, error.to_string()))?;
                (text.strip_prefix("./").unwrap_or(&text).to_owned(), bytes)
            }
            None => ("-".to_owned(), read_standard_input()?),
        };
        let source = data_file::add(session.sources_mut(), &name, bytes)
            .map_err(|found| Failure::new(Exit::Findings, found.message))?;
        let parsed = cue_engine::syntax::parse(&source);
        if !parsed.errors.is_empty() {
            broken = Some(report(&session, &parsed.errors, Format::Human, printer));
            if arguments.files {
                break;
            }
            continue;
        }
        work.push((target, name, source, parsed.file));
    }
    if let Some(exit) = broken
        && !arguments.files
    {
        return Ok(exit);
    }
    let mut exit = Exit::Success;
    for (target, name, source, file) in work {
        let options = Options {
            simplify: arguments.simplify,
        };
        let formatted = cue_engine::syntax::format(&file, options);
        let differs = formatted != **source.text();
        if arguments.check && differs {
            exit = Exit::Findings;
        }
        if arguments.diff {
            if differs {
                printer.data(&difference(&name, source.text(), &formatted));
            }
        } else if arguments.check {
            if differs {
                printer.data(&format!("{name}\n"));
            }
        } else if let Some(path) = &target {
            if differs {
                write_atomic(&world.real_path(path), formatted.as_bytes())?;
            }
        } else {
            printer.data(&formatted);
        }
    }
    Ok(broken.unwrap_or(exit))
}

fn failed(message: impl Into<String>) -> Failure {
    Failure::new(Exit::Findings, message)
}

/// The CUE files of the packages and the files that are named, in the order in which they are formatted.
fn files_of_packages(world: &WorkingWorld, inputs: &[String]) -> Result<Vec<Target>, Failure> {
    let mut arguments = Arguments::parse(inputs)?;
    if arguments.packages.is_empty() && arguments.files.is_empty() {
        arguments.packages.push(".".to_owned());
    }
    let mut targets = Vec::new();
    for package in &arguments.packages {
        let bare = package.split(':').next().unwrap_or_default();
        let (start, recursive) = match bare.strip_suffix("...") {
            Some(start) => (start.trim_end_matches('/'), true),
            None => (bare, false),
        };
        let directory = world.resolve(if start.is_empty() { "." } else { start });
        world
            .list(&directory)
            .map_err(|error| failed(error.to_string()))?;
        let mut found = Vec::new();
        below(world, &directory, recursive, &mut found);
        targets.extend(found.into_iter().map(Some));
    }
    let mut named: Vec<Target> = Vec::new();
    for file in &arguments.files {
        match (file.encoding, file.name.as_str()) {
            (Encoding::Cue, "-") => named.push(None),
            (Encoding::Cue, name) => named.push(Some(world.resolve(name))),
            // data has no layout of its own
            _ => {}
        }
    }
    named.sort_by_key(|target| target.as_ref().map(parents_first));
    targets.extend(named);
    Ok(targets)
}

/// The CUE files at or below the paths that are named.
fn files_below(world: &WorkingWorld, inputs: &[String]) -> Result<Vec<Target>, Failure> {
    if inputs.iter().any(|input| input.contains("...")) {
        return Err(failed("`...` cannot be used with `--files`"));
    }
    let here = [".".to_owned()];
    let inputs = if inputs.is_empty() { &here } else { inputs };
    let mut targets = Vec::new();
    for input in inputs {
        if input == "-" {
            targets.push(None);
            continue;
        }
        let path = world.resolve(input);
        if world.list(&path).is_ok() {
            let mut found = Vec::new();
            walk(world, &path, &mut found);
            targets.extend(found.into_iter().map(Some));
        } else if world.read(&path).is_err() {
            return Err(failed(format!("`{input}` does not exist")));
        } else if input.strip_suffix(".cue").is_some() {
            targets.push(Some(path));
        }
    }
    Ok(targets)
}

/// The entries of a directory by their names.
fn entries(world: &WorkingWorld, directory: &VPath) -> Vec<DirEntry> {
    let mut entries = world.list(directory).unwrap_or_default();
    entries.retain(|entry| entry.name_is_utf8);
    entries.sort_by(|left, right| left.name.cmp(&right.name));
    entries
}

fn is_skipped(name: &str) -> bool {
    name.starts_with(['.', '_']) || name == "cue.mod"
}

/// The CUE files of a directory, then those of the directories in it.
fn below(world: &WorkingWorld, directory: &VPath, recursive: bool, found: &mut Vec<VPath>) {
    let entries = entries(world, directory);
    for entry in &entries {
        if entry.kind == EntryKind::File && entry.name.strip_suffix(".cue").is_some() {
            found.push(directory.child(&entry.name));
        }
    }
    for entry in &entries {
        if recursive && entry.kind == EntryKind::Directory && !is_skipped(&entry.name) {
            below(world, &directory.child(&entry.name), recursive, found);
        }
    }
}

/// All CUE files at or below a directory, files and directories by their names.
fn walk(world: &WorkingWorld, directory: &VPath, found: &mut Vec<VPath>) {
    for entry in entries(world, directory) {
        let path = directory.child(&entry.name);
        match entry.kind {
            EntryKind::File if entry.name.strip_suffix(".cue").is_some() => found.push(path),
            EntryKind::Directory if !is_skipped(&entry.name) => walk(world, &path, found),
            EntryKind::File | EntryKind::Directory | EntryKind::Symlink | EntryKind::Other => {}
        }
    }
}
