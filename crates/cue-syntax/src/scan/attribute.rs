//! Scanning attributes.
//!
//! The body of an attribute is any sequence of tokens with balanced brackets; only its end matters
//! here, its text is kept as it is.

use super::Scanner;
use super::token::Tok;

impl Scanner<'_> {
    /// Reads an attribute whose `@` has been read.
    pub(super) fn attribute(&mut self) {
        self.skip_name();
        if self.scan().tok != Tok::LParen {
            self.error(self.offset, "`(` expected after the name of an attribute");
            return;
        }
        let mut open = vec![Tok::RParen];
        while let Some(close) = open.last().copied() {
            match self.scan().tok {
                tok if tok == close => {
                    open.pop();
                }
                Tok::Eof => {
                    let message = format!("`{}` of an attribute is missing", close.as_str());
                    self.error(self.offset, message);
                    return;
                }
                Tok::Interpolation => {
                    self.error(self.offset, "an attribute may not have an interpolation");
                    self.waiting.pop();
                    self.skip_parentheses();
                }
                Tok::LParen => open.push(Tok::RParen),
                Tok::LBrace => open.push(Tok::RBrace),
                Tok::LBrack => open.push(Tok::RBrack),
                tok @ (Tok::RParen | Tok::RBrace | Tok::RBrack) => {
                    self.error(self.offset, format!("unexpected `{}`", tok.as_str()));
                }
                _ => {}
            }
        }
    }

    /// Moves to the `)` that closes the one before the current character, or to the line's end.
    fn skip_parentheses(&mut self) {
        let mut open = 1_usize;
        while let Some(byte) = self.current() {
            match byte {
                b'\n' => return,
                b'(' => open += 1,
                b')' => {
                    open -= 1;
                    if open == 0 {
                        return;
                    }
                }
                _ => {}
            }
            self.bump();
        }
    }
}
