//! Tokens to a tree, by recursive descent; how deep is limited.
//!
//! The grammar is that of the language definition of CEL, with the macros that Kubernetes has and optional selection
//! (`a.?b`, `a[?b]`). Messages (`Type{field: value}`) are refused: a CRD has no types to make them of.

use super::SyntaxError;
use super::ast::{Expr, How, Kind, Op, Walk};
use super::token::{Token, tokens};

/// The deepest nesting.
const MOST_DEPTH: usize = 120;
/// What is said of a rule that is nested deeper than is looked at; the server may take it.
pub(super) const TOO_DEEP: &str = "is nested too deeply";
/// The longest rule, in bytes.
const MOST_BYTES: usize = 100_000;

/// Reads an expression.
pub(super) fn parse(text: &str) -> Result<Expr, SyntaxError> {
    if text.len() > MOST_BYTES {
        return Err(SyntaxError {
            at: 0,
            message: TOO_DEEP.to_owned(),
        });
    }
    let mut parser = Parser {
        tokens: tokens(text)?,
        next: 0,
        depth: 0,
    };
    let expr = parser.conditional()?;
    match parser.peek() {
        Token::End => Ok(expr),
        other => parser.refuse(&unexpected(other)),
    }
}

fn unexpected(token: &Token) -> String {
    match token {
        Token::End => "ends too early".to_owned(),
        Token::Sign(sign) => format!("`{sign}` cannot stand here"),
        Token::Ident(name) => format!("`{name}` cannot stand here"),
        _ => "a value cannot stand here".to_owned(),
    }
}

struct Parser {
    tokens: Vec<(usize, Token)>,
    next: usize,
    depth: usize,
}

type Parsed = Result<Expr, SyntaxError>;

const RESERVED: [&str; 19] = [
    "as",
    "break",
    "const",
    "continue",
    "else",
    "for",
    "function",
    "if",
    "import",
    "in",
    "let",
    "loop",
    "namespace",
    "package",
    "return",
    "var",
    "void",
    "while",
    "__proto__",
];

impl Parser {
    fn peek(&self) -> &Token {
        self.tokens
            .get(self.next)
            .map_or(&Token::End, |(_, token)| token)
    }

    fn at(&self) -> usize {
        self.tokens.get(self.next).map_or(0, |(at, _)| *at)
    }

    fn take(&mut self) -> Token {
        let token = self.peek().clone();
        self.next += 1;
        token
    }

    fn is(&mut self, sign: &str) -> bool {
        let found = *self.peek() == Token::Sign(sign_of(sign));
        if found {
            self.next += 1;
        }
        found
    }

    fn refuse<T>(&self, message: &str) -> Result<T, SyntaxError> {
        Err(SyntaxError {
            at: self.at(),
            message: message.to_owned(),
        })
    }

    fn expect(&mut self, sign: &str) -> Result<(), SyntaxError> {
        if self.is(sign) {
            return Ok(());
        }
        let found = match self.peek() {
            Token::End => format!("ends where `{sign}` is expected"),
            other => format!("{}, `{sign}` is expected", unexpected(other)),
        };
        self.refuse(&found)
    }

    fn deeper(&mut self) -> Result<(), SyntaxError> {
        self.depth += 1;
        if self.depth > MOST_DEPTH {
            return self.refuse(TOO_DEEP);
        }
        Ok(())
    }

    fn conditional(&mut self) -> Parsed {
        self.deeper()?;
        let at = self.at();
        let test = self.binary(0)?;
        let expr = if self.is("?") {
            let then = self.binary(0)?;
            self.expect(":")?;
            let otherwise = self.conditional()?;
            Expr {
                at,
                kind: Kind::Conditional {
                    test: Box::new(test),
                    then: Box::new(then),
                    otherwise: Box::new(otherwise),
                },
            }
        } else {
            test
        };
        self.depth -= 1;
        Ok(expr)
    }

    /// Operators by how tightly they bind, the loosest first.
    fn binary(&mut self, level: usize) -> Parsed {
        const LEVELS: [&[(&str, Op)]; 5] = [
            &[("||", Op::Or)],
            &[("&&", Op::And)],
            &[
                ("<=", Op::LessEqual),
                (">=", Op::GreaterEqual),
                ("<", Op::Less),
                (">", Op::Greater),
                ("==", Op::Equal),
                ("!=", Op::NotEqual),
            ],
            &[("+", Op::Add), ("-", Op::Subtract)],
            &[("*", Op::Multiply), ("/", Op::Divide), ("%", Op::Remainder)],
        ];
        let Some(operators) = LEVELS.get(level) else {
            return self.unary();
        };
        let at = self.at();
        let mut left = self.binary(level + 1)?;
        let mut chained = 0;
        loop {
            let is_in = level == 2 && *self.peek() == Token::Ident("in".into());
            let found = operators.iter().find(|(sign, _)| self.is(sign));
            let op = match (found, is_in) {
                (Some((_, op)), _) => *op,
                (None, true) => {
                    self.next += 1;
                    Op::In
                }
                (None, false) => break,
            };
            chained += 1;
            if chained > MOST_DEPTH {
                // the tree of a chain is as deep as the chain is long
                self.deeper()?;
            }
            let right = self.binary(level + 1)?;
            left = Expr {
                at,
                kind: Kind::Binary {
                    op,
                    left: Box::new(left),
                    right: Box::new(right),
                },
            };
        }
        self.depth = self
            .depth
            .saturating_sub(chained.saturating_sub(MOST_DEPTH));
        Ok(left)
    }

    fn unary(&mut self) -> Parsed {
        let at = self.at();
        if self.is("!") {
            self.deeper()?;
            let of = Box::new(self.unary()?);
            self.depth -= 1;
            return Ok(Expr {
                at,
                kind: Kind::Not(of),
            });
        }
        if self.is("-") {
            let negated = match self.peek() {
                Token::Int(value) => Some(Kind::Int(-*value)),
                Token::IntMin => Some(Kind::Int(i64::MIN)),
                Token::Double(value) => Some(Kind::Double(-*value)),
                _ => None,
            };
            if let Some(kind) = negated {
                self.next += 1;
                return self.members(Expr { at, kind });
            }
            self.deeper()?;
            let of = Box::new(self.unary()?);
            self.depth -= 1;
            return Ok(Expr {
                at,
                kind: Kind::Negate(of),
            });
        }
        let primary = self.primary()?;
        self.members(primary)
    }

    /// What follows a value: `.field`, `.method(...)`, `[index]`.
    fn members(&mut self, mut of: Expr) -> Parsed {
        let depth = self.depth;
        loop {
            let at = of.at;
            if self.is(".") {
                let is_optional = self.is("?");
                let field = self.name()?;
                if !is_optional && self.is("(") {
                    let args = self.arguments(")")?;
                    of = method(of, field, args)?;
                } else {
                    let of_box = Box::new(of);
                    let kind = Kind::Select {
                        of: of_box,
                        field,
                        is_optional,
                    };
                    of = Expr { at, kind };
                }
            } else if self.is("[") {
                let is_optional = self.is("?");
                let index = Box::new(self.conditional()?);
                self.expect("]")?;
                let kind = Kind::Index {
                    of: Box::new(of),
                    index,
                    is_optional,
                };
                of = Expr { at, kind };
            } else {
                self.depth = depth;
                return Ok(of);
            }
            self.deeper()?;
        }
    }

    /// A name after a dot; reserved words are fine there, and anything in back quotes.
    fn name(&mut self) -> Result<Box<str>, SyntaxError> {
        match self.take() {
            Token::Ident(name) if &*name != "in" => Ok(name),
            other => {
                self.next -= 1;
                self.refuse(&format!("{}, a name is expected", unexpected(&other)))
            }
        }
    }

    fn arguments(&mut self, end: &str) -> Result<Vec<Expr>, SyntaxError> {
        let mut args = Vec::new();
        while !self.is(end) {
            if end == "]" {
                // an optional element
                self.is("?");
            }
            args.push(self.conditional()?);
            if !self.is(",") {
                self.expect(end)?;
                break;
            }
        }
        Ok(args)
    }

    fn primary(&mut self) -> Parsed {
        let at = self.at();
        let kind = match self.take() {
            Token::Int(value) => Kind::Int(value),
            Token::Uint(value) => Kind::Uint(value),
            Token::Double(value) => Kind::Double(value),
            Token::String(text) => Kind::String(text),
            Token::Bytes(bytes) => Kind::Bytes(bytes),
            Token::Ident(name) => return self.ident(at, name),
            Token::Sign("(") => {
                let inside = self.conditional()?;
                self.expect(")")?;
                return Ok(inside);
            }
            Token::Sign("[") => Kind::List(self.arguments("]")?),
            Token::Sign("{") => Kind::Map(self.entries()?),
            Token::Sign(".") => {
                let name = self.name()?;
                return self.ident(at, name);
            }
            other => {
                self.next -= 1;
                return self.refuse(&unexpected(&other));
            }
        };
        Ok(Expr { at, kind })
    }

    fn entries(&mut self) -> Result<Vec<(Expr, Expr)>, SyntaxError> {
        let mut entries = Vec::new();
        while !self.is("}") {
            self.is("?");
            let key = self.conditional()?;
            self.expect(":")?;
            entries.push((key, self.conditional()?));
            if !self.is(",") {
                self.expect("}")?;
                break;
            }
        }
        Ok(entries)
    }

    fn ident(&mut self, at: usize, name: Box<str>) -> Parsed {
        let kind = match &*name {
            "true" => Kind::Bool(true),
            "false" => Kind::Bool(false),
            "null" => Kind::Null,
            reserved if RESERVED.contains(&reserved) => {
                self.next -= 1;
                return self.refuse(&format!("`{reserved}` is a reserved word"));
            }
            _ if self.is("(") => {
                let args = self.arguments(")")?;
                return function(at, name, args);
            }
            _ => Kind::Ident(name),
        };
        Ok(Expr { at, kind })
    }
}

/// The sign as the tokens have it.
fn sign_of(sign: &str) -> &'static str {
    const ALL: [&str; 24] = [
        "&&", "||", "==", "!=", "<=", ">=", "(", ")", "[", "]", "{", "}", ".", ",", ":", "?", "<",
        ">", "+", "-", "*", "/", "%", "!",
    ];
    ALL.iter()
        .find(|known| **known == sign)
        .copied()
        .unwrap_or_default()
}

/// `has(a.b)`, or a call.
fn function(at: usize, name: Box<str>, mut args: Vec<Expr>) -> Parsed {
    if &*name != "has" || args.len() != 1 {
        let kind = Kind::Call {
            target: None,
            name,
            args,
        };
        return Ok(Expr { at, kind });
    }
    match args.pop().map(|arg| arg.kind) {
        Some(Kind::Select {
            of,
            field,
            is_optional: false,
        }) => Ok(Expr {
            at,
            kind: Kind::Has { of, field },
        }),
        _ => Err(SyntaxError {
            at,
            message: "the argument of `has` must be a field, such as `has(self.name)`".to_owned(),
        }),
    }
}

/// A macro that walks, or a call of a method.
fn method(of: Expr, name: Box<str>, args: Vec<Expr>) -> Parsed {
    let at = of.at;
    let how = match (&*name, args.len()) {
        ("all", 2 | 3) => How::All,
        ("exists", 2 | 3) => How::Exists,
        ("exists_one", 2) | ("existsOne", 2 | 3) => How::ExistsOne,
        ("filter", 2) => How::Filter,
        ("map", 2 | 3) | ("transformList", 3 | 4) => How::Map,
        ("transformMap", 3 | 4) => How::TransformMap,
        _ => {
            let kind = Kind::Call {
                target: Some(Box::new(of)),
                name,
                args,
            };
            return Ok(Expr { at, kind });
        }
    };
    let count = match (how, args.len()) {
        (How::Map, _) if &*name == "map" => 1,
        (How::Map | How::TransformMap, _) | (_, 3) => 2,
        _ => 1,
    };
    let mut args = args.into_iter();
    let mut vars = Vec::new();
    for arg in args.by_ref().take(count) {
        match arg.kind {
            Kind::Ident(name) => vars.push(name),
            _ => {
                let message =
                    format!("the first argument of `{name}` must be the name of a variable");
                return Err(SyntaxError {
                    at: arg.at,
                    message,
                });
            }
        }
    }
    let (first, second) = (args.next(), args.next());
    let (filter, body) = match (first, second) {
        (Some(filter), Some(body)) => (Some(filter), body),
        (Some(body), None) => (None, body),
        (None, _) => {
            let message = format!("`{name}` has too few arguments");
            return Err(SyntaxError { at, message });
        }
    };
    let walk = Walk {
        over: of,
        how,
        vars,
        filter,
        body,
    };
    Ok(Expr {
        at,
        kind: Kind::Walk(Box::new(walk)),
    })
}
