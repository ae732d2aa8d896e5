//! The syntax tree.
//!
//! An owned tree of plain structs: the parser makes it, the formatter prints it, the evaluator
//! compiles it, and all of them may build or rewrite parts of it. Three things are on every node,
//! gathered in its [`Meta`]: the [`Span`] of its text, the [`RelPos`] of its first token (how much
//! white space the author put before it, which is all that the formatter keeps of the original
//! layout), and its [`Comments`]. Tokens inside a node that matter for layout have a [`Pos`] of
//! their own. A node built by a program has a default `Meta` and the formatter chooses its layout.
//!
//! The shape follows cue v0.14.1 `cue/ast/ast.go`, typed more tightly where Go uses an interface
//! and a comment: an interpolation alternates text and expressions by construction, the body of a
//! comprehension is a struct, a selector is an identifier or a string.
//!
//! Example: `a: b?: 1 // one` is
//! `Field{label: a, value: Struct{no braces, [Field{label: b, constraint: Optional, value: 1}]}}`.
//!
//! Chains of binary operators lean to the left and may be very long, so [`BinaryExpr`] is dropped
//! and cloned in a loop; everything else is as deep as the parser's nesting budget at most.

mod build;
mod comment;
mod decl;
mod expr;
mod label;
mod operator;
mod walk;

pub(crate) use comment::insert_by_position;
pub use comment::{Comment, CommentGroup, Comments};
pub use decl::{
    Attribute, BadDecl, Constraint, Decl, EmbedDecl, Field, File, ImportDecl, ImportSpec, Package,
};
pub use expr::{
    Alias, BadExpr, BasicLit, BinaryExpr, BottomLit, CallExpr, Clause, Comprehension, Ellipsis,
    Expr, ForClause, Ident, IfClause, IndexExpr, Interpolation, InterpolationStep, LetClause,
    ListLit, LitKind, ParenExpr, Selector, SelectorExpr, SliceExpr, StructLit, UnaryExpr,
};
pub use label::{Label, LabelAlias, LabelName};
pub use operator::{BinaryOp, UnaryOp};
pub use walk::{Node, walk};

use source_vocab::Span;

/// How much white space stands before a token, the only layout that formatting keeps.
///
/// As `token.RelPos` of cue v0.14.1 `cue/token/position.go`; the order is from near to far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RelPos {
    /// Nothing is known: the formatter decides.
    #[default]
    None,
    /// The token is not written at all.
    Elided,
    /// Directly after the token before.
    NoSpace,
    /// After a blank.
    Blank,
    /// On a new line.
    Newline,
    /// After at least one blank line.
    NewSection,
}

/// The place of one token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pos {
    /// Absolute offset in the source map, 0 when the token is in no file.
    pub offset: u32,
    /// The white space before it.
    pub rel: RelPos,
}

impl Pos {
    /// A token that is not there, or about which nothing is known.
    pub const NONE: Self = Self {
        offset: 0,
        rel: RelPos::None,
    };

    /// A token in no file for which a layout is wished.
    pub const fn relative(rel: RelPos) -> Self {
        Self { offset: 0, rel }
    }

    /// Whether anything is known about the token.
    pub fn is_valid(self) -> bool {
        self != Self::NONE
    }

    /// Whether the token stands on a line of its own start.
    pub fn is_newline(self) -> bool {
        self.rel >= RelPos::Newline
    }
}

/// What every node has besides its parts.
#[derive(Clone, Debug, Default)]
pub struct Meta {
    /// The node's text, from its first to its last token; detached for a node made by a program.
    pub span: Span,
    /// The white space before the node's own first token. Nodes that begin with another node
    /// (binary expressions, fields, ...) leave it unset: see [`Expr::pos`].
    pub rel: RelPos,
    /// The number by which the parser finds this node again while it attaches comments.
    pub(crate) slot: u32,
    /// The comments at this node.
    pub comments: Comments,
}

impl Meta {
    /// A node of a file.
    pub fn new(span: Span, rel: RelPos) -> Self {
        Self {
            span,
            rel,
            slot: 0,
            comments: Comments::default(),
        }
    }

    /// The place of the node's first token.
    pub fn pos(&self) -> Pos {
        Pos {
            offset: self.span.lo,
            rel: self.rel,
        }
    }
}
