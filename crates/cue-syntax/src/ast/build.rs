//! Making trees by program: for printing values and for rewriting.
//!
//! Nodes made here carry no place; the formatter lays them out by itself. A struct made with
//! [`StructLit::new`] prints with one declaration a line, one made without braces
//! ([`StructLit::without_braces`]) prints as `a: b: 1`.

use super::{
    BasicLit, BinaryExpr, BinaryOp, BottomLit, CallExpr, CommentGroup, Constraint, Decl, Ellipsis,
    EmbedDecl, Expr, Field, Ident, ImportSpec, Label, ListLit, LitKind, Meta, ParenExpr, Pos,
    RelPos, Selector, SelectorExpr, StructLit, UnaryExpr, UnaryOp,
};
use crate::{Text, literal};

impl Ident {
    /// An identifier. A name that is no identifier is quoted when it is printed as a label.
    pub fn new(name: impl Into<Text>) -> Self {
        Self {
            meta: Meta::default(),
            name: name.into(),
        }
    }
}

impl BasicLit {
    /// A literal with this text, which must be of the kind named.
    pub fn new(kind: LitKind, text: impl Into<Text>) -> Self {
        Self {
            meta: Meta::default(),
            kind,
            text: text.into(),
        }
    }

    /// The string literal for `value`, quoted on one line.
    pub fn string(value: &str) -> Self {
        Self::new(
            LitKind::String,
            literal::quote(value, literal::Form::STRING),
        )
    }

    /// The bytes literal for `value`.
    pub fn bytes(value: &[u8]) -> Self {
        Self::new(LitKind::String, literal::quote_bytes(value))
    }

    /// `true` or `false`.
    pub fn boolean(value: bool) -> Self {
        if value {
            Self::new(LitKind::True, "true")
        } else {
            Self::new(LitKind::False, "false")
        }
    }

    /// `null`.
    pub fn null() -> Self {
        Self::new(LitKind::Null, "null")
    }
}

impl Expr {
    /// An identifier.
    pub fn ident(name: impl Into<Text>) -> Self {
        Self::Ident(Ident::new(name))
    }

    /// The string literal for `value`.
    pub fn string(value: &str) -> Self {
        Self::Basic(BasicLit::string(value))
    }

    /// The integer literal with these digits.
    pub fn int(digits: impl Into<Text>) -> Self {
        Self::Basic(BasicLit::new(LitKind::Int, digits))
    }

    /// The floating-point literal with this text.
    pub fn float(text: impl Into<Text>) -> Self {
        Self::Basic(BasicLit::new(LitKind::Float, text))
    }

    /// `_|_`.
    pub fn bottom() -> Self {
        Self::Bottom(BottomLit {
            meta: Meta::default(),
        })
    }

    /// `op operand`.
    pub fn unary(op: UnaryOp, operand: Self) -> Self {
        Self::Unary(Box::new(UnaryExpr {
            meta: Meta::default(),
            op,
            operand,
        }))
    }

    /// `left op right`; the formatter adds the parentheses that precedence demands.
    pub fn binary(op: BinaryOp, left: Self, right: Self) -> Self {
        Self::Binary(Box::new(BinaryExpr {
            meta: Meta::default(),
            left,
            op_pos: Pos::NONE,
            op,
            right,
        }))
    }

    /// All `operands` joined by `op` from the left; `None` when there is none.
    pub fn joined(op: BinaryOp, operands: impl IntoIterator<Item = Self>) -> Option<Self> {
        operands
            .into_iter()
            .reduce(|left, right| Self::binary(op, left, right))
    }

    /// `(expr)`.
    pub fn paren(expr: Self) -> Self {
        Self::Paren(Box::new(ParenExpr {
            meta: Meta::default(),
            expr,
            rparen: Pos::NONE,
        }))
    }

    /// `base.name`, with quotes where `name` is no identifier.
    pub fn selector(base: Self, name: &str) -> Self {
        let selector = if literal::is_valid_ident(name) {
            Selector::Ident(Ident::new(name))
        } else {
            Selector::String(BasicLit::string(name))
        };
        Self::Selector(Box::new(SelectorExpr {
            meta: Meta::default(),
            base,
            selector,
        }))
    }

    /// `function(args)`.
    pub fn call(function: Self, args: Vec<Self>) -> Self {
        Self::Call(Box::new(CallExpr {
            meta: Meta::default(),
            function,
            lparen: Pos::NONE,
            args,
            rparen: Pos::NONE,
        }))
    }

    /// `[elts]`.
    pub fn list(elts: Vec<Self>) -> Self {
        Self::List(Box::new(ListLit::new(elts)))
    }

    /// `{elts}`.
    pub fn structure(elts: Vec<Decl>) -> Self {
        Self::Struct(Box::new(StructLit::new(elts)))
    }

    /// `...`, or `...element`, as an element of a list.
    pub fn ellipsis(element: Option<Self>) -> Self {
        Self::Ellipsis(Box::new(Ellipsis {
            meta: Meta::default(),
            element,
        }))
    }
}

impl StructLit {
    /// A struct with braces.
    pub fn new(elts: Vec<Decl>) -> Self {
        Self {
            lbrace: Pos::relative(RelPos::NoSpace),
            elts,
            ..Self::default()
        }
    }

    /// A struct that prints without braces where it has one field.
    pub fn without_braces(elts: Vec<Decl>) -> Self {
        Self {
            elts,
            ..Self::default()
        }
    }
}

impl ListLit {
    /// A list.
    pub fn new(elts: Vec<Expr>) -> Self {
        Self {
            elts,
            ..Self::default()
        }
    }
}

impl Label {
    /// The label of a regular field called `name`: an identifier where that means the same, a string
    /// otherwise (see [`literal::needs_quotes`]).
    pub fn regular(name: &str) -> Self {
        if literal::needs_quotes(name) {
            Self::Basic(BasicLit::string(name))
        } else {
            Self::Ident(Ident::new(name))
        }
    }
}

impl Field {
    /// `label: value`.
    pub fn new(label: Label, value: Expr) -> Self {
        Self {
            meta: Meta::default(),
            label,
            constraint: None,
            constraint_pos: Pos::NONE,
            colon: Pos::NONE,
            value,
            attrs: Vec::new(),
        }
    }

    /// The same field, optional or required.
    pub fn with_constraint(mut self, constraint: Option<Constraint>) -> Self {
        self.constraint = constraint;
        self
    }

    /// The same field with a documentation comment above it.
    pub fn with_doc(mut self, text: &str) -> Self {
        if !text.is_empty() {
            self.meta.comments.add(CommentGroup::doc(text));
        }
        self
    }
}

impl Decl {
    /// `label: value`.
    pub fn field(label: Label, value: Expr) -> Self {
        Self::Field(Box::new(Field::new(label, value)))
    }

    /// An embedded expression.
    pub fn embed(expr: Expr) -> Self {
        Self::Embed(Box::new(EmbedDecl {
            meta: Meta::default(),
            expr,
        }))
    }

    /// `...`.
    pub fn ellipsis() -> Self {
        Self::Ellipsis(Box::default())
    }
}

impl ImportSpec {
    /// `name "path"`.
    pub fn new(name: Option<&str>, path: &str) -> Self {
        Self {
            meta: Meta::default(),
            name: name.map(Ident::new),
            path: BasicLit::string(path),
        }
    }
}
