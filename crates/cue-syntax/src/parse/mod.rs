//! Text to tree.
//!
//! Recursive descent with one token of look-ahead, in the shape of the grammar: [`mod@file`] reads
//! clauses and imports, [`decl`] what stands in a struct, [`clause`] comprehensions,
//! [`expr`] expressions and [`operand`] what they are made of. A wrong text still gives a
//! tree: a `Bad` node where nothing fits, and reading goes on at the next comma. Of several errors on one line only the first is kept, since the
//! others are mostly its consequences. [`cursor`] owns the token at hand, the errors and the budget: when
//! [`Limits`] are passed, it reports that once and pretends that the text ends.
//!
//! Which texts are accepted, and where the first error is, follows cue v0.14.1 `cue/parser/parser.go`.

mod attach;
mod clause;
mod comment;
mod cursor;
mod decl;
mod expr;
mod file;
mod operand;

use crate::ast;
use crate::scope;
use cursor::Cursor;
use source_vocab::{Diagnostic, SourceFile};

/// How deep and long the parser goes before it gives up with a diagnostic.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How deep structs, lists, parentheses and the like may nest.
    pub nesting: u32,
    /// How many operators may follow each other in one chain: the tree is as deep on its left.
    pub chain: u32,
    /// How many bytes of the caller's stack the parser may use. Nesting within its limit may still
    /// need more than a thread has; this keeps it from overflowing.
    pub stack: usize,
    /// How many tokens a file may have, which bounds the size of its tree.
    pub tokens: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            nesting: 1_000,
            chain: 2_500,
            stack: 1 << 20,
            tokens: 2_500_000,
        }
    }
}

/// A file as far as it could be read.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// The tree; where the text is wrong it has `Bad` nodes or gaps.
    pub file: ast::File,
    /// What is wrong, in the order of the text; empty for a correct file.
    pub errors: Vec<Diagnostic>,
}

/// An expression as far as it could be read.
#[derive(Clone, Debug)]
pub struct ParsedExpr {
    /// The tree.
    pub expr: ast::Expr,
    /// What is wrong, in the order of the text.
    pub errors: Vec<Diagnostic>,
}

/// Reads a file, with the default limits.
pub fn parse(source: &SourceFile) -> Parsed {
    parse_with(source, Limits::default())
}

/// Reads a file, within `limits`.
pub fn parse_with(source: &SourceFile, limits: Limits) -> Parsed {
    let mut cursor = Cursor::new(source, limits);
    let mut file = cursor.file();
    let (table, mut errors) = cursor.finish();
    attach::attach(&mut file, table);
    errors.extend(scope::check(&file));
    Parsed {
        file,
        errors: in_order(errors),
    }
}

/// Reads a file that holds one expression, as cue's `-e` and `-l` flags do.
pub fn parse_expr(source: &SourceFile) -> ParsedExpr {
    let mut cursor = Cursor::new(source, Limits::default());
    let mut expr = cursor.whole_expr();
    let (table, mut errors) = cursor.finish();
    attach::attach_expr(&mut expr, table);
    errors.extend(scope::check_expr(&expr));
    ParsedExpr {
        expr,
        errors: in_order(errors),
    }
}

fn in_order(mut errors: Vec<Diagnostic>) -> Vec<Diagnostic> {
    errors.sort_by_key(|error| match error.primary.place {
        source_vocab::Place::Text(span) => span.lo,
        _ => 0,
    });
    errors
}
