//! Sessions, packages and evaluations.
//!
//! A [`Package`] is what was loaded: syntax trees of its own files and of the packages it imports,
//! and what was wrong with them. It is independent of evaluation and can be evaluated several times
//! with different [`Injected`] values.

use crate::stack;
use cue_eval::builtin::Builtins;
use cue_eval::{Budget, FileScope, Graph, Import, Instance, Program, SourceFile, Value};
use cue_std::Standard;
use cue_syntax::ast;
use source_vocab::{Diagnostic, Severity, SourceMap};
use std::sync::Arc;

/// What evaluations share.
#[derive(Clone, Debug)]
pub struct Session {
    pub(crate) sources: SourceMap,
    pub(crate) builtins: Arc<dyn Builtins>,
    pub(crate) budget: Budget,
}

impl Default for Session {
    fn default() -> Self {
        Self::new()
    }
}

impl Session {
    /// A session with the standard packages and the default limits.
    pub fn new() -> Self {
        Self {
            sources: SourceMap::new(),
            builtins: Arc::new(Standard::new()),
            budget: Budget::default(),
        }
    }

    /// The same with other packages of builtins.
    #[must_use]
    pub fn with_builtins(mut self, builtins: impl Builtins + 'static) -> Self {
        self.builtins = Arc::new(builtins);
        self
    }

    /// The same with other limits.
    #[must_use]
    pub fn with_budget(mut self, budget: Budget) -> Self {
        self.budget = budget;
        self
    }

    /// The limits.
    pub fn budget(&self) -> Budget {
        self.budget
    }

    /// All texts that were read, to show diagnostics with.
    pub fn sources(&self) -> &SourceMap {
        &self.sources
    }

    /// All texts that were read, to add some.
    pub fn sources_mut(&mut self) -> &mut SourceMap {
        &mut self.sources
    }

    /// A package of one file that is given as text; imports can only be builtin packages.
    pub fn package_of_text(&mut self, name: &str, text: &str) -> Package {
        let mut package = Package::default();
        match self.sources.add(name, text) {
            Ok(source) => {
                let parsed = cue_syntax::parse(&source);
                package.diagnostics.extend(parsed.errors);
                package.add_file(parsed.file);
            }
            Err(error) => package.diagnostics.push(Diagnostic::error(
                "cue/source-too-large",
                error.to_string(),
                source_vocab::Place::Nowhere,
            )),
        }
        package.import_builtins(&*self.builtins);
        package
    }

    /// The name that a file was read under; empty for one made by a program.
    fn name_of(&self, file: &ast::File) -> &str {
        self.sources
            .locate(file.meta.span)
            .map_or("", |(source, _)| source.name())
    }

    /// Evaluates a package.
    pub fn evaluate(&self, package: &Package) -> Evaluation {
        self.evaluate_with(package, &[])
    }

    /// Evaluates a package together with injected values.
    pub fn evaluate_with(&self, package: &Package, injected: &[Injected]) -> Evaluation {
        self.run(package, injected, cue_eval::eval)
    }

    /// Evaluates a package together with injected values, and what open lists below the top-level fields of these names (of
    /// all, when none is given) say about elements that they do not have: see [`Value::element_type`].
    pub fn evaluate_with_elements(
        &self,
        package: &Package,
        injected: &[Injected],
        below: &[&str],
    ) -> Evaluation {
        self.run(package, injected, |program, budget| {
            cue_eval::eval_with_elements(program, budget, below)
        })
    }

    fn run(
        &self,
        package: &Package,
        injected: &[Injected],
        eval: impl Fn(&Arc<Program>, Budget) -> Graph + Sync,
    ) -> Evaluation {
        let mut diagnostics = package.diagnostics.clone();
        if has_errors(&diagnostics) {
            return Evaluation {
                graph: None,
                path: String::new(),
                shift: 0,
                extra: Vec::new(),
                diagnostics,
            };
        }
        let instances = self.instances(package, injected);
        let shift = instances.len() - package.units.len();
        let program = cue_eval::lower(&instances, &*self.builtins).drain_into(&mut diagnostics);
        let graph = program
            .filter(|_| !has_errors(&diagnostics))
            .map(|program| {
                let program = Arc::new(program);
                stack::evaluate(self.budget, |budget| eval(&program, budget))
            });
        let path = package
            .units
            .first()
            .map(|unit| unit.path.clone())
            .unwrap_or_default();
        Evaluation {
            graph,
            path,
            shift,
            extra: injected
                .iter()
                .map(|value| Arc::clone(&value.file))
                .collect(),
            diagnostics,
        }
    }

    /// What is lowered: the package, its imports, and before them, when there is data, the data and what unifies both.
    ///
    /// Data is no file of the package: as in cue it is a value of its own, which has to satisfy what the package embeds.
    fn instances<'p>(
        &'p self,
        package: &'p Package,
        injected: &'p [Injected],
    ) -> Vec<Instance<'p>> {
        let file = |value: &'p Injected| SourceFile {
            file: &value.file,
            name: self.name_of(&value.file),
            scope: value.scope,
        };
        let (data, fields): (Vec<&Injected>, Vec<&Injected>) =
            injected.iter().partition(|value| value.is_data);
        let shift = if data.is_empty() || package.files().is_empty() {
            0
        } else {
            2
        };
        let asked = (!package.expressions.decls.is_empty()).then_some(SourceFile {
            file: &package.expressions,
            name: "",
            scope: FileScope::Sees,
        });
        let mut instances: Vec<Instance<'_>> = Vec::with_capacity(package.units.len() + shift);
        for (at, unit) in package.units.iter().enumerate() {
            let mut files: Vec<SourceFile<'_>> = unit
                .files
                .iter()
                .map(|file| SourceFile {
                    file,
                    name: self.name_of(file),
                    scope: FileScope::ByPackageClause,
                })
                .collect();
            if at == 0 {
                files.extend(fields.iter().map(|value| file(value)));
                if shift == 0 {
                    files.extend(data.iter().map(|value| file(value)));
                    files.extend(asked);
                }
            }
            let imports = unit.imports.iter().map(|(path, import)| {
                let import = match import {
                    Import::Instance(at) => Import::Instance(at + shift),
                    Import::Builtin => Import::Builtin,
                };
                (path.clone(), import)
            });
            instances.push(Instance {
                path: unit.path.clone(),
                name: unit.name.clone(),
                files,
                imports: imports.collect(),
                unified: Vec::new(),
            });
        }
        if shift == 0 {
            return instances;
        }
        let names = package
            .files()
            .iter()
            .chain(data.iter().chain(&fields).map(|value| &*value.file));
        let lent = names.map(|file| SourceFile {
            file,
            name: "",
            scope: FileScope::Lent,
        });
        let main = instances.first();
        let both = Instance {
            path: main.map(|main| main.path.clone()).unwrap_or_default(),
            name: package.name().to_owned(),
            files: asked.into_iter().chain(lent).collect(),
            imports: main.map(|main| main.imports.clone()).unwrap_or_default(),
            unified: vec![1, 2],
        };
        let given = Instance {
            path: "_".to_owned(),
            name: String::new(),
            files: data.iter().map(|value| file(value)).collect(),
            imports: Vec::new(),
            unified: Vec::new(),
        };
        instances.splice(0..0, [both, given]);
        instances
    }
}

/// Whether a finding has the severity error.
pub(crate) fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics
        .iter()
        .any(|found| found.severity == Severity::Error)
}

/// The files of one package directory.
#[derive(Clone, Debug, Default)]
pub(crate) struct Unit {
    /// The unique path, which scopes hidden fields.
    pub(crate) path: String,
    /// The name of the package clause; empty for none.
    pub(crate) name: String,
    pub(crate) files: Vec<ast::File>,
    pub(crate) imports: Vec<(String, Import)>,
}

/// A package and all that it imports, as loaded.
#[derive(Clone, Debug)]
pub struct Package {
    /// The package itself, then its imports.
    pub(crate) units: Vec<Unit>,
    /// What was wrong with its files.
    pub diagnostics: Vec<Diagnostic>,
    /// The expressions that were added, each a hidden field, and the imports that these use.
    expressions: ast::File,
    /// How many.
    expression_count: usize,
}

/// The builtin packages that an expression may use without an import.
const STANDARD: [&str; 16] = [
    "encoding/base64",
    "encoding/csv",
    "encoding/hex",
    "encoding/json",
    "encoding/yaml",
    "list",
    "math",
    "net",
    "path",
    "regexp",
    "strconv",
    "strings",
    "struct",
    "text/template",
    "time",
    "crypto/sha256",
];

/// Whether a text uses `name.` as a word of its own.
fn mentions(text: &str, name: &str) -> bool {
    text.match_indices(name).any(|(at, _)| {
        let before = text.get(..at).and_then(|head| head.chars().next_back());
        let after = text.get(at + name.len()..).unwrap_or_default();
        after.starts_with('.')
            && !before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '#' | '$'))
    })
}

fn expression_name(at: usize) -> String {
    format!("_expression_{at}_")
}

impl Default for Package {
    fn default() -> Self {
        Self {
            units: vec![Unit {
                path: "_".to_owned(),
                ..Unit::default()
            }],
            diagnostics: Vec::new(),
            expressions: ast::File::default(),
            expression_count: 0,
        }
    }
}

impl Package {
    /// The syntax trees of the package's own files.
    pub fn files(&self) -> &[ast::File] {
        self.units
            .first()
            .map(|unit| unit.files.as_slice())
            .unwrap_or_default()
    }

    /// The name of the package; empty when no file has a package clause.
    pub fn name(&self) -> &str {
        self.units.first().map_or("", |unit| unit.name.as_str())
    }

    /// Adds an expression that is evaluated where the fields of the package can be seen, as
    /// `cue eval -e` does; gives its number for [`Evaluation::expression`].
    ///
    /// It becomes a hidden field, so that exports do not show it. Builtin packages that it uses by
    /// their usual name are imported.
    pub fn add_expression(&mut self, expr: ast::Expr, text: &str) -> usize {
        let at = self.expression_count;
        self.expression_count += 1;
        let file = &mut self.expressions;
        for path in STANDARD {
            let short = path.rsplit('/').next().unwrap_or_default();
            let imported = file
                .imports()
                .any(|import| crate::load::import_path(import).is_some_and(|known| known == path));
            if !imported && mentions(text, short) {
                let import = ast::ImportDecl {
                    meta: ast::Meta::default(),
                    lparen: ast::Pos::NONE,
                    specs: vec![ast::ImportSpec::new(None, path)],
                    rparen: ast::Pos::NONE,
                };
                file.decls.insert(0, ast::Decl::Import(Box::new(import)));
                if let Some(unit) = self.units.first_mut()
                    && !unit.imports.iter().any(|(known, _)| known == path)
                {
                    unit.imports.push((path.to_owned(), Import::Builtin));
                }
            }
        }
        file.decls.push(ast::Decl::field(
            ast::Label::Ident(ast::Ident::new(expression_name(at))),
            expr,
        ));
        at
    }

    /// Adds files that were read elsewhere; they may import builtin packages.
    pub fn extend(&mut self, files: impl IntoIterator<Item = ast::File>, session: &Session) {
        for file in files {
            self.add_file(file);
        }
        self.import_builtins(&*session.builtins);
    }

    /// Adds a file to the package itself.
    pub(crate) fn add_file(&mut self, file: ast::File) {
        if let Some(unit) = self.units.first_mut() {
            if unit.name.is_empty()
                && let Some(name) = file.package_name()
            {
                name.clone_into(&mut unit.name);
            }
            unit.files.push(file);
        }
    }

    /// Resolves imports of builtin packages, which need no files.
    pub(crate) fn import_builtins(&mut self, builtins: &dyn Builtins) {
        for unit in &mut self.units {
            for file in &unit.files {
                for import in file.imports() {
                    let Some(path) = crate::load::import_path(import) else {
                        continue;
                    };
                    let known = unit.imports.iter().any(|(given, _)| *given == path);
                    let bare = path.split(':').next().unwrap_or_default();
                    if !known && builtins.package(bare).is_some() {
                        unit.imports.push((path, Import::Builtin));
                    }
                }
            }
        }
    }
}

/// A value that a host puts into a package, as a file that knows where its text came from.
#[derive(Clone, Debug)]
pub struct Injected {
    pub(crate) file: Arc<ast::File>,
    pub(crate) scope: FileScope,
    is_data: bool,
}

impl Injected {
    /// `name: value`; errors in the value will show the text that its places lead to.
    pub fn field(name: &str, value: ast::Expr) -> Self {
        Self {
            file: Arc::new(ast::File {
                meta: ast::Meta::default(),
                decls: vec![ast::Decl::field(ast::Label::regular(name), value)],
            }),
            scope: FileScope::Shared,
            is_data: false,
        }
    }

    /// A whole file of fields, which the package can refer to.
    pub fn file(file: ast::File) -> Self {
        Self {
            file: Arc::new(file),
            scope: FileScope::Shared,
            is_data: false,
        }
    }

    /// The value as a file.
    pub fn tree(&self) -> &ast::File {
        &self.file
    }

    /// A whole file of data, which is unified with the package and which it cannot refer to.
    pub fn data(file: ast::File) -> Self {
        Self {
            file: Arc::new(file),
            scope: FileScope::ByPackageClause,
            is_data: true,
        }
    }
}

/// The result of an evaluation: the value, or why there is none.
#[derive(Clone, Debug)]
pub struct Evaluation {
    pub(crate) graph: Option<Graph>,
    /// The unique path of the package, which scopes its hidden fields.
    pub(crate) path: String,
    /// How many instances stand before those of the package.
    pub(crate) shift: usize,
    /// The trees of the injected values.
    pub(crate) extra: Vec<Arc<ast::File>>,
    /// What was wrong before evaluation could begin. Errors of the evaluation itself are in the
    /// value: see [`crate::explain::findings`].
    pub diagnostics: Vec<Diagnostic>,
}

impl Evaluation {
    /// The value of the package; `None` when it does not compile.
    pub fn root(&self) -> Option<Value<'_>> {
        self.graph.as_ref().map(Graph::root)
    }

    /// The graph, to see how much work it was.
    pub fn graph(&self) -> Option<&Graph> {
        self.graph.as_ref()
    }

    /// The value of an expression that was added as number `at` (see [`Package::add_expression`]).
    pub fn expression(&self, at: usize) -> Option<Value<'_>> {
        let root = self.root()?;
        let label = root
            .graph()
            .labels()
            .find_identifier(&expression_name(at), &self.path)?;
        root.get(label)
    }

    /// The value of an expression that was added; of one that only refers to a value, that value itself.
    pub fn referred(&self, at: usize) -> Option<Value<'_>> {
        let value = self.expression(at)?;
        Some(crate::export::cue::referred(value).unwrap_or(value))
    }

    /// Looks up a path of regular fields and list indices (`a.b.0`).
    pub fn lookup(&self, path: &str) -> Option<Value<'_>> {
        let mut at = self.root()?;
        for name in path.split('.').filter(|name| !name.is_empty()) {
            let whole = at.default();
            at = match name.parse::<usize>() {
                Ok(index) => match whole.elements().get(index) {
                    Some(element) => *element,
                    None => whole.field(name)?,
                },
                Err(_) => whole.field(name)?,
            };
        }
        Some(at)
    }
}
