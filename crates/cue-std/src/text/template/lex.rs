//! Templates as tokens.
//!
//! Text stands outside of `{{` and `}}`, tokens inside. A dash beside a delimiter (`{{- x -}}`)
//! takes the white space of the neighbouring text away. Blanks inside an action are tokens too,
//! since `.a.b` is one operand and `.a .b` are two. Example: `a {{- .b | len}}` gives
//! `Text("a")`, `Left`, `Field("b")`, `Space`, `Pipe`, `Space`, `Word("len")`, `Right`, `End`.

use super::TemplateError;
use crate::go_text::is_print;
use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory};

/// A kind of token, with its text where that matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token<'t> {
    Text(&'t str),
    /// `{{`
    Left,
    /// `}}`
    Right,
    Space,
    /// `.name`, without its dot
    Field(&'t str),
    /// `$name`, with its dollar sign
    Variable(&'t str),
    /// A name: a function or a keyword
    Word(&'t str),
    /// `'c'`
    Rune(&'t str),
    Number(&'t str),
    /// `1+2i`
    Complex(&'t str),
    /// `"..."` or `` `...` ``
    String(&'t str),
    /// `=`
    Assign,
    /// `:=`
    Declare,
    Pipe,
    LeftParen,
    RightParen,
    Dot,
    /// Any other printable character of ASCII
    Other(char),
    End,
}

/// Tokens with the offsets at which they start.
pub(super) type Tokens<'t> = Vec<(Token<'t>, usize)>;

const SPACES: [char; 4] = [' ', '\t', '\r', '\n'];

/// All tokens; after an error there are none.
pub(super) fn tokens(template: &str) -> (Tokens<'_>, Option<TemplateError>) {
    let mut lexer = Lexer {
        template,
        at: 0,
        tokens: Vec::new(),
    };
    let error = lexer.text().err();
    if error.is_none() {
        lexer.tokens.push((Token::End, template.len()));
    }
    (lexer.tokens, error)
}

struct Lexer<'t> {
    template: &'t str,
    at: usize,
    tokens: Tokens<'t>,
}

type Lexed = Result<(), TemplateError>;

fn is_word(c: char) -> bool {
    if c.is_ascii() {
        return c == '_' || c.is_ascii_alphanumeric();
    }
    c.general_category_group() == GeneralCategoryGroup::Letter
        || c.general_category() == GeneralCategory::DecimalNumber
}

impl<'t> Lexer<'t> {
    fn rest(&self) -> &'t str {
        self.template.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn error<T>(&self, text: impl Into<String>) -> Result<T, TemplateError> {
        Err(TemplateError::new(self.at, text))
    }

    fn eat(&mut self, accepted: &[char]) -> bool {
        match self.peek() {
            Some(c) if accepted.contains(&c) => {
                self.at += c.len_utf8();
                true
            }
            _ => false,
        }
    }

    fn eat_while(&mut self, accepted: impl Fn(char) -> bool) -> usize {
        let length = self
            .rest()
            .find(|c| !accepted(c))
            .unwrap_or(self.rest().len());
        self.at += length;
        length
    }

    /// Text and comments, up to the end.
    fn text(&mut self) -> Lexed {
        loop {
            let start = self.at;
            let Some(length) = self.rest().find("{{") else {
                if !self.rest().is_empty() {
                    self.tokens.push((Token::Text(self.rest()), start));
                }
                self.at = self.template.len();
                return Ok(());
            };
            let text = self.rest().get(..length).unwrap_or_default();
            self.at += length;
            let left = self.at;
            self.at += 2;
            let mut chars = self.rest().chars();
            let trims = chars.next() == Some('-') && chars.next().is_some_and(is_space);
            let text = if trims {
                self.at += 2;
                text.trim_end_matches(SPACES)
            } else {
                text
            };
            if !text.is_empty() {
                self.tokens.push((Token::Text(text), start));
            }
            if self.rest().starts_with("/*") {
                self.comment()?;
            } else {
                self.tokens.push((Token::Left, left));
                self.action()?;
            }
        }
    }

    fn comment(&mut self) -> Lexed {
        let body = self.rest().get(2..).unwrap_or_default();
        let Some(length) = body.find("*/") else {
            return self.error("unclosed comment");
        };
        self.at += 2 + length + 2;
        if self.right_delimiter() {
            Ok(())
        } else {
            self.error("comment ends before closing delimiter")
        }
    }

    /// The length of a closing delimiter that stands here, and whether it trims.
    fn closing(&self) -> Option<(usize, bool)> {
        let rest = self.rest();
        if rest.starts_with("}}") {
            return Some((2, false));
        }
        let after = rest.strip_prefix(is_space)?.strip_prefix('-')?;
        after.starts_with("}}").then_some((4, true))
    }

    /// Goes past a closing delimiter, and past the white space that it trims.
    fn right_delimiter(&mut self) -> bool {
        let Some((length, trims)) = self.closing() else {
            return false;
        };
        self.at += length;
        if trims {
            self.eat_while(is_space);
        }
        true
    }

    /// The inside of an action and its closing delimiter.
    fn action(&mut self) -> Lexed {
        let mut depth = 0usize;
        loop {
            let start = self.at;
            if self.closing().is_some() {
                if depth > 0 {
                    return self.error("unclosed left paren");
                }
                self.right_delimiter();
                self.tokens.push((Token::Right, start));
                return Ok(());
            }
            let Some(c) = self.peek() else {
                return self.error("unclosed action");
            };
            let next = self.rest().chars().nth(1);
            let token = match c {
                c if is_space(c) => {
                    self.spaces();
                    Token::Space
                }
                '"' | '`' => Token::String(self.quoted(c)?),
                '\'' => Token::Rune(self.quoted(c)?),
                '$' => {
                    self.at += 1;
                    self.name()?;
                    Token::Variable(self.template.get(start..self.at).unwrap_or_default())
                }
                '.' if !next.is_some_and(|c| c.is_ascii_digit()) => {
                    self.at += 1;
                    match self.name()? {
                        0 => Token::Dot,
                        _ => {
                            Token::Field(self.template.get(start + 1..self.at).unwrap_or_default())
                        }
                    }
                }
                '.' | '+' | '-' | '0'..='9' => self.number()?,
                ':' if next == Some('=') => {
                    self.at += 2;
                    Token::Declare
                }
                ':' => return self.error("expected `:=`"),
                c if is_word(c) => {
                    self.name()?;
                    Token::Word(self.template.get(start..self.at).unwrap_or_default())
                }
                c => {
                    self.at += c.len_utf8();
                    match c {
                        '=' => Token::Assign,
                        '|' => Token::Pipe,
                        '(' => {
                            depth += 1;
                            Token::LeftParen
                        }
                        ')' if depth == 0 => return self.error("unexpected right paren"),
                        ')' => {
                            depth -= 1;
                            Token::RightParen
                        }
                        c if c.is_ascii() && is_print(c) => Token::Other(c),
                        c => {
                            return self.error(format!(
                                "unrecognized character in action: {}",
                                c.escape_default()
                            ));
                        }
                    }
                }
            };
            self.tokens.push((token, start));
        }
    }

    /// A run of blanks; the last one may belong to a closing delimiter.
    fn spaces(&mut self) {
        let run = self.eat_while(is_space);
        if run > 1 {
            self.at -= 1;
            if self.closing().is_none() {
                self.at += 1;
            }
        }
    }

    /// Letters and digits, and then something that may follow a name; the length of the name.
    fn name(&mut self) -> Result<usize, TemplateError> {
        let length = self.eat_while(is_word);
        match self.peek() {
            None | Some('.' | ',' | '|' | ':' | ')' | '(') => Ok(length),
            Some(c) if is_space(c) => Ok(length),
            _ if self.rest().starts_with("}}") => Ok(length),
            Some(c) => self.error(format!("bad character `{}`", c.escape_default())),
        }
    }

    /// A quoted text; only a back-quoted one has lines and no escapes.
    fn quoted(&mut self, quote: char) -> Result<&'t str, TemplateError> {
        let start = self.at;
        self.at += 1;
        while let Some(c) = self.peek() {
            self.at += c.len_utf8();
            match c {
                c if c == quote => {
                    return Ok(self.template.get(start..self.at).unwrap_or_default());
                }
                _ if quote == '`' => {}
                '\n' => break,
                '\\' => match self.peek() {
                    None | Some('\n') => break,
                    Some(c) => self.at += c.len_utf8(),
                },
                _ => {}
            }
        }
        self.at = start;
        self.error("unterminated quoted text")
    }

    fn number(&mut self) -> Result<Token<'t>, TemplateError> {
        let start = self.at;
        let mut fine = self.part_of_number();
        let complex = fine && matches!(self.peek(), Some('+' | '-'));
        if complex {
            fine = self.part_of_number()
                && self
                    .template
                    .get(start..self.at)
                    .is_some_and(|text| text.ends_with('i'));
        }
        let text = self.template.get(start..self.at).unwrap_or_default();
        if !fine {
            self.at = start;
            return self.error(format!("bad number syntax: `{text}`"));
        }
        Ok(if complex {
            Token::Complex(text)
        } else {
            Token::Number(text)
        })
    }

    /// A number as far as it looks like one; `false` when a letter follows.
    fn part_of_number(&mut self) -> bool {
        self.eat(&['+', '-']);
        let mut radix = 10;
        if self.eat(&['0']) {
            if self.eat(&['x', 'X']) {
                radix = 16;
            } else if self.eat(&['o', 'O']) {
                radix = 8;
            } else if self.eat(&['b', 'B']) {
                radix = 2;
            }
        }
        let digits = |c: char| c == '_' || c.is_digit(radix);
        self.eat_while(digits);
        if self.eat(&['.']) {
            self.eat_while(digits);
        }
        let marks: &[char] = match radix {
            10 => &['e', 'E'],
            16 => &['p', 'P'],
            _ => &[],
        };
        if self.eat(marks) {
            self.eat(&['+', '-']);
            self.eat_while(|c| c == '_' || c.is_ascii_digit());
        }
        self.eat(&['i']);
        !self.peek().is_some_and(is_word)
    }
}

fn is_space(c: char) -> bool {
    SPACES.contains(&c)
}
