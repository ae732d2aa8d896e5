//! Go's regular expressions on Rust's engine.
//!
//! CUE's `=~` and `regexp` package, and the `pattern` of a CRD, mean Go's RE2 syntax. Both engines match in linear
//! time, but the same text can mean different things, so a pattern is read here by Go's grammar and
//! written anew for Rust with everything spelled out:
//!
//! | Go | here |
//! |---|---|
//! | `\d \w \s \b` know ASCII only | `[0-9]`, `[0-9A-Za-z_]`, `[\t\n\f\r ]`, `(?-u:\b)` |
//! | `\Q a.b \E`, octal `\012` | each character escaped |
//! | `[`, `&&`, `--`, `~~` in a class are characters | escaped |
//! | `{` that starts no repeat is a character | escaped |
//! | at most 1000 repeats, no `a**`, flags `imsU` only | refused |
//!
//! Matching is on bytes, which lets ASCII `\B` exist; without it matches still lie on character
//! borders. Compiled size is limited, so a hostile pattern ends in an error.

use regex::bytes::{Regex, RegexBuilder};
use std::fmt::Write as _;
use std::iter::Peekable;
use std::str::Chars;

/// Largest compiled program, in bytes.
const SIZE_LIMIT: usize = 8 << 20;
/// The most repeats that Go allows.
const MAX_REPEAT: u32 = 1000;

/// Why a pattern is not a regular expression of Go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegexError(String);

impl std::fmt::Display for RegexError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for RegexError {}

fn refuse<T>(message: impl Into<String>) -> Result<T, RegexError> {
    Err(RegexError(message.into()))
}

/// Compiles a pattern in Go's syntax.
///
/// # Errors
/// [`RegexError`] when Go would refuse it, or when it is too large.
pub fn compile(pattern: &str) -> Result<Regex, RegexError> {
    let translated = translate(pattern)?;
    RegexBuilder::new(&translated)
        .size_limit(SIZE_LIMIT)
        .dfa_size_limit(SIZE_LIMIT)
        .build()
        .map_err(|error| match error {
            regex::Error::CompiledTooBig(limit) => {
                RegexError(format!("pattern needs more than {limit} bytes"))
            }
            error => {
                let text = error.to_string();
                let last = text.lines().last().unwrap_or_default();
                RegexError(last.trim_start_matches("error: ").to_owned())
            }
        })
}

/// Rewrites a pattern of Go for Rust's engine.
///
/// # Errors
/// [`RegexError`] when Go would refuse it; some such patterns are left to the engine to refuse.
pub fn translate(pattern: &str) -> Result<String, RegexError> {
    let mut translator = Translator {
        chars: pattern.chars().peekable(),
        out: String::with_capacity(pattern.len() + 16),
    };
    translator.pattern()?;
    Ok(translator.out)
}

/// The classes that may stand as `[:name:]`.
const NAMES: [&str; 14] = [
    "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct",
    "space", "upper", "word", "xdigit",
];

struct Translator<'p> {
    chars: Peekable<Chars<'p>>,
    out: String,
}

/// What an escape stands for.
enum Escape {
    Char(char),
    /// A class as the inside of brackets, and whether it is the complement.
    Class(String, bool),
}

impl Translator<'_> {
    fn pattern(&mut self) -> Result<(), RegexError> {
        // whether the last thing written was a repetition, which must not be repeated
        let mut repeated = false;
        while let Some(c) = self.chars.next() {
            let was_repeated = std::mem::take(&mut repeated);
            match c {
                '*' | '+' | '?' => {
                    if was_repeated {
                        return refuse("invalid nested repetition operator");
                    }
                    self.out.push(c);
                    self.lazy();
                    repeated = true;
                }
                '{' => match self.repeat()? {
                    Some(text) => {
                        if was_repeated {
                            return refuse("invalid nested repetition operator");
                        }
                        self.out.push_str(&text);
                        self.lazy();
                        repeated = true;
                    }
                    None => self.out.push_str("\\{"),
                },
                '(' => self.group()?,
                '[' => self.class()?,
                '\\' => self.outside_escape()?,
                '.' | '^' | '$' | '|' | ')' => self.out.push(c),
                c => literal(&mut self.out, c),
            }
        }
        Ok(())
    }

    fn lazy(&mut self) {
        if self.chars.next_if_eq(&'?').is_some() {
            self.out.push('?');
        }
    }

    /// Reads `n}`, `n,}` or `n,m}`; anything else is no repeat, and nothing is consumed.
    fn repeat(&mut self) -> Result<Option<String>, RegexError> {
        let mut ahead = self.chars.clone();
        let mut inner = String::new();
        loop {
            match ahead.next() {
                Some('}') => break,
                Some(c) if c.is_ascii_digit() || c == ',' => inner.push(c),
                _ => return Ok(None),
            }
        }
        let (low, high) = match inner.split_once(',') {
            Some((low, high)) => (low, Some(high)),
            None => (inner.as_str(), None),
        };
        if low.is_empty() || high.is_some_and(|high| high.contains(',')) {
            return Ok(None);
        }
        let bound = |text: &str| {
            text.parse::<u32>()
                .ok()
                .filter(|count| *count <= MAX_REPEAT)
                .ok_or_else(|| RegexError(format!("invalid repeat count `{{{inner}}}`")))
        };
        let least = bound(low)?;
        if let Some(high) = high.filter(|high| !high.is_empty())
            && bound(high)? < least
        {
            return refuse(format!("invalid repeat count `{{{inner}}}`"));
        }
        self.chars = ahead;
        Ok(Some(format!("{{{inner}}}")))
    }

    fn group(&mut self) -> Result<(), RegexError> {
        self.out.push('(');
        if self.chars.next_if_eq(&'?').is_none() {
            return Ok(());
        }
        self.out.push('?');
        match self.chars.peek() {
            Some('P') => {
                self.chars.next();
                if self.chars.peek() != Some(&'<') {
                    return refuse("invalid or unsupported Perl syntax: `(?P`");
                }
                self.out.push('P');
                self.group_name()
            }
            Some('<') => self.group_name(),
            _ => {
                for c in self.chars.by_ref() {
                    match c {
                        'i' | 'm' | 's' | 'U' | '-' => self.out.push(c),
                        ':' | ')' => {
                            self.out.push(c);
                            return Ok(());
                        }
                        c => {
                            return refuse(format!("invalid or unsupported Perl syntax: `(?{c}`"));
                        }
                    }
                }
                refuse("missing closing `)`")
            }
        }
    }

    fn group_name(&mut self) -> Result<(), RegexError> {
        for c in self.chars.by_ref() {
            match c {
                '<' => self.out.push(c),
                '>' => {
                    self.out.push(c);
                    return Ok(());
                }
                c if c == '_' || c.is_ascii_alphanumeric() => self.out.push(c),
                _ => return refuse("invalid named capture"),
            }
        }
        refuse("invalid named capture")
    }

    fn outside_escape(&mut self) -> Result<(), RegexError> {
        match self.chars.peek() {
            Some('b') => self.anchor("(?-u:\\b)"),
            Some('B') => self.anchor("(?-u:\\B)"),
            Some('A') => self.anchor("\\A"),
            Some('z') => self.anchor("\\z"),
            Some('Q') => {
                self.chars.next();
                while let Some(c) = self.chars.next() {
                    if c == '\\' && self.chars.next_if_eq(&'E').is_some() {
                        break;
                    }
                    literal(&mut self.out, c);
                }
            }
            Some('E') => {
                // a stray end of quotation is ignored
                self.chars.next();
            }
            _ => match self.escape()? {
                Escape::Char(c) => literal(&mut self.out, c),
                Escape::Class(inside, negated) => {
                    let mark = if negated { "^" } else { "" };
                    let _ = write!(self.out, "[{mark}{inside}]");
                }
            },
        }
        Ok(())
    }

    fn anchor(&mut self, text: &str) {
        self.chars.next();
        self.out.push_str(text);
    }

    /// Reads what follows a backslash, inside or outside of brackets.
    fn escape(&mut self) -> Result<Escape, RegexError> {
        let Some(c) = self.chars.next() else {
            return refuse("trailing backslash at end of expression");
        };
        let class = |inside: &str, negated| Ok(Escape::Class(inside.to_owned(), negated));
        match c {
            'd' => class("0-9", false),
            'D' => class("0-9", true),
            's' => class("\\t\\n\\f\\r ", false),
            'S' => class("\\t\\n\\f\\r ", true),
            'w' => class("0-9A-Za-z_", false),
            'W' => class("0-9A-Za-z_", true),
            'p' | 'P' => self.unicode_class(c == 'P'),
            'a' => Ok(Escape::Char('\u{7}')),
            'f' => Ok(Escape::Char('\u{c}')),
            't' => Ok(Escape::Char('\t')),
            'n' => Ok(Escape::Char('\n')),
            'r' => Ok(Escape::Char('\r')),
            'v' => Ok(Escape::Char('\u{b}')),
            'x' => self.hex_escape(),
            '0'..='7' => {
                let mut code = c.to_digit(8).unwrap_or(0);
                let octal = self.chars.peek().is_some_and(|next| next.is_digit(8));
                if c != '0' && !octal {
                    return refuse(format!("invalid escape sequence: `\\{c}`"));
                }
                for _ in 0..2 {
                    let Some(digit) = self.chars.peek().and_then(|next| next.to_digit(8)) else {
                        break;
                    };
                    code = code * 8 + digit;
                    self.chars.next();
                }
                char::from_u32(code)
                    .map(Escape::Char)
                    .ok_or_else(|| RegexError("invalid escape sequence".to_owned()))
            }
            c if c.is_ascii() && !c.is_ascii_alphanumeric() => Ok(Escape::Char(c)),
            c => refuse(format!("invalid escape sequence: `\\{c}`")),
        }
    }

    fn hex_escape(&mut self) -> Result<Escape, RegexError> {
        let bad = || RegexError("invalid escape sequence: `\\x`".to_owned());
        let mut digits = String::new();
        if self.chars.next_if_eq(&'{').is_some() {
            for c in self.chars.by_ref() {
                if c == '}' {
                    break;
                }
                digits.push(c);
            }
        } else {
            digits.extend(self.chars.next());
            digits.extend(self.chars.next());
            if digits.len() != 2 {
                return Err(bad());
            }
        }
        if !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(bad());
        }
        u32::from_str_radix(&digits, 16)
            .ok()
            .and_then(char::from_u32)
            .map(Escape::Char)
            .ok_or_else(bad)
    }

    fn unicode_class(&mut self, mut negated: bool) -> Result<Escape, RegexError> {
        let mut name = String::new();
        match self.chars.next() {
            Some('{') => {
                for c in self.chars.by_ref() {
                    if c == '}' {
                        break;
                    }
                    name.push(c);
                }
            }
            Some(c) => name.push(c),
            None => return refuse("invalid character class range: `\\p`"),
        }
        if let Some(rest) = name.strip_prefix('^') {
            negated = !negated;
            name = rest.to_owned();
        }
        if name.is_empty() || !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') {
            return refuse(format!("invalid character class range: `\\p{{{name}}}`"));
        }
        Ok(Escape::Class(format!("\\p{{{name}}}"), negated))
    }

    /// Reads a bracketed class after its `[`.
    fn class(&mut self) -> Result<(), RegexError> {
        self.out.push('[');
        if self.chars.next_if_eq(&'^').is_some() {
            self.out.push('^');
        }
        let mut first = true;
        loop {
            let Some(c) = self.chars.next() else {
                return refuse("missing closing `]`");
            };
            if c == ']' && !first {
                self.out.push(']');
                return Ok(());
            }
            first = false;
            if c == '[' && self.posix_class()? {
                continue;
            }
            let low = match c {
                '\\' => match self.escape()? {
                    Escape::Char(c) => c,
                    Escape::Class(inside, negated) => {
                        let mark = if negated { "^" } else { "" };
                        let _ = write!(self.out, "[{mark}{inside}]");
                        continue;
                    }
                },
                c => c,
            };
            literal(&mut self.out, low);
            if let Some(high) = self.range_end()? {
                if high < low {
                    return refuse(format!("invalid character class range: `{low}-{high}`"));
                }
                self.out.push('-');
                literal(&mut self.out, high);
            }
        }
    }

    /// After the first character of a possible range: its last, when there is one.
    fn range_end(&mut self) -> Result<Option<char>, RegexError> {
        let mut ahead = self.chars.clone();
        if ahead.next() != Some('-') || matches!(ahead.next(), Some(']') | None) {
            return Ok(None);
        }
        self.chars.next();
        match self.chars.next() {
            Some('\\') => match self.escape()? {
                Escape::Char(c) => Ok(Some(c)),
                Escape::Class(..) => refuse("invalid character class range"),
            },
            c => Ok(c),
        }
    }

    /// Reads `[:name:]` after its first bracket; consumes nothing when it is none.
    fn posix_class(&mut self) -> Result<bool, RegexError> {
        let mut ahead = self.chars.clone();
        if ahead.next() != Some(':') {
            return Ok(false);
        }
        let mut name = String::new();
        loop {
            match ahead.next() {
                Some(':') if ahead.peek() == Some(&']') => break,
                Some(c) if c.is_ascii_alphabetic() || c == '^' => name.push(c),
                _ => return Ok(false),
            }
        }
        if !NAMES.contains(&name.trim_start_matches('^')) {
            return refuse(format!("invalid character class range: `[:{name}:]`"));
        }
        ahead.next();
        self.chars = ahead;
        let _ = write!(self.out, "[:{name}:]");
        Ok(true)
    }
}

/// Writes a character that stands for itself, wherever it is.
fn literal(out: &mut String, c: char) {
    if c.is_alphanumeric() || c == '_' || !c.is_ascii() {
        out.push(c);
    } else {
        let _ = write!(out, "\\x{:02X}", u32::from(c));
    }
}

/// Escapes a text so that it matches itself, as Go's `QuoteMeta`.
pub fn quote_meta(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(
            c,
            '\\' | '.' | '+' | '*' | '?' | '(' | ')' | '|' | '[' | ']' | '{' | '}' | '^' | '$'
        ) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, text: &str) -> bool {
        compile(pattern).unwrap().is_match(text.as_bytes())
    }

    #[test]
    fn perl_classes_know_ascii_only() {
        assert!(matches(r"^\d+$", "123"));
        assert!(!matches(r"^\d+$", "\u{0663}"));
        assert!(!matches(r"^\w$", "\u{e9}"));
        assert!(matches(r"^\W$", "\u{e9}"));
        assert!(!matches(r"^\s$", "\u{a0}"));
        assert!(matches(r"^[^\s]$", "\u{a0}"));
        assert!(matches(r"\bcaf\b", "caf\u{e9}"));
    }

    #[test]
    fn what_rust_would_read_as_syntax_stays_text() {
        assert!(matches(r"^[[]$", "["));
        assert!(matches(r"^[a&&b]+$", "a&b"));
        assert!(matches(r"^[a~~b]+$", "~"));
        assert!(matches(r"^a{,2}$", "a{,2}"));
        assert!(matches(r"^{x}$", "{x}"));
        assert!(matches(r"^\Qa.b\E+$", "a.bb"));
        assert!(matches(r"^\<b$", "<b"));
        assert!(matches(r"^[]a]+$", "]a"));
        assert!(matches(r"^\012$", "\n"));
        assert!(matches(r"^a b#c$", "a b#c"));
        assert!(matches(r"^[a-c-e]+$", "a-e"));
    }

    #[test]
    fn go_and_rust_agree_on_the_common_part() {
        assert!(matches(r"^(?i)abc(?P<x>[[:alpha:]]{2,3})$", "ABCde"));
        assert!(matches(r"\p{Greek}\pL", "\u{3b1}x"));
        assert!(matches(r"^.$", "\u{1F600}"));
        assert!(!matches(r"^a.b$", "a\nb"));
        assert!(matches(r"(?s)^a.b$", "a\nb"));
    }

    #[test]
    fn patterns_that_go_refuses_are_refused() {
        for pattern in [
            "a**",
            "a{1001}",
            "a{3,2}",
            "(?x)a b",
            r"\1",
            r"\Z",
            r"\y",
            "[z-a]",
            "[a",
            "(a",
            "a)",
            "*",
            r"a\",
            r"[a-\d]",
            "(?=a)",
            "[[:foo:]]",
            r"\p{Nope}",
            "((a{100}){100}){100}",
        ] {
            assert!(compile(pattern).is_err(), "{pattern}");
        }
    }
}
