//! The file that schemas and definitions make.
//!
//! The schema of the root becomes the top of the file; each definition a field at its path, sorted by kind of name and name. When
//! something refers to the root it gets a name, `_schema`.

use cue_syntax::ast::{self, Decl, Expr, RelPos};
use std::collections::BTreeMap;

/// The name of the root where something refers to it.
const ROOT: &str = "_schema";

/// How names of one level are sorted: regular ones, definitions, hidden ones.
fn order(name: &str) -> (u8, String) {
    let kind = if name.starts_with('_') {
        2
    } else {
        u8::from(name.starts_with('#'))
    };
    (kind, name.to_owned())
}

#[derive(Debug, Default)]
struct Node {
    name: String,
    value: Option<Expr>,
    comment: Option<String>,
    entries: BTreeMap<(u8, String), Self>,
}

/// What has been read so far.
#[derive(Debug, Default)]
pub(super) struct Builder {
    root: Node,
    refers_to_root: bool,
}

fn label(name: &str, is_first: bool) -> ast::Label {
    if is_first {
        ast::Label::Ident(ast::Ident::new(name))
    } else {
        ast::Label::Basic(ast::BasicLit::string(name))
    }
}

impl Builder {
    /// Puts a schema at a path; false when there is one already.
    pub(super) fn put(&mut self, path: &[String], value: Expr, comment: Option<String>) -> bool {
        let mut at = &mut self.root;
        for name in path {
            at = at.entries.entry(order(name)).or_default();
            name.clone_into(&mut at.name);
        }
        if at.value.is_some() {
            return false;
        }
        at.value = Some(value);
        at.comment = comment;
        true
    }

    /// A reference to the schema at a path.
    pub(super) fn reference(&mut self, path: &[String]) -> Expr {
        let Some((first, rest)) = path.split_first() else {
            self.refers_to_root = true;
            return Expr::ident(ROOT);
        };
        rest.iter().fold(Expr::ident(first.as_str()), |base, name| {
            Expr::Selector(Box::new(ast::SelectorExpr {
                meta: ast::Meta::default(),
                base,
                selector: ast::Selector::String(ast::BasicLit::string(name)),
            }))
        })
    }

    /// The file, and the comment of the root.
    pub(super) fn file(&mut self) -> (ast::File, Option<String>) {
        let mut root = std::mem::take(&mut self.root);
        let comment = root.comment.take();
        let mut decls = Vec::new();
        root.decls(&mut Vec::new(), &mut decls);
        if self.refers_to_root {
            let value = expr(decls);
            decls = vec![
                Decl::embed(Expr::ident(ROOT)),
                Decl::field(ast::Label::Ident(ast::Ident::new(ROOT)), value),
            ];
        }
        let file = ast::File {
            meta: ast::Meta::default(),
            decls,
        };
        (file, comment)
    }
}

/// Declarations as an expression.
fn expr(mut decls: Vec<Decl>) -> Expr {
    if let [Decl::Embed(_)] = decls.as_slice()
        && let Some(Decl::Embed(embed)) = decls.pop()
    {
        return embed.expr;
    }
    Expr::structure(decls)
}

impl Node {
    fn decls(self, path: &mut Vec<String>, out: &mut Vec<Decl>) {
        let Self {
            value,
            comment,
            entries,
            ..
        } = self;
        let Some(value) = value else {
            for (_, entry) in entries {
                path.push(entry.name.clone());
                entry.decls(path, out);
                path.pop();
            }
            return;
        };
        if entries.is_empty() {
            add(path, value, comment.as_deref(), out);
            return;
        }
        // the value may be a scalar: it and what is defined below it need a struct
        let mut inner = Vec::new();
        add(&[], value, None, &mut inner);
        for (_, entry) in entries {
            entry_decls(entry, &mut inner);
        }
        add(path, expr(inner), comment.as_deref(), out);
    }
}

fn entry_decls(entry: Node, out: &mut Vec<Decl>) {
    let mut path = vec![entry.name.clone()];
    entry.decls(&mut path, out);
}

/// Adds a value at a path.
fn add(path: &[String], value: Expr, comment: Option<&str>, out: &mut Vec<Decl>) {
    if path.is_empty() {
        match value {
            Expr::Struct(lit) => out.extend(lit.elts),
            mut other => {
                other.meta_mut().rel = RelPos::NewSection;
                out.push(Decl::embed(other));
            }
        }
        return;
    }
    let mut value = value;
    for (at, name) in path.iter().enumerate().rev() {
        let mut field = ast::Field::new(label(name, at == 0), value);
        if at == 0 {
            field.label.meta_mut().rel = RelPos::NewSection;
            if let Some(text) = comment {
                field.meta.comments.add(ast::CommentGroup::doc(text));
            }
            out.push(Decl::Field(Box::new(field)));
            return;
        }
        value = Expr::Struct(Box::new(ast::StructLit::without_braces(vec![Decl::Field(
            Box::new(field),
        )])));
    }
}
