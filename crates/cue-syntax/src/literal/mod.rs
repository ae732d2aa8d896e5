//! What literals and names mean, and how they are written.
//!
//! The tree keeps literals as text; here they are decoded ([`unquote`], [`decode_interpolation`],
//! [`parse_number`]) and written ([`quote()`], [`quote_bytes`], [`indent_tabs`]), by the rules of cue
//! v0.14.1 `cue/literal`. Decoding never assumes that the scanner has seen the text.

mod ident;
mod number;
mod quote;
mod string;
mod unicode;

pub use ident::{is_def_or_hidden, is_valid_ident, needs_quotes};
pub use number::{Multiplier, Number, parse_number};
pub use quote::{Form, quote, quote_bytes, quote_bytes_as};
pub use string::{Fragments, Unquoted, decode_interpolation, indent_tabs, is_multiline, unquote};
pub(crate) use unicode::{is_digit, is_graphic, is_letter};

/// Why a literal does not decode.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LiteralError {
    /// An escape sequence or character that is not allowed there.
    #[error("invalid syntax in string")]
    Syntax,
    /// A line of a multi-line string does not begin with the white space of its last line.
    #[error("invalid string: invalid whitespace")]
    Whitespace,
    /// The opening quotes of a multi-line string are not at the end of their line.
    #[error("invalid string: opening quote of multiline string must be followed by newline")]
    MissingNewline,
    /// The closing quotes are not those that were opened.
    #[error("invalid string: unmatched quote")]
    UnmatchedQuote,
    /// Half of a surrogate pair.
    #[error("unmatched surrogate pair")]
    Surrogate,
    /// A backslash at the end of the last line of a multi-line string.
    #[error("last newline of multiline string cannot be escaped")]
    EscapedLastNewline,
    /// No number.
    #[error("invalid number")]
    Number,
}
