//! Files, packages, imports, fields and the other things that stand in a struct.

use super::{
    Alias, BasicLit, CommentGroup, Comprehension, Ellipsis, Expr, Ident, Label, LetClause, Meta,
    Pos,
};
use crate::Text;
use source_vocab::Span;

/// A source file.
#[derive(Clone, Debug, Default)]
pub struct File {
    /// The whole text, and comments that belong to nothing else.
    pub meta: Meta,
    /// Attributes, the package clause, imports, and then fields and their like.
    pub decls: Vec<Decl>,
}

impl File {
    /// The package clause.
    pub fn package(&self) -> Option<&Package> {
        self.decls.iter().find_map(|decl| match decl {
            Decl::Package(package) => Some(&**package),
            _ => None,
        })
    }

    /// The package's name; `None` without a clause and for `package _`.
    pub fn package_name(&self) -> Option<&str> {
        self.package()
            .map(|package| package.name.name.as_str())
            .filter(|name| *name != "_")
    }

    /// All imports, in order.
    pub fn imports(&self) -> impl Iterator<Item = &ImportSpec> {
        self.decls
            .iter()
            .filter_map(|decl| match decl {
                Decl::Import(import) => Some(&import.specs),
                _ => None,
            })
            .flatten()
    }
}

/// One thing in a file or struct.
#[derive(Clone, Debug)]
pub enum Decl {
    /// `a: 1`
    Field(Box<Field>),
    /// `let x = 1`
    Let(Box<LetClause>),
    /// An expression that stands for itself: `#A`, `{...}`, `5`.
    Embed(Box<EmbedDecl>),
    /// `if x {...}`, `for x in y {...}`.
    Comprehension(Box<Comprehension>),
    /// `...`
    Ellipsis(Box<Ellipsis>),
    /// `@attr(...)` on its own.
    Attribute(Box<Attribute>),
    /// `package a`
    Package(Box<Package>),
    /// `import "a"`
    Import(Box<ImportDecl>),
    /// `X = expr`, no longer allowed: always comes with a diagnostic.
    Alias(Box<Alias>),
    /// Comments that belong to no other declaration; only in trees made by programs.
    Comment(Box<CommentGroup>),
    /// Text that is no declaration: always comes with a diagnostic.
    Bad(Box<BadDecl>),
}

impl Decl {
    /// Place and comments; `None` for a comment.
    pub fn meta(&self) -> Option<&Meta> {
        Some(match self {
            Self::Field(x) => &x.meta,
            Self::Let(x) => &x.meta,
            Self::Embed(x) => &x.meta,
            Self::Comprehension(x) => &x.meta,
            Self::Ellipsis(x) => &x.meta,
            Self::Attribute(x) => &x.meta,
            Self::Package(x) => &x.meta,
            Self::Import(x) => &x.meta,
            Self::Alias(x) => &x.meta,
            Self::Bad(x) => &x.meta,
            Self::Comment(_) => return None,
        })
    }

    /// Place and comments, to change them; `None` for a comment.
    pub fn meta_mut(&mut self) -> Option<&mut Meta> {
        Some(match self {
            Self::Field(x) => &mut x.meta,
            Self::Let(x) => &mut x.meta,
            Self::Embed(x) => &mut x.meta,
            Self::Comprehension(x) => &mut x.meta,
            Self::Ellipsis(x) => &mut x.meta,
            Self::Attribute(x) => &mut x.meta,
            Self::Package(x) => &mut x.meta,
            Self::Import(x) => &mut x.meta,
            Self::Alias(x) => &mut x.meta,
            Self::Bad(x) => &mut x.meta,
            Self::Comment(_) => return None,
        })
    }

    /// The text of the declaration.
    pub fn span(&self) -> Span {
        self.meta().map_or(Span::DETACHED, |meta| meta.span)
    }

    /// The comments of the declaration.
    pub fn comments(&self) -> &[CommentGroup] {
        self.meta().map_or(&[], |meta| meta.comments.groups())
    }

    /// The place of the first token.
    pub fn pos(&self) -> Pos {
        match self {
            Self::Field(x) => x.label.pos(),
            Self::Let(x) => x.meta.pos(),
            Self::Embed(x) => x.expr.pos(),
            Self::Comprehension(x) => x.pos(),
            Self::Ellipsis(x) => x.meta.pos(),
            Self::Attribute(x) => x.meta.pos(),
            Self::Package(x) => x.meta.pos(),
            Self::Import(x) => x.meta.pos(),
            Self::Alias(x) => x.ident.meta.pos(),
            Self::Bad(x) => x.meta.pos(),
            Self::Comment(x) => x.pos(),
        }
    }
}

/// Whether a field must be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Constraint {
    /// `a?: `
    Optional,
    /// `a!: `
    Required,
}

impl Constraint {
    /// The mark as written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Optional => "?",
            Self::Required => "!",
        }
    }
}

/// `label: value @attr()`, and with the label `[pattern]` a pattern constraint.
#[derive(Clone, Debug)]
pub struct Field {
    /// Place and comments.
    pub meta: Meta,
    /// What stands before the colon.
    pub label: Label,
    /// `?` or `!` after the label.
    pub constraint: Option<Constraint>,
    /// Where the mark of the constraint is.
    pub constraint_pos: Pos,
    /// Where the colon is.
    pub colon: Pos,
    /// What stands after the colon; an [`Expr::Alias`] for `a: X={...}`.
    pub value: Expr,
    /// The attributes at the end.
    pub attrs: Vec<Attribute>,
}

/// An expression embedded in a struct or file.
#[derive(Clone, Debug)]
pub struct EmbedDecl {
    /// Place and comments.
    pub meta: Meta,
    /// What is embedded.
    pub expr: Expr,
}

/// `@name(body)`.
#[derive(Clone, Debug)]
pub struct Attribute {
    /// Place and comments.
    pub meta: Meta,
    /// The whole text.
    pub text: Text,
}

impl Attribute {
    /// The text between `@` and the first parenthesis, and that inside the parentheses; both empty
    /// when the text has no such form.
    pub fn split(&self) -> (&str, &str) {
        let whole = self.text.as_str();
        whole
            .strip_prefix('@')
            .and_then(|rest| rest.strip_suffix(')'))
            .and_then(|rest| rest.split_once('('))
            .unwrap_or_default()
    }
}

/// `package name`.
#[derive(Clone, Debug)]
pub struct Package {
    /// Place and comments.
    pub meta: Meta,
    /// The name.
    pub name: Ident,
}

/// `import "a"` or `import (...)`.
#[derive(Clone, Debug)]
pub struct ImportDecl {
    /// Place and comments.
    pub meta: Meta,
    /// Where `(` is, invalid without parentheses.
    pub lparen: Pos,
    /// What is imported.
    pub specs: Vec<ImportSpec>,
    /// Where `)` is, invalid without parentheses.
    pub rparen: Pos,
}

/// `name "path"`.
#[derive(Clone, Debug)]
pub struct ImportSpec {
    /// Place and comments.
    pub meta: Meta,
    /// The name given here.
    pub name: Option<Ident>,
    /// The path, a string literal.
    pub path: BasicLit,
}

impl ImportSpec {
    /// The place of the first token.
    pub fn pos(&self) -> Pos {
        self.name
            .as_ref()
            .map_or_else(|| self.path.meta.pos(), |name| name.meta.pos())
    }
}

/// Text that could not be read as a declaration.
#[derive(Clone, Debug)]
pub struct BadDecl {
    /// Place and comments.
    pub meta: Meta,
}
