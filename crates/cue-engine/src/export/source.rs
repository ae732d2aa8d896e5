//! A package of one file as `cue def` prints it.
//!
//! `cue def` does not print values but what the package says: expressions, definitions and documentation stay.
//! For a package of a single file in which no field is given twice that is the file itself, laid out anew, with labels unquoted and
//! without comments that document nothing. Other packages would have to be merged first; there is `None` for them.

use cue_syntax::ast::{CommentGroup, Decl, Expr, File, Label, LabelName, Meta, RelPos, StructLit};
use cue_syntax::format::{Options, format};
use std::collections::BTreeSet;

/// The text of the file as its definition; `None` when fields would have to be merged.
pub fn definition(file: &File) -> Option<String> {
    let mut copy = file.clone();
    strip_decls(&mut copy.decls)?;
    let text = format(&copy, Options { simplify: true });
    Some(text)
}

/// Keeps the documentation of a node and drops its other comments.
fn strip(meta: &mut Meta) {
    let groups = meta.comments.take();
    let kept: Vec<CommentGroup> = groups.into_iter().filter(|group| group.doc).collect();
    meta.comments.set(kept);
}

fn strip_decls(decls: &mut [Decl]) -> Option<()> {
    let mut names = BTreeSet::new();
    for decl in decls {
        // what stands beside the package clause is about the package
        if !matches!(decl, Decl::Package(_))
            && let Some(meta) = decl.meta_mut()
        {
            strip(meta);
        }
        match decl {
            Decl::Field(field) => {
                let name = match field.label.name() {
                    LabelName::Ident(name) | LabelName::Quoted(name) => Some(name),
                    LabelName::Dynamic | LabelName::Invalid => None,
                };
                if name.is_some_and(|name| !names.insert(name)) {
                    return None;
                }
                strip_label(&mut field.label);
                strip_expr(&mut field.value)?;
            }
            Decl::Embed(embed) => strip_expr(&mut embed.expr)?,
            Decl::Let(clause) => strip_expr(&mut clause.expr)?,
            Decl::Comprehension(comprehension) => {
                strip(&mut comprehension.value.meta);
                strip_decls(&mut comprehension.value.elts)?;
            }
            Decl::Ellipsis(_)
            | Decl::Attribute(_)
            | Decl::Package(_)
            | Decl::Import(_)
            | Decl::Alias(_)
            | Decl::Comment(_)
            | Decl::Bad(_) => {}
        }
    }
    Some(())
}

/// A struct on one line gets a line for each of its parts.
fn unfold(body: &mut StructLit) {
    if !body.one_line {
        return;
    }
    body.one_line = false;
    body.rbrace.rel = RelPos::None;
    for decl in &mut body.elts {
        match decl {
            Decl::Field(field) => field.label.meta_mut().rel = RelPos::None,
            Decl::Embed(embed) => embed.expr.meta_mut().rel = RelPos::None,
            decl => {
                if let Some(meta) = decl.meta_mut() {
                    meta.rel = RelPos::None;
                }
            }
        }
    }
}

fn strip_label(label: &mut Label) {
    strip(label.meta_mut());
}

fn strip_expr(expr: &mut Expr) -> Option<()> {
    let mut next = expr;
    loop {
        strip(next.meta_mut());
        match next {
            Expr::Struct(body) => {
                unfold(body);
                return strip_decls(&mut body.elts);
            }
            Expr::List(list) => {
                for element in &mut list.elts {
                    strip_expr(element)?;
                }
                return Some(());
            }
            Expr::Binary(binary) => {
                strip_expr(&mut binary.right)?;
                next = &mut binary.left;
            }
            Expr::Unary(unary) => next = &mut unary.operand,
            Expr::Paren(paren) => next = &mut paren.expr,
            Expr::Alias(alias) => next = &mut alias.expr,
            Expr::Call(call) => {
                for arg in &mut call.args {
                    strip_expr(arg)?;
                }
                next = &mut call.function;
            }
            Expr::Selector(selector) => next = &mut selector.base,
            Expr::Index(index) => {
                strip_expr(&mut index.index)?;
                next = &mut index.base;
            }
            _ => return Some(()),
        }
    }
}
