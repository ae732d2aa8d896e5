//! The state of an export: scopes, names that are taken, imports that are needed, documentation.
//!
//! A [`Frame`] is a struct that is being printed. `let` clauses get a place in it in advance and their expression only when
//! something refers to them; unused ones vanish with the frame. The number of frames is the indentation of multi-line strings.
//! As the `exporter` of cue v0.14.1 `internal/core/export/export.go`.

use super::Profile;
use super::trees::{self, Trees};
use crate::session::{Evaluation, Package, Session};
use cue_eval::ir::{Decl as IrDecl, ExprId, Program};
use cue_eval::{ArcKind, Datum, Graph, Import, Label, Origin, Term, Value, ir};
use cue_syntax::ast::{self, Attribute, CommentGroup, Expr};
use source_vocab::Span;
use std::collections::{BTreeMap, BTreeSet};

/// Something in a struct that is being printed.
#[derive(Debug)]
pub(super) enum Item {
    Decl(Box<ast::Decl>),
    /// The place of a `let`.
    Let(Label),
}

/// A struct that is being printed.
#[derive(Debug)]
pub(super) struct Frame<'a> {
    pub(super) node: Option<Value<'a>>,
    pub(super) scope: Vec<Item>,
}

/// A `let` that has a place.
#[derive(Debug, Default)]
struct Let {
    name: String,
    expr: Option<Expr>,
}

/// How deep values are printed.
const MAX_DEPTH: usize = 1_000;

pub(super) struct Exporter<'a> {
    pub(super) graph: &'a Graph,
    pub(super) program: &'a Program,
    pub(super) session: &'a Session,
    pub(super) package: &'a Package,
    pub(super) trees: Trees<'a>,
    pub(super) profile: Profile,
    /// The package whose hidden fields are shown.
    pub(super) home: String,
    shift: usize,
    pub(super) stack: Vec<Frame<'a>>,
    /// Whether errors are shown without their paths, which lead nowhere.
    pub(super) is_nameless: bool,
    pub(super) in_definition: u32,
    pub(super) in_expression: u32,
    lets: BTreeMap<Label, Let>,
    /// The values of all `let`s of the program.
    let_values: BTreeMap<Label, (ExprId, Span)>,
    /// Import paths in the order of their use, each with its name when that is not the usual one.
    pub(super) imports: Vec<(String, Option<String>)>,
    pub(super) taken: BTreeSet<String>,
    pub(super) pivot: super::pivot::Pivot<'a>,
    depth: usize,
}

impl<'a> Exporter<'a> {
    pub(super) fn new(
        session: &'a Session,
        package: &'a Package,
        evaluation: &'a Evaluation,
        graph: &'a Graph,
        profile: Profile,
    ) -> Self {
        let program = graph.program();
        let mut let_values = BTreeMap::new();
        let mut taken = BTreeSet::new();
        for (decl, span) in program.declarations() {
            match decl {
                IrDecl::Let { label, value } => {
                    let_values.insert(label, (value, span));
                }
                IrDecl::Field { label, .. } => {
                    taken.insert(graph.labels().text(label).into_owned());
                }
                _ => {}
            }
        }
        Self {
            graph,
            program,
            session,
            package,
            trees: Trees::new(package, evaluation.extra.iter().map(|file| &**file)),
            profile,
            home: evaluation.path.clone(),
            shift: evaluation.shift,
            stack: Vec::new(),
            is_nameless: false,
            in_definition: 0,
            in_expression: 0,
            lets: BTreeMap::new(),
            let_values,
            imports: Vec::new(),
            taken,
            pivot: super::pivot::Pivot::default(),
            depth: 0,
        }
    }

    /// Whether printing has to stop; every caller counts itself by [`Self::deeper`].
    pub(super) fn too_deep(&self) -> bool {
        self.stack.len() > MAX_DEPTH || self.depth > MAX_DEPTH
    }

    pub(super) fn deeper<T>(&mut self, run: impl FnOnce(&mut Self) -> T) -> T {
        self.depth += 1;
        let result = run(self);
        self.depth -= 1;
        result
    }

    // ---- scopes ----

    pub(super) fn push(&mut self, node: Option<Value<'a>>) {
        self.stack.push(Frame {
            node,
            scope: Vec::new(),
        });
    }

    pub(super) fn pop(&mut self) -> Vec<Item> {
        self.stack
            .pop()
            .map(|frame| frame.scope)
            .unwrap_or_default()
    }

    pub(super) fn place(&mut self, decl: ast::Decl) {
        if let Some(frame) = self.stack.last_mut() {
            frame.scope.push(Item::Decl(Box::new(decl)));
        }
    }

    /// Places a value beside the fields that it has.
    pub(super) fn place_value(&mut self, mut value: Expr) {
        let is_first = self.stack.last().is_none_or(|frame| frame.scope.is_empty());
        if is_first {
            super::file::first_token(&mut value).rel = ast::RelPos::NoSpace;
        }
        self.place(ast::Decl::embed(value));
    }

    /// The struct that a scope has become.
    pub(super) fn structure(&mut self, items: Vec<Item>) -> Expr {
        Expr::structure(self.decls(items))
    }

    /// The declarations of a scope; the places of `let`s that nothing refers to vanish.
    pub(super) fn decls(&mut self, items: Vec<Item>) -> Vec<ast::Decl> {
        items
            .into_iter()
            .filter_map(|item| match item {
                Item::Let(label) => {
                    let found = self.lets.remove(&label)?;
                    Some(ast::Decl::Let(Box::new(ast::LetClause {
                        meta: ast::Meta::default(),
                        ident: ast::Ident::new(found.name),
                        equal: ast::Pos::NONE,
                        expr: found.expr?,
                    })))
                }
                Item::Decl(decl) => Some(*decl),
            })
            .collect()
    }

    pub(super) fn has_used_lets(&self, items: &[Item]) -> bool {
        items.iter().any(|item| match item {
            Item::Let(label) => self
                .lets
                .get(label)
                .is_some_and(|known| known.expr.is_some()),
            Item::Decl(_) => false,
        })
    }

    /// Gives the `let`s of the struct literals of a conjunct their places.
    pub(super) fn mark_lets(&mut self, origin: Origin) {
        let Some(expr) = origin.expr(self.program) else {
            return;
        };
        let mut pending = vec![expr];
        while let Some(expr) = pending.pop() {
            match self.program.expr(expr) {
                ir::Expr::Struct(lit) => {
                    let program = self.program;
                    for &decl in &program.struct_lit(lit).decls {
                        match program.decl(decl) {
                            IrDecl::Let { label, .. } => self.mark_let(label),
                            IrDecl::Embed(inner) => pending.push(inner),
                            _ => {}
                        }
                    }
                }
                ir::Expr::Binary { left, right, .. } => pending.extend([right, left]),
                _ => {}
            }
        }
    }

    fn mark_let(&mut self, label: Label) {
        if self.lets.contains_key(&label) {
            return;
        }
        self.lets.insert(label, Let::default());
        if let Some(frame) = self.stack.last_mut() {
            frame.scope.push(Item::Let(label));
        }
    }

    /// A reference to a `let`: its name where it has a place, its value elsewhere.
    pub(super) fn reference_to_let(&mut self, label: Label) -> Expr {
        let text = self.graph.labels().text(label).into_owned();
        let Some((value, _)) = self.let_values.get(&label).copied() else {
            return Expr::ident(text);
        };
        let Some(name) = self.lets.get(&label).map(|known| known.name.clone()) else {
            return self.deeper(|this| this.expr(value));
        };
        if !name.is_empty() {
            return Expr::ident(name);
        }
        let name = self.unique(&text);
        if let Some(known) = self.lets.get_mut(&label) {
            known.name.clone_from(&name);
            let made = self.deeper(|this| this.expr(value));
            if let Some(known) = self.lets.get_mut(&label) {
                known.expr = Some(made);
            }
        }
        Expr::ident(name)
    }

    // ---- names ----

    pub(super) fn label_text(&self, label: Label) -> String {
        self.graph.labels().text(label).into_owned()
    }

    pub(super) fn label(&self, label: Label) -> ast::Label {
        let text = self.label_text(label);
        if label.is_string() {
            ast::Label::regular(&text)
        } else {
            ast::Label::Ident(ast::Ident::new(text))
        }
    }

    /// Whether a hidden field stands for an expression that was asked for, and is none of the package.
    pub(super) fn is_internal(&self, label: Label) -> bool {
        self.label_text(label).starts_with("_expression_")
    }

    /// A name for something new: `base`, or `base_1` and so on.
    pub(super) fn unique(&mut self, base: &str) -> String {
        let mut name = base.to_owned();
        let mut at = 0;
        while self.taken.contains(&name) {
            at += 1;
            name = format!("{base}_{at:X}");
        }
        self.taken.insert(name.clone());
        name
    }

    /// The identifier of an imported package.
    pub(super) fn import(&mut self, path: &str, name: Option<&str>) -> Expr {
        let usual = usual_name(path).to_owned();
        let name = name.map_or_else(|| usual.clone(), str::to_owned);
        let given = (name != usual).then(|| name.clone());
        let entry = (path.to_owned(), given);
        if !self.imports.contains(&entry) {
            self.imports.push(entry);
        }
        Expr::ident(name)
    }

    /// `pkg.Name` of a builtin's qualified name `path/to/pkg.Name`.
    pub(super) fn builtin(&mut self, qualified: &str) -> Expr {
        match qualified.rsplit_once('.') {
            Some((path, name)) => {
                let package = self.import(path, None);
                Expr::selector(package, name)
            }
            None => Expr::ident(qualified),
        }
    }

    /// The text that a place shows.
    pub(super) fn snippet(&self, span: Span) -> Option<&'a str> {
        if span.is_detached() {
            return None;
        }
        Some(self.session.sources.snippet(span)).filter(|text| !text.is_empty())
    }

    /// The import path of a package of the program, as the package that is printed writes it.
    pub(super) fn import_path(&self, id: ir::PackageId) -> Option<String> {
        // the same instance, counted as the package counts them
        let program_index = self.program.package_index(id);
        let index = program_index.checked_sub(self.shift)?;
        for unit in &self.package.units {
            for (path, import) in &unit.imports {
                if *import == Import::Instance(index) {
                    return Some(path.clone());
                }
            }
        }
        Some(self.program.packages().get(program_index)?.path.clone())
    }

    // ---- documentation and attributes ----

    pub(super) fn field_tree(&self, origin: Origin) -> Option<&'a ast::Field> {
        match origin {
            Origin::Decl(id) | Origin::Yielded(id) => self.trees.field(self.program.decl_span(id)),
            _ => None,
        }
    }

    pub(super) fn field_attributes(&self, origins: &[Origin]) -> Vec<Attribute> {
        let mut found = Vec::new();
        for origin in origins {
            if let Some(field) = self.field_tree(*origin) {
                trees::add_attributes(&mut found, &field.attrs.iter().collect::<Vec<_>>());
            }
        }
        found
    }

    /// The documentation of conjuncts; what they document is added to `fields`.
    pub(super) fn docs_of(
        &self,
        origins: &[Origin],
        fields: &mut Vec<&'a ast::Field>,
    ) -> Vec<CommentGroup> {
        let mut docs = Vec::new();
        for origin in origins {
            if let Origin::Term(Term {
                datum: Datum::Node(_),
                ..
            }) = origin
                && let Origin::Term(term) = origin
            {
                for group in self.docs(self.graph.view(*term)) {
                    docs.push(group);
                }
                continue;
            }
            let Some(field) = self.field_tree(*origin) else {
                continue;
            };
            if trees::is_shorthand(field) {
                continue;
            }
            fields.push(field);
            trees::add_docs(&mut docs, field.meta.comments.groups());
        }
        docs
    }

    /// The documentation of a field, that of the shorthands around it included.
    pub(super) fn docs(&self, value: Value<'a>) -> Vec<CommentGroup> {
        let mut fields = Vec::new();
        let mut docs = self.docs_of(&value.origins(), &mut fields);
        let mut at = value.parent();
        while let Some(parent) = at {
            let mut around = Vec::new();
            for origin in parent.origins() {
                let Origin::Decl(_) = origin else { continue };
                let Some(field) = self.field_tree(origin) else {
                    continue;
                };
                let Some(inner) = trees::is_shorthand(field)
                    .then(|| trees::nested(field))
                    .flatten()
                else {
                    continue;
                };
                if fields.iter().any(|child| std::ptr::eq(*child, inner)) {
                    around.push(field);
                    trees::add_docs(&mut docs, field.meta.comments.groups());
                }
            }
            fields = around;
            at = parent.parent();
        }
        docs
    }
}

/// How a kind of field is marked.
pub(super) fn constraint(kind: ArcKind) -> Option<ast::Constraint> {
    match kind {
        ArcKind::Required => Some(ast::Constraint::Required),
        ArcKind::Optional => Some(ast::Constraint::Optional),
        _ => None,
    }
}

/// The name by which a package is referred to when the import gives none.
pub(super) fn usual_name(path: &str) -> &str {
    if let Some((_, name)) = path.rsplit_once(':') {
        return name;
    }
    let path = path.split('@').next().unwrap_or(path);
    path.rsplit('/').next().unwrap_or(path)
}
