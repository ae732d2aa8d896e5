//! What a CUE file may hold when it is given as `data:`.
//!
//! As cue v0.14.1 `internal/encoding` (validation by form): data is structs of plain fields, lists
//! and literals. Whatever would have to be evaluated is refused, at the first place found.

use cue_engine::syntax::ast::{Decl, Expr, File, Label};

/// The first construct of `file` that data does not have, as a plural noun.
pub(super) fn beyond_data(file: &File) -> Option<&'static str> {
    file.decls.iter().find_map(declaration)
}

fn declaration(decl: &Decl) -> Option<&'static str> {
    match decl {
        Decl::Field(field) => match (&field.label, field.constraint) {
            (_, Some(_)) => Some("field constraints"),
            (Label::Ident(_) | Label::Basic(_), None) => expression(&field.value),
            _ => Some("computed labels"),
        },
        Decl::Attribute(_) | Decl::Package(_) => None,
        Decl::Embed(embed) => expression(&embed.expr),
        Decl::Let(_) => Some("let clauses"),
        Decl::Comprehension(_) => Some("comprehensions"),
        Decl::Import(_) => Some("imports"),
        _ => Some("ellipses"),
    }
}

fn expression(expr: &Expr) -> Option<&'static str> {
    match expr {
        Expr::Basic(_) => None,
        Expr::Struct(value) => value.elts.iter().find_map(declaration),
        Expr::List(value) => value.elts.iter().find_map(expression),
        Expr::Paren(_) => Some("parentheses"),
        Expr::Unary(unary) if matches!(unary.operand, Expr::Basic(_)) => None,
        Expr::Ident(_) | Expr::Selector(_) | Expr::Index(_) | Expr::Slice(_) => Some("references"),
        _ => Some("expressions"),
    }
}
