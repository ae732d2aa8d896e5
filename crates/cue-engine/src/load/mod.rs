//! Loading: from files of a [`World`] to a [`Package`].
//!
//! The root of the world is the current directory or module root of the user. Packages are
//! directories: their `.cue` files with the right package clause, and files of the same package in
//! the directories above, up to the module root. An import path that begins with the path of the
//! module (`module:` in `cue.mod/module.cue`) is a directory of the module; others are looked for
//! in `cue.mod/{gen,usr,pkg}`, and what has no dot in its first element is a builtin package.
//! There is no registry. Rules as in cue v0.14.1 `cue/load`.

mod build;

pub use build::BuildTags;

use crate::session::{Package, Session, Unit};
use cue_eval::Import;
use cue_syntax::ast;
use rustc_hash::FxHashMap;
use source_vocab::{Diagnostic, EntryKind, ReadError, VPath, World};

/// What is to be loaded.
#[derive(Clone, Debug, Default)]
pub struct LoadRequest {
    /// These files as one package, in this order.
    pub files: Vec<VPath>,
    /// Or, when there are no files, the package in this directory.
    pub directory: VPath,
    /// Or the package of this import path, which lies in the module or in `cue.mod`.
    pub import: Option<String>,
    /// The name of the package in the directory; needed when it holds several.
    pub package: Option<String>,
    /// The module root, where `cue.mod` is; `None` when there is no module.
    pub module_root: Option<VPath>,
    /// Build tags and injected tag values.
    pub tags: BuildTags,
}

/// Loads a package and all that it imports.
///
/// Whatever is wrong is in [`Package::diagnostics`].
pub fn load(session: &mut Session, world: &dyn World, request: &LoadRequest) -> Package {
    let mut package = Package::default();
    let mut loader = Loader {
        module: None,
        root: request.module_root.clone().unwrap_or_default(),
        has_root: request.module_root.is_some(),
        session,
        world,
        tags: &request.tags,
        diagnostics: Vec::new(),
        known: FxHashMap::default(),
        active: Vec::new(),
    };
    loader.module = loader.module_path();
    if let Some(path) = &request.import {
        let (bare, name) = match path.rsplit_once(':') {
            Some((bare, name)) => (bare, name.to_owned()),
            None => (
                path.as_str(),
                unversioned(path)
                    .rsplit('/')
                    .next()
                    .unwrap_or_default()
                    .to_owned(),
            ),
        };
        match loader.import_directory(&unversioned(bare)) {
            _ if name == "_" => loader.error(
                "cue/invalid-import-path",
                format!("`_` cannot qualify the import path `{path}`"),
                source_vocab::Place::Nowhere,
            ),
            Some(directory) => {
                if let Some(unit) = loader.directory(&directory, Some(&name)) {
                    package.units = vec![unit];
                }
            }
            None => loader.error(
                "cue/package-not-found",
                format!("cannot find the package `{path}`"),
                source_vocab::Place::Nowhere,
            ),
        }
    } else if request.files.is_empty() {
        let unit = loader.directory(&request.directory, request.package.as_deref());
        if let Some(unit) = unit {
            package.units = vec![unit];
        }
    } else {
        let mut paths = request.files.clone();
        paths.sort_by_key(parents_first);
        let files = loader.files(&paths);
        for file in files {
            package.add_file(file);
        }
        let name = package.name().to_owned();
        if let Some(unit) = package.units.first_mut() {
            unit.path = if name.is_empty() {
                "_".to_owned()
            } else {
                format!(":{name}")
            };
        }
    }
    loader.imports(&mut package, 0);
    let mut diagnostics = std::mem::take(&mut loader.diagnostics);
    tags_applied(&mut package, &request.tags, &mut diagnostics);
    package.diagnostics.extend(diagnostics);
    package
}

/// The order of files that are named one by one: those of outer directories first, then by name.
pub fn parents_first(path: &VPath) -> (usize, String) {
    let text = path.to_string();
    (text.matches('/').count(), text)
}

fn tags_applied(package: &mut Package, tags: &BuildTags, diagnostics: &mut Vec<Diagnostic>) {
    if let Some(unit) = package.units.first_mut() {
        build::inject_tags(&mut unit.files, tags, diagnostics);
    }
}

struct Loader<'a> {
    session: &'a mut Session,
    world: &'a dyn World,
    tags: &'a BuildTags,
    /// The path of the main module, without its version.
    module: Option<String>,
    root: VPath,
    has_root: bool,
    diagnostics: Vec<Diagnostic>,
    /// The units of import paths.
    known: FxHashMap<String, usize>,
    /// Import paths that are being loaded.
    active: Vec<String>,
}

impl Loader<'_> {
    fn error(
        &mut self,
        code: &'static str,
        message: String,
        place: impl Into<source_vocab::Place>,
    ) {
        self.diagnostics
            .push(Diagnostic::error(code, message, place));
    }

    /// Reads and parses a file; `None` when it cannot be read.
    fn file(&mut self, path: &VPath) -> Option<ast::File> {
        let bytes = match self.world.read(path) {
            Ok(bytes) => bytes,
            Err(error) => {
                let message = match &error {
                    ReadError::NotFound { .. } => format!("the file `{path}` does not exist"),
                    ReadError::TooLarge { .. } | ReadError::Io { .. } => error.to_string(),
                };
                self.error("cue/unreadable-file", message, path.clone());
                return None;
            }
        };
        let name = self.world.display(path);
        let parsed = match crate::data_file::parse(&mut self.session.sources, &name, path, bytes) {
            Ok(parsed) => parsed,
            Err(found) => {
                self.diagnostics.push(*found);
                return None;
            }
        };
        self.diagnostics.extend(parsed.errors);
        Some(parsed.file)
    }

    /// The files of one package that are named one by one.
    fn files(&mut self, paths: &[VPath]) -> Vec<ast::File> {
        let mut files = Vec::new();
        let mut name: Option<(String, VPath)> = None;
        for path in paths {
            let Some(file) = self.file(path) else {
                continue;
            };
            if !build::included(&file, self.tags) {
                continue;
            }
            if let Some(found) = file.package_name().map(str::to_owned) {
                match &name {
                    Some((known, at)) if *known != found => {
                        let message =
                            format!("found packages `{known}` ({at}) and `{found}` ({path})");
                        let place = file
                            .package()
                            .map_or(file.meta.span, |clause| clause.meta.span);
                        self.error("cue/two-packages", message, place);
                    }
                    _ => name = Some((found, path.clone())),
                }
            }
            files.push(file);
        }
        files
    }

    /// The names of the CUE files in a directory; `None` when there is no such directory.
    fn names(&self, directory: &VPath) -> Option<Vec<String>> {
        let entries = self.world.list(directory).ok()?;
        Some(
            entries
                .into_iter()
                .filter(|entry| matches!(entry.kind, EntryKind::File | EntryKind::Symlink))
                .filter(|entry| entry.name_is_utf8)
                .map(|entry| entry.name)
                .filter(|name| {
                    name.strip_suffix(".cue").is_some_and(|stem| {
                        !stem.ends_with("_tool")
                            && !stem.ends_with("_test")
                            && !name.starts_with(['.', '_'])
                    })
                })
                .collect(),
        )
    }

    /// The package `wanted` of a directory, with the files of the directories above.
    fn directory(&mut self, directory: &VPath, wanted: Option<&str>) -> Option<Unit> {
        let Some(names) = self.names(directory) else {
            let message = format!("no such directory `{directory}`");
            self.error("cue/no-such-package", message, directory.clone());
            return None;
        };
        let mut found: Vec<(VPath, ast::File)> = Vec::new();
        for name in names {
            let path = directory.child(&name);
            if let Some(file) = self.file(&path)
                && build::included(&file, self.tags)
            {
                found.push((path, file));
            }
        }
        let mut packages: Vec<String> = Vec::new();
        for (_, file) in &found {
            if let Some(name) = file.package_name()
                && !packages.iter().any(|known| known == name)
            {
                packages.push(name.to_owned());
            }
        }
        let name = match (wanted, packages.as_slice()) {
            (Some("_"), _) | (None, []) => String::new(),
            (Some(wanted), _) => wanted.to_owned(),
            (None, [only]) => only.clone(),
            (None, [first, second, ..]) => {
                let message = format!("found packages `{first}` and `{second}` in `{directory}`");
                self.error("cue/two-packages", message, directory.clone());
                return None;
            }
        };
        let mut files: Vec<ast::File> = found
            .into_iter()
            .map(|(_, file)| file)
            .filter(|file| file.package_name().unwrap_or_default() == name)
            .collect();
        if files.is_empty() {
            let message = if name.is_empty() {
                format!("no CUE files in `{directory}`")
            } else {
                format!("no files of package `{name}` in `{directory}`")
            };
            self.error("cue/no-such-package", message, directory.clone());
            return None;
        }
        if !name.is_empty() && self.has_root {
            let mut above = directory.clone();
            let mut outer: Vec<Vec<ast::File>> = Vec::new();
            while above != self.root {
                let Some(parent) = above.parent() else { break };
                above = parent;
                let mut level = Vec::new();
                for file_name in self.names(&above).unwrap_or_default() {
                    if let Some(file) = self.file(&above.child(&file_name))
                        && file.package_name() == Some(name.as_str())
                        && build::included(&file, self.tags)
                    {
                        level.push(file);
                    }
                }
                outer.push(level);
            }
            let inner = std::mem::take(&mut files);
            files = outer.into_iter().rev().flatten().chain(inner).collect();
        }
        Some(Unit {
            path: format!("{directory}:{name}"),
            name,
            files,
            imports: Vec::new(),
        })
    }

    /// The path of the main module.
    fn module_path(&mut self) -> Option<String> {
        if !self.has_root {
            return None;
        }
        let path = self.root.child("cue.mod").child("module.cue");
        let bytes = self.world.read(&path).ok()?;
        let text = String::from_utf8(bytes).ok()?;
        let source = self
            .session
            .sources
            .add(self.world.display(&path), text)
            .ok()?;
        let parsed = cue_syntax::parse(&source);
        parsed.file.decls.iter().find_map(|decl| match decl {
            ast::Decl::Field(field) => match (&field.label, &field.value) {
                (ast::Label::Ident(name), ast::Expr::Basic(literal)) if &*name.name == "module" => {
                    let path = text_of(literal)?;
                    Some(path.split('@').next().unwrap_or_default().to_owned())
                }
                _ => None,
            },
            _ => None,
        })
    }

    /// Loads what the files of a unit import.
    fn imports(&mut self, package: &mut Package, unit: usize) {
        let Some(of) = package.units.get(unit) else {
            return;
        };
        let wanted: Vec<(String, source_vocab::Span)> = of
            .files
            .iter()
            .flat_map(ast::File::imports)
            .filter_map(|import| Some((import_path(import)?, import.path.meta.span)))
            .collect();
        for (path, span) in wanted {
            let known = package
                .units
                .get(unit)
                .is_some_and(|unit| unit.imports.iter().any(|(given, _)| *given == path));
            if known {
                continue;
            }
            if let Some(import) = self.import(package, &path, span)
                && let Some(unit) = package.units.get_mut(unit)
            {
                unit.imports.push((path, import));
            }
        }
    }

    fn import(
        &mut self,
        package: &mut Package,
        path: &str,
        span: source_vocab::Span,
    ) -> Option<Import> {
        let (bare, qualifier) = match path.rsplit_once(':') {
            Some((bare, name)) => (bare, Some(name)),
            None => (path, None),
        };
        if let Some(at) = self.known.get(path) {
            if self.active.iter().any(|active| active == path) {
                self.error(
                    "cue/import-cycle",
                    format!("the import of `{path}` leads back to itself"),
                    span,
                );
                return None;
            }
            return Some(Import::Instance(*at));
        }
        if qualifier == Some("_") {
            self.error(
                "cue/invalid-import-path",
                format!("`_` cannot qualify the import path `{path}`"),
                span,
            );
            return None;
        }
        let unversioned = unversioned(bare);
        let name = qualifier.map_or_else(
            || {
                unversioned
                    .rsplit('/')
                    .next()
                    .unwrap_or_default()
                    .to_owned()
            },
            str::to_owned,
        );
        let Some(directory) = self.import_directory(&unversioned) else {
            if self.session.builtins.package(bare).is_some() {
                return Some(Import::Builtin);
            }
            let first = unversioned.split('/').next().unwrap_or_default();
            let message = if first.contains('.') {
                format!(
                    "cannot find the package `{path}`: it is neither in this module nor in `cue.mod`"
                )
            } else {
                format!("`{path}` is not a builtin package")
            };
            self.error("cue/package-not-found", message, span);
            return None;
        };
        let Some(loaded) = self.directory(&directory, Some(&name)) else {
            if let Some(last) = self.diagnostics.last_mut() {
                last.labels.push(source_vocab::Label {
                    place: span.into(),
                    text: "imported here".to_owned(),
                });
            }
            return None;
        };
        let at = package.units.len();
        package.units.push(loaded);
        self.known.insert(path.to_owned(), at);
        self.active.push(path.to_owned());
        self.imports(package, at);
        self.active.pop();
        Some(Import::Instance(at))
    }

    /// The directory that an import path of this module or of `cue.mod` stands for.
    fn import_directory(&self, path: &str) -> Option<VPath> {
        if !self.has_root {
            return None;
        }
        let tail = VPath::parse(path)?;
        if let Some(module) = &self.module {
            let module = VPath::parse(module)?;
            if let Some(inside) = tail.strip_prefix(&module) {
                return Some(self.root.join(&inside));
            }
        }
        ["gen", "usr", "pkg"]
            .into_iter()
            .map(|kind| self.root.child("cue.mod").child(kind).join(&tail))
            .find(|directory| self.world.list(directory).is_ok())
    }
}

/// An import path without the version of a module in it.
fn unversioned(path: &str) -> String {
    path.split('/')
        .map(|part| part.split('@').next().unwrap_or_default())
        .collect::<Vec<_>>()
        .join("/")
}

/// The value of a string literal.
fn text_of(literal: &ast::BasicLit) -> Option<String> {
    match cue_syntax::literal::unquote(&literal.text).ok()? {
        cue_syntax::literal::Unquoted::String(text) => Some(text),
        cue_syntax::literal::Unquoted::Bytes(_) => None,
    }
}

/// The path that an import names.
pub(crate) fn import_path(import: &ast::ImportSpec) -> Option<String> {
    text_of(&import.path)
}
