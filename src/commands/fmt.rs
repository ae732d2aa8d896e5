//! `fmt`: the files of addons in their canonical layout.
//!
//! Each file is on its own: one that does not parse is told, and the others are formatted. The run ends in the worst of
//! what was met. Every file is written in one step, and only when it changes.

use super::difference::difference;
use super::docs::addons;
use super::findings::Findings;
use super::workspace::{Workspace, of_paths};
use crate::cli::fmt::Arguments;
use crate::exit::{CommandResult, Exit, Failure, OrExit as _};
use crate::printer::Printer;
use crate::system::{self, DiskWorld, PathKind};
use addon_author::fmt::{self, Formatted, Kind};
use addon_model::workspace::FILE_NAME;
use source_vocab::{Diagnostic, EntryKind, Severity, SourceMap, VPath, World};
use std::path::{Path, PathBuf};

/// The largest file that is formatted, in bytes.
const LIMIT: u64 = 64 << 20;

/// Formats, or compares.
///
/// # Errors
/// A failure when a path cannot be read or a file not be written.
pub(crate) fn run(arguments: &Arguments, printer: &Printer) -> CommandResult {
    let mut run = Run {
        arguments,
        printer,
        exit: Exit::Success,
        seen: 0,
        changed: 0,
    };
    let is_named = |path: &&PathBuf| path.as_path() == Path::new("-") || is_file(path);
    let (files, folders): (Vec<&PathBuf>, Vec<&PathBuf>) =
        arguments.paths.iter().partition(is_named);
    let is_stdin_alone = files.len() == arguments.paths.len()
        && files.iter().all(|file| file.as_path() == Path::new("-"));
    for file in &files {
        run.file(file)?;
    }
    let mut folders: Vec<PathBuf> = folders.into_iter().cloned().collect();
    if arguments.paths.is_empty()
        && let Some(workspace) = of_paths(&[], printer)?
    {
        folders.push(workspace.root);
    }
    if !folders.is_empty() || files.is_empty() {
        for folder in &folders {
            run.workspace(folder)?;
        }
        for addon in addons(&folders, printer)? {
            run.addon(&addon)?;
        }
    }
    if !is_stdin_alone {
        let (seen, plural) = (run.seen, if run.seen == 1 { "" } else { "s" });
        let verb = if run.writes() {
            "changed"
        } else {
            "would change"
        };
        printer.status(
            "Formatted",
            &format!("{seen} file{plural}: {} {verb}", run.changed),
        );
    }
    Ok(run.exit)
}

fn is_file(path: &Path) -> bool {
    system::path_kind(path).is_ok_and(|kind| kind == PathKind::File)
}

struct Run<'a> {
    arguments: &'a Arguments,
    printer: &'a Printer,
    exit: Exit,
    seen: usize,
    changed: usize,
}

impl Run<'_> {
    fn writes(&self) -> bool {
        !self.arguments.check && !self.arguments.diff
    }

    fn ends_in(&mut self, exit: Exit) {
        if exit.code() > self.exit.code() {
            self.exit = exit;
        }
    }

    /// What a workspace has besides its addons: its file, and what they share.
    fn workspace(&mut self, folder: &Path) -> Result<(), Failure> {
        let Some(workspace) = Workspace::at(folder, self.printer)? else {
            return Ok(());
        };
        let root = VPath::root().child(FILE_NAME);
        self.one(&workspace.world, &root, Kind::Yaml)?;
        for shared in &workspace.file.shared {
            let source = &shared.source.value;
            let parent = source.parent().unwrap_or_default();
            let listed = workspace.world.list(&parent).unwrap_or_default();
            let kind = listed
                .iter()
                .find(|entry| entry.name == source.file_name())
                .map(|entry| entry.kind);
            match kind {
                Some(EntryKind::File) => {
                    if let Some(kind) = Kind::of(source) {
                        self.one(&workspace.world, source, kind)?;
                    }
                }
                Some(EntryKind::Directory) => {
                    let tree = addon_model::scan(&workspace.world, source)
                        .value
                        .unwrap_or_default();
                    for (path, kind) in fmt::files(&tree) {
                        self.one(&workspace.world, &source.join(&path), kind)?;
                    }
                }
                Some(EntryKind::Symlink | EntryKind::Other) | None => {}
            }
        }
        Ok(())
    }

    fn addon(&mut self, path: &Path) -> Result<(), Failure> {
        let world = DiskWorld::new(path);
        let scanned = addon_model::scan(&world, &VPath::root());
        let sources = SourceMap::new();
        self.show(&scanned.diagnostics, &sources, &world);
        let Some(tree) = scanned.value.filter(|_| scanned.diagnostics.is_empty()) else {
            self.ends_in(Exit::Input);
            return Ok(());
        };
        for (path, kind) in fmt::files(&tree) {
            self.one(&world, &path, kind)?;
        }
        Ok(())
    }

    /// A file that is named, or stdin.
    fn file(&mut self, path: &Path) -> Result<(), Failure> {
        if path == Path::new("-") {
            let bytes = system::read_stdin(LIMIT).or_exit(Exit::Input)?;
            let name = VPath::parse(&self.arguments.name).unwrap_or_default();
            let Some(kind) = Kind::of(&name) else {
                let message = format!("`{}` is neither CUE nor YAML", self.arguments.name);
                return Err(Failure::new(Exit::Usage, message));
            };
            let formatted = self.format(
                &DiskWorld::new("."),
                &VPath::root().child("stdin"),
                kind,
                &self.arguments.name.clone(),
                &bytes,
            );
            let old = String::from_utf8_lossy(&bytes).into_owned();
            let text = formatted.unwrap_or_else(|| old.clone());
            if self.writes() && self.exit == Exit::Success {
                self.printer.data(&text);
            } else {
                self.compare("stdin", &old, &text);
            }
            return Ok(());
        }
        let (parent, name) = (
            path.parent().unwrap_or(Path::new("")),
            path.file_name().unwrap_or_default(),
        );
        let name = VPath::root().child(&name.to_string_lossy());
        let Some(kind) = Kind::of(&name) else {
            let message = format!("`{}` is neither CUE nor YAML", path.display());
            return Err(Failure::new(Exit::Usage, message)
                .help("name files that end in .cue, .yaml or .yml"));
        };
        self.one(&DiskWorld::new(parent), &name, kind)
    }

    /// Formats a file of a world.
    fn one(&mut self, world: &DiskWorld, path: &VPath, kind: Kind) -> Result<(), Failure> {
        let name = world.display(path);
        let bytes = match system::read_file(&world.real_path(path), LIMIT) {
            Ok(bytes) => bytes,
            Err(error) => {
                let message = format!("`{name}` cannot be read: {error}");
                self.show(
                    &[Diagnostic::error("fmt/unreadable", message, path.clone())],
                    &SourceMap::new(),
                    world,
                );
                self.ends_in(Exit::Input);
                return Ok(());
            }
        };
        let Some(text) = self.format(world, path, kind, &name, &bytes) else {
            return Ok(());
        };
        if text.as_bytes() == bytes {
            return Ok(());
        }
        if self.writes() {
            system::write_atomic(&world.real_path(path), text.as_bytes())?;
            self.printer.detail("Formatted", &name);
            self.changed += 1;
        } else {
            let old = String::from_utf8_lossy(&bytes).into_owned();
            self.compare(&name, &old, &text);
        }
        Ok(())
    }

    /// The text that a file should have; none where it is left as it is.
    fn format(
        &mut self,
        world: &DiskWorld,
        path: &VPath,
        kind: Kind,
        name: &str,
        bytes: &[u8],
    ) -> Option<String> {
        let mut sources = SourceMap::new();
        self.seen += 1;
        match fmt::format(kind, name, path, bytes, &mut sources) {
            Formatted::Text(text) => Some(text),
            Formatted::Copy => None,
            Formatted::Left(found) => {
                self.show(&[found], &sources, world);
                None
            }
            Formatted::Broken(found) => {
                self.show(&found, &sources, world);
                self.ends_in(Exit::Input);
                None
            }
        }
    }

    /// Shows that a file would change.
    fn compare(&mut self, name: &str, old: &str, text: &str) {
        if old == text {
            return;
        }
        self.changed += 1;
        if self.arguments.diff {
            self.printer.data(&difference(name, old, text));
        } else if self.arguments.check {
            self.printer.data(&format!("{name}\n"));
        }
        if self.arguments.check {
            self.ends_in(Exit::Findings);
        }
    }

    fn show(&self, list: &[Diagnostic], sources: &SourceMap, world: &DiskWorld) {
        Findings {
            list,
            sources,
            world,
        }
        .show(Severity::Info, self.printer);
    }
}
