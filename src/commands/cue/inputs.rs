//! Inputs of `cue` commands: which of the arguments are CUE files, data files or packages.
//!
//! As cue v0.14.1 `internal/filetypes` and `cmd/cue/cmd/common.go`: the extension decides, a word
//! like `json:` before an argument overrides it for what follows, `-` is standard input.

use crate::cli::cue::Values;
use crate::exit::{Exit, Failure};
use crate::system::{WorkingWorld, read_standard_input};
use cue_engine::data_file::{self, Encoding};
use cue_engine::syntax::ast;
use cue_engine::{BuildTags, LoadRequest, Package, Session, load};
use source_vocab::{VPath, World as _};

/// What a command works on.
#[derive(Debug)]
pub(super) struct Inputs {
    /// The packages; CUE files that are named one by one are one.
    pub(super) packages: Vec<Package>,
    /// The documents of data files, each with the name of its file.
    pub(super) data: Vec<ast::Expr>,
    /// Whether any CUE was given (or found in the current directory).
    pub(super) has_cue: bool,
}

/// The nearest directory at or above the current one that holds `cue.mod`.
pub(super) fn module_root(world: &WorkingWorld) -> Option<VPath> {
    let mut at = Some(world.current().clone());
    while let Some(directory) = at {
        if world.list(&directory.child("cue.mod")).is_ok() {
            return Some(directory);
        }
        at = directory.parent();
    }
    None
}

fn refuse<T>(message: impl Into<String>) -> Result<T, Failure> {
    Err(Failure::new(Exit::Findings, message))
}

/// The encoding that a word before a colon names.
fn encoding(word: &str) -> Option<Encoding> {
    Some(match word {
        "cue" => Encoding::Cue,
        "json" => Encoding::Json,
        "yaml" => Encoding::Yaml,
        "jsonl" => Encoding::JsonLines,
        "text" => Encoding::Text,
        _ => return None,
    })
}

fn is_package(argument: &str) -> bool {
    let (bare, name) = argument.split_once(':').unwrap_or((argument, ""));
    if !name.is_empty() {
        return true;
    }
    let last = bare.rsplit('/').next().unwrap_or_default();
    bare == "."
        || bare.starts_with("./") && !last.contains('.')
        || bare.starts_with("../") && !last.contains('.')
        || bare.starts_with("./.") && !last.trim_start_matches('.').contains('.')
        || (bare.contains('/') && !last.contains('.'))
        || last.is_empty()
        || !last.contains('.')
}

/// Refuses a CUE file that holds more than data.
fn require_data(session: &mut Session, world: &WorkingWorld, path: &VPath) -> Result<(), Failure> {
    let bytes = world
        .read(path)
        .map_err(|error| Failure::new(Exit::Findings, error.to_string()))?;
    let name = world.display(path);
    let source = data_file::add(session.sources_mut(), &name, bytes)
        .map_err(|found| Failure::new(Exit::Findings, found.message))?;
    match super::form::beyond_data(&cue_engine::syntax::parse(&source).file) {
        Some(what) => refuse(format!("`{name}`: {what} are not allowed in data mode")),
        None => Ok(()),
    }
}

/// Reads the inputs of a command.
///
/// # Errors
/// When an argument is of no known form, or a data file cannot be read.
pub(super) fn read(
    session: &mut Session,
    world: &WorkingWorld,
    arguments: &Values,
) -> Result<Inputs, Failure> {
    if let Some(flag) = arguments.unsupported() {
        return refuse(format!("the flag `{flag}` is not supported"));
    }
    let tags = BuildTags::from_arguments(&arguments.tags);
    let base = LoadRequest {
        module_root: module_root(world),
        tags,
        ..LoadRequest::default()
    };
    let mut files: Vec<VPath> = Vec::new();
    let mut extra: Vec<ast::File> = Vec::new();
    let mut packages: Vec<String> = Vec::new();
    let mut data = Vec::new();
    let mut data_files = 0;
    let mut forced: Option<Encoding> = None;
    let mut only_data = false;
    for argument in &arguments.inputs {
        let mut argument = argument.as_str();
        if let Some((words, rest)) = argument.split_once(':')
            && !words.starts_with('.')
            && !words.contains('/')
            && !words.contains('.')
            && !words.is_empty()
        {
            only_data = words == "data";
            match encoding(words) {
                Some(found) => forced = Some(found),
                // a form: the extension still decides the encoding
                None if only_data || words == "graph" => forced = None,
                None => return refuse(format!("unknown or unsupported file type `{words}`")),
            }
            if rest.is_empty() {
                continue;
            }
            argument = rest;
        }
        if argument == "-" {
            let bytes = read_standard_input()?;
            let kind = forced.unwrap_or(Encoding::Cue);
            let source = data_file::add(session.sources_mut(), "-", bytes)
                .map_err(|found| Failure::new(Exit::Findings, found.message))?;
            if kind == Encoding::Cue {
                let parsed = cue_engine::syntax::parse(&source);
                if let Some(found) = parsed.errors.first() {
                    return refuse(found.message.clone());
                }
                extra.push(parsed.file);
            } else {
                let values = data_file::values(&source, kind)
                    .map_err(|found| Failure::new(Exit::Findings, found.message))?;
                data.extend(values);
            }
            continue;
        }
        if forced.is_none() && is_package(argument) {
            packages.push(argument.to_owned());
            continue;
        }
        let known = forced.or_else(|| Encoding::of_name(argument));
        match known {
            Some(Encoding::Cue) => {
                let path = world.resolve(argument);
                if only_data {
                    require_data(session, world, &path)?;
                }
                files.push(path);
            }
            Some(kind) => {
                data_files += 1;
                let path = world.resolve(argument);
                let bytes = world
                    .read(&path)
                    .map_err(|error| Failure::new(Exit::Findings, error.to_string()))?;
                let name = world.display(&path);
                let values = data_file::add(session.sources_mut(), &name, bytes)
                    .and_then(|source| data_file::values(&source, kind));
                match values {
                    Ok(values) => data.extend(values),
                    Err(found) => {
                        return refuse(format!("`{name}`: {}", found.message));
                    }
                }
            }
            None => {
                return refuse(format!("`{argument}` has no known file extension"));
            }
        }
    }
    if !files.is_empty() && !packages.is_empty() {
        return refuse("CUE files and packages cannot be mixed");
    }
    let mut loaded = Vec::new();
    let nothing = files.is_empty() && packages.is_empty() && extra.is_empty();
    if nothing && data.is_empty() && data_files == 0 {
        packages.push(".".to_owned());
    }
    let has_cue = !(nothing && data_files > 0);
    if !has_cue && data.is_empty() {
        // files without documents are null
        data.push(ast::Expr::Basic(ast::BasicLit::null()));
    }
    for argument in &packages {
        loaded.push(load(
            session,
            world,
            &package_request(world, argument, &base),
        ));
    }
    if !files.is_empty() {
        let request = LoadRequest { files, ..base };
        loaded.push(load(session, world, &request));
    }
    if !extra.is_empty() || loaded.is_empty() {
        let mut package = loaded.pop().unwrap_or_default();
        package.extend(extra, session);
        loaded.push(package);
    }
    Ok(Inputs {
        packages: loaded,
        data,
        has_cue,
    })
}

fn package_request(world: &WorkingWorld, argument: &str, base: &LoadRequest) -> LoadRequest {
    let (bare, name) = match argument.rsplit_once(':') {
        Some((bare, name)) => (bare, Some(name.to_owned())),
        None => (argument, None),
    };
    let is_path = bare.is_empty() || bare.starts_with('.') || bare.starts_with('/');
    if is_path {
        LoadRequest {
            directory: world.resolve(bare),
            package: name,
            ..base.clone()
        }
    } else {
        LoadRequest {
            import: Some(argument.to_owned()),
            ..base.clone()
        }
    }
}
