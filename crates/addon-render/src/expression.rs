//! Trees as CUE syntax, each value with its place, so that what is injected shows where it came from.

use cue_engine::syntax::ast;
use goyaml::{Data, Entry, Magnitude, Tree};
use source_vocab::Span;

/// A tree as an expression.
pub(crate) fn of_tree(tree: &Tree) -> ast::Expr {
    let expr = match &tree.data {
        Data::Null => ast::Expr::Basic(ast::BasicLit::null()),
        Data::Bool(value) => ast::Expr::Basic(ast::BasicLit::boolean(*value)),
        Data::Number(number) => of_number(*number, tree.span),
        Data::String(text) => ast::Expr::string(text),
        Data::List(items) => ast::Expr::list(items.iter().map(of_tree).collect()),
        Data::Map(entries) => ast::Expr::structure(entries.iter().map(of_entry).collect()),
    };
    placed(expr, tree.span)
}

fn of_entry(entry: &Entry) -> ast::Decl {
    let mut label = ast::Label::regular(&entry.key);
    label.meta_mut().span = entry.key_span;
    let mut field = ast::Field::new(label, of_tree(&entry.value));
    // a value that is referred to stands in another file than its key
    field.meta.span = if entry.key_span.is_detached() {
        entry.value.span
    } else {
        entry.key_span
    };
    ast::Decl::Field(Box::new(field))
}

/// A number as `encoding/json` writes it: whole floats have no fraction, so CUE reads them as integers.
fn of_number(number: Magnitude, span: Span) -> ast::Expr {
    let text = number.to_number().map(|number| number.to_string());
    let text = text.unwrap_or_default();
    let digits = text.strip_prefix('-').unwrap_or(&text);
    let literal = if digits.contains(['.', 'e', 'E']) {
        ast::Expr::float(digits)
    } else {
        ast::Expr::int(digits)
    };
    if digits.len() == text.len() {
        literal
    } else {
        ast::Expr::unary(ast::UnaryOp::Minus, placed(literal, span))
    }
}

/// The same expression at a place.
pub(crate) fn placed(mut expr: ast::Expr, span: Span) -> ast::Expr {
    expr.meta_mut().span = span;
    expr
}
