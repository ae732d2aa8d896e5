//! Numbers as written.
//!
//! `1_000`, `0x1F`, `0o17`, `0b101`, `1.5Gi`, `.5`, `1e-3`: this module checks the form and takes
//! base, digits and multiplier apart; the evaluator has the arithmetic. As cue v0.14.1
//! `cue/literal/num.go`.

use super::LiteralError;

/// The suffix that scales an integer: `K` is 1000, `Ki` is 1024, and so on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Multiplier {
    /// 1000 or 1024.
    pub base: u32,
    /// From 1 for `K` to 5 for `P`.
    pub power: u32,
}

/// A number taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Number {
    /// 2, 8, 10 or 16.
    pub base: u32,
    /// The digits without separators. In base 10 there may be a decimal point, which has a digit
    /// before it, and an exponent with `e`.
    pub digits: String,
    /// What the digits are multiplied with; the product must be an integer, which is for the
    /// evaluator to check.
    pub multiplier: Option<Multiplier>,
    /// The literal is a float: it has a point or exponent and no multiplier.
    pub is_float: bool,
    /// The literal has separators (`_`).
    pub has_separators: bool,
}

/// Takes the literal `text` apart. There is no sign in it.
///
/// # Errors
/// [`LiteralError::Number`] when it is no number.
pub fn parse_number(text: &str) -> Result<Number, LiteralError> {
    let mut reader = Reader {
        rest: text.as_bytes(),
        digits: String::with_capacity(text.len()),
        separators: false,
    };
    let number = reader.number()?;
    if reader.rest.is_empty() {
        Ok(number)
    } else {
        Err(LiteralError::Number)
    }
}

struct Reader<'a> {
    rest: &'a [u8],
    digits: String,
    separators: bool,
}

impl Reader<'_> {
    fn peek(&self) -> u8 {
        self.rest.first().copied().unwrap_or(0)
    }

    fn bump(&mut self) {
        self.rest = self.rest.get(1..).unwrap_or_default();
    }

    /// Reads digits and separators; says how many digits there were.
    fn mantissa(&mut self, base: u32) -> Result<usize, LiteralError> {
        let mut count = 0;
        let mut separator_last = false;
        loop {
            let c = char::from(self.peek());
            if c == '_' {
                if separator_last {
                    return Err(LiteralError::Number);
                }
                self.separators = true;
                separator_last = true;
            } else if c.is_digit(base) {
                self.digits.push(c);
                count += 1;
                separator_last = false;
            } else {
                break;
            }
            self.bump();
        }
        if separator_last {
            return Err(LiteralError::Number);
        }
        Ok(count)
    }

    fn number(&mut self) -> Result<Number, LiteralError> {
        if self.peek() == b'0' {
            let base = match self.rest.get(1).copied() {
                Some(b'x' | b'X') => 16,
                Some(b'o') => 8,
                Some(b'b') => 2,
                _ => 10,
            };
            if base != 10 {
                self.bump();
                self.bump();
                return if self.mantissa(base)? == 0 {
                    Err(LiteralError::Number)
                } else {
                    Ok(self.finish(base, None, false))
                };
            }
        }
        if self.peek() == b'_' {
            return Err(LiteralError::Number);
        }
        let starts_with_point = self.peek() == b'.';
        if !starts_with_point && self.mantissa(10)? == 0 {
            return Err(LiteralError::Number);
        }
        let integer = self.digits.len();
        let mut is_float = false;
        if self.peek() == b'.' {
            self.bump();
            if self.digits.is_empty() {
                self.digits.push('0');
            }
            self.digits.push('.');
            if self.mantissa(10)? == 0 && starts_with_point {
                return Err(LiteralError::Number);
            }
            is_float = true;
        }
        if let Some(multiplier) = self.multiplier() {
            return Ok(self.finish(10, Some(multiplier), false));
        }
        if matches!(self.peek(), b'e' | b'E') {
            self.bump();
            self.digits.push('e');
            if matches!(self.peek(), b'+' | b'-') {
                self.digits.push(char::from(self.peek()));
                self.bump();
            }
            if self.mantissa(10)? == 0 {
                return Err(LiteralError::Number);
            }
            is_float = true;
        }
        if !is_float && integer > 1 && self.digits.starts_with('0') {
            // an old octal literal, which only a program can put into a tree
            return if self.digits.bytes().all(|digit| digit < b'8') {
                Ok(self.finish(8, None, false))
            } else {
                Err(LiteralError::Number)
            };
        }
        Ok(self.finish(10, None, is_float))
    }

    fn multiplier(&mut self) -> Option<Multiplier> {
        let power = match self.peek() {
            b'K' => 1,
            b'M' => 2,
            b'G' => 3,
            b'T' => 4,
            b'P' => 5,
            _ => return None,
        };
        self.bump();
        let base = if self.peek() == b'i' {
            self.bump();
            1024
        } else {
            1000
        };
        Some(Multiplier { base, power })
    }

    fn finish(&mut self, base: u32, multiplier: Option<Multiplier>, is_float: bool) -> Number {
        Number {
            base,
            digits: std::mem::take(&mut self.digits),
            multiplier,
            is_float,
            has_separators: self.separators,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_taken_apart() {
        let number = |text| parse_number(text).unwrap();
        assert_eq!(number("1_000").digits, "1000");
        assert_eq!(
            (number("0x1F").base, number("0b11").base, number("0o7").base),
            (16, 2, 8)
        );
        assert_eq!(number(".5").digits, "0.5");
        assert_eq!(number("1.").digits, "1.");
        assert!(number("1e-3").is_float && !number("1").is_float && !number("1.5K").is_float);
        assert_eq!(
            number("1.5Gi").multiplier,
            Some(Multiplier {
                base: 1024,
                power: 3
            })
        );
        assert_eq!(number("017").base, 8);
    }

    #[test]
    fn what_is_no_number_is_rejected() {
        for text in [
            "", "_1", "1_", "1__0", "0x", "0b2", "1e", ".", "089", "1Kb", "1 ",
        ] {
            assert_eq!(parse_number(text), Err(LiteralError::Number), "{text}");
        }
    }
}
