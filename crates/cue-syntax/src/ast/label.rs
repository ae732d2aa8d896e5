//! What stands before the colon of a field.
//!
//! `a`, `"a-b"`, `"\(x)"`, `(x)`, the pattern `[string]`, and each of them with an alias `X=`.
//! [`Label::name`] says which name a label gives, by the rules of cue v0.14.1 `cue/ast/ident.go`.

use super::{BasicLit, Ident, Interpolation, ListLit, LitKind, Meta, ParenExpr, Pos};
use crate::literal;
use source_vocab::Span;

/// A field's label.
#[derive(Clone, Debug)]
pub enum Label {
    /// `a`, `_a`, `#a`, `_#a`; also a keyword used as a name (`for: 1`).
    Ident(Ident),
    /// `"a b"`, and `null`, `true`, `false` used as names.
    Basic(BasicLit),
    /// `"\(a)-b"`.
    Interpolation(Box<Interpolation>),
    /// `(a)`, a dynamic field.
    Paren(Box<ParenExpr>),
    /// `[string]` or `[X=string]`, a pattern constraint.
    List(Box<ListLit>),
    /// `X=` before another label.
    Alias(Box<LabelAlias>),
}

/// `ident=label`.
#[derive(Clone, Debug)]
pub struct LabelAlias {
    /// Place and comments.
    pub meta: Meta,
    /// The alias.
    pub ident: Ident,
    /// Where `=` is.
    pub equal: Pos,
    /// The label proper, itself no alias.
    pub label: Label,
}

/// The name that a label gives to its field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LabelName {
    /// A name that can be referred to: `a`, `#a`, `_a`, or a keyword.
    Ident(String),
    /// A regular field that no identifier refers to.
    Quoted(String),
    /// The name depends on evaluation, or the label is a pattern.
    Dynamic,
    /// A string literal that does not decode, or no valid label.
    Invalid,
}

impl Label {
    /// The label without its alias.
    pub fn unaliased(&self) -> &Self {
        match self {
            Self::Alias(alias) => &alias.label,
            label => label,
        }
    }

    /// The alias, if there is one.
    pub fn alias(&self) -> Option<&Ident> {
        match self {
            Self::Alias(alias) => Some(&alias.ident),
            _ => None,
        }
    }

    /// The text of the label.
    pub fn span(&self) -> Span {
        self.meta().span
    }

    /// Place and comments of the label.
    pub fn meta(&self) -> &Meta {
        match self {
            Self::Ident(x) => &x.meta,
            Self::Basic(x) => &x.meta,
            Self::Interpolation(x) => &x.meta,
            Self::Paren(x) => &x.meta,
            Self::List(x) => &x.meta,
            Self::Alias(x) => &x.meta,
        }
    }

    /// Place and comments of the label, to change them.
    pub fn meta_mut(&mut self) -> &mut Meta {
        match self {
            Self::Ident(x) => &mut x.meta,
            Self::Basic(x) => &mut x.meta,
            Self::Interpolation(x) => &mut x.meta,
            Self::Paren(x) => &mut x.meta,
            Self::List(x) => &mut x.meta,
            Self::Alias(x) => &mut x.meta,
        }
    }

    /// The place of the first token.
    pub fn pos(&self) -> Pos {
        match self {
            Self::Ident(x) => x.meta.pos(),
            Self::Basic(x) => x.meta.pos(),
            Self::Interpolation(x) => x.first.meta.pos(),
            Self::Paren(x) => x.meta.pos(),
            Self::List(x) => x.meta.pos(),
            Self::Alias(x) => x.ident.meta.pos(),
        }
    }

    /// The name that this label gives; the alias does not matter.
    pub fn name(&self) -> LabelName {
        match self.unaliased() {
            Self::Ident(ident) if literal::is_valid_ident(&ident.name) => {
                LabelName::Ident(ident.name.as_str().to_owned())
            }
            Self::Ident(_) | Self::Alias(_) => LabelName::Invalid,
            Self::Basic(basic) => match basic.kind {
                LitKind::String => match literal::unquote(&basic.text) {
                    Ok(literal::Unquoted::String(name)) => LabelName::Quoted(name),
                    Ok(literal::Unquoted::Bytes(_)) | Err(_) => LabelName::Invalid,
                },
                LitKind::Null | LitKind::True | LitKind::False => {
                    LabelName::Ident(basic.text.as_str().to_owned())
                }
                LitKind::Int | LitKind::Float => LabelName::Invalid,
            },
            Self::Interpolation(_) | Self::Paren(_) | Self::List(_) => LabelName::Dynamic,
        }
    }
}

impl From<Ident> for Label {
    fn from(ident: Ident) -> Self {
        Self::Ident(ident)
    }
}

impl From<BasicLit> for Label {
    fn from(basic: BasicLit) -> Self {
        Self::Basic(basic)
    }
}
