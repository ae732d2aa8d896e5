//! CUE text to syntax tree and back: scanner, parser, formatter.
//!
//! [`parse()`] turns a file into a tree, always, together with everything that is wrong with it;
//! [`format()`] turns a tree into text as `cue fmt` (v0.14.1) writes it; [`literal`] decodes and writes
//! strings and numbers. Nothing here evaluates, and nothing touches a disk, a clock or a thread.
//!
//! The way of a file: bytes → `scan` (tokens, with the commas that line ends imply) → `parse` (tree,
//! comments hung on nodes) → `scope` (the few checks of names that the parser of cue makes) →
//! [`Parsed`]. Every loop makes progress and nesting is bounded by [`Limits`], so hostile text ends
//! in a diagnostic.

pub mod ast;
pub mod format;
pub mod literal;
mod parse;
mod scan;
mod scope;
mod text;

pub use format::{format, format_decls, format_expr, format_made};
pub use parse::{Limits, Parsed, ParsedExpr, parse, parse_expr, parse_with};
pub use text::Text;
