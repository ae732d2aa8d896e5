//! Templates as trees.
//!
//! A template is a list of nodes; `define` and `block` add named templates beside it, the text
//! itself is the template named "". Variables are known here already, so an undefined one is an
//! error before anything runs; whether a named template exists is only asked when it is invoked.
//! An `else if` is one more branch of its `if`, not a nested one. Example: `{{if .a}}x{{else}}y{{end}}`
//! is one [`Node::Branch`] with one branch and an alternative.

use super::TemplateError;
use super::constant::{self, Constant};
use super::functions::Function;
use super::lex::{Token, Tokens, tokens};
use crate::go_text::quote;
use std::collections::BTreeMap;
use std::rc::Rc;

/// Nodes one after the other.
pub(super) type List = Vec<Node>;

/// Named templates; the main one has the empty name.
pub(super) type Templates = BTreeMap<Vec<u8>, List>;

/// Blocks and parentheses within each other; more are an error.
const MOST_NESTED: usize = 200;

/// One step of a template.
#[derive(Debug)]
pub(super) enum Node {
    /// Text as it is.
    Text(Rc<[u8]>),
    /// A pipeline whose value is shown, unless it declares.
    Action(Pipeline),
    /// `if` or `with`.
    Branch {
        /// Whether the value becomes dot.
        dot: Dot,
        /// Conditions and what they lead to, in order.
        branches: Vec<(Pipeline, List)>,
        /// What is done when no condition holds.
        otherwise: List,
    },
    /// `range`.
    Range {
        over: Pipeline,
        body: List,
        /// What is done when there is nothing to range over.
        otherwise: List,
    },
    /// `template`, and the invocation that a `block` is.
    Invoke {
        name: Vec<u8>,
        argument: Option<Pipeline>,
        offset: usize,
    },
    /// `break`
    Break,
    /// `continue`
    Continue,
}

/// What the branches of a node see as dot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dot {
    /// The dot around them: `if`.
    Kept,
    /// The value of their condition: `with`.
    Value,
}

/// Commands, the value of each the last argument of the next.
#[derive(Debug)]
pub(super) struct Pipeline {
    /// Variables that take the value, with their dollar signs.
    pub(super) variables: Vec<Rc<str>>,
    /// Whether they exist already.
    pub(super) assigns: Assigns,
    /// At least one; each has at least one operand.
    pub(super) commands: Vec<Vec<Operand>>,
    /// Where it starts.
    pub(super) offset: usize,
}

/// What a pipeline does to its variables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Assigns {
    /// `:=`
    Declared,
    /// `=`
    Existing,
}

/// A word of a command.
#[derive(Debug)]
pub(super) enum Operand {
    Dot,
    Nil,
    Bool(bool),
    Number(Constant),
    Text(Rc<[u8]>),
    /// `.a.b`
    Field(Vec<Rc<[u8]>>),
    /// `$x.a.b`
    Variable(Rc<str>, Vec<Rc<[u8]>>),
    Function(Function),
    /// `(…).a.b`
    Chain(Box<Operand>, Vec<Rc<[u8]>>),
    Pipeline(Box<Pipeline>),
}

impl Operand {
    /// Whether a later stage of a pipeline may start with it.
    fn is_executable(&self) -> bool {
        !matches!(
            self,
            Self::Bool(_) | Self::Dot | Self::Nil | Self::Number(_) | Self::Text(_)
        )
    }
}

/// Reads a template and those that it defines.
pub(super) fn parse(template: &str) -> Result<Templates, TemplateError> {
    let (tokens, error) = tokens(template);
    let mut parser = Parser {
        end: template.len(),
        tokens,
        error,
        at: 0,
        templates: Templates::new(),
        variables: vec!["$".into()],
        ranges: 0,
        nested: 0,
    };
    parser.main()?;
    Ok(parser.templates)
}

type Parsed<T> = Result<T, TemplateError>;

struct Parser<'t> {
    tokens: Tokens<'t>,
    /// Why the tokens end early.
    error: Option<TemplateError>,
    at: usize,
    end: usize,
    templates: Templates,
    /// Those in scope, the newest last.
    variables: Vec<Rc<str>>,
    /// The number of ranges around, within one template.
    ranges: usize,
    nested: usize,
}

/// What ends a list of nodes.
enum Ending {
    End,
    Else,
}

/// A node, or the end of the list that it was expected in.
enum Item {
    Node(Node),
    Ending(Ending),
}

impl<'t> Parser<'t> {
    /// The next token without going past it.
    fn peek(&self) -> Parsed<Token<'t>> {
        match (self.tokens.get(self.at), &self.error) {
            (Some((token, _)), _) => Ok(*token),
            (None, Some(error)) => Err(error.clone()),
            (None, None) => Ok(Token::End),
        }
    }

    fn offset(&self) -> usize {
        self.tokens.get(self.at).map_or(self.end, |(_, at)| *at)
    }

    fn next(&mut self) -> Parsed<Token<'t>> {
        let token = self.peek()?;
        self.at += 1;
        Ok(token)
    }

    fn skip_space(&mut self) {
        while matches!(self.tokens.get(self.at), Some((Token::Space, _))) {
            self.at += 1;
        }
    }

    fn peek_word(&mut self) -> Parsed<Token<'t>> {
        self.skip_space();
        self.peek()
    }

    fn next_word(&mut self) -> Parsed<Token<'t>> {
        self.skip_space();
        self.next()
    }

    fn error<T>(&self, text: impl Into<String>) -> Parsed<T> {
        Err(TemplateError::new(self.offset(), text))
    }

    fn unexpected<T>(&self, token: Token<'_>, context: &str) -> Parsed<T> {
        let what = match token {
            Token::Text(_) => "text".to_owned(),
            Token::Left => "`{{`".to_owned(),
            Token::Right => "`}}`".to_owned(),
            Token::Space => "blank".to_owned(),
            Token::Field(name) => format!("`.{name}`"),
            Token::Variable(text)
            | Token::Word(text)
            | Token::Rune(text)
            | Token::Number(text)
            | Token::Complex(text)
            | Token::String(text) => format!("`{text}`"),
            Token::Assign => "`=`".to_owned(),
            Token::Declare => "`:=`".to_owned(),
            Token::Pipe => "`|`".to_owned(),
            Token::LeftParen => "`(`".to_owned(),
            Token::RightParen => "`)`".to_owned(),
            Token::Dot => "`.`".to_owned(),
            Token::Other(c) => format!("`{c}`"),
            Token::End => "end".to_owned(),
        };
        self.error(format!("unexpected {what} in {context}"))
    }

    fn close(&mut self, context: &str) -> Parsed<()> {
        match self.peek_word()? {
            Token::Right => {
                self.at += 1;
                Ok(())
            }
            token => self.unexpected(token, context),
        }
    }

    fn deeper(&mut self) -> Parsed<()> {
        self.nested += 1;
        if self.nested > MOST_NESTED {
            return self.error(format!("more than {MOST_NESTED} blocks within each other"));
        }
        Ok(())
    }

    fn main(&mut self) -> Parsed<()> {
        let mut list = List::new();
        loop {
            let start = self.at;
            match self.peek()? {
                Token::End => break,
                Token::Left => {
                    self.at += 1;
                    if self.next_word()? == Token::Word("define") {
                        let name = self.template_name("define clause")?;
                        self.close("define clause")?;
                        self.definition(name)?;
                        continue;
                    }
                    self.at = start;
                }
                _ => {}
            }
            match self.item()? {
                Item::Node(node) => list.push(node),
                Item::Ending(Ending::End) => return self.error("unexpected `{{end}}`"),
                Item::Ending(Ending::Else) => return self.error("unexpected `{{else}}`"),
            }
        }
        self.add(Vec::new(), list)
    }

    /// A template takes the place of an empty one only.
    fn add(&mut self, name: Vec<u8>, list: List) -> Parsed<()> {
        let empty = |list: &List| {
            list.iter().all(|node| match node {
                Node::Text(text) => std::str::from_utf8(text).is_ok_and(|t| t.trim().is_empty()),
                _ => false,
            })
        };
        match self.templates.get(&name) {
            Some(old) if !empty(old) => {
                if !empty(&list) {
                    let name = String::from_utf8_lossy(&name).into_owned();
                    return self.error(format!("template `{name}` is defined twice"));
                }
            }
            _ => {
                self.templates.insert(name, list);
            }
        }
        Ok(())
    }

    /// The body of a `define` or `block`: a template of its own, without the variables around.
    fn definition(&mut self, name: Vec<u8>) -> Parsed<()> {
        let variables = std::mem::replace(&mut self.variables, vec!["$".into()]);
        let ranges = std::mem::take(&mut self.ranges);
        self.deeper()?;
        let (list, ending) = self.list()?;
        if matches!(ending, Ending::Else) {
            return self.error("unexpected `{{else}}` in a definition");
        }
        self.nested -= 1;
        self.variables = variables;
        self.ranges = ranges;
        self.add(name, list)
    }

    /// Nodes up to an `end` or `else`.
    fn list(&mut self) -> Parsed<(List, Ending)> {
        let mut list = List::new();
        while self.peek_word()? != Token::End {
            match self.item()? {
                Item::Node(node) => list.push(node),
                Item::Ending(ending) => return Ok((list, ending)),
            }
        }
        self.error("unexpected end: a block is not closed")
    }

    fn item(&mut self) -> Parsed<Item> {
        match self.next_word()? {
            Token::Text(text) => Ok(Item::Node(Node::Text(text.as_bytes().into()))),
            Token::Left => self.action(),
            token => {
                self.at -= 1;
                self.unexpected(token, "input")
            }
        }
    }

    fn action(&mut self) -> Parsed<Item> {
        let offset = self.offset();
        let word = match self.peek_word()? {
            Token::Word(word) => word,
            _ => "",
        };
        let node = match word {
            "if" | "with" => {
                self.at += 1;
                self.branch(word)?
            }
            "range" => {
                self.at += 1;
                self.range()?
            }
            "template" => {
                self.at += 1;
                let name = self.template_name("template clause")?;
                let argument = if self.peek_word()? == Token::Right {
                    self.at += 1;
                    None
                } else {
                    Some(self.pipeline("template clause", Token::Right)?)
                };
                Node::Invoke {
                    name,
                    argument,
                    offset,
                }
            }
            "block" => {
                self.at += 1;
                let name = self.template_name("block clause")?;
                let argument = Some(self.pipeline("block clause", Token::Right)?);
                self.definition(name.clone())?;
                Node::Invoke {
                    name,
                    argument,
                    offset,
                }
            }
            "break" | "continue" => {
                self.at += 1;
                self.close(word)?;
                if self.ranges == 0 {
                    return self.error(format!("`{word}` outside of `range`"));
                }
                if word == "break" {
                    Node::Break
                } else {
                    Node::Continue
                }
            }
            "end" => {
                self.at += 1;
                self.close("end")?;
                return Ok(Item::Ending(Ending::End));
            }
            "else" => {
                self.at += 1;
                // the word after it decides; whoever asked for this list looks at it
                if !matches!(self.peek_word()?, Token::Word("if" | "with")) {
                    self.close("else")?;
                }
                return Ok(Item::Ending(Ending::Else));
            }
            _ => Node::Action(self.pipeline("command", Token::Right)?),
        };
        Ok(Item::Node(node))
    }

    fn template_name(&mut self, context: &str) -> Parsed<Vec<u8>> {
        match self.next_word()? {
            Token::String(literal) => self.unquote(literal),
            token => self.unexpected(token, context),
        }
    }

    fn unquote(&self, literal: &str) -> Parsed<Vec<u8>> {
        match quote::read(literal) {
            Some(text) => Ok(text),
            None => self.error(format!("invalid quoted text {literal}")),
        }
    }

    fn branch(&mut self, word: &str) -> Parsed<Node> {
        let variables = self.variables.len();
        self.deeper()?;
        let mut branches = Vec::new();
        let mut otherwise = List::new();
        loop {
            let condition = self.pipeline(word, Token::Right)?;
            let (list, ending) = self.list()?;
            branches.push((condition, list));
            if matches!(ending, Ending::End) {
                break;
            }
            if self.peek()? == Token::Word(if word == "if" { "if" } else { "with" }) {
                self.at += 1;
                continue;
            }
            otherwise = self.alternative()?;
            break;
        }
        self.nested -= 1;
        self.variables.truncate(variables);
        Ok(Node::Branch {
            dot: if word == "if" { Dot::Kept } else { Dot::Value },
            branches,
            otherwise,
        })
    }

    fn alternative(&mut self) -> Parsed<List> {
        match self.list()? {
            (list, Ending::End) => Ok(list),
            (_, Ending::Else) => self.error("expected `{{end}}`, found `{{else}}`"),
        }
    }

    fn range(&mut self) -> Parsed<Node> {
        let variables = self.variables.len();
        self.deeper()?;
        let over = self.pipeline("range", Token::Right)?;
        self.ranges += 1;
        let (body, ending) = self.list()?;
        self.ranges -= 1;
        let otherwise = match ending {
            Ending::End => List::new(),
            Ending::Else => self.alternative()?,
        };
        self.nested -= 1;
        self.variables.truncate(variables);
        Ok(Node::Range {
            over,
            body,
            otherwise,
        })
    }

    /// `$x :=`, `$x =` or `$i, $x :=` at the start of a pipeline.
    fn declarations(&mut self, context: &str) -> Parsed<(Vec<Rc<str>>, Assigns)> {
        let mut variables: Vec<Rc<str>> = Vec::new();
        loop {
            let Token::Variable(name) = self.peek_word()? else {
                return Ok((variables, Assigns::Declared));
            };
            let start = self.at;
            self.at += 1;
            let next = self.peek_word()?;
            match next {
                Token::Assign | Token::Declare | Token::Other(',') => {
                    self.at += 1;
                    variables.push(name.into());
                    self.variables.push(name.into());
                }
                _ => {
                    self.at = start;
                    return Ok((variables, Assigns::Declared));
                }
            }
            match next {
                Token::Assign => return Ok((variables, Assigns::Existing)),
                Token::Declare => return Ok((variables, Assigns::Declared)),
                _ if context != "range" || variables.len() > 1 => {
                    return self.error(format!("too many declarations in {context}"));
                }
                _ => {}
            }
            if !matches!(
                self.peek_word()?,
                Token::Variable(_) | Token::Right | Token::RightParen
            ) {
                return self.error("range can only initialize variables");
            }
        }
    }

    /// A pipeline and the token that ends it.
    fn pipeline(&mut self, context: &str, end: Token<'_>) -> Parsed<Pipeline> {
        self.skip_space();
        let offset = self.offset();
        let (variables, assigns) = self.declarations(context)?;
        let mut commands = Vec::new();
        loop {
            let token = self.peek_word()?;
            if token == end {
                self.at += 1;
                break;
            }
            if matches!(
                token,
                Token::Word(_)
                    | Token::Rune(_)
                    | Token::Complex(_)
                    | Token::Dot
                    | Token::Field(_)
                    | Token::Number(_)
                    | Token::String(_)
                    | Token::Variable(_)
                    | Token::LeftParen
            ) {
                commands.push(self.command()?);
            } else {
                return self.unexpected(token, context);
            }
        }
        if commands.is_empty() {
            return self.error(format!("missing value for {context}"));
        }
        let stages = commands
            .iter()
            .skip(1)
            .filter_map(|command| command.first());
        for (index, first) in stages.enumerate() {
            if !first.is_executable() {
                let stage = index + 2;
                return self.error(format!("non executable command in pipeline stage {stage}"));
            }
        }
        Ok(Pipeline {
            variables,
            assigns,
            commands,
            offset,
        })
    }

    /// Operands up to a pipe, which is taken, or the end of the pipeline, which is not.
    fn command(&mut self) -> Parsed<Vec<Operand>> {
        let mut operands = Vec::new();
        loop {
            self.skip_space();
            if let Some(operand) = self.operand()? {
                operands.push(operand);
            }
            match self.peek()? {
                Token::Space => {}
                Token::Right | Token::RightParen => break,
                Token::Pipe => {
                    self.at += 1;
                    break;
                }
                token => return self.unexpected(token, "operand"),
            }
        }
        if operands.is_empty() {
            return self.error("empty command");
        }
        Ok(operands)
    }

    fn operand(&mut self) -> Parsed<Option<Operand>> {
        let Some(operand) = self.term()? else {
            return Ok(None);
        };
        let mut fields: Vec<Rc<[u8]>> = Vec::new();
        while let Token::Field(name) = self.peek()? {
            self.at += 1;
            fields.push(name.as_bytes().into());
        }
        if fields.is_empty() {
            return Ok(Some(operand));
        }
        Ok(Some(match operand {
            Operand::Field(mut names) => {
                names.append(&mut fields);
                Operand::Field(names)
            }
            Operand::Variable(variable, _) => Operand::Variable(variable, fields),
            operand @ (Operand::Function(_) | Operand::Pipeline(_)) => {
                Operand::Chain(Box::new(operand), fields)
            }
            _ => return self.error("unexpected `.` after a constant"),
        }))
    }

    fn term(&mut self) -> Parsed<Option<Operand>> {
        let token = self.peek_word()?;
        let constant = |parser: &Self, read: Result<Constant, String>| match read {
            Ok(constant) => Ok(Operand::Number(constant)),
            Err(text) => parser.error(text),
        };
        let operand = match token {
            Token::Dot => Operand::Dot,
            Token::Word("nil") => Operand::Nil,
            Token::Word("true") => Operand::Bool(true),
            Token::Word("false") => Operand::Bool(false),
            Token::Word(
                "block" | "break" | "continue" | "define" | "else" | "end" | "if" | "range"
                | "template" | "with",
            ) => return Ok(None),
            Token::Word(name) => match Function::named(name) {
                Some(function) => Operand::Function(function),
                None => return self.error(format!("function `{name}` is not defined")),
            },
            Token::Variable(name) => {
                if !self.variables.iter().any(|known| &**known == name) {
                    return self.error(format!("undefined variable `{name}`"));
                }
                Operand::Variable(name.into(), Vec::new())
            }
            Token::Field(name) => Operand::Field(vec![name.as_bytes().into()]),
            Token::Rune(text) => constant(self, constant::rune(text))?,
            Token::Complex(text) => constant(self, constant::complex(text))?,
            Token::Number(text) => constant(self, constant::number(text))?,
            Token::String(literal) => Operand::Text(self.unquote(literal)?.into()),
            Token::LeftParen => {
                self.at += 1;
                self.deeper()?;
                let inner = self.pipeline("parenthesized pipeline", Token::RightParen)?;
                self.nested -= 1;
                return Ok(Some(Operand::Pipeline(Box::new(inner))));
            }
            _ => return Ok(None),
        };
        self.at += 1;
        Ok(Some(operand))
    }
}
