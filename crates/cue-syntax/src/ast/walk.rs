//! Visiting every node of a tree in source order.
//!
//! [`walk`] calls back before the children of a node; the callback says whether to go down. The left
//! spine of binary chains is walked in a loop.

use super::{
    Attribute, Clause, Comprehension, Decl, Expr, Field, File, Ident, ImportSpec, Label, LetClause,
    Selector, StructLit,
};
use std::ops::ControlFlow;

/// A node of any kind, as [`walk`] shows it.
#[derive(Clone, Copy, Debug)]
pub enum Node<'a> {
    /// A file.
    File(&'a File),
    /// A declaration.
    Decl(&'a Decl),
    /// A label.
    Label(&'a Label),
    /// An expression.
    Expr(&'a Expr),
    /// The body of a comprehension.
    Struct(&'a StructLit),
    /// A clause of a comprehension.
    Clause(&'a Clause),
    /// The name of a package, alias, let or loop variable, or a selector: it refers to nothing.
    Name(&'a Ident),
    /// One import.
    Import(&'a ImportSpec),
    /// An attribute of a field.
    Attribute(&'a Attribute),
}

/// Calls `before` for `node` and, while it answers [`ControlFlow::Continue`], for everything below
/// it, in the order of the source. [`ControlFlow::Break`] skips the parts of one node only.
pub fn walk<'a>(node: Node<'a>, before: &mut dyn FnMut(Node<'a>) -> ControlFlow<()>) {
    if before(node).is_break() {
        return;
    }
    match node {
        Node::File(file) => walk_decls(&file.decls, before),
        Node::Decl(decl) => walk_decl(decl, before),
        Node::Label(label) => walk_label(label, before),
        Node::Expr(expr) => walk_expr(expr, before),
        Node::Struct(body) => walk_decls(&body.elts, before),
        Node::Clause(clause) => walk_clause(clause, before),
        Node::Import(spec) => {
            if let Some(name) = &spec.name {
                walk(Node::Name(name), before);
            }
        }
        Node::Name(_) | Node::Attribute(_) => {}
    }
}

fn walk_decls<'a>(decls: &'a [Decl], before: &mut dyn FnMut(Node<'a>) -> ControlFlow<()>) {
    for decl in decls {
        walk(Node::Decl(decl), before);
    }
}

fn walk_decl<'a>(decl: &'a Decl, before: &mut dyn FnMut(Node<'a>) -> ControlFlow<()>) {
    match decl {
        Decl::Field(field) => walk_field(field, before),
        Decl::Let(clause) => walk_let(clause, before),
        Decl::Embed(embed) => walk(Node::Expr(&embed.expr), before),
        Decl::Comprehension(comprehension) => walk_comprehension(comprehension, before),
        Decl::Ellipsis(ellipsis) => {
            if let Some(element) = &ellipsis.element {
                walk(Node::Expr(element), before);
            }
        }
        Decl::Package(package) => walk(Node::Name(&package.name), before),
        Decl::Import(import) => {
            for spec in &import.specs {
                walk(Node::Import(spec), before);
            }
        }
        Decl::Alias(alias) => {
            walk(Node::Name(&alias.ident), before);
            walk(Node::Expr(&alias.expr), before);
        }
        Decl::Attribute(_) | Decl::Comment(_) | Decl::Bad(_) => {}
    }
}

fn walk_field<'a>(field: &'a Field, before: &mut dyn FnMut(Node<'a>) -> ControlFlow<()>) {
    walk(Node::Label(&field.label), before);
    walk(Node::Expr(&field.value), before);
    for attribute in &field.attrs {
        walk(Node::Attribute(attribute), before);
    }
}

fn walk_let<'a>(clause: &'a LetClause, before: &mut dyn FnMut(Node<'a>) -> ControlFlow<()>) {
    walk(Node::Name(&clause.ident), before);
    walk(Node::Expr(&clause.expr), before);
}

fn walk_comprehension<'a>(
    comprehension: &'a Comprehension,
    before: &mut dyn FnMut(Node<'a>) -> ControlFlow<()>,
) {
    for clause in &comprehension.clauses {
        walk(Node::Clause(clause), before);
    }
    walk(Node::Struct(&comprehension.value), before);
}

fn walk_clause<'a>(clause: &'a Clause, before: &mut dyn FnMut(Node<'a>) -> ControlFlow<()>) {
    match clause {
        Clause::For(x) => {
            if let Some(key) = &x.key {
                walk(Node::Name(key), before);
            }
            walk(Node::Name(&x.value), before);
            walk(Node::Expr(&x.source), before);
        }
        Clause::If(x) => walk(Node::Expr(&x.condition), before),
        Clause::Let(x) => walk_let(x, before),
    }
}

fn walk_label<'a>(label: &'a Label, before: &mut dyn FnMut(Node<'a>) -> ControlFlow<()>) {
    match label {
        Label::Ident(_) | Label::Basic(_) => {}
        Label::Interpolation(x) => {
            for step in &x.steps {
                walk(Node::Expr(&step.expr), before);
            }
        }
        Label::Paren(x) => walk(Node::Expr(&x.expr), before),
        Label::List(x) => {
            for element in &x.elts {
                walk(Node::Expr(element), before);
            }
        }
        Label::Alias(x) => {
            walk(Node::Name(&x.ident), before);
            walk(Node::Label(&x.label), before);
        }
    }
}

fn walk_expr<'a>(expr: &'a Expr, before: &mut dyn FnMut(Node<'a>) -> ControlFlow<()>) {
    match expr {
        Expr::Bad(_) | Expr::Bottom(_) | Expr::Ident(_) | Expr::Basic(_) => {}
        Expr::Interpolation(x) => {
            for step in &x.steps {
                walk(Node::Expr(&step.expr), before);
            }
        }
        Expr::Struct(x) => walk_decls(&x.elts, before),
        Expr::List(x) => {
            for element in &x.elts {
                walk(Node::Expr(element), before);
            }
        }
        Expr::Paren(x) => walk(Node::Expr(&x.expr), before),
        Expr::Selector(x) => {
            walk(Node::Expr(&x.base), before);
            if let Selector::Ident(ident) = &x.selector {
                walk(Node::Name(ident), before);
            }
        }
        Expr::Index(x) => {
            walk(Node::Expr(&x.base), before);
            walk(Node::Expr(&x.index), before);
        }
        Expr::Slice(x) => {
            walk(Node::Expr(&x.base), before);
            for bound in [&x.low, &x.high].into_iter().flatten() {
                walk(Node::Expr(bound), before);
            }
        }
        Expr::Call(x) => {
            walk(Node::Expr(&x.function), before);
            for argument in &x.args {
                walk(Node::Expr(argument), before);
            }
        }
        Expr::Unary(x) => walk(Node::Expr(&x.operand), before),
        Expr::Binary(_) => walk_chain(expr, before),
        Expr::Alias(x) => {
            walk(Node::Name(&x.ident), before);
            walk(Node::Expr(&x.expr), before);
        }
        Expr::Ellipsis(x) => {
            if let Some(element) = &x.element {
                walk(Node::Expr(element), before);
            }
        }
        Expr::Comprehension(x) => walk_comprehension(x, before),
    }
}

/// Walks below a binary expression that has been shown already.
fn walk_chain<'a>(top: &'a Expr, before: &mut dyn FnMut(Node<'a>) -> ControlFlow<()>) {
    let mut operands = Vec::new();
    let mut expr = top;
    while let Expr::Binary(binary) = expr {
        operands.push(&binary.right);
        expr = &binary.left;
        if matches!(expr, Expr::Binary(_)) && before(Node::Expr(expr)).is_break() {
            expr = top;
            break;
        }
    }
    if !matches!(expr, Expr::Binary(_)) {
        walk(Node::Expr(expr), before);
    }
    for operand in operands.into_iter().rev() {
        walk(Node::Expr(operand), before);
    }
}
