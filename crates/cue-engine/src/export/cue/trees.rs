//! The trees that a program was lowered from, found again by their places.
//!
//! The evaluator keeps spans, not trees. Printing needs what only the trees know: documentation, attributes, aliases and the
//! layout of clauses. No two nodes of one kind share a place, so an index by span and kind finds each again; a node without a
//! place (made by a program, or of a builtin package) is not in it.

use crate::session::Package;
use cue_syntax::ast::{Attribute, CommentGroup, Comprehension, Decl, Expr, Field, File, StructLit};
use rustc_hash::FxHashMap;
use source_vocab::Span;

/// An index of the trees of a package and of all that it imports.
#[derive(Debug, Default)]
pub(super) struct Trees<'a> {
    fields: FxHashMap<Span, &'a Field>,
    structs: FxHashMap<Span, &'a StructLit>,
    files: FxHashMap<Span, &'a File>,
    comprehensions: FxHashMap<Span, &'a Comprehension>,
}

impl<'a> Trees<'a> {
    /// The index of a package and of further files that were evaluated with it.
    pub(super) fn new(package: &'a Package, extra: impl IntoIterator<Item = &'a File>) -> Self {
        let mut trees = Self::default();
        let own = package.units.iter().flat_map(|unit| &unit.files);
        for file in own.chain(extra) {
            trees.files.insert(file.meta.span, file);
            trees.decls(&file.decls);
        }
        trees.fields.remove(&Span::DETACHED);
        trees.structs.remove(&Span::DETACHED);
        trees.files.remove(&Span::DETACHED);
        trees
    }

    pub(super) fn field(&self, at: Span) -> Option<&'a Field> {
        self.fields.get(&at).copied()
    }

    pub(super) fn comprehension(&self, at: Span) -> Option<&'a Comprehension> {
        self.comprehensions.get(&at).copied()
    }

    pub(super) fn file(&self, at: Span) -> Option<&'a File> {
        self.files.get(&at).copied()
    }

    /// The declarations of a struct literal or file.
    pub(super) fn body(&self, at: Span) -> Option<&'a [Decl]> {
        match self.structs.get(&at) {
            Some(lit) => Some(&lit.elts),
            None => self.file(at).map(|file| file.decls.as_slice()),
        }
    }

    fn decls(&mut self, decls: &'a [Decl]) {
        for decl in decls {
            match decl {
                Decl::Field(field) => {
                    self.fields.insert(field.meta.span, field);
                    if let cue_syntax::ast::Label::List(list) = field.label.unaliased() {
                        for element in &list.elts {
                            self.expr(element);
                        }
                    }
                    self.expr(&field.value);
                }
                Decl::Let(clause) => self.expr(&clause.expr),
                Decl::Embed(embed) => self.expr(&embed.expr),
                Decl::Comprehension(comprehension) => self.comprehended(comprehension),
                Decl::Ellipsis(ellipsis) => {
                    if let Some(element) = &ellipsis.element {
                        self.expr(element);
                    }
                }
                _ => {}
            }
        }
    }

    fn comprehended(&mut self, comprehension: &'a Comprehension) {
        self.comprehensions
            .insert(comprehension.meta.span, comprehension);
        for clause in &comprehension.clauses {
            match clause {
                cue_syntax::ast::Clause::For(clause) => self.expr(&clause.source),
                cue_syntax::ast::Clause::If(clause) => self.expr(&clause.condition),
                cue_syntax::ast::Clause::Let(clause) => self.expr(&clause.expr),
            }
        }
        self.structs
            .insert(comprehension.value.meta.span, &comprehension.value);
        self.decls(&comprehension.value.elts);
    }

    fn expr(&mut self, expr: &'a Expr) {
        let mut next = expr;
        loop {
            match next {
                Expr::Struct(lit) => {
                    self.structs.insert(lit.meta.span, lit);
                    return self.decls(&lit.elts);
                }
                Expr::List(list) => {
                    for element in &list.elts {
                        self.expr(element);
                    }
                    return;
                }
                Expr::Binary(binary) => {
                    self.expr(&binary.right);
                    next = &binary.left;
                }
                Expr::Unary(unary) => next = &unary.operand,
                Expr::Paren(paren) => next = &paren.expr,
                Expr::Alias(alias) => next = &alias.expr,
                Expr::Selector(selector) => next = &selector.base,
                Expr::Call(call) => {
                    for arg in &call.args {
                        self.expr(arg);
                    }
                    next = &call.function;
                }
                Expr::Index(index) => {
                    self.expr(&index.index);
                    next = &index.base;
                }
                Expr::Slice(slice) => next = &slice.base,
                Expr::Interpolation(interpolation) => {
                    for step in &interpolation.steps {
                        self.expr(&step.expr);
                    }
                    return;
                }
                Expr::Comprehension(comprehension) => return self.comprehended(comprehension),
                Expr::Ellipsis(ellipsis) => match &ellipsis.element {
                    Some(element) => next = element,
                    None => return,
                },
                Expr::Bad(_) | Expr::Bottom(_) | Expr::Ident(_) | Expr::Basic(_) => return,
            }
        }
    }
}

/// The one field that a struct without braces holds: `b: 1` in `a: b: 1`.
pub(super) fn nested(field: &Field) -> Option<&Field> {
    let Expr::Struct(lit) = &field.value else {
        return None;
    };
    match lit.elts.as_slice() {
        [Decl::Field(inner)] if !lit.has_braces() => Some(inner),
        _ => None,
    }
}

/// Whether the field is written as a shorthand, so that its comment is about what is nested in it.
pub(super) fn is_shorthand(field: &Field) -> bool {
    use cue_syntax::ast::LabelName;
    nested(field).is_some_and(|inner| {
        matches!(
            inner.label.name(),
            LabelName::Ident(_) | LabelName::Quoted(_)
        )
    })
}

/// Adds the documentation of a node to that found before, each text once.
pub(super) fn add_docs(docs: &mut Vec<CommentGroup>, comments: &[CommentGroup]) {
    for group in comments.iter().filter(|group| group.doc) {
        if !docs.iter().any(|known| known.text() == group.text()) {
            docs.push(group.clone());
        }
    }
}

/// Adds attributes that are not there yet.
pub(super) fn add_attributes(found: &mut Vec<Attribute>, more: &[&Attribute]) {
    for attribute in more {
        if !found.iter().any(|known| known.text == attribute.text) {
            found.push(Attribute {
                meta: cue_syntax::ast::Meta::default(),
                text: attribute.text.clone(),
            });
        }
    }
}
