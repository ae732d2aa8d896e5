//! Sessions, packages and evaluations.
//!
//! A [`Package`] is what was loaded: syntax trees of its own files and of the packages it imports,
//! and what was wrong with them. It is independent of evaluation and can be evaluated several times
//! with different [`Injected`] values.

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
        self.run(package, injected, |program| {
            cue_eval::eval(program, self.budget)
        })
    }

    /// Evaluates a package together with injected values, and what open lists below the top-level fields of these names (of
    /// all, when none is given) say about elements that they do not have: see [`Value::element_type`].
    pub fn evaluate_with_elements(
        &self,
        package: &Package,
        injected: &[Injected],
        below: &[&str],
    ) -> Evaluation {
        self.run(package, injected, |program| {
            cue_eval::eval_with_elements(program, self.budget, below)
        })
    }

    fn run(
        &self,
        package: &Package,
        injected: &[Injected],
        eval: impl Fn(&Arc<Program>) -> Graph,
    ) -> Evaluation {
        let mut diagnostics = package.diagnostics.clone();
        if has_errors(&diagnostics) {
            return Evaluation {
                graph: None,
                path: String::new(),
                extra: Vec::new(),
                diagnostics,
            };
        }
        let instances: Vec<Instance<'_>> = package
            .units
            .iter()
            .enumerate()
            .map(|(at, unit)| {
                let own = unit.files.iter().map(|file| SourceFile {
                    file,
                    name: self.name_of(file),
                    scope: FileScope::ByPackageClause,
                });
                let given = injected.iter().filter(|_| at == 0).map(|value| SourceFile {
                    file: &value.file,
                    name: self.name_of(&value.file),
                    scope: value.scope,
                });
                Instance {
                    path: unit.path.clone(),
                    name: unit.name.clone(),
                    files: own.chain(given).collect(),
                    imports: unit.imports.clone(),
                }
            })
            .collect();
        let program = cue_eval::lower(&instances, &*self.builtins).drain_into(&mut diagnostics);
        let graph = program
            .filter(|_| !has_errors(&diagnostics))
            .map(|program| eval(&Arc::new(program)));
        let path = package
            .units
            .first()
            .map(|unit| unit.path.clone())
            .unwrap_or_default();
        Evaluation {
            graph,
            path,
            extra: injected
                .iter()
                .map(|value| Arc::clone(&value.file))
                .collect(),
            diagnostics,
        }
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
    /// How many expressions were added.
    expressions: usize,
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
            expressions: 0,
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
        let at = self.expressions;
        self.expressions += 1;
        let name = expression_name(at);
        if self.files().is_empty() {
            self.add_file(ast::File::default());
        }
        let Some(unit) = self.units.first_mut() else {
            return at;
        };
        let Some(file) = unit.files.first_mut() else {
            return at;
        };
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
                let head = file
                    .decls
                    .iter()
                    .rposition(|decl| {
                        matches!(decl, ast::Decl::Package(_) | ast::Decl::Attribute(_))
                    })
                    .map_or(0, |at| at + 1);
                file.decls.insert(head, ast::Decl::Import(Box::new(import)));
                if !unit.imports.iter().any(|(known, _)| known == path) {
                    unit.imports.push((path.to_owned(), Import::Builtin));
                }
            }
        }
        file.decls.push(ast::Decl::field(
            ast::Label::Ident(ast::Ident::new(name)),
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
        }
    }

    /// A whole file of fields, which the package can refer to.
    pub fn file(file: ast::File) -> Self {
        Self {
            file: Arc::new(file),
            scope: FileScope::Shared,
        }
    }

    /// A whole file of data, which is unified with the package and which it cannot refer to.
    pub fn data(file: ast::File) -> Self {
        Self {
            file: Arc::new(file),
            scope: FileScope::ByPackageClause,
        }
    }
}

/// The result of an evaluation: the value, or why there is none.
#[derive(Clone, Debug)]
pub struct Evaluation {
    pub(crate) graph: Option<Graph>,
    /// The unique path of the package, which scopes its hidden fields.
    pub(crate) path: String,
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
