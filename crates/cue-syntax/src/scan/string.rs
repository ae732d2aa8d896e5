//! Scanning strings, bytes and the pieces of interpolations.
//!
//! The scanner only finds the end of a literal and checks its escapes; decoding is the work of
//! [`crate::literal`]. An interpolation ends its piece at `\(`; the parser reads the expression as
//! ordinary tokens and then calls [`Scanner::resume`] to go on behind the `)`. The quotes that are
//! waiting for that lie on a stack.

use super::token::Tok;
use super::{QuoteKind, Scanner};
use crate::Text;

/// How an escape sequence ended.
enum Escape {
    Done,
    Expression,
}

impl Scanner<'_> {
    /// Scans a literal whose `hashes` and first quote have been read; `lo` is where it began.
    pub(super) fn string(&mut self, lo: usize, quote: u8, hashes: usize) -> (Tok, Text) {
        let mut kind = QuoteKind {
            quote,
            quotes: 1,
            hashes,
        };
        let mut more = 0;
        while more < 2 && self.current() == Some(quote) {
            self.bump();
            more += 1;
        }
        match more {
            0 => self.string_body(lo, kind),
            1 => {
                // two quotes are the empty string, unless hash marks are wanted and missing
                let mut found = 0;
                while found < hashes && self.current() == Some(b'#') {
                    self.bump();
                    found += 1;
                }
                if found == hashes {
                    return (Tok::String, self.slice(lo, self.offset));
                }
                self.string_body(lo, kind)
            }
            _ => {
                kind.quotes = 3;
                if self.current() == Some(b'\r') {
                    self.bump();
                }
                if self.current() == Some(b'\n') {
                    self.bump();
                    return self.string_body(lo, kind);
                }
                self.error(
                    lo,
                    "the opening quotes of a multi-line string must end their line",
                );
                (Tok::String, self.slice(lo, self.offset))
            }
        }
    }

    /// Goes on with the string behind the expression of an interpolation, from its `)`.
    pub(crate) fn resume(&mut self) -> (Tok, Text, usize) {
        let lo = self.offset.saturating_sub(1);
        let Some(kind) = self.waiting.pop() else {
            return (Tok::String, Text::default(), lo);
        };
        let (tok, text) = self.string_body(lo, kind);
        (tok, text, lo)
    }

    fn string_body(&mut self, lo: usize, kind: QuoteKind) -> (Tok, Text) {
        let mut has_cr = false;
        loop {
            match self.current() {
                None => break,
                Some(b'\n') if kind.quotes != 3 => break,
                Some(byte) if byte == kind.quote => {
                    self.bump();
                    if self.closes(kind) {
                        return (Tok::String, self.literal(lo, self.offset, has_cr));
                    }
                }
                Some(b'\\') => {
                    self.bump();
                    if matches!(self.escape(kind), Some(Escape::Expression)) {
                        self.waiting.push(kind);
                        return (
                            Tok::Interpolation,
                            self.literal(lo, self.offset + 1, has_cr),
                        );
                    }
                }
                Some(byte) => {
                    has_cr |= byte == b'\r' && kind.quotes == 3;
                    self.skip_plain(kind.quote);
                }
            }
        }
        self.error(lo, "string literal not terminated");
        (Tok::String, self.literal(lo, self.offset, has_cr))
    }

    /// Whether the rest of the closing delimiter follows; reads as much of it as there is.
    fn closes(&mut self, kind: QuoteKind) -> bool {
        for index in 1..kind.quotes + kind.hashes {
            let want = if index < kind.quotes {
                kind.quote
            } else {
                b'#'
            };
            if self.current() != Some(want) {
                return false;
            }
            self.bump();
        }
        true
    }

    /// Reads what follows a backslash; `None` when it is wrong.
    fn escape(&mut self, kind: QuoteKind) -> Option<Escape> {
        for _ in 0..kind.hashes {
            if self.current() != Some(b'#') {
                return Some(Escape::Done);
            }
            self.bump();
        }
        let lo = self.offset;
        let (digits, base, max) = match self.current() {
            Some(b'(') => return Some(Escape::Expression),
            Some(b'a' | b'b' | b'f' | b'n' | b'r' | b't' | b'v' | b'\\' | b'/') => {
                self.bump();
                return Some(Escape::Done);
            }
            Some(byte) if byte == kind.quote => {
                self.bump();
                return Some(Escape::Done);
            }
            Some(b'0'..=b'7') => (3, 8, 255),
            Some(b'x') => (2, 16, 255),
            Some(b'u') => (4, 16, 0x10_FFFF),
            Some(b'U') => (8, 16, 0x10_FFFF),
            None => {
                self.error(lo, "escape sequence not terminated");
                return None;
            }
            Some(_) => {
                self.error(lo, "unknown escape sequence");
                return None;
            }
        };
        if base == 16 {
            self.bump();
        }
        let mut code: u64 = 0;
        for _ in 0..digits {
            let digit = self
                .current()
                .and_then(|byte| char::from(byte).to_digit(base));
            let Some(digit) = digit else {
                let message = match self.current_char() {
                    Some(c) => format!("`{}` in an escape sequence", c.escape_default()),
                    None => "escape sequence not terminated".to_owned(),
                };
                self.error(self.offset, message);
                return None;
            };
            code = code * u64::from(base) + u64::from(digit);
            self.bump();
        }
        if code > max {
            self.error(lo, "escape sequence of no Unicode code point");
            return None;
        }
        Some(Escape::Done)
    }

    /// The text of a literal; multi-line literals keep no carriage returns.
    fn literal(&self, lo: usize, hi: usize, has_cr: bool) -> Text {
        let text = self.slice(lo, hi);
        if has_cr {
            Text::from(text.replace('\r', ""))
        } else {
            text
        }
    }
}
