//! Moves the comments from the table of the parser into the tree.
//!
//! One walk over all nodes; only files with comments pay for it.

use super::comment::Table;
use crate::ast::{
    Alias, Clause, Comprehension, Decl, Expr, Field, File, Label, LetClause, Meta, Selector,
    StructLit,
};

/// Puts the comments of each slot on the node that has it.
pub(super) fn attach(file: &mut File, mut table: Table) {
    if table.is_empty() {
        return;
    }
    let mut walk = Attach { table: &mut table };
    walk.meta(&mut file.meta);
    walk.decls(&mut file.decls);
}

/// As [`attach`], for an expression of its own.
pub(super) fn attach_expr(expr: &mut Expr, mut table: Table) {
    if !table.is_empty() {
        Attach { table: &mut table }.expr(expr);
    }
}

struct Attach<'a> {
    table: &'a mut Table,
}

impl Attach<'_> {
    fn meta(&mut self, meta: &mut Meta) {
        if meta.slot != 0
            && let Some(groups) = self.table.remove(&meta.slot)
        {
            meta.comments.set(groups);
        }
    }

    fn decls(&mut self, decls: &mut [Decl]) {
        for decl in decls {
            self.decl(decl);
        }
    }

    fn decl(&mut self, decl: &mut Decl) {
        if let Some(meta) = decl.meta_mut() {
            self.meta(meta);
        }
        match decl {
            Decl::Field(field) => self.field(field),
            Decl::Let(clause) => self.let_clause(clause),
            Decl::Embed(embed) => self.expr(&mut embed.expr),
            Decl::Comprehension(comprehension) => self.comprehension(comprehension),
            Decl::Ellipsis(ellipsis) => {
                if let Some(element) = &mut ellipsis.element {
                    self.expr(element);
                }
            }
            Decl::Package(package) => self.meta(&mut package.name.meta),
            Decl::Import(import) => {
                for spec in &mut import.specs {
                    self.meta(&mut spec.meta);
                    if let Some(name) = &mut spec.name {
                        self.meta(&mut name.meta);
                    }
                    self.meta(&mut spec.path.meta);
                }
            }
            Decl::Alias(alias) => self.alias(alias),
            Decl::Attribute(_) | Decl::Comment(_) | Decl::Bad(_) => {}
        }
    }

    fn field(&mut self, field: &mut Field) {
        self.label(&mut field.label);
        self.expr(&mut field.value);
        for attribute in &mut field.attrs {
            self.meta(&mut attribute.meta);
        }
    }

    fn label(&mut self, label: &mut Label) {
        self.meta(label.meta_mut());
        match label {
            Label::Ident(_) | Label::Basic(_) => {}
            Label::Interpolation(x) => {
                self.meta(&mut x.first.meta);
                for step in &mut x.steps {
                    self.expr(&mut step.expr);
                    self.meta(&mut step.text.meta);
                }
            }
            Label::Paren(x) => self.expr(&mut x.expr),
            Label::List(x) => self.exprs(&mut x.elts),
            Label::Alias(x) => {
                self.meta(&mut x.ident.meta);
                self.label(&mut x.label);
            }
        }
    }

    fn alias(&mut self, alias: &mut Alias) {
        self.meta(&mut alias.ident.meta);
        self.expr(&mut alias.expr);
    }

    fn let_clause(&mut self, clause: &mut LetClause) {
        self.meta(&mut clause.ident.meta);
        self.expr(&mut clause.expr);
    }

    fn comprehension(&mut self, comprehension: &mut Comprehension) {
        for clause in &mut comprehension.clauses {
            self.meta(clause.meta_mut());
            match clause {
                Clause::For(x) => {
                    if let Some(key) = &mut x.key {
                        self.meta(&mut key.meta);
                    }
                    self.meta(&mut x.value.meta);
                    self.expr(&mut x.source);
                }
                Clause::If(x) => self.expr(&mut x.condition),
                Clause::Let(x) => self.let_clause(x),
            }
        }
        self.structure(&mut comprehension.value);
    }

    fn structure(&mut self, body: &mut StructLit) {
        self.meta(&mut body.meta);
        self.decls(&mut body.elts);
    }

    fn exprs(&mut self, exprs: &mut [Expr]) {
        for expr in exprs {
            self.expr(expr);
        }
    }

    fn expr(&mut self, expr: &mut Expr) {
        let mut next = expr;
        // the left side of a chain is walked in the loop
        loop {
            self.meta(next.meta_mut());
            match next {
                Expr::Binary(x) => {
                    self.expr(&mut x.right);
                    next = &mut x.left;
                }
                Expr::Selector(x) => {
                    match &mut x.selector {
                        Selector::Ident(ident) => self.meta(&mut ident.meta),
                        Selector::String(text) => self.meta(&mut text.meta),
                    }
                    next = &mut x.base;
                }
                Expr::Index(x) => {
                    self.expr(&mut x.index);
                    next = &mut x.base;
                }
                Expr::Slice(x) => {
                    if let Some(low) = &mut x.low {
                        self.expr(low);
                    }
                    if let Some(high) = &mut x.high {
                        self.expr(high);
                    }
                    next = &mut x.base;
                }
                Expr::Call(x) => {
                    self.exprs(&mut x.args);
                    next = &mut x.function;
                }
                Expr::Unary(x) => next = &mut x.operand,
                Expr::Paren(x) => next = &mut x.expr,
                Expr::Interpolation(x) => {
                    self.meta(&mut x.first.meta);
                    for step in &mut x.steps {
                        self.expr(&mut step.expr);
                        self.meta(&mut step.text.meta);
                    }
                    return;
                }
                Expr::Struct(x) => {
                    self.decls(&mut x.elts);
                    return;
                }
                Expr::List(x) => {
                    self.exprs(&mut x.elts);
                    return;
                }
                Expr::Alias(x) => {
                    self.meta(&mut x.ident.meta);
                    next = &mut x.expr;
                }
                Expr::Ellipsis(x) => match &mut x.element {
                    Some(element) => next = element,
                    None => return,
                },
                Expr::Comprehension(x) => {
                    self.comprehension(x);
                    return;
                }
                Expr::Bad(_) | Expr::Bottom(_) | Expr::Ident(_) | Expr::Basic(_) => return,
            }
        }
    }
}
