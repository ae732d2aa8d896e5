//! Expressions and the clauses of comprehensions.
//!
//! Leaves lie inside [`Expr`] itself, everything with parts is boxed, so an expression takes 64
//! bytes and a list of literals is one allocation.

use super::{BinaryOp, CommentGroup, Decl, Label, Meta, Pos, UnaryOp};
use crate::Text;
use source_vocab::Span;

/// An expression, or one of the things that may stand where a list element or field value stands.
#[derive(Clone, Debug)]
pub enum Expr {
    /// Text that is no expression: always comes with a diagnostic.
    Bad(BadExpr),
    /// `_|_`
    Bottom(BottomLit),
    /// `a`, also `_` (top) and the names of the predeclared types.
    Ident(Ident),
    /// A number, a string or bytes without interpolation, `null`, `true`, `false`.
    Basic(BasicLit),
    /// `"a \(b) c"`
    Interpolation(Box<Interpolation>),
    /// `{...}`
    Struct(Box<StructLit>),
    /// `[...]`
    List(Box<ListLit>),
    /// `(a)`
    Paren(Box<ParenExpr>),
    /// `a.b`, `a."b"`
    Selector(Box<SelectorExpr>),
    /// `a[b]`
    Index(Box<IndexExpr>),
    /// `a[b:c]`
    Slice(Box<SliceExpr>),
    /// `a(b, c)`
    Call(Box<CallExpr>),
    /// `-a`, `>=1`, `*a`
    Unary(Box<UnaryExpr>),
    /// `a & b`
    Binary(Box<BinaryExpr>),
    /// `X=expr`, only as the value of a field or the element of a list or pattern label.
    Alias(Box<Alias>),
    /// `...` or `...expr`, only as the last element of a list.
    Ellipsis(Box<Ellipsis>),
    /// `for x in y {...}`, only as the element of a list.
    Comprehension(Box<Comprehension>),
}

/// Text that could not be read as an expression.
#[derive(Clone, Debug)]
pub struct BadExpr {
    /// Place and comments.
    pub meta: Meta,
}

/// `_|_`.
#[derive(Clone, Debug)]
pub struct BottomLit {
    /// Place and comments.
    pub meta: Meta,
}

/// An identifier.
#[derive(Clone, Debug)]
pub struct Ident {
    /// Place and comments.
    pub meta: Meta,
    /// The name.
    pub name: Text,
}

/// What a literal is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LitKind {
    /// `42`, `0x1F`, `1_000`, `1.5Gi`
    Int,
    /// `1.5`, `1e3`
    Float,
    /// `"a"`, `'a'` (bytes) and their multi-line and raw forms.
    String,
    /// `null`
    Null,
    /// `true`
    True,
    /// `false`
    False,
}

/// A literal, kept as written; [`crate::literal`] decodes it.
#[derive(Clone, Debug)]
pub struct BasicLit {
    /// Place and comments.
    pub meta: Meta,
    /// What it is.
    pub kind: LitKind,
    /// The text as written; in a multi-line string without carriage returns.
    pub text: Text,
}

/// A string or bytes literal with expressions inside.
///
/// `"a\(x)b"` has the `first` text `"a\(` and one step with the expression `x` and the text `)b"`.
#[derive(Clone, Debug)]
pub struct Interpolation {
    /// Place and comments.
    pub meta: Meta,
    /// The text up to and with the first `\(`.
    pub first: BasicLit,
    /// The expressions, each with the text that follows it.
    pub steps: Vec<InterpolationStep>,
}

/// One expression of an interpolation.
#[derive(Clone, Debug)]
pub struct InterpolationStep {
    /// The expression.
    pub expr: Expr,
    /// The text from the closing `)` up to and with the next `\(` or the closing quote.
    pub text: BasicLit,
}

/// A struct literal, or the struct without braces that `a: b: 1` implies.
#[derive(Clone, Debug, Default)]
pub struct StructLit {
    /// Place and comments; `meta.rel` is about `{`.
    pub meta: Meta,
    /// Where `{` is; invalid when there are no braces.
    pub lbrace: Pos,
    /// The declarations.
    pub elts: Vec<Decl>,
    /// Where `}` is; invalid when there are no braces.
    pub rbrace: Pos,
    /// The source has the first and the last token on the same line.
    pub one_line: bool,
}

/// A list literal; a comprehension, and `...` as the last element, are elements.
#[derive(Clone, Debug, Default)]
pub struct ListLit {
    /// Place and comments; `meta.rel` is about `[`.
    pub meta: Meta,
    /// The elements.
    pub elts: Vec<Expr>,
    /// Where `]` is.
    pub rbrack: Pos,
}

/// `(expr)`.
#[derive(Clone, Debug)]
pub struct ParenExpr {
    /// Place and comments; `meta.rel` is about `(`.
    pub meta: Meta,
    /// What is inside.
    pub expr: Expr,
    /// Where `)` is.
    pub rparen: Pos,
}

/// What follows the dot of a selector.
#[derive(Clone, Debug)]
pub enum Selector {
    /// `.a`
    Ident(Ident),
    /// `."a b"`
    String(BasicLit),
}

impl Selector {
    /// The place of the token.
    pub fn pos(&self) -> Pos {
        self.meta().pos()
    }

    /// Place and comments.
    pub fn meta(&self) -> &Meta {
        match self {
            Self::Ident(x) => &x.meta,
            Self::String(x) => &x.meta,
        }
    }

    /// Place and comments, to change them.
    pub fn meta_mut(&mut self) -> &mut Meta {
        match self {
            Self::Ident(x) => &mut x.meta,
            Self::String(x) => &mut x.meta,
        }
    }
}

/// `base.selector`.
#[derive(Clone, Debug)]
pub struct SelectorExpr {
    /// Place and comments.
    pub meta: Meta,
    /// What is selected from.
    pub base: Expr,
    /// What is selected.
    pub selector: Selector,
}

/// `base[index]`.
#[derive(Clone, Debug)]
pub struct IndexExpr {
    /// Place and comments.
    pub meta: Meta,
    /// What is indexed.
    pub base: Expr,
    /// Where `[` is.
    pub lbrack: Pos,
    /// The index.
    pub index: Expr,
    /// Where `]` is.
    pub rbrack: Pos,
}

/// `base[low:high]`.
#[derive(Clone, Debug)]
pub struct SliceExpr {
    /// Place and comments.
    pub meta: Meta,
    /// What is cut.
    pub base: Expr,
    /// Where `[` is.
    pub lbrack: Pos,
    /// The first index, absent for the beginning.
    pub low: Option<Expr>,
    /// One past the last index, absent for the end.
    pub high: Option<Expr>,
    /// Where `]` is.
    pub rbrack: Pos,
}

/// `function(arguments)`.
#[derive(Clone, Debug)]
pub struct CallExpr {
    /// Place and comments.
    pub meta: Meta,
    /// What is called.
    pub function: Expr,
    /// Where `(` is.
    pub lparen: Pos,
    /// The arguments.
    pub args: Vec<Expr>,
    /// Where `)` is.
    pub rparen: Pos,
}

/// `op operand`.
#[derive(Clone, Debug)]
pub struct UnaryExpr {
    /// Place and comments; `meta.rel` is about the operator.
    pub meta: Meta,
    /// The operator.
    pub op: UnaryOp,
    /// The operand.
    pub operand: Expr,
}

/// `left op right`.
///
/// `a | b | c` is `(a | b) | c`: long chains are deep on the left, and whoever walks them should do
/// so in a loop. The parser bounds their length (`Limits::chain`).
#[derive(Debug)]
pub struct BinaryExpr {
    /// Place and comments.
    pub meta: Meta,
    /// The left operand.
    pub left: Expr,
    /// Where the operator is.
    pub op_pos: Pos,
    /// The operator.
    pub op: BinaryOp,
    /// The right operand.
    pub right: Expr,
}

impl Drop for BinaryExpr {
    fn drop(&mut self) {
        let mut next = std::mem::replace(&mut self.left, Expr::hole());
        while let Expr::Binary(mut binary) = next {
            next = std::mem::replace(&mut binary.left, Expr::hole());
        }
    }
}

impl Clone for BinaryExpr {
    fn clone(&self) -> Self {
        let mut chain = vec![self];
        let mut leftmost = &self.left;
        while let Expr::Binary(binary) = leftmost {
            chain.push(binary);
            leftmost = &binary.left;
        }
        let level = |of: &Self, left: Expr| Self {
            meta: of.meta.clone(),
            left,
            op_pos: of.op_pos,
            op: of.op,
            right: of.right.clone(),
        };
        let mut left = leftmost.clone();
        for of in chain.iter().skip(1).rev() {
            left = Expr::Binary(Box::new(level(of, left)));
        }
        level(self, left)
    }
}

/// `ident=expr`.
#[derive(Clone, Debug)]
pub struct Alias {
    /// Place and comments.
    pub meta: Meta,
    /// The name.
    pub ident: Ident,
    /// Where `=` is.
    pub equal: Pos,
    /// What it names.
    pub expr: Expr,
}

/// `...` or, in a list, `...type`.
#[derive(Clone, Debug, Default)]
pub struct Ellipsis {
    /// Place and comments.
    pub meta: Meta,
    /// What further elements must be.
    pub element: Option<Expr>,
}

/// Clauses and the struct that they yield.
#[derive(Clone, Debug)]
pub struct Comprehension {
    /// Place and comments.
    pub meta: Meta,
    /// The clauses, at least one.
    pub clauses: Vec<Clause>,
    /// What each round yields.
    pub value: StructLit,
}

impl Comprehension {
    /// The place of the first token.
    pub fn pos(&self) -> Pos {
        self.clauses
            .first()
            .map_or(Pos::NONE, |clause| clause.meta().pos())
    }
}

/// One clause of a comprehension.
#[derive(Clone, Debug)]
pub enum Clause {
    /// `for x in y`
    For(Box<ForClause>),
    /// `if x`
    If(Box<IfClause>),
    /// `let x = y`
    Let(Box<LetClause>),
}

impl Clause {
    /// Place and comments.
    pub fn meta(&self) -> &Meta {
        match self {
            Self::For(x) => &x.meta,
            Self::If(x) => &x.meta,
            Self::Let(x) => &x.meta,
        }
    }

    /// Place and comments, to change them.
    pub fn meta_mut(&mut self) -> &mut Meta {
        match self {
            Self::For(x) => &mut x.meta,
            Self::If(x) => &mut x.meta,
            Self::Let(x) => &mut x.meta,
        }
    }
}

/// `for key, value in source`.
#[derive(Clone, Debug)]
pub struct ForClause {
    /// Place and comments.
    pub meta: Meta,
    /// The name of the key or index.
    pub key: Option<Ident>,
    /// Where the comma after the key is.
    pub comma: Pos,
    /// The name of the value.
    pub value: Ident,
    /// Where `in` is.
    pub in_pos: Pos,
    /// What is iterated.
    pub source: Expr,
}

/// `if condition`.
#[derive(Clone, Debug)]
pub struct IfClause {
    /// Place and comments.
    pub meta: Meta,
    /// What must be true.
    pub condition: Expr,
}

/// `let ident = expr`, in a struct or as a clause.
#[derive(Clone, Debug)]
pub struct LetClause {
    /// Place and comments.
    pub meta: Meta,
    /// The name.
    pub ident: Ident,
    /// Where `=` is.
    pub equal: Pos,
    /// What it names.
    pub expr: Expr,
}

impl StructLit {
    /// Whether the struct is written with braces.
    pub fn has_braces(&self) -> bool {
        self.lbrace.is_valid()
    }

    /// The place of the first token.
    pub fn pos(&self) -> Pos {
        match self.elts.first() {
            Some(first) if !self.has_braces() => first.pos(),
            _ => self.lbrace,
        }
    }
}

impl Expr {
    /// What stays behind when an expression is moved out of a tree that is being taken apart.
    pub(crate) fn hole() -> Self {
        Self::Bottom(BottomLit {
            meta: Meta::default(),
        })
    }

    /// Place and comments.
    pub fn meta(&self) -> &Meta {
        match self {
            Self::Bad(x) => &x.meta,
            Self::Bottom(x) => &x.meta,
            Self::Ident(x) => &x.meta,
            Self::Basic(x) => &x.meta,
            Self::Interpolation(x) => &x.meta,
            Self::Struct(x) => &x.meta,
            Self::List(x) => &x.meta,
            Self::Paren(x) => &x.meta,
            Self::Selector(x) => &x.meta,
            Self::Index(x) => &x.meta,
            Self::Slice(x) => &x.meta,
            Self::Call(x) => &x.meta,
            Self::Unary(x) => &x.meta,
            Self::Binary(x) => &x.meta,
            Self::Alias(x) => &x.meta,
            Self::Ellipsis(x) => &x.meta,
            Self::Comprehension(x) => &x.meta,
        }
    }

    /// Place and comments, to change them.
    pub fn meta_mut(&mut self) -> &mut Meta {
        match self {
            Self::Bad(x) => &mut x.meta,
            Self::Bottom(x) => &mut x.meta,
            Self::Ident(x) => &mut x.meta,
            Self::Basic(x) => &mut x.meta,
            Self::Interpolation(x) => &mut x.meta,
            Self::Struct(x) => &mut x.meta,
            Self::List(x) => &mut x.meta,
            Self::Paren(x) => &mut x.meta,
            Self::Selector(x) => &mut x.meta,
            Self::Index(x) => &mut x.meta,
            Self::Slice(x) => &mut x.meta,
            Self::Call(x) => &mut x.meta,
            Self::Unary(x) => &mut x.meta,
            Self::Binary(x) => &mut x.meta,
            Self::Alias(x) => &mut x.meta,
            Self::Ellipsis(x) => &mut x.meta,
            Self::Comprehension(x) => &mut x.meta,
        }
    }

    /// The text of the expression.
    pub fn span(&self) -> Span {
        self.meta().span
    }

    /// The comments of the expression.
    pub fn comments(&self) -> &[CommentGroup] {
        self.meta().comments.groups()
    }

    /// The place of the first token, which may belong to the leftmost part.
    pub fn pos(&self) -> Pos {
        let mut expr = self;
        loop {
            expr = match expr {
                Self::Selector(x) => &x.base,
                Self::Index(x) => &x.base,
                Self::Slice(x) => &x.base,
                Self::Call(x) => &x.function,
                Self::Binary(x) => &x.left,
                Self::Interpolation(x) => return x.first.meta.pos(),
                Self::Struct(x) => return x.pos(),
                Self::Alias(x) => return x.ident.meta.pos(),
                Self::Comprehension(x) => return x.pos(),
                Self::Bad(_)
                | Self::Bottom(_)
                | Self::Ident(_)
                | Self::Basic(_)
                | Self::List(_)
                | Self::Paren(_)
                | Self::Unary(_)
                | Self::Ellipsis(_) => return expr.meta().pos(),
            };
        }
    }

    /// The expression inside all parentheses.
    pub fn unparen(&self) -> &Self {
        let mut expr = self;
        while let Self::Paren(paren) = expr {
            expr = &paren.expr;
        }
        expr
    }

    /// The identifier's name, when the expression is one.
    pub fn as_ident(&self) -> Option<&str> {
        match self {
            Self::Ident(ident) => Some(&ident.name),
            _ => None,
        }
    }

    /// The expression as a label, when its form allows that.
    pub(crate) fn into_label(self) -> Result<Label, Self> {
        Ok(match self {
            Self::Ident(x) => Label::Ident(x),
            Self::Basic(x) => Label::Basic(x),
            Self::Interpolation(x) => Label::Interpolation(x),
            Self::Paren(x) => Label::Paren(x),
            Self::List(x) => Label::List(x),
            other => return Err(other),
        })
    }
}
