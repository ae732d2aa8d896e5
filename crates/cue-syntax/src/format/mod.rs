//! Tree to text, as `cue fmt` writes it.

use crate::ast::{Decl, Expr, File};

/// How to format.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Drop quotes and braces that are not needed, as `cue fmt -s`.
    pub simplify: bool,
}

/// The text of a file.
pub fn format(file: &File, options: Options) -> String {
    let _ = (file, options);
    String::new()
}

/// The text of an expression, without a final line feed.
pub fn format_expr(expr: &Expr, options: Options) -> String {
    let _ = (expr, options);
    String::new()
}

/// The text of declarations, as they would stand in a file.
pub fn format_decls(decls: &[Decl], options: Options) -> String {
    let _ = (decls, options);
    String::new()
}
