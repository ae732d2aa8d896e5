//! Decoding strings and bytes.
//!
//! `"a"`, `'a'` (bytes), `"""` over several lines, each with any number of `#` around it, which then
//! also stand behind the backslash of an escape. In a multi-line literal every line begins with the
//! white space of the last one, which is taken off. As cue v0.14.1 `cue/literal/string.go`.

use super::LiteralError;
use crate::ast::Interpolation;

/// The value of a string or bytes literal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unquoted {
    /// Of a literal in double quotes.
    String(String),
    /// Of a literal in single quotes.
    Bytes(Vec<u8>),
}

/// The decoded texts of an interpolation, one more than it has expressions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fragments {
    /// Of an interpolation in double quotes.
    String(Vec<String>),
    /// Of an interpolation in single quotes.
    Bytes(Vec<Vec<u8>>),
}

/// The value of the string or bytes literal `text`.
///
/// # Errors
/// When it is no such literal, or has an invalid escape or indentation.
pub fn unquote(text: &str) -> Result<Unquoted, LiteralError> {
    let quotes = Quotes::parse(text, text)?;
    let body = text
        .get(quotes.skip..)
        .ok_or(LiteralError::UnmatchedQuote)?;
    let bytes = quotes.decode(body)?;
    if quotes.is_bytes() {
        return Ok(Unquoted::Bytes(bytes));
    }
    String::from_utf8(bytes)
        .map(Unquoted::String)
        .map_err(|_| LiteralError::Syntax)
}

/// The texts between the expressions of an interpolation.
///
/// # Errors
/// As [`unquote`].
pub fn decode_interpolation(interpolation: &Interpolation) -> Result<Fragments, LiteralError> {
    let first = interpolation.first.text.as_str();
    let last = interpolation
        .steps
        .last()
        .map_or(first, |step| step.text.text.as_str());
    let quotes = Quotes::parse(first, last)?;
    let head = first
        .get(quotes.skip..)
        .ok_or(LiteralError::UnmatchedQuote)?;
    let mut parts = vec![quotes.decode(head)?];
    for step in &interpolation.steps {
        let body = step
            .text
            .text
            .strip_prefix(')')
            .ok_or(LiteralError::Syntax)?;
        parts.push(quotes.decode(body)?);
    }
    if quotes.is_bytes() {
        return Ok(Fragments::Bytes(parts));
    }
    parts
        .into_iter()
        .map(String::from_utf8)
        .collect::<Result<_, _>>()
        .map(Fragments::String)
        .map_err(|_| LiteralError::Syntax)
}

/// The literal `text` re-indented by `tabs` tabs when it is a multi-line string; otherwise as it is.
///
/// Where text stands before the closing quotes there is no indentation that could be changed: more of it would become part
/// of the value, each time again (as cue v0.14.1 does).
pub fn indent_tabs(text: &str, tabs: usize) -> String {
    let indent = "\t".repeat(tabs);
    match Quotes::parse(text, text) {
        Ok(quotes)
            if quotes.multiline && quotes.whitespace != indent && closes_on_its_own_line(text) =>
        {
            text.replace(&format!("\n{}", quotes.whitespace), &format!("\n{indent}"))
        }
        _ => text.to_owned(),
    }
}

fn closes_on_its_own_line(text: &str) -> bool {
    text.rsplit('\n').next().is_some_and(|line| {
        let closing = line.trim_start_matches([' ', '\t']);
        closing.trim_end_matches('#').len() == 3
    })
}

/// Whether `text` is a well-formed multi-line string or bytes literal.
pub fn is_multiline(text: &str) -> bool {
    Quotes::parse(text, text).is_ok_and(|quotes| quotes.multiline)
}

/// What the quotes of a literal are.
struct Quotes<'a> {
    quote: u8,
    quote_count: usize,
    hashes: usize,
    multiline: bool,
    /// What every line of a multi-line literal begins with.
    whitespace: &'a str,
    /// The bytes before the content.
    skip: usize,
}

enum Piece {
    Char(char),
    Byte(u8),
    /// A code unit that is half of a surrogate pair.
    Half(u32),
    EscapedNewline,
    ClosingQuote,
    Expression,
}

impl<'a> Quotes<'a> {
    /// The quotes that open `start` and close `end`, which may be the same text.
    fn parse(start: &str, end: &'a str) -> Result<Self, LiteralError> {
        let unhashed = start.trim_start_matches('#');
        let hashes = start.len() - unhashed.len();
        let bytes = unhashed.as_bytes();
        let quote = match bytes.first() {
            Some(quote @ (b'"' | b'\'')) => *quote,
            _ => return Err(LiteralError::Syntax),
        };
        let triple =
            bytes.len() > 3 && bytes.get(1) == Some(&quote) && bytes.get(2) == Some(&quote);
        let mut skip = hashes + 1;
        if triple {
            skip = match (bytes.get(3), bytes.get(4)) {
                (Some(b'\n'), _) => hashes + 4,
                (Some(b'\r'), Some(b'\n')) => hashes + 5,
                _ => return Err(LiteralError::MissingNewline),
            };
        }
        let quote_count = if triple { 3 } else { 1 };
        let closing = end.len().checked_sub(quote_count + hashes);
        let body = closing
            .filter(|at| {
                end.as_bytes().get(*at..).is_some_and(|tail| {
                    let (quotes, marks) = tail.split_at(quote_count);
                    quotes.iter().all(|byte| *byte == quote)
                        && marks.iter().all(|byte| *byte == b'#')
                })
            })
            .and_then(|at| end.get(..at))
            .ok_or(LiteralError::UnmatchedQuote)?;
        let mut whitespace = "";
        if triple {
            let text = body.trim_end_matches(|c: char| c != '\n' && c.is_whitespace());
            whitespace = body.get(text.len()..).unwrap_or_default();
            let content = start.get(skip..).unwrap_or_default();
            if !content.is_empty() && !content.starts_with('\n') {
                if !content.starts_with(whitespace) {
                    return Err(LiteralError::Whitespace);
                }
                skip += whitespace.len();
            }
        }
        Ok(Self {
            quote,
            quote_count,
            hashes,
            multiline: triple,
            whitespace,
            skip,
        })
    }

    fn is_bytes(&self) -> bool {
        self.quote == b'\''
    }

    /// Decodes `text`, which ends in the closing quotes or in the `\(` of an expression.
    fn decode(&self, text: &str) -> Result<Vec<u8>, LiteralError> {
        if !self.multiline {
            if text.bytes().any(|byte| byte == b'\n' || byte == b'\r') {
                return Err(LiteralError::Syntax);
            }
            let simple = text.as_bytes().strip_suffix(&[self.quote]).filter(|body| {
                self.hashes == 0
                    && !body
                        .iter()
                        .any(|byte| *byte == self.quote || *byte == b'\\')
            });
            if let Some(body) = simple {
                return Ok(body.to_vec());
            }
        }
        let mut out = Vec::with_capacity(text.len());
        let mut rest = text;
        let mut line_feed_last = false;
        let mut escaped_newline_last = false;
        while let Some(c) = rest.chars().next() {
            if c == '\r' {
                rest = rest.get(1..).unwrap_or_default();
                escaped_newline_last = false;
                continue;
            }
            if c == '\n' {
                rest = self.after_newline(rest.get(1..).unwrap_or_default())?;
                line_feed_last = true;
                escaped_newline_last = false;
                out.push(b'\n');
                continue;
            }
            let (piece, tail) = self.piece(rest, c)?;
            rest = tail;
            match piece {
                Piece::Char(c) => {
                    out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
                }
                Piece::Byte(byte) => out.push(byte),
                Piece::Half(high) => {
                    let (c, tail) = self.surrogate_pair(high, rest)?;
                    rest = tail;
                    out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
                }
                Piece::EscapedNewline => {
                    rest = self.after_newline(rest)?;
                    escaped_newline_last = true;
                    continue;
                }
                Piece::ClosingQuote => {
                    if escaped_newline_last {
                        return Err(LiteralError::EscapedLastNewline);
                    }
                    if line_feed_last {
                        out.pop();
                    }
                    return Ok(out);
                }
                Piece::Expression => return Ok(out),
            }
            line_feed_last = false;
            escaped_newline_last = false;
        }
        Err(LiteralError::UnmatchedQuote)
    }

    /// Takes the indentation off the line that begins here.
    fn after_newline<'t>(&self, text: &'t str) -> Result<&'t str, LiteralError> {
        if !self.multiline {
            return Err(LiteralError::Whitespace);
        }
        match text.strip_prefix(self.whitespace) {
            Some(rest) => Ok(rest),
            None if text.starts_with('\n') || text.starts_with("\r\n") => Ok(text),
            None => Err(LiteralError::Whitespace),
        }
    }

    fn surrogate_pair<'t>(
        &self,
        high: u32,
        rest: &'t str,
    ) -> Result<(char, &'t str), LiteralError> {
        let next = rest.chars().next().ok_or(LiteralError::Surrogate)?;
        match self.piece(rest, next) {
            Ok((Piece::Half(low), tail))
                if (0xD800..0xDC00).contains(&high) && (0xDC00..0xE000).contains(&low) =>
            {
                let code = 0x1_0000 + ((high - 0xD800) << 10) + (low - 0xDC00);
                let c = char::from_u32(code).ok_or(LiteralError::Surrogate)?;
                Ok((c, tail))
            }
            _ => Err(LiteralError::Surrogate),
        }
    }

    /// The first character, escape or delimiter of `text`, which begins with `c`.
    fn piece<'t>(&self, text: &'t str, c: char) -> Result<(Piece, &'t str), LiteralError> {
        let bytes = text.as_bytes();
        let tail = text.get(c.len_utf8()..).unwrap_or_default();
        if c == char::from(self.quote) {
            let closing = self.quote_count + self.hashes;
            let is_closing = bytes.get(..closing).is_some_and(|head| {
                let (quotes, marks) = head.split_at(self.quote_count);
                quotes.iter().all(|byte| *byte == self.quote)
                    && marks.iter().all(|byte| *byte == b'#')
            });
            if !is_closing {
                return Ok((Piece::Char(c), tail));
            }
            return if bytes.len() == closing {
                Ok((Piece::ClosingQuote, ""))
            } else {
                Err(LiteralError::Syntax)
            };
        }
        if c != '\\' {
            return Ok((Piece::Char(c), tail));
        }
        let marks = tail.as_bytes().get(..self.hashes);
        let escape = tail.get(self.hashes..).filter(|after| !after.is_empty());
        match (marks, escape) {
            (Some(marks), Some(escape)) if marks.iter().all(|byte| *byte == b'#') => {
                self.escape(escape)
            }
            _ => Ok((Piece::Char('\\'), tail)),
        }
    }

    /// The escape whose text after the backslash and its `#` is `text`.
    fn escape<'t>(&self, text: &'t str) -> Result<(Piece, &'t str), LiteralError> {
        let first = text.as_bytes().first().copied().unwrap_or(0);
        let tail = text.get(1..).ok_or(LiteralError::Syntax)?;
        let hex = |digits: usize| {
            let code = tail.get(..digits)?;
            let code = code
                .bytes()
                .all(|byte| byte.is_ascii_hexdigit())
                .then_some(code)?;
            Some((u32::from_str_radix(code, 16).ok()?, tail.get(digits..)?))
        };
        let simple = |c| Ok((Piece::Char(c), tail));
        match first {
            b'a' => simple('\x07'),
            b'b' => simple('\x08'),
            b'f' => simple('\x0c'),
            b'n' => simple('\n'),
            b'r' => simple('\r'),
            b't' => simple('\t'),
            b'v' => simple('\x0b'),
            b'/' => simple('/'),
            b'\\' => simple('\\'),
            b'"' | b'\'' if first == self.quote => simple(char::from(first)),
            b'u' | b'U' => {
                let (code, tail) =
                    hex(if first == b'u' { 4 } else { 8 }).ok_or(LiteralError::Syntax)?;
                let piece = match char::from_u32(code) {
                    Some(c) => Piece::Char(c),
                    None if (0xD800..0xE000).contains(&code) => Piece::Half(code),
                    None => return Err(LiteralError::Syntax),
                };
                Ok((piece, tail))
            }
            b'x' if self.is_bytes() => {
                let (code, tail) = hex(2).ok_or(LiteralError::Syntax)?;
                let byte = u8::try_from(code).map_err(|_| LiteralError::Syntax)?;
                Ok((Piece::Byte(byte), tail))
            }
            b'0'..=b'7' if self.is_bytes() => {
                let digits = text.get(..3).ok_or(LiteralError::Syntax)?;
                let byte = u8::from_str_radix(digits, 8).map_err(|_| LiteralError::Syntax)?;
                Ok((Piece::Byte(byte), text.get(3..).unwrap_or_default()))
            }
            b'(' if tail.is_empty() => Ok((Piece::Expression, tail)),
            b'\n' => Ok((Piece::EscapedNewline, tail)),
            b'\r' => tail
                .strip_prefix('\n')
                .map(|tail| (Piece::EscapedNewline, tail))
                .ok_or(LiteralError::Syntax),
            _ => Err(LiteralError::Syntax),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn string(text: &str) -> Result<String, LiteralError> {
        match unquote(text)? {
            Unquoted::String(value) => Ok(value),
            Unquoted::Bytes(_) => Err(LiteralError::Syntax),
        }
    }

    #[test]
    fn strings_decode() {
        for (text, value) in [
            (r#""a""#, "a"),
            (r#""\a\b\f\n\r\t\v\/\\\"""#, "\x07\x08\x0c\n\r\t\x0b/\\\""),
            (r#""\u00e9\U0001F600""#, "\u{e9}\u{1f600}"),
            (r#""\ud83d\ude00""#, "\u{1f600}"),
            (r##"#"a\n\#n"b"#"##, "a\\n\n\"b"),
            ("##\"\\#\"##", "\\#"),
            ("\"\"\"\n\"\"\"", ""),
            ("\"\"\"\n  a\n   b\n\n  c\n  \"\"\"", "a\n b\n\nc"),
            ("\"\"\"\n\ta \\\n\tb\n\t\"\"\"", "a b"),
            ("\"\"\"\r\n\ta\r\n\t\"\"\"", "a"),
        ] {
            assert_eq!(string(text).as_deref(), Ok(value), "{text}");
        }
    }

    #[test]
    fn bytes_decode() {
        assert_eq!(
            unquote(r"'a\xff\101\''"),
            Ok(Unquoted::Bytes(b"a\xffA'".to_vec()))
        );
    }

    #[test]
    fn errors_are_told_apart() {
        for (text, error) in [
            ("", LiteralError::Syntax),
            ("\"a", LiteralError::UnmatchedQuote),
            (r#""\x41""#, LiteralError::Syntax),
            (r#""\q""#, LiteralError::Syntax),
            (r#""\ud83d""#, LiteralError::Surrogate),
            (r#""\ude00\ud83d""#, LiteralError::Surrogate),
            (r#""\U00110000""#, LiteralError::Syntax),
            (r"'\400'", LiteralError::Syntax),
            ("\"\"\"a\"\"\"", LiteralError::MissingNewline),
            ("\"\"\"\n\ta\n\t\t\"\"\"", LiteralError::Whitespace),
            ("\"\"\"\n\ta\\\n\t\"\"\"", LiteralError::EscapedLastNewline),
        ] {
            assert_eq!(unquote(text), Err(error), "{text}");
        }
    }

    #[test]
    fn multi_line_strings_are_re_indented() {
        assert_eq!(
            indent_tabs("\"\"\"\n  a\n    b\n  \"\"\"", 1),
            "\"\"\"\n\ta\n\t  b\n\t\"\"\""
        );
        assert_eq!(indent_tabs("\"a\"", 3), "\"a\"");
        for text in [
            "\"\"\"\n  a\"\"\"",
            "#\"\"\"\n  b\n ]\"\"\"#",
            "'''\n\\(1)'''",
        ] {
            assert_eq!(indent_tabs(text, 1), text, "text before the closing quotes");
        }
    }
}
