//! Inputs of `cue` commands: packages as loaded, data files as read.
//!
//! CUE files that are named one by one are one package. Data files are read and kept apart from it; how they join is decided by
//! the flags of the command (`placement.rs`).

use super::arguments::{Arguments, Form, Named, Schema};
use crate::cli::cue::Values;
use crate::exit::{Exit, Failure};
use crate::system::{WorkingWorld, read_standard_input};
use cue_engine::data_file::{self, Encoding};
use cue_engine::json_schema::{self, Strictness};
use cue_engine::syntax::ast;
use cue_engine::{BuildTags, LoadRequest, Package, Session, load};
use source_vocab::{EntryKind, VPath, World as _};

/// What a command works on.
#[derive(Debug)]
pub(super) struct Inputs {
    /// The packages; CUE files that are named one by one are one.
    pub(super) packages: Vec<Package>,
    /// The data files.
    pub(super) data: Vec<DataFile>,
    /// Whether any CUE was given (or found in the current directory).
    pub(super) has_cue: bool,
    /// Whether CUE files were named one by one.
    pub(super) names_cue: bool,
}

/// A data file as read.
#[derive(Clone, Debug)]
pub(super) struct DataFile {
    /// Its name as given.
    pub(super) name: String,
    /// Where it is on the disk.
    pub(super) path: String,
    /// Its documents.
    pub(super) documents: Vec<ast::Expr>,
    /// The file that it is as a schema.
    pub(super) schema: Option<ast::File>,
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

fn bytes_of(world: &WorkingWorld, name: &str) -> Result<(String, Vec<u8>), Failure> {
    if name == "-" {
        return Ok(("-".to_owned(), read_standard_input()?));
    }
    let path = world.resolve(name);
    let bytes = world
        .read(&path)
        .map_err(|error| Failure::new(Exit::Findings, error.to_string()))?;
    Ok((world.display(&path), bytes))
}

/// Where a file is on the disk.
fn place_of(world: &WorkingWorld, name: &str) -> String {
    if name == "-" {
        return name.to_owned();
    }
    let path = world.resolve(name);
    world.real_path(&path).display().to_string()
}

/// Refuses a CUE file that holds more than data.
fn require_data(session: &mut Session, world: &WorkingWorld, name: &str) -> Result<(), Failure> {
    let (name, bytes) = bytes_of(world, name)?;
    let source = data_file::add(session.sources_mut(), &name, bytes)
        .map_err(|found| Failure::new(Exit::Findings, found.message))?;
    match super::form::beyond_data(&cue_engine::syntax::parse(&source).file) {
        Some(what) => refuse(format!("`{name}`: {what} are not allowed in data mode")),
        None => Ok(()),
    }
}

fn read_data(
    session: &mut Session,
    world: &WorkingWorld,
    named: &Named,
) -> Result<DataFile, Failure> {
    let (name, bytes) = bytes_of(world, &named.name)?;
    if let Some(file) = read_schema(session, &name, &bytes, named)? {
        return Ok(DataFile {
            name: named.name.clone(),
            path: place_of(world, &named.name),
            documents: Vec::new(),
            schema: Some(file),
        });
    }
    let documents = data_file::documents(session.sources_mut(), &name, bytes, named.encoding)
        .map_err(|found| Failure::new(Exit::Findings, format!("`{name}`: {}", found.message)))?;
    Ok(DataFile {
        name: named.name.clone(),
        path: place_of(world, &named.name),
        documents,
        schema: None,
    })
}

/// The file as a schema, when it is one.
fn read_schema(
    session: &mut Session,
    name: &str,
    bytes: &[u8],
    named: &Named,
) -> Result<Option<ast::File>, Failure> {
    let (interpretation, strict) = match named.schema {
        Schema::Plain => return Ok(None),
        Schema::Detected => (None, Strictness::default()),
        Schema::Stated(interpretation, strict) => (Some(interpretation), strict),
    };
    let marks = ["$schema", "openapi"];
    let may_be = interpretation.is_some()
        || marks.iter().any(|mark| {
            bytes
                .windows(mark.len())
                .any(|window| window == mark.as_bytes())
        });
    if !may_be {
        return Ok(None);
    }
    let read = json_schema::read_file(session, name, bytes, named.encoding, interpretation, strict);
    read.or_else(|found| {
        // what only might have been a schema is read as data, which says what is wrong with it
        if interpretation.is_none() && found.iter().any(|found| found.code == "cue/invalid-data") {
            return Ok(None);
        }
        let messages: Vec<String> = found.into_iter().map(|found| found.message).collect();
        refuse(format!("`{name}`: {}", messages.join("; ")))
    })
}

fn parse_cue(
    session: &mut Session,
    world: &WorkingWorld,
    name: &str,
) -> Result<ast::File, Failure> {
    let (name, bytes) = bytes_of(world, name)?;
    let source = data_file::add(session.sources_mut(), &name, bytes)
        .map_err(|found| Failure::new(Exit::Findings, found.message))?;
    let parsed = cue_engine::syntax::parse(&source);
    match parsed.errors.first() {
        Some(found) => refuse(found.message.clone()),
        None => Ok(parsed.file),
    }
}

/// The tags of the command line, with what `-T` says of the system.
fn tags(arguments: &Values) -> BuildTags {
    let mut tags = BuildTags::from_arguments(&arguments.tags);
    if arguments.inject_vars {
        tags.variables = crate::system::tag_variables();
    }
    tags
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
    if arguments.strict {
        return refuse("the flag `--strict` is gone; write `jsonschema+strict:` before the file");
    }
    let base = LoadRequest {
        module_root: module_root(world),
        tags: tags(arguments),
        ..LoadRequest::default()
    };
    let named = Arguments::parse(&arguments.inputs)?;
    let mut files: Vec<VPath> = Vec::new();
    let mut from_input: Vec<ast::File> = Vec::new();
    let mut data = Vec::new();
    for file in &named.files {
        match file.encoding {
            Encoding::Cue if matches!(file.schema, Schema::Stated(..)) => {
                data.push(read_data(session, world, file)?);
            }
            Encoding::Cue if file.name == "-" => {
                from_input.push(parse_cue(session, world, &file.name)?);
            }
            Encoding::Cue => {
                if file.form == Form::Data {
                    require_data(session, world, &file.name)?;
                }
                files.push(world.resolve(&file.name));
            }
            _ => data.push(read_data(session, world, file)?),
        }
    }
    let mut packages = named.packages;
    let names_cue = !files.is_empty() || !from_input.is_empty();
    let nothing = files.is_empty() && packages.is_empty() && from_input.is_empty();
    if nothing && data.is_empty() {
        packages.push(".".to_owned());
    }
    if nothing && arguments.schema.is_some() && !data.is_empty() {
        return refuse("`--schema` needs CUE to take the schema from, and there is none");
    }
    // schemas beside data are what the data has to satisfy
    if data.iter().any(|file| file.schema.is_none()) {
        let (schemas, values): (Vec<_>, Vec<_>) =
            data.into_iter().partition(|file| file.schema.is_some());
        from_input.extend(schemas.into_iter().filter_map(|file| file.schema));
        data = values;
    }
    let nothing = nothing && from_input.is_empty();
    if nothing
        && data
            .iter()
            .all(|file| file.documents.is_empty() && file.schema.is_none())
    {
        // YAML without any document is null; a stream of JSON is nothing
        let mut files = named.files.iter().zip(&mut data);
        if let Some((_, file)) = files.find(|(named, _)| named.encoding == Encoding::Yaml) {
            file.documents.push(ast::Expr::Basic(ast::BasicLit::null()));
        }
    }
    let mut loaded = Vec::new();
    for argument in &packages {
        for request in package_requests(world, argument, &base) {
            loaded.push(load(session, world, &request));
        }
    }
    if loaded.len() > 1 && !named.files.is_empty() {
        return refuse("files can be combined with one package only");
    }
    if !packages.is_empty() && !files.is_empty() {
        // beside a package, CUE files are unified with it as data is
        for file in &files {
            let tree = parse_cue(session, world, &world.display(file))?;
            data.push(DataFile {
                name: world.display(file),
                path: world.real_path(file).display().to_string(),
                documents: vec![ast::Expr::structure(tree.decls)],
                schema: None,
            });
        }
    } else if !files.is_empty() {
        let request = LoadRequest { files, ..base };
        loaded.push(load(session, world, &request));
    }
    if !from_input.is_empty() || loaded.is_empty() {
        let mut package = loaded.pop().unwrap_or_default();
        package.extend(from_input, session);
        loaded.push(package);
    }
    Ok(Inputs {
        packages: loaded,
        data,
        has_cue: !nothing || !packages.is_empty(),
        names_cue,
    })
}

/// What an argument that names packages asks for; several for a pattern (`./...`).
fn package_requests(world: &WorkingWorld, argument: &str, base: &LoadRequest) -> Vec<LoadRequest> {
    let (bare, name) = match argument.rsplit_once(':') {
        Some((bare, name)) => (bare, Some(name.to_owned())),
        None => (argument, None),
    };
    let is_path = bare.is_empty() || bare.starts_with('.') || bare.starts_with('/');
    if !is_path {
        return vec![LoadRequest {
            import: Some(argument.to_owned()),
            ..base.clone()
        }];
    }
    let directories = match bare.strip_suffix("...") {
        None => vec![world.resolve(bare)],
        Some(start) => {
            let start = start.trim_end_matches('/');
            let start = if start.is_empty() { "." } else { start };
            let mut found = Vec::new();
            collect_directories(world, &world.resolve(start), &mut found);
            found
        }
    };
    directories
        .into_iter()
        .map(|directory| LoadRequest {
            directory,
            package: name.clone(),
            ..base.clone()
        })
        .collect()
}

/// All directories at or below `at` that hold CUE files.
fn collect_directories(world: &WorkingWorld, at: &VPath, found: &mut Vec<VPath>) {
    let Ok(mut entries) = world.list(at) else {
        return;
    };
    entries.sort_by(|left, right| left.name.cmp(&right.name));
    let has_cue = entries.iter().any(|entry| {
        entry.kind == EntryKind::File
            && entry.name.strip_suffix(".cue").is_some()
            && !entry.name.starts_with(['.', '_'])
    });
    if has_cue {
        found.push(at.clone());
    }
    for entry in entries {
        let skipped = entry.name.starts_with(['.', '_']) || entry.name == "cue.mod";
        if entry.kind == EntryKind::Directory && entry.name_is_utf8 && !skipped {
            collect_directories(world, &at.child(&entry.name), found);
        }
    }
}
