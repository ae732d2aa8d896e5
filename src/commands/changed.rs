//! `changed`: the addons that differ from a commit, which CI has to test.

use super::packaging::addons_at;
use super::workspace::Workspace;
use crate::cli::changed::{Arguments, Output};
use crate::exit::{CommandResult, Exit, Failure, OrExit as _};
use crate::printer::Printer;
use crate::system::{self, DiskWorld};
use addon_model::workspace::{FILE_NAME, SHARED_ANNOTATION};
use serde_json::{Value, json};
use source_vocab::{SourceMap, VPath};
use std::path::{Path, PathBuf};

/// An addon that may have changed.
#[derive(Debug)]
struct Member {
    name: String,
    path: PathBuf,
    depends_on: Vec<String>,
    /// The files that differ.
    files: Vec<String>,
    /// Whether it is here since one that it depends on has changed.
    is_dependent: bool,
}

/// Lists them.
///
/// # Errors
/// [`Exit::Usage`] when the commit is not known, [`Exit::Input`] when git is absent or the folder is in no repository.
pub(crate) fn run(arguments: &Arguments, printer: &Printer) -> CommandResult {
    let root = &arguments.path;
    let files = files(root, &arguments.since)?;
    let workspace = Workspace::at(root, printer)?;
    let real = system::real_path(root).or_exit(Exit::Input)?;
    let mut members = Vec::new();
    for path in addons_at(root, printer)? {
        let world = DiskWorld::new(&path);
        let mut sources = SourceMap::new();
        let tree = addon_model::scan(&world, &VPath::root())
            .value
            .unwrap_or_default();
        let metadata = addon_model::load_metadata(&world, &tree, &mut sources).value;
        let meta = metadata.unwrap_or_default().meta;
        let place = system::real_path(&path).or_exit(Exit::Input)?;
        let folder = place
            .strip_prefix(&real)
            .unwrap_or(Path::new(""))
            .to_owned();
        let mut differing: Vec<String> = files
            .iter()
            .filter(|file| Path::new(file).starts_with(&folder))
            .cloned()
            .collect();
        if let Some(workspace) = &workspace {
            let annotations = meta.annotations.value.iter();
            let takes: Vec<&str> = annotations
                .filter(|pair| pair.key.value == SHARED_ANNOTATION)
                .flat_map(|pair| pair.value.value.split(',').map(str::trim))
                .collect();
            let shared = workspace.file.shared.iter();
            let taken = shared.filter(|shared| takes.contains(&shared.name.value.as_str()));
            let sources: Vec<&str> = taken.map(|shared| shared.source.value.as_str()).collect();
            let is_shared = |file: &&String| {
                let is_below = |source: &&str| Path::new(file).starts_with(source);
                file.as_str() == FILE_NAME || sources.iter().any(is_below)
            };
            let more: Vec<String> = files.iter().filter(is_shared).cloned().collect();
            differing.extend(more);
            differing.sort();
            differing.dedup();
        }
        let name = meta.name.value.clone();
        members.push(Member {
            name: if name.is_empty() {
                system::directory_name(&path)
            } else {
                name
            },
            path,
            depends_on: meta
                .dependencies()
                .map(|one| one.value.name.value.clone())
                .collect(),
            files: differing,
            is_dependent: false,
        });
    }
    if arguments.rdeps {
        add_dependents(&mut members);
    }
    members.retain(|member| member.is_dependent || !member.files.is_empty());
    show(&members, arguments, printer);
    let (count, plural) = (members.len(), if members.len() == 1 { "" } else { "s" });
    printer.status("Found", &format!("{count} changed addon{plural}"));
    Ok(Exit::Success)
}

/// Marks those that depend on a changed one, until there is no more to mark.
fn add_dependents(members: &mut [Member]) {
    loop {
        let changed: Vec<String> = members
            .iter()
            .filter(|member| member.is_dependent || !member.files.is_empty())
            .map(|member| member.name.clone())
            .collect();
        let mut is_any = false;
        for member in &mut *members {
            let is_known = member.is_dependent || !member.files.is_empty();
            if !is_known && member.depends_on.iter().any(|name| changed.contains(name)) {
                member.is_dependent = true;
                is_any = true;
            }
        }
        if !is_any {
            return;
        }
    }
}

fn show(members: &[Member], arguments: &Arguments, printer: &Printer) {
    let line = |text: String| text + "\n";
    match arguments.output {
        Output::Names => {
            printer.data(
                &members
                    .iter()
                    .map(|one| line(one.name.clone()))
                    .collect::<String>(),
            );
        }
        Output::Paths => {
            let paths = members
                .iter()
                .map(|one| line(one.path.display().to_string()));
            printer.data(&paths.collect::<String>());
        }
        Output::Json => {
            let all: Vec<Value> = members
                .iter()
                .map(|one| {
                    json!({
                        "name": one.name,
                        "path": one.path.display().to_string(),
                        "files": one.files,
                        "dependent": one.is_dependent,
                    })
                })
                .collect();
            printer.json(&json!({ "schemaVersion": 1, "since": arguments.since, "addons": all }));
        }
        Output::Matrix => {
            let all: Vec<Value> = members
                .iter()
                .map(|one| json!({ "name": one.name, "path": one.path.display().to_string() }))
                .collect();
            printer.data(&line(json!({ "include": all }).to_string()));
        }
    }
}

/// The files below a folder that differ from a commit, relative to the folder, in the order of their names.
fn files(root: &Path, since: &str) -> Result<Vec<String>, Failure> {
    let git = |arguments: &[&str]| system::git(root, arguments);
    let inside = git(&["rev-parse", "--is-inside-work-tree"])?;
    if inside.is_none() {
        let message = format!("`{}` is in no git repository", root.display());
        return Err(Failure::new(Exit::Input, message));
    }
    let commit = format!("{since}^{{commit}}");
    let known = git(&[
        "rev-parse",
        "--verify",
        "--quiet",
        "--end-of-options",
        &commit,
    ])?;
    let Some(commit) = known.map(|text| text.trim().to_owned()) else {
        let message = format!("git knows no commit `{since}` here");
        return Err(Failure::new(Exit::Usage, message)
            .help("fetch it first; `actions/checkout` does with `fetch-depth: 0`"));
    };
    let differing = [
        "diff",
        "--name-only",
        "--no-renames",
        "--no-ext-diff",
        "--relative",
        "-z",
        &commit,
        "--",
        ".",
    ];
    let new = [
        "ls-files",
        "--others",
        "--exclude-standard",
        "-z",
        "--",
        ".",
    ];
    let mut found = Vec::new();
    for arguments in [&differing[..], &new[..]] {
        let Some(text) = git(arguments)? else {
            let message = format!("`git {}` failed", arguments.first().unwrap_or(&""));
            return Err(Failure::new(Exit::Input, message));
        };
        found.extend(
            text.split('\0')
                .filter(|name| !name.is_empty())
                .map(str::to_owned),
        );
    }
    found.sort();
    found.dedup();
    Ok(found)
}
