//! Scanning numbers.
//!
//! `12`, `1_000`, `0x1F`, `0o17`, `0b1`, `1.5`, `.5`, `1e3`, `5Gi`. A number is scanned to its end even
//! when it is wrong, so that one mistake is one diagnostic. As cue v0.14.1 `cue/scanner/scanner.go`.

use super::Scanner;
use super::token::Tok;

fn digit_value(byte: Option<u8>) -> u32 {
    match byte {
        Some(byte @ b'0'..=b'9') => u32::from(byte - b'0'),
        Some(b'_') => 0,
        Some(byte @ b'a'..=b'f') => u32::from(byte - b'a') + 10,
        Some(byte @ b'A'..=b'F') => u32::from(byte - b'A') + 10,
        _ => 16,
    }
}

impl Scanner<'_> {
    fn mantissa(&mut self, base: u32) {
        let mut last = 0;
        while digit_value(self.current()) < base {
            if last == b'_' && self.current() == Some(b'_') {
                self.error(self.offset, "two `_` in a row in a number");
            }
            last = self.current().unwrap_or(0);
            self.bump();
        }
        if last == b'_' {
            self.error(self.offset - 1, "`_` at the end of the digits of a number");
        }
    }

    fn prefixed(&mut self, lo: usize, base: u32, what: &str) {
        self.bump();
        self.mantissa(base);
        if self.offset - lo <= 2 {
            self.error(lo, format!("{what} number without digits"));
        }
    }

    /// Scans a number that begins with the current digit.
    pub(super) fn number(&mut self) -> Tok {
        let lo = self.offset;
        if self.current() != Some(b'0') {
            self.mantissa(10);
            return self.fraction();
        }
        self.bump();
        match self.current() {
            Some(b'x' | b'X') => self.prefixed(lo, 16, "hexadecimal"),
            Some(b'b') => self.prefixed(lo, 2, "binary"),
            Some(b'o') => self.prefixed(lo, 8, "octal"),
            _ => {
                let more_digits = matches!(self.current(), Some(b'0'..=b'9'));
                if more_digits {
                    self.mantissa(10);
                }
                if matches!(self.current(), Some(b'.' | b'e' | b'E')) {
                    return self.fraction();
                }
                if more_digits {
                    self.error(lo, "an integer other than 0 may not begin with 0");
                }
            }
        }
        Tok::Int
    }

    fn fraction(&mut self) -> Tok {
        if self.current() != Some(b'.') {
            return self.exponent(Tok::Int);
        }
        // `1..` is the beginning of something else
        if self.byte_at(self.offset + 1) == Some(b'.') {
            return Tok::Int;
        }
        self.bump();
        self.number_after_point()
    }

    /// Scans the digits after a decimal point that has been read.
    pub(super) fn number_after_point(&mut self) -> Tok {
        self.mantissa(10);
        self.exponent(Tok::Float)
    }

    fn exponent(&mut self, tok: Tok) -> Tok {
        match self.current() {
            Some(b'K' | b'M' | b'G' | b'T' | b'P') => {
                self.bump();
                if self.current() == Some(b'i') {
                    self.bump();
                }
                Tok::Int
            }
            Some(b'e' | b'E') => {
                self.bump();
                if matches!(self.current(), Some(b'-' | b'+')) {
                    self.bump();
                }
                self.mantissa(10);
                Tok::Float
            }
            _ => tok,
        }
    }
}
