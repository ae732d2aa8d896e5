//! The workspace that a path belongs to: the nearest `addon-pack.yaml` at or above it.
//!
//! `ADDON_PACK_CONFIG` names another file, whose folder is the workspace then. A setting has its value from the first of
//! these that says one: the option, the environment, the workspace, the default. A workspace file with an error ends the
//! run with the code for wrong configuration, after all of its errors have been shown.

use super::findings::Findings;
use crate::exit::{Exit, Failure, OrExit as _};
use crate::printer::Printer;
use crate::system::{self, DiskWorld, PathKind};
use addon_model::Spanned;
use addon_model::workspace::{FILE_NAME, WorkspaceFile};
use anyhow::Context as _;
use source_vocab::{Diagnostic, Severity, SourceMap, VPath};
use std::path::{Path, PathBuf};

/// The most bytes of `addon-pack.yaml`.
const LIMIT: u64 = 4 << 20;

/// A workspace that was read.
#[derive(Debug)]
pub(crate) struct Workspace {
    /// Its folder, as people see it.
    pub(crate) root: PathBuf,
    /// What its file says.
    pub(crate) file: WorkspaceFile,
    /// The texts that its places point into.
    pub(crate) sources: SourceMap,
    /// The files below it.
    pub(crate) world: DiskWorld,
}

impl Workspace {
    /// The workspace whose folder is `directory`; none when it has no `addon-pack.yaml`.
    ///
    /// # Errors
    /// [`Exit::Usage`] when the file is wrong, [`Exit::Input`] when it cannot be read.
    pub(crate) fn at(directory: &Path, printer: &Printer) -> Result<Option<Self>, Failure> {
        let path = directory.join(FILE_NAME);
        match system::path_kind(&path).or_exit(Exit::Input)? {
            PathKind::File => Self::read(directory, &path, printer).map(Some),
            PathKind::Absent | PathKind::Directory => Ok(None),
        }
    }

    /// The workspace that `path` lies in, or is.
    ///
    /// # Errors
    /// As [`Self::at`].
    pub(crate) fn above(path: &Path, printer: &Printer) -> Result<Option<Self>, Failure> {
        if let Some(named) = system::variable("ADDON_PACK_CONFIG").filter(|name| !name.is_empty()) {
            let file = PathBuf::from(named);
            if system::path_kind(&file).or_exit(Exit::Usage)? != PathKind::File {
                let message = format!(
                    "`ADDON_PACK_CONFIG` is `{}`, which is no file",
                    file.display()
                );
                return Err(Failure::new(Exit::Usage, message));
            }
            let directory = match file.parent() {
                Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
                _ => PathBuf::from("."),
            };
            return Self::read(&directory, &file, printer).map(Some);
        }
        for directory in system::directories_above(path).or_exit(Exit::Input)? {
            if let Some(found) = Self::at(&directory, printer)? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    fn read(directory: &Path, path: &Path, printer: &Printer) -> Result<Self, Failure> {
        let bytes = system::read_file(path, LIMIT)
            .with_context(|| format!("cannot read `{}`", path.display()))
            .or_exit(Exit::Input)?;
        let text = goyaml::decode(&bytes)
            .with_context(|| format!("`{}` is no text", path.display()))
            .or_exit(Exit::Usage)?;
        let mut sources = SourceMap::new();
        let source = sources
            .add(path.display().to_string(), text.as_ref())
            .or_exit(Exit::Input)?;
        let outcome = WorkspaceFile::read(&source);
        let world = DiskWorld::new(directory);
        show(&outcome.diagnostics, &sources, &world, printer);
        let Some(file) = outcome.value else {
            return Err(wrong(path));
        };
        Ok(Self {
            root: directory.to_owned(),
            file,
            sources,
            world,
        })
    }

    /// The directories of the members relative to the workspace, in the order of their paths.
    ///
    /// # Errors
    /// [`Exit::Usage`] when one that is named is not there.
    pub(crate) fn members(&self, printer: &Printer) -> Result<Vec<VPath>, Failure> {
        let outcome = self.file.members(&self.world, &VPath::root());
        self.accept(&outcome.diagnostics, printer)?;
        Ok(outcome.value.unwrap_or_default())
    }

    /// The members that `paths` name: those below a path, and the one that a path lies in.
    ///
    /// # Errors
    /// [`Exit::Usage`] when a path names none.
    pub(crate) fn selected(
        &self,
        paths: &[PathBuf],
        printer: &Printer,
    ) -> Result<Vec<VPath>, Failure> {
        let members = self.members(printer)?;
        let root = system::real_path(&self.root).or_exit(Exit::Input)?;
        let mut wanted = vec![false; members.len()];
        for path in paths {
            let real = system::real_path(path)
                .with_context(|| format!("cannot look at `{}`", path.display()))
                .or_exit(Exit::Input)?;
            let mut is_any = real == root;
            for (member, wanted) in members.iter().zip(&mut wanted) {
                let place = join(&root, member);
                if place.starts_with(&real) || real.starts_with(&place) {
                    *wanted = true;
                    is_any = true;
                }
            }
            if !is_any {
                let message = format!(
                    "`{}` is no member of the workspace `{}`",
                    path.display(),
                    self.root.display()
                );
                let help = format!(
                    "name it under `members` in {}",
                    self.root.join(FILE_NAME).display()
                );
                return Err(Failure::new(Exit::Usage, message).help(help));
            }
        }
        let chosen = members
            .into_iter()
            .zip(wanted)
            .filter(|(_, wanted)| *wanted);
        Ok(chosen.map(|(member, _)| member).collect())
    }

    /// Where a path of the workspace is.
    pub(crate) fn place(&self, path: &VPath) -> PathBuf {
        if self.root == Path::new(".") && !path.is_root() {
            return path.components().collect();
        }
        join(&self.root, path)
    }

    /// Shows findings about the workspace file; those that are errors end the run.
    ///
    /// # Errors
    /// [`Exit::Usage`] when one is an error.
    pub(crate) fn accept(&self, found: &[Diagnostic], printer: &Printer) -> Result<(), Failure> {
        show(found, &self.sources, &self.world, printer);
        if found.iter().any(|one| one.severity == Severity::Error) {
            return Err(wrong(&self.root.join(FILE_NAME)));
        }
        Ok(())
    }
}

/// The workspace of the current directory or above it, unless `paths` says where to look.
///
/// # Errors
/// As [`Workspace::at`].
pub(crate) fn of_paths(paths: &[PathBuf], printer: &Printer) -> Result<Option<Workspace>, Failure> {
    let first = paths.first().map_or(Path::new("."), PathBuf::as_path);
    Workspace::above(first, printer)
}

/// The paths that are named; without names the workspace of the current directory, else `addon`.
///
/// # Errors
/// As [`Workspace::at`].
pub(crate) fn paths_or_workspace(
    paths: &[PathBuf],
    printer: &Printer,
) -> Result<Vec<PathBuf>, Failure> {
    if !paths.is_empty() {
        return Ok(paths.to_vec());
    }
    let workspace = of_paths(&[], printer)?;
    Ok(vec![
        workspace.map_or_else(|| "addon".into(), |found| found.root),
    ])
}

/// Where something goes that the workspace of `paths` may say: its `output` or its `registry`. A path of the workspace
/// file starts from its folder; a URL stays as it is.
///
/// # Errors
/// As [`Workspace::at`].
pub(crate) fn place_for(
    paths: &[PathBuf],
    setting: fn(&WorkspaceFile) -> Option<&Spanned<String>>,
    printer: &Printer,
) -> Result<Option<PathBuf>, Failure> {
    let Some(workspace) = of_paths(paths, printer)? else {
        return Ok(None);
    };
    Ok(setting(&workspace.file).map(|written| {
        let text = written.value.as_str();
        if text.contains("://") || workspace.root == Path::new(".") {
            PathBuf::from(text)
        } else {
            workspace.root.join(text)
        }
    }))
}

fn join(root: &Path, path: &VPath) -> PathBuf {
    let mut place = root.to_owned();
    place.extend(path.components());
    place
}

fn show(list: &[Diagnostic], sources: &SourceMap, world: &DiskWorld, printer: &Printer) {
    Findings {
        list,
        sources,
        world,
    }
    .show(Severity::Info, printer);
}

fn wrong(path: &Path) -> Failure {
    let message = format!("the workspace file `{}` cannot be used", path.display());
    Failure::new(Exit::Usage, message)
}

/// The texts of an environment variable that holds a list with commas; none when it is not set or empty.
pub(crate) fn variable_list(name: &str) -> Option<Vec<String>> {
    let text = system::variable(name).filter(|text| !text.trim().is_empty())?;
    Some(text.split(',').map(|word| word.trim().to_owned()).collect())
}
