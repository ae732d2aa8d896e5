//! From directories to archives, for `build` and for `publish`.
//!
//! A folder that has a `metadata.yaml` is an addon; any other is a folder of addons, whose sub-folders are taken
//! in the order of their names; a folder with an `addon-pack.yaml` stands for its members. Each addon is packaged by itself, so that they can be done side by side and one
//! that is refused does not hide the others; the results come in the order of the paths.

use super::workspace::Workspace;
use crate::exit::{Exit, Failure, OrExit as _};
use crate::printer::Printer;
use crate::system::{self, DiskWorld};
use addon_archive::{Digests, Mode, PackagePlan};
use addon_check::{Neighbours, Subject};
use source_vocab::{Diagnostic, EntryKind, Severity, SourceMap, Timestamp, VPath, World};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The stack of a thread that packages. Only pages that are touched cost memory.
const STACK: usize = 512 << 20;

/// A directory that was packaged, or why it was not.
#[derive(Debug)]
pub(crate) struct Packaged {
    /// The directory.
    pub(crate) path: PathBuf,
    /// The archive, unless the addon is refused.
    pub(crate) archive: Option<Archive>,
    /// The errors and warnings, in the order of the files.
    pub(crate) findings: Vec<Diagnostic>,
    /// The texts that the findings point into.
    pub(crate) sources: SourceMap,
    /// The world that they were read from.
    pub(crate) world: DiskWorld,
}

/// An archive in memory.
#[derive(Debug)]
pub(crate) struct Archive {
    /// What is in it.
    pub(crate) plan: PackagePlan,
    /// The `.tgz`.
    pub(crate) bytes: Vec<u8>,
    /// What identifies it.
    pub(crate) digests: Digests,
}

/// Whether a directory is an addon.
fn is_addon(path: &Path) -> bool {
    system::path_kind(&path.join("metadata.yaml")).is_ok_and(|kind| kind == system::PathKind::File)
}

/// The addons that `path` stands for: the members of a workspace, itself, or those in it.
///
/// # Errors
/// A failure when the directory cannot be listed, or the workspace file is wrong.
pub(crate) fn addons_at(path: &Path, printer: &Printer) -> Result<Vec<PathBuf>, Failure> {
    if let Some(workspace) = Workspace::at(path, printer)? {
        let members = workspace.members(printer)?;
        return Ok(members
            .iter()
            .map(|member| workspace.place(member))
            .collect());
    }
    if is_addon(path) {
        return Ok(vec![path.to_owned()]);
    }
    let world = DiskWorld::new(path);
    let entries = world.list(&VPath::root()).or_exit(Exit::Input)?;
    let addons: Vec<PathBuf> = entries
        .iter()
        .filter(|entry| entry.kind == EntryKind::Directory && !entry.name.starts_with('.'))
        .map(|entry| path.join(&entry.name))
        .filter(|addon| is_addon(addon) || has_files(addon))
        .collect();
    // a folder without folders is meant as an addon, and refused as one
    Ok(if addons.is_empty() {
        vec![path.to_owned()]
    } else {
        addons
    })
}

fn has_files(path: &Path) -> bool {
    DiskWorld::new(path)
        .list(&VPath::root())
        .is_ok_and(|entries| entries.iter().any(|entry| entry.kind == EntryKind::File))
}

/// The addons that may be depended on, by the folders that they are in.
#[derive(Debug, Default)]
pub(crate) struct Surroundings {
    folders: BTreeMap<PathBuf, Neighbours>,
    none: Neighbours,
}

impl Surroundings {
    /// Reads what the addons in these directories depend on, as far as it lies beside them.
    pub(crate) fn of(addons: &[PathBuf]) -> Self {
        let mut wanted: BTreeMap<PathBuf, Vec<String>> = BTreeMap::new();
        for addon in addons {
            let names = dependencies(addon);
            if !names.is_empty() {
                wanted.entry(folder_of(addon)).or_default().extend(names);
            }
        }
        let read = |(folder, names): (PathBuf, Vec<String>)| {
            let neighbours = Neighbours::read(&DiskWorld::new(&folder), &VPath::root(), names);
            (folder, neighbours)
        };
        Self {
            folders: wanted.into_iter().map(read).collect(),
            none: Neighbours::none(),
        }
    }

    /// The addons beside one.
    pub(crate) fn beside(&self, addon: &Path) -> &Neighbours {
        self.folders.get(&folder_of(addon)).unwrap_or(&self.none)
    }
}

/// The folder that an addon is in.
pub(super) fn folder_of(addon: &Path) -> PathBuf {
    match addon.parent() {
        Some(parent) if addon.file_name().is_some() && !parent.as_os_str().is_empty() => {
            parent.to_owned()
        }
        _ => addon.join(".."),
    }
}

/// The names in `dependencies` of the `metadata.yaml` of an addon; none when it cannot be read.
pub(super) fn dependencies(addon: &Path) -> Vec<String> {
    let read = DiskWorld::new(addon).read(&VPath::root().child("metadata.yaml"));
    let value = read
        .ok()
        .and_then(|bytes| goyaml::from_slice(&bytes).ok())
        .unwrap_or_default();
    let list = value.get("dependencies").and_then(goyaml::Value::as_list);
    let names = list.unwrap_or_default().iter();
    names
        .filter_map(|one| Some(one.get("name")?.as_str()?.to_owned()))
        .collect()
}

/// Says what `--no-verify` leaves out.
pub(crate) fn say_what_is_skipped(mode: Mode, printer: &Printer) {
    if mode == Mode::AsVela {
        printer.note(
            "note: --no-verify skips the rules, and rendering each addon with its defaults and the cases in examples/",
        );
    }
}

/// Packages one directory.
pub(crate) fn package(
    path: &Path,
    mode: Mode,
    mtime: Timestamp,
    neighbours: &Neighbours,
) -> Packaged {
    let world = DiskWorld::new(path);
    let mut sources = SourceMap::new();
    let mut findings = Vec::new();
    let directory = path.file_name().map(|name| name.to_string_lossy());
    let subject = Subject {
        world: &world,
        root: &VPath::root(),
        directory: directory.as_deref(),
        neighbours,
    };
    let archive = archive(&subject, mode, mtime, &mut sources, &mut findings);
    Packaged {
        path: path.to_owned(),
        archive,
        findings,
        sources,
        world,
    }
}

fn archive(
    subject: &Subject<'_>,
    mode: Mode,
    mtime: Timestamp,
    sources: &mut SourceMap,
    findings: &mut Vec<Diagnostic>,
) -> Option<Archive> {
    let plan = match mode {
        Mode::Verify => verified(subject, sources, findings),
        Mode::AsVela => as_vela(subject.world, sources, findings),
    }?;
    let mut bytes = Vec::new();
    match addon_archive::write(&plan, subject.world, mtime, &mut bytes) {
        Ok(digests) => Some(Archive {
            plan,
            bytes,
            digests,
        }),
        Err(error) => {
            findings.push(Diagnostic::error("PKG04", error.to_string(), VPath::root()));
            None
        }
    }
}

/// What goes into the archive of an addon that no rule objects to.
fn verified(
    subject: &Subject<'_>,
    sources: &mut SourceMap,
    findings: &mut Vec<Diagnostic>,
) -> Option<PackagePlan> {
    let inspection = addon_check::inspect_cases(subject, sources);
    let is_refused = inspection.has_errors();
    let told = inspection.findings.into_iter();
    findings.extend(told.filter(|found| found.severity != Severity::Info));
    inspection.plan.filter(|_| !is_refused)
}

/// What `vela addon package` would put into the archive.
fn as_vela(
    world: &dyn World,
    sources: &mut SourceMap,
    findings: &mut Vec<Diagnostic>,
) -> Option<PackagePlan> {
    let tree = addon_model::scan_through_links(world, &VPath::root()).drain_into(findings)?;
    if has_errors(findings) {
        return None;
    }
    let packaging = addon_model::load_packaging(world, &tree, sources);
    addon_archive::plan(world, &tree, &packaging, sources, Mode::AsVela)
        .drain_into(findings)
        .filter(|_| !has_errors(findings))
}

fn has_errors(findings: &[Diagnostic]) -> bool {
    findings
        .iter()
        .any(|found| found.severity == Severity::Error)
}

/// Packages all directories with `jobs` threads (0: one for each processor), in their order.
pub(crate) fn package_all(
    paths: &[PathBuf],
    mode: Mode,
    mtime: Timestamp,
    jobs: usize,
    printer: &Printer,
) -> Vec<Packaged> {
    let progress = printer.progress("Packaging", paths.len() as u64);
    let surroundings = match mode {
        Mode::Verify => Surroundings::of(paths),
        Mode::AsVela => Surroundings::default(),
    };
    let work = |path: &PathBuf| {
        let packaged = package(path, mode, mtime, surroundings.beside(path));
        progress.step(&path.display().to_string());
        packaged
    };
    side_by_side(paths, jobs, work)
}

/// Does something with each item on `jobs` threads (0: one for each processor) that have a large stack; gives the results in
/// the order of the items.
pub(super) fn side_by_side<T: Sync, R: Send>(
    items: &[T],
    jobs: usize,
    work: impl Fn(&T) -> R + Sync,
) -> Vec<R> {
    let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let jobs = if jobs == 0 { processors } else { jobs }.clamp(1, items.len().max(1));
    if jobs == 1 {
        return items.iter().map(work).collect();
    }
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::with_capacity(items.len()));
    let run = || {
        while let Some((index, item)) = {
            let index = next.fetch_add(1, Ordering::Relaxed);
            items.get(index).map(|item| (index, item))
        } {
            let result = work(item);
            if let Ok(mut done) = done.lock() {
                done.push((index, result));
            }
        }
    };
    std::thread::scope(|scope| {
        // this thread works too, so a system that refuses threads only makes it slower
        for _ in 1..jobs {
            let thread = std::thread::Builder::new().stack_size(STACK);
            if thread.spawn_scoped(scope, run).is_err() {
                break;
            }
        }
        run();
    });
    let mut done = done
        .into_inner()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, result)| result).collect()
}
