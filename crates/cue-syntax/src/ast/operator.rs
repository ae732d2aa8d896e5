//! The operators and how tightly they bind.
//!
//! Precedences are those of cue v0.14.1 `cue/token/token.go`: from 1 (`|`) to 7 (`*`); unary
//! operators have 8.

/// An operator before its operand. The comparison operators make bounds (`>=1`, `=~"^a"`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UnaryOp {
    /// `+`
    Plus,
    /// `-`
    Minus,
    /// `!`
    Not,
    /// `*`, the mark of a default.
    Default,
    /// `<`
    Less,
    /// `<=`
    LessEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterEqual,
    /// `!=`
    NotEqual,
    /// `==`, only in files that enable the experiment `structcmp`.
    Equal,
    /// `=~`
    Match,
    /// `!~`
    NotMatch,
}

impl UnaryOp {
    /// The precedence of every unary operator.
    pub const PRECEDENCE: u8 = 8;

    /// The operator as written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Plus => "+",
            Self::Minus => "-",
            Self::Not => "!",
            Self::Default => "*",
            Self::Less => "<",
            Self::LessEqual => "<=",
            Self::Greater => ">",
            Self::GreaterEqual => ">=",
            Self::NotEqual => "!=",
            Self::Equal => "==",
            Self::Match => "=~",
            Self::NotMatch => "!~",
        }
    }
}

/// An operator between two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BinaryOp {
    /// `|`, disjunction.
    Or,
    /// `&`, unification.
    And,
    /// `||`
    LogicalOr,
    /// `&&`
    LogicalAnd,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterEqual,
    /// `=~`
    Match,
    /// `!~`
    NotMatch,
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `quo`, truncated division of integers.
    IntQuo,
    /// `rem`, remainder of `quo`.
    IntRem,
    /// `div`, Euclidean division of integers.
    IntDiv,
    /// `mod`, remainder of `div`.
    IntMod,
}

impl BinaryOp {
    /// How tightly the operator binds, from 1 to 7.
    pub const fn precedence(self) -> u8 {
        match self {
            Self::Or => 1,
            Self::And => 2,
            Self::LogicalOr => 3,
            Self::LogicalAnd => 4,
            Self::Equal
            | Self::NotEqual
            | Self::Less
            | Self::LessEqual
            | Self::Greater
            | Self::GreaterEqual
            | Self::Match
            | Self::NotMatch => 5,
            Self::Add | Self::Subtract => 6,
            Self::Multiply
            | Self::Divide
            | Self::IntQuo
            | Self::IntRem
            | Self::IntDiv
            | Self::IntMod => 7,
        }
    }

    /// The operator as written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Or => "|",
            Self::And => "&",
            Self::LogicalOr => "||",
            Self::LogicalAnd => "&&",
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessEqual => "<=",
            Self::Greater => ">",
            Self::GreaterEqual => ">=",
            Self::Match => "=~",
            Self::NotMatch => "!~",
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::IntQuo => "quo",
            Self::IntRem => "rem",
            Self::IntDiv => "div",
            Self::IntMod => "mod",
        }
    }
}
