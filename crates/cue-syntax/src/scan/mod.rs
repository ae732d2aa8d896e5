//! Text to tokens.
//!
//! The scanner hands out one token at a time, with the white space before it. At the end of a line
//! that could end an expression it makes up a comma, so that CUE needs none there; before a written
//! comma or colon on the next line it does not, which keeps JSON valid. Scanning works on bytes and
//! copies nothing: a token's text is a slice of the file. As cue v0.14.1 `cue/scanner/scanner.go`.
//!
//! Invariant: every call of [`Scanner::scan`] moves on or gives [`Tok::Eof`].

mod attribute;
mod number;
mod string;
mod token;

pub(crate) use token::{Tok, Token};

use crate::Text;
use crate::ast::RelPos;
use crate::literal::{is_digit, is_letter};
use std::sync::Arc;

const BOM: &str = "\u{feff}";

/// How many bytes of a string are looked at in one go.
const BLOCK: usize = 32;

/// The quotes of a literal that is being scanned.
#[derive(Clone, Copy, Debug)]
struct QuoteKind {
    quote: u8,
    /// 1 or 3.
    quotes: usize,
    hashes: usize,
}

/// Reads tokens from a text.
#[derive(Debug)]
pub(crate) struct Scanner<'a> {
    source: &'a Arc<str>,
    bytes: &'a [u8],
    offset: usize,
    lines: u32,
    blanks: u32,
    /// The last token can end an expression, so the end of the line is a comma.
    ends: bool,
    waiting: Vec<QuoteKind>,
    errors: Vec<(usize, String)>,
}

impl<'a> Scanner<'a> {
    pub(crate) fn new(source: &'a Arc<str>) -> Self {
        let offset = if source.starts_with(BOM) {
            BOM.len()
        } else {
            0
        };
        let mut scanner = Self {
            source,
            bytes: source.as_bytes(),
            offset,
            lines: 0,
            blanks: 0,
            ends: false,
            waiting: Vec::new(),
            errors: Vec::new(),
        };
        scanner.check_current();
        scanner
    }

    /// The errors since the last call, each with its byte offset.
    pub(crate) fn take_errors(&mut self) -> Vec<(usize, String)> {
        std::mem::take(&mut self.errors)
    }

    /// Whether there are errors that have not been taken.
    pub(crate) fn has_errors(&self) -> bool {
        !self.errors.is_empty()
    }

    fn error(&mut self, offset: usize, message: impl Into<String>) {
        // an unreadable file would give one for each byte
        if self.errors.len() < 1_000 {
            self.errors.push((offset, message.into()));
        }
    }

    fn byte_at(&self, offset: usize) -> Option<u8> {
        self.bytes.get(offset).copied()
    }

    fn current(&self) -> Option<u8> {
        self.byte_at(self.offset)
    }

    fn current_char(&self) -> Option<char> {
        self.source.get(self.offset..)?.chars().next()
    }

    fn slice(&self, lo: usize, hi: usize) -> Text {
        Text::slice(self.source, lo, hi.min(self.bytes.len()))
    }

    /// Moves to the next character.
    fn bump(&mut self) {
        let Some(byte) = self.current() else { return };
        self.offset += 1;
        if byte >= 0x80 {
            while self.current().is_some_and(|next| next & 0xC0 == 0x80) {
                self.offset += 1;
            }
        }
        self.check_current();
    }

    fn check_current(&mut self) {
        match self.current() {
            Some(0) => self.error(self.offset, "character NUL in the text"),
            Some(0xEF) if self.offset > 0 => {
                let rest = self.bytes.get(self.offset..).unwrap_or_default();
                if rest.starts_with(BOM.as_bytes()) {
                    self.error(self.offset, "byte order mark inside the text");
                }
            }
            _ => {}
        }
    }

    /// Moves over characters that mean nothing inside a string, at least one.
    ///
    /// Long strings are looked through in blocks, which the compiler turns into wide comparisons;
    /// the bytes that only [`Scanner::check_current`] judges (NUL, the first of a byte order mark)
    /// go through [`Scanner::bump`].
    fn skip_plain(&mut self, quote: u8) {
        // numbers in place of booleans: no branch, so that a block is compared at once
        let marks = [quote, b'\\', b'\n', b'\r', 0, 0xEF];
        let stop = |byte: &u8| {
            marks
                .iter()
                .fold(0, |found, mark| found | u8::from(byte == mark))
        };
        self.bump();
        loop {
            let rest = self.bytes.get(self.offset..).unwrap_or_default();
            let blocks = rest
                .chunks_exact(BLOCK)
                .take_while(|block| block.iter().fold(0, |found, byte| found | stop(byte)) == 0)
                .count();
            let tail = rest.get(blocks * BLOCK..).unwrap_or_default();
            let plain = blocks * BLOCK
                + tail
                    .iter()
                    .position(|byte| stop(byte) != 0)
                    .unwrap_or(tail.len());
            if plain > 0 {
                self.offset += plain;
                self.check_current();
            }
            match self.current() {
                Some(0 | 0xEF) => self.bump(),
                _ => return,
            }
        }
    }

    fn skip_white(&mut self) {
        loop {
            match self.current() {
                Some(b' ' | b'\t') => self.blanks += 1,
                Some(b'\n') => {
                    self.lines += 1;
                    if self.ends {
                        return;
                    }
                }
                Some(b'\r') => {}
                _ => return,
            }
            self.bump();
        }
    }

    fn skip_name(&mut self) {
        loop {
            match self.current() {
                Some(b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'$') => self.bump(),
                Some(byte) if byte >= 0x80 => match self.current_char() {
                    Some(c) if is_letter(c) || is_digit(c) => self.bump(),
                    _ => return,
                },
                _ => return,
            }
        }
    }

    /// Reads a name that may begin with `_`, `#` or `_#`.
    fn skip_field_name(&mut self) {
        if self.current() == Some(b'_') {
            self.bump();
        }
        if self.current() == Some(b'#') {
            self.bump();
            if self.current_char().is_some_and(is_digit) {
                return;
            }
        }
        self.skip_name();
    }

    fn implied_comma(lo: usize) -> Token {
        Token {
            tok: Tok::Comma,
            lo,
            hi: lo,
            rel: RelPos::Elided,
            implied: true,
            text: Text::default(),
        }
    }

    /// The next token.
    pub(crate) fn scan(&mut self) -> Token {
        loop {
            self.skip_white();
            let rel = match (self.lines, self.blanks) {
                (2.., _) => RelPos::NewSection,
                (1, _) => RelPos::Newline,
                (0, 1..) => RelPos::Blank,
                (0, 0) => RelPos::NoSpace,
            };
            let lo = self.offset;
            if self.ends {
                match self.current() {
                    None => {
                        self.ends = false;
                        return Self::implied_comma(lo);
                    }
                    Some(b'\n') => {
                        self.ends = false;
                        self.bump();
                        self.skip_white();
                        if matches!(self.current(), Some(b',' | b':')) {
                            continue;
                        }
                        return Self::implied_comma(lo);
                    }
                    Some(b'/') if self.byte_at(lo + 1) == Some(b'/') => {
                        self.ends = false;
                        return Self::implied_comma(lo);
                    }
                    _ => {}
                }
            }
            let ended = self.ends;
            let (tok, text) = self.token(lo);
            self.ends = match tok {
                Tok::Illegal => ended && !text.starts_with(['#', '.']),
                tok => can_end(tok),
            };
            self.lines = 0;
            self.blanks = 0;
            return Token {
                tok,
                lo,
                hi: self.offset,
                rel,
                implied: false,
                text,
            };
        }
    }

    fn token(&mut self, lo: usize) -> (Tok, Text) {
        let Some(byte) = self.current() else {
            return (Tok::Eof, Text::default());
        };
        match byte {
            b'0'..=b'9' => {
                let tok = self.number();
                (tok, self.slice(lo, self.offset))
            }
            b'a'..=b'z' | b'A'..=b'Z' | b'$' => self.name(lo),
            b'_' => self.underscore(lo),
            b'#' => self.hash(lo),
            b'"' | b'\'' => {
                self.bump();
                self.string(lo, byte, 0)
            }
            b'@' => {
                self.bump();
                self.attribute();
                (Tok::Attribute, self.slice(lo, self.offset))
            }
            b'.' => self.point(lo),
            b'/' if self.byte_at(lo + 1) == Some(b'/') => {
                while self.current().is_some_and(|byte| byte != b'\n') {
                    self.bump();
                }
                let text = self.slice(lo, self.offset);
                let text = if text.contains('\r') {
                    Text::from(text.replace('\r', ""))
                } else {
                    text
                };
                (Tok::Comment, text)
            }
            _ => self.operator(lo),
        }
    }

    fn name(&mut self, lo: usize) -> (Tok, Text) {
        self.skip_field_name();
        let text = self.slice(lo, self.offset);
        (Tok::keyword(&text).unwrap_or(Tok::Ident), text)
    }

    fn underscore(&mut self, lo: usize) -> (Tok, Text) {
        self.bump();
        if self.current() != Some(b'|') {
            self.skip_field_name();
            return (Tok::Ident, self.slice(lo, self.offset));
        }
        self.bump();
        if self.current() != Some(b'_') {
            self.error(lo, "`_|` is no token, did you mean `_|_`?");
            return (Tok::Illegal, self.slice(lo, self.offset));
        }
        self.bump();
        (Tok::Bottom, self.slice(lo, self.offset))
    }

    fn hash(&mut self, lo: usize) -> (Tok, Text) {
        let mut hashes = 0;
        while self.byte_at(lo + hashes) == Some(b'#') {
            hashes += 1;
        }
        let next = self.byte_at(lo + hashes);
        if let Some(quote @ (b'"' | b'\'')) = next {
            for _ in 0..=hashes {
                self.bump();
            }
            return self.string(lo, quote, hashes);
        }
        if hashes > 1 {
            for _ in 0..hashes {
                self.bump();
            }
            return (Tok::Illegal, self.slice(lo, self.offset));
        }
        self.skip_field_name();
        (Tok::Ident, self.slice(lo, self.offset))
    }

    fn point(&mut self, lo: usize) -> (Tok, Text) {
        self.bump();
        match self.current() {
            Some(b'0'..=b'9') => {
                let tok = self.number_after_point();
                (tok, self.slice(lo, self.offset))
            }
            Some(b'.') => {
                self.bump();
                if self.current() == Some(b'.') {
                    self.bump();
                    return (Tok::Ellipsis, Text::default());
                }
                self.error(lo, "`..` is no token, did you mean `.` or `...`?");
                (Tok::Illegal, self.slice(lo, self.offset))
            }
            _ => (Tok::Period, Text::default()),
        }
    }

    fn operator(&mut self, lo: usize) -> (Tok, Text) {
        let first = self.current_char().unwrap_or_default();
        if is_letter(first) && !first.is_ascii() {
            return self.name(lo);
        }
        self.bump();
        let next = self.current();
        let (tok, two) = match (first, next) {
            ('<', Some(b'-')) => (Tok::Arrow, true),
            ('<', Some(b'=')) => (Tok::LessEqual, true),
            ('<', _) => (Tok::Less, false),
            ('>', Some(b'=')) => (Tok::GreaterEqual, true),
            ('>', _) => (Tok::Greater, false),
            ('=', Some(b'~')) => (Tok::Match, true),
            ('=', Some(b'=')) => (Tok::Equal, true),
            ('=', _) => (Tok::Bind, false),
            ('!', Some(b'~')) => (Tok::NotMatch, true),
            ('!', Some(b'=')) => (Tok::NotEqual, true),
            ('!', _) => (Tok::Not, false),
            ('&', Some(b'&')) => (Tok::LogicalAnd, true),
            ('&', _) => (Tok::And, false),
            ('|', Some(b'|')) => (Tok::LogicalOr, true),
            ('|', _) => (Tok::Or, false),
            (':', _) => (Tok::Colon, false),
            (';', _) => (Tok::Semicolon, false),
            ('?', _) => (Tok::Option, false),
            (',', _) => (Tok::Comma, false),
            ('(', _) => (Tok::LParen, false),
            (')', _) => (Tok::RParen, false),
            ('[', _) => (Tok::LBrack, false),
            (']', _) => (Tok::RBrack, false),
            ('{', _) => (Tok::LBrace, false),
            ('}', _) => (Tok::RBrace, false),
            ('+', _) => (Tok::Add, false),
            ('-', _) => (Tok::Subtract, false),
            ('*', _) => (Tok::Multiply, false),
            ('/', _) => (Tok::Divide, false),
            _ => (Tok::Illegal, false),
        };
        if two {
            self.bump();
        }
        if tok == Tok::Illegal {
            if first != '\u{feff}' && first != '\0' {
                let shown = first.escape_default();
                self.error(lo, format!("character `{shown}` begins no token"));
            }
            return (tok, self.slice(lo, self.offset));
        }
        (tok, Text::default())
    }
}

/// Whether a line may end an expression after this token.
fn can_end(tok: Tok) -> bool {
    matches!(
        tok,
        Tok::Ident
            | Tok::Int
            | Tok::Float
            | Tok::String
            | Tok::Interpolation
            | Tok::Bottom
            | Tok::Attribute
            | Tok::Semicolon
            | Tok::Option
            | Tok::Ellipsis
            | Tok::RParen
            | Tok::RBrack
            | Tok::RBrace
    ) || tok.is_keyword()
}
