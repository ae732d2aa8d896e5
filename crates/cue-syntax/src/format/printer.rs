//! Tokens and the white space between them.
//!
//! White space is not written when it is asked for but collected as a set of wishes ([`Space`]) until the next token:
//! then the author's own layout (the token's [`RelPos`]) is weighed against the wishes, commas that line ends make
//! superfluous disappear, and indentation grows only if a line really ended inside the bracket. As cue
//! v0.14.1 `cue/format/printer.go`.

use super::table::Piece;
use crate::ast::{BasicLit, Comment, CommentGroup, LitKind, Pos, RelPos};
use crate::literal;
use std::ops::{BitAnd, BitOr, BitOrAssign, Not};

/// A set of wishes for the white space before the next token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Space(u16);

impl Space {
    pub(super) const NONE: Self = Self(0);
    /// A blank.
    pub(super) const BLANK: Self = Self(1);
    /// The end of a cell.
    pub(super) const CELL: Self = Self(1 << 1);
    /// No blank, whatever else asks for one.
    pub(super) const NO_BLANK: Self = Self(1 << 2);
    /// The author's layout does not count.
    pub(super) const FIXED: Self = Self(1 << 3);
    /// A comma, unless [`Space::TRAILING_COMMA`] takes it back.
    pub(super) const COMMA: Self = Self(1 << 4);
    /// The comma is written only if a line ends behind it.
    pub(super) const TRAILING_COMMA: Self = Self(1 << 5);
    /// A comma unless a line ends here.
    pub(super) const DECL_COMMA: Self = Self(1 << 6);
    /// A line end inside a table.
    pub(super) const LINE: Self = Self(1 << 7);
    /// A line end that ends the table.
    pub(super) const BREAK: Self = Self(1 << 8);
    /// A blank line.
    pub(super) const SECTION: Self = Self(1 << 9);
    /// One level deeper from the next line on.
    pub(super) const INDENT: Self = Self(1 << 10);
    /// Back to the level before.
    pub(super) const UNINDENT: Self = Self(1 << 11);

    const LINES: Self = Self(Self::LINE.0 | Self::BREAK.0 | Self::SECTION.0);

    /// Whether any of `other` is in it.
    pub(super) fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

impl BitOr for Space {
    type Output = Self;
    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl BitOrAssign for Space {
    fn bitor_assign(&mut self, other: Self) {
        self.0 |= other.0;
    }
}

impl BitAnd for Space {
    type Output = Self;
    fn bitand(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

impl Not for Space {
    type Output = Self;
    fn not(self) -> Self {
        Self(!self.0)
    }
}

/// What was printed last, as far as the next token cares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Last {
    Nothing,
    Int,
    Plus,
    Minus,
    Slash,
    ClosingBracket,
    IntegerOperator,
    Other,
}

/// One level of brackets.
#[derive(Clone, Copy, Debug)]
struct Level {
    indented: bool,
}

#[derive(Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact about the line so far, and they are independent of each other"
)]
pub(super) struct Printer {
    pub(super) pieces: Vec<Piece>,
    pub(super) allowed: Space,
    levels: Vec<Level>,
    pub(super) indent: usize,
    /// Lines written so far.
    pub(super) lines: usize,
    /// Whether something stands on the line, indentation included.
    pub(super) inside_line: bool,
    pub(super) last: Last,
    space_before: bool,
    /// A `{` has been written on this line.
    pub(super) brace_on_line: bool,
    pub(super) after_comment: bool,
}

impl Printer {
    pub(super) fn new() -> Self {
        Self {
            pieces: Vec::new(),
            // no white space at the beginning
            allowed: Space::FIXED,
            levels: Vec::new(),
            indent: 0,
            lines: 0,
            inside_line: false,
            last: Last::Nothing,
            space_before: false,
            brace_on_line: false,
            after_comment: false,
        }
    }

    /// Asks for white space.
    pub(super) fn space(&mut self, wish: Space) {
        self.allowed |= wish;
    }

    /// Weighs the author's layout before the next token.
    pub(super) fn at(&mut self, pos: Pos) {
        if pos.rel == RelPos::None || self.allowed.has(Space::FIXED) {
            return;
        }
        let mut wanted = self.allowed;
        match pos.rel {
            RelPos::NoSpace => wanted = wanted & !Space::LINES,
            RelPos::Blank => wanted = (wanted | Space::BLANK) & !Space::LINES,
            RelPos::Newline => wanted |= Space::LINE,
            RelPos::NewSection => wanted |= Space::SECTION,
            RelPos::None | RelPos::Elided => {}
        }
        if self.after_comment {
            wanted |= Space::LINE;
        }
        self.write_space(wanted);
        self.allowed = Space::NONE;
    }

    /// Prints a bracket, an operator or a keyword that the scanner knows.
    pub(super) fn token(&mut self, text: &'static str) {
        let is_word = text.starts_with(|c: char| c.is_ascii_lowercase());
        let clashes = match self.last {
            Last::Int => text == ".",
            Last::Plus => text.starts_with('+'),
            Last::Minus => text.starts_with('-'),
            Last::Slash => text.starts_with('*'),
            Last::Nothing | Last::ClosingBracket | Last::IntegerOperator | Last::Other => false,
        };
        let before = if is_word {
            self.last != Last::Nothing
        } else {
            clashes
        };
        if before && !self.space_before {
            self.allowed |= Space::BLANK;
        }
        self.last = match text {
            "+" => Last::Plus,
            "-" => Last::Minus,
            "/" => Last::Slash,
            "}" | "]" => Last::ClosingBracket,
            "quo" | "rem" | "div" | "mod" => Last::IntegerOperator,
            _ => Last::Other,
        };
        self.emit(text.to_owned());
        if is_word {
            self.allowed = Space::BLANK;
        }
    }

    /// Ends the text.
    pub(super) fn end(&mut self) {
        self.allowed = Space::LINE;
        self.write_space(Space::LINE);
        self.allowed = Space::NONE;
    }

    /// Prints a word, a name or a text as it is.
    pub(super) fn text(&mut self, text: impl Into<String>) {
        self.last = Last::Other;
        self.emit(text.into());
    }

    /// Prints a literal in its canonical form.
    pub(super) fn literal(&mut self, literal: &BasicLit) {
        let text = literal.text.as_str();
        let canonical = match literal.kind {
            LitKind::String if self.indent < 6 => literal::indent_tabs(text, self.indent + 1),
            LitKind::Int => canonical_int(text),
            LitKind::Float => canonical_float(text),
            LitKind::String | LitKind::Null | LitKind::True | LitKind::False => text.to_owned(),
        };
        self.last = if literal.kind == LitKind::Int {
            Last::Int
        } else {
            Last::Other
        };
        self.emit(canonical);
    }

    /// Takes back line ends where a comment stays on its line.
    pub(super) fn comment_group(&mut self, group: &CommentGroup) {
        let rel = if group.line {
            RelPos::Blank
        } else {
            group.pos().rel
        };
        if matches!(rel, RelPos::Blank | RelPos::Elided) {
            self.allowed |= Space::BLANK;
        }
        if matches!(rel, RelPos::Blank | RelPos::Elided | RelPos::NoSpace) {
            self.allowed = self.allowed & !(Space::LINES | Space::DECL_COMMA);
        }
    }

    /// Prints one comment; the line ends behind it.
    pub(super) fn comment(&mut self, comment: &Comment) {
        if self.inside_line {
            self.space(Space::CELL);
        }
        self.at(comment.pos);
        self.last = Last::Other;
        self.emit(comment.text.as_str().to_owned());
        self.after_comment = true;
        self.space(Space::LINE);
    }

    fn emit(&mut self, text: String) {
        let allowed = self.allowed;
        self.write_space(allowed);
        self.allowed = Space::NONE;
        self.after_comment = false;
        if text.is_empty() {
            return;
        }
        self.space_before = false;
        self.inside_line = true;
        self.pieces.push(Piece::Text(text));
    }

    fn write_space(&mut self, wanted: Space) {
        if wanted.has(Space::COMMA)
            && (wanted.has(Space::LINES) || !wanted.has(Space::TRAILING_COMMA))
        {
            self.raw(",");
        }
        if wanted.has(Space::INDENT) {
            self.levels.push(Level { indented: false });
        }
        if wanted.has(Space::UNINDENT) {
            self.leave_level();
        }
        if wanted.has(Space::SECTION) {
            self.enter_level(wanted);
            self.end_line(&Piece::Break, 2);
        } else if wanted.has(Space::BREAK) {
            self.enter_level(wanted);
            self.end_line(&Piece::Break, 1);
        } else if wanted.has(Space::LINE) {
            self.enter_level(wanted);
            self.end_line(&Piece::Line, 1);
        } else if wanted.has(Space::DECL_COMMA) {
            self.raw(", ");
            self.space_before = true;
        } else if wanted.has(Space::NO_BLANK) {
        } else if wanted.has(Space::CELL) {
            self.pieces.push(Piece::Cell);
            self.inside_line = true;
            self.space_before = true;
        } else if wanted.has(Space::BLANK) {
            self.raw(" ");
            self.space_before = true;
        }
    }

    fn raw(&mut self, text: &str) {
        self.inside_line = true;
        self.pieces.push(Piece::Text(text.to_owned()));
    }

    fn end_line(&mut self, piece: &Piece, count: usize) {
        for _ in 0..count {
            self.pieces.push(piece.clone());
        }
        self.lines += count;
        self.brace_on_line = false;
        self.space_before = true;
        self.inside_line = self.indent > 0;
        for _ in 0..self.indent {
            self.pieces.push(Piece::Tab);
        }
    }

    /// Ends the innermost level, and its indentation if it had one.
    pub(super) fn leave_level(&mut self) {
        if self.levels.pop().is_some_and(|level| level.indented) {
            self.indent = self.indent.saturating_sub(1);
        }
    }

    /// A line ends inside the innermost level: it is indented from now on.
    fn enter_level(&mut self, wanted: Space) {
        if wanted.has(Space::UNINDENT) {
            return;
        }
        if let Some(level) = self.levels.last_mut()
            && !level.indented
        {
            level.indented = true;
            self.indent += 1;
        }
    }
}

fn canonical_int(text: &str) -> String {
    let bytes = text.as_bytes();
    if bytes.first() == Some(&b'0') && bytes.get(1).is_some_and(u8::is_ascii_digit) {
        return format!("0o{}", text.get(1..).unwrap_or_default());
    }
    let mut out = text.to_owned();
    if let Some(point) = text.find('.')
        && bytes.get(point + 1).is_none_or(|next| *next > b'9')
    {
        out.insert(point + 1, '0');
    }
    if out.find('E').is_some_and(|at| at + 1 < out.len()) {
        out = out.to_lowercase();
    }
    out
}

fn canonical_float(text: &str) -> String {
    let mut out = text.to_owned();
    match text.find('.') {
        Some(0) => out.insert(0, '0'),
        Some(point)
            if text
                .as_bytes()
                .get(point + 1)
                .is_none_or(|next| *next > b'9') =>
        {
            out.insert(point + 1, '0');
        }
        _ => {}
    }
    if out.contains('E') {
        out.to_lowercase()
    } else {
        out
    }
}
