//! Lowering: from syntax trees to the IR.
//!
//! One pass over the trees of all packages. It resolves every name ([`scope`]), decodes literals,
//! prepares calls, and reports what can be known without evaluation: unresolved references, unused
//! imports, aliases and `let`s, `let`s that refer to each other in a circle, operands that can
//! never be concrete. A program with such an error is not evaluated.
//!
//! Names: identifiers bind to the innermost enclosing field, alias, `let`, comprehension variable
//! or import of the file; then to a top-level field of any file of the package; then to what the
//! language predeclares. As cue v0.14.1 `cue/ast/astutil/resolve.go` and `internal/core/compile`.
//!
//! - `scope.rs`: frames, what a name means, marks of use;
//! - `decl.rs`: files, structs, fields, comprehensions;
//! - `expr.rs`: expressions and literals;
//! - `package.rs`: packages of builtins;
//! - `predeclared.rs`: the names of the language.

mod decl;
mod expr;
mod package;
mod predeclared;
mod scope;

use crate::builtin::Builtins;
use crate::ir::{
    Comprehension, ComprehensionId, Decl, DeclId, Expr, ExprId, ExprRange, Injection, ListId,
    ListLit, Package, PackageId, Program, StructId, StructLit,
};
use crate::label::Label;
use crate::term::{Datum, Term};
use cue_syntax::ast;
use rustc_hash::{FxHashMap, FxHashSet};
use scope::Frame;
use source_vocab::{Diagnostic, Outcome, Span};
use std::sync::Arc;

/// What an import path of an instance leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Import {
    /// Another instance of the same call, by its index.
    Instance(usize),
    /// A package of the [`Builtins`].
    Builtin,
}

/// A file with what is known about its origin.
#[derive(Clone, Copy, Debug)]
pub struct SourceFile<'a> {
    /// The tree.
    pub file: &'a ast::File,
    /// Its name. Fields of several files of a package are ordered by the names of the files.
    pub name: &'a str,
    /// Whether its top-level fields can be referred to from other files.
    pub scope: FileScope,
}

/// Who sees the top-level fields of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileScope {
    /// The file itself and, if it has a package clause, the other files of the package.
    ByPackageClause,
    /// All files: for values that a host injects (`context`, `parameter`).
    Shared,
    /// Nobody; and the file itself sees the top-level fields of all files of the instance: for expressions that are asked for.
    Sees,
    /// Only files that see all; the file is no part of the instance, it lends its names.
    Lent,
}

/// One package as loaded: its files and what they import.
#[derive(Clone, Debug)]
pub struct Instance<'a> {
    /// The unique path of the package, which scopes its hidden fields; `_` for none.
    pub path: String,
    /// The name of the package, by which imports refer to it; empty for none.
    pub name: String,
    /// Its files. Values that a host injects are files too, with spans into whatever they were
    /// read from, so that a conflict with them shows both places.
    pub files: Vec<SourceFile<'a>>,
    /// What each import path leads to.
    pub imports: Vec<(String, Import)>,
    /// Other instances of the same call, by their index, that are unified with this one: data with the package that checks it.
    pub unified: Vec<usize>,
}

/// Lowers a program: the first instance, and the others as far as it imports them.
///
/// The value is absent when there is an error.
pub fn lower(instances: &[Instance<'_>], builtins: &dyn Builtins) -> Outcome<Program> {
    let mut lowering = Lowering::new(builtins);
    // the error of a node in progress is the first of every pool
    lowering.program.pool.add_bottom(crate::bottom::Bottom::new(
        crate::bottom::Code::Cycle,
        crate::bottom::Reason::InProgress,
        Span::DETACHED,
    ));
    for instance in instances {
        lowering.program.packages.push(Package {
            path: instance.path.clone(),
            files: Vec::new(),
            unified: instance
                .unified
                .iter()
                .copied()
                .map(PackageId::at)
                .collect(),
        });
    }
    for (index, instance) in instances.iter().enumerate() {
        lowering.package(index, instance);
    }
    let mut files: Vec<(Span, &str)> = instances
        .iter()
        .flat_map(|instance| &instance.files)
        .map(|source| (source.file.meta.span, source.name))
        .collect();
    let mut names: Vec<&str> = files.iter().map(|(_, name)| *name).collect();
    names.sort_unstable();
    names.dedup();
    files.sort_unstable();
    lowering.program.files = files
        .into_iter()
        .map(|(span, name)| {
            let rank = names.partition_point(|known| *known < name);
            (span, u32::try_from(rank).unwrap_or(u32::MAX))
        })
        .collect();
    let failed = !lowering.diagnostics.is_empty();
    lowering.program.attributes.sort_by_key(|(at, _)| *at);
    lowering.program.docs.sort_by_key(|(at, _)| *at);
    Outcome {
        value: (!failed).then_some(lowering.program),
        diagnostics: lowering.diagnostics,
    }
}

pub(super) struct Lowering<'a> {
    builtins: &'a dyn Builtins,
    program: Program,
    diagnostics: Vec<Diagnostic>,
    /// The path of the package at hand.
    package: String,
    /// Names of top-level fields that all files of the package see.
    package_scope: FxHashSet<String>,
    frames: Vec<Frame>,
    /// Packages of builtins by import path.
    builtin_packages: FxHashMap<String, PackageId>,
    /// How many comprehension bodies are around.
    in_comprehension: u32,
    /// Whether spans are dropped: the text of builtin packages is no file of the user.
    detached: bool,
    functions: FxHashMap<crate::builtin::Core, Datum>,
    /// Comments above a field without braces around its value: they document the field inside.
    docs_above: Vec<Arc<str>>,
}

impl<'a> Lowering<'a> {
    fn new(builtins: &'a dyn Builtins) -> Self {
        Self {
            builtins,
            program: Program::default(),
            diagnostics: Vec::new(),
            package: String::new(),
            package_scope: FxHashSet::default(),
            frames: Vec::new(),
            builtin_packages: FxHashMap::default(),
            in_comprehension: 0,
            detached: false,
            functions: FxHashMap::default(),
            docs_above: Vec::new(),
        }
    }

    fn package(&mut self, index: usize, instance: &Instance<'_>) {
        self.package.clone_from(&instance.path);
        let names_of = |wanted: fn(&SourceFile<'_>) -> bool| {
            let mut names = FxHashSet::default();
            for source in instance.files.iter().filter(|source| wanted(source)) {
                for decl in &source.file.decls {
                    if let ast::Decl::Field(field) = decl
                        && let ast::Label::Ident(ident) = field.label.unaliased()
                    {
                        names.insert(ident.name.to_string());
                    }
                }
            }
            names
        };
        self.package_scope = names_of(|source| match source.scope {
            FileScope::ByPackageClause => source.file.package_name().is_some(),
            FileScope::Shared => true,
            FileScope::Sees | FileScope::Lent => false,
        });
        let mut files = Vec::new();
        for source in &instance.files {
            match source.scope {
                FileScope::Lent => {}
                FileScope::Sees => {
                    let all = names_of(|source| source.scope != FileScope::Sees);
                    let scope = std::mem::replace(&mut self.package_scope, all);
                    files.push(self.file(source.file, &instance.imports));
                    self.package_scope = scope;
                }
                FileScope::ByPackageClause => {
                    files.push(self.file(source.file, &instance.imports));
                }
                FileScope::Shared => {
                    let (decls, exprs) = (self.program.decls.len(), self.program.exprs.len());
                    files.push(self.file(source.file, &instance.imports));
                    self.program.injections.push(Injection {
                        decls: decls..self.program.decls.len(),
                        exprs: exprs..self.program.exprs.len(),
                    });
                }
            }
        }
        if let Some(package) = self.program.packages.get_mut(index) {
            package.files = files;
        }
    }

    // ---- arenas ----

    fn span(&self, span: Span) -> Span {
        if self.detached { Span::DETACHED } else { span }
    }

    fn add_expr(&mut self, expr: Expr, span: Span) -> ExprId {
        let id = ExprId::at(self.program.exprs.len());
        let span = self.span(span);
        self.program.exprs.push(expr);
        self.program.expr_spans.push(span);
        id
    }

    fn add_value(&mut self, datum: Datum, span: Span) -> ExprId {
        let term = Term::new(datum, self.span(span));
        self.add_expr(Expr::Value(term), span)
    }

    fn add_decl(&mut self, decl: Decl, span: Span) -> DeclId {
        let id = DeclId::at(self.program.decls.len());
        let span = self.span(span);
        self.program.decls.push(decl);
        self.program.decl_spans.push(span);
        id
    }

    fn add_struct(&mut self, lit: StructLit) -> StructId {
        let id = StructId::at(self.program.structs.len());
        self.program.structs.push(lit);
        id
    }

    fn add_list(&mut self, lit: ListLit) -> ListId {
        let id = ListId::at(self.program.lists.len());
        self.program.lists.push(lit);
        id
    }

    fn add_comprehension(&mut self, comprehension: Comprehension) -> ComprehensionId {
        let id = ComprehensionId::at(self.program.comprehensions.len());
        self.program.comprehensions.push(comprehension);
        id
    }

    fn add_args(&mut self, args: &[ExprId]) -> ExprRange {
        let start = u32::try_from(self.program.args.len()).unwrap_or(u32::MAX);
        self.program.args.extend_from_slice(args);
        let end = u32::try_from(self.program.args.len()).unwrap_or(u32::MAX);
        ExprRange { start, end }
    }

    // ---- errors ----

    fn error(&mut self, code: &'static str, message: String, span: Span) -> &mut Diagnostic {
        let span = self.span(span);
        let place: source_vocab::Place = if span.is_detached() {
            source_vocab::Place::Nowhere
        } else {
            span.into()
        };
        self.diagnostics
            .push(Diagnostic::error(code, message, place));
        let last = self.diagnostics.len() - 1;
        &mut self.diagnostics[last]
    }

    /// An expression in the place of one that is wrong.
    fn bad(&mut self, code: &'static str, message: String, span: Span) -> ExprId {
        self.error(code, message, span);
        let top = Term::TOP.datum;
        self.add_value(top, span)
    }

    // ---- labels ----

    fn identifier(&mut self, name: &str, span: Span) -> Label {
        match self.program.labels.identifier(name, &self.package) {
            Ok(label) => label,
            Err(error) => self.too_many(error, span),
        }
    }

    fn string_label(&mut self, name: &str, span: Span) -> Label {
        match self.program.labels.string(name) {
            Ok(label) => label,
            Err(error) => self.too_many(error, span),
        }
    }

    fn too_many(&mut self, error: crate::label::TooManyLabels, span: Span) -> Label {
        self.error("cue/too-many-fields", error.to_string(), span);
        Label::FIRST
    }
}
