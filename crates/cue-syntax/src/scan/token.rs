//! The tokens.

use crate::Text;
use crate::ast::{BinaryOp, Pos, RelPos, UnaryOp};

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tok {
    /// A character that begins no token; reported by the scanner.
    Illegal,
    /// The end of the text.
    Eof,
    /// A `//` comment.
    Comment,
    /// `@name(...)`
    Attribute,
    /// An identifier that is no keyword.
    Ident,
    Int,
    Float,
    /// A string or bytes literal without interpolation.
    String,
    /// The part of a string up to and with its first `\(`.
    Interpolation,
    Bottom,
    If,
    For,
    In,
    Let,
    Func,
    True,
    False,
    Null,
    Add,
    Subtract,
    Multiply,
    Divide,
    And,
    Or,
    LogicalAnd,
    LogicalOr,
    Bind,
    Equal,
    Not,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Match,
    NotMatch,
    Arrow,
    LParen,
    RParen,
    LBrack,
    RBrack,
    LBrace,
    RBrace,
    /// A comma, written or implied by the end of a line.
    Comma,
    Period,
    Ellipsis,
    Colon,
    Semicolon,
    Option,
}

impl Tok {
    /// The keyword spelt `name`.
    pub(crate) fn keyword(name: &str) -> Option<Self> {
        Some(match name {
            "if" => Self::If,
            "for" => Self::For,
            "in" => Self::In,
            "let" => Self::Let,
            "func" => Self::Func,
            "true" => Self::True,
            "false" => Self::False,
            "null" => Self::Null,
            _ => return None,
        })
    }

    /// Whether the token is a word with a meaning of its own.
    pub(crate) fn is_keyword(self) -> bool {
        matches!(
            self,
            Self::If
                | Self::For
                | Self::In
                | Self::Let
                | Self::Func
                | Self::True
                | Self::False
                | Self::Null
        )
    }

    /// Whether the token's text says more than its kind.
    pub(crate) fn has_text(self) -> bool {
        matches!(
            self,
            Self::Ident
                | Self::Int
                | Self::Float
                | Self::String
                | Self::Interpolation
                | Self::Attribute
                | Self::Comment
                | Self::Illegal
        )
    }

    /// The operator that the token is before an operand.
    pub(crate) fn unary(self) -> Option<UnaryOp> {
        Some(match self {
            Self::Add => UnaryOp::Plus,
            Self::Subtract => UnaryOp::Minus,
            Self::Not => UnaryOp::Not,
            Self::Multiply => UnaryOp::Default,
            Self::Less => UnaryOp::Less,
            Self::LessEqual => UnaryOp::LessEqual,
            Self::Greater => UnaryOp::Greater,
            Self::GreaterEqual => UnaryOp::GreaterEqual,
            Self::NotEqual => UnaryOp::NotEqual,
            Self::Equal => UnaryOp::Equal,
            Self::Match => UnaryOp::Match,
            Self::NotMatch => UnaryOp::NotMatch,
            _ => return None,
        })
    }

    /// The operator that the token is between operands; the words are the scanner's identifiers.
    pub(crate) fn binary(self, text: &str) -> Option<BinaryOp> {
        Some(match self {
            Self::Or => BinaryOp::Or,
            Self::And => BinaryOp::And,
            Self::LogicalOr => BinaryOp::LogicalOr,
            Self::LogicalAnd => BinaryOp::LogicalAnd,
            Self::Equal => BinaryOp::Equal,
            Self::NotEqual => BinaryOp::NotEqual,
            Self::Less => BinaryOp::Less,
            Self::LessEqual => BinaryOp::LessEqual,
            Self::Greater => BinaryOp::Greater,
            Self::GreaterEqual => BinaryOp::GreaterEqual,
            Self::Match => BinaryOp::Match,
            Self::NotMatch => BinaryOp::NotMatch,
            Self::Add => BinaryOp::Add,
            Self::Subtract => BinaryOp::Subtract,
            Self::Multiply => BinaryOp::Multiply,
            Self::Divide => BinaryOp::Divide,
            Self::Ident => match text {
                "quo" => BinaryOp::IntQuo,
                "rem" => BinaryOp::IntRem,
                "div" => BinaryOp::IntDiv,
                "mod" => BinaryOp::IntMod,
                _ => return None,
            },
            _ => return None,
        })
    }

    /// The token as people write it, or what kind of thing it is.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Illegal => "illegal character",
            Self::Eof => "end of file",
            Self::Comment => "comment",
            Self::Attribute => "attribute",
            Self::Ident => "identifier",
            Self::Int => "integer",
            Self::Float => "float",
            Self::String => "string",
            Self::Interpolation => "interpolation",
            Self::Bottom => "_|_",
            Self::If => "if",
            Self::For => "for",
            Self::In => "in",
            Self::Let => "let",
            Self::Func => "func",
            Self::True => "true",
            Self::False => "false",
            Self::Null => "null",
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::And => "&",
            Self::Or => "|",
            Self::LogicalAnd => "&&",
            Self::LogicalOr => "||",
            Self::Bind => "=",
            Self::Equal => "==",
            Self::Not => "!",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessEqual => "<=",
            Self::Greater => ">",
            Self::GreaterEqual => ">=",
            Self::Match => "=~",
            Self::NotMatch => "!~",
            Self::Arrow => "<-",
            Self::LParen => "(",
            Self::RParen => ")",
            Self::LBrack => "[",
            Self::RBrack => "]",
            Self::LBrace => "{",
            Self::RBrace => "}",
            Self::Comma => ",",
            Self::Period => ".",
            Self::Ellipsis => "...",
            Self::Colon => ":",
            Self::Semicolon => ";",
            Self::Option => "?",
        }
    }
}

/// A token with its place.
#[derive(Clone, Debug)]
pub(crate) struct Token {
    pub(crate) tok: Tok,
    /// First byte, as an offset in the file.
    pub(crate) lo: usize,
    /// One past the last byte.
    pub(crate) hi: usize,
    /// The white space before it.
    pub(crate) rel: RelPos,
    /// A comma that no one wrote.
    pub(crate) implied: bool,
    /// The text of a literal, identifier, comment or attribute; empty for the others.
    pub(crate) text: Text,
}

impl Token {
    /// The token's place, in a file that begins at `base`.
    pub(crate) fn pos(&self, base: u32) -> Pos {
        Pos {
            offset: base.saturating_add(u32::try_from(self.lo).unwrap_or(u32::MAX)),
            rel: self.rel,
        }
    }
}
