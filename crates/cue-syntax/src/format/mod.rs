//! Tree to text, as `cue fmt` writes it.
//!
//! [`Formatter`] walks the tree and tells the [`Printer`] tokens and wishes for white space; the printer settles them with the
//! author's layout and gives pieces; [`table`] aligns them. While it walks, the formatter counts tokens and children
//! as the parser did, so each comment is printed at the position where it was found. As cue v0.14.1 `cue/format`.

mod decl;
mod expr;
mod printer;
mod simplify;
mod table;

use crate::ast::{CommentGroup, Decl, Expr, File, Meta, Pos};
use printer::{Printer, Space};
use rustc_hash::FxHashMap;
use source_vocab::SourceMap;

/// How to format.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Drop quotes and braces that are not needed, as `cue fmt -s`.
    pub simplify: bool,
}

/// How often a text may be formatted again until it stays as it is.
const ROUNDS: usize = 8;

/// The text of a file. Formatting it again gives the same text.
///
/// In rare layouts `cue fmt` needs a second or third run until nothing moves any more; here the text that it would
/// come to is given at once.
pub fn format(file: &File, options: Options) -> String {
    let mut text = once(file, options);
    for _ in 0..ROUNDS {
        let mut sources = SourceMap::new();
        let Ok(source) = sources.add("", text.as_str()) else {
            break;
        };
        let parsed = crate::parse(&source);
        if !parsed.errors.is_empty() {
            break;
        }
        let again = once(&parsed.file, options);
        if again == text {
            break;
        }
        text = again;
    }
    text
}

/// The text of a tree, laid out once: what a program made does not have to settle, as the author's layout of a file may.
pub fn format_made(file: &File, options: Options) -> String {
    once(file, options)
}

fn once(file: &File, options: Options) -> String {
    let simpler;
    let file = if options.simplify {
        simpler = simplify::file(file);
        &simpler
    } else {
        file
    };
    let mut formatter = Formatter::new(options);
    formatter.file(file);
    formatter.finish()
}

/// The text of an expression, without a final line feed.
pub fn format_expr(expr: &Expr, options: Options) -> String {
    let simpler;
    let expr = if options.simplify {
        simpler = simplify::expr(expr);
        &simpler
    } else {
        expr
    };
    let mut formatter = Formatter::new(options);
    formatter.expr(expr);
    formatter.finish()
}

/// The text of declarations, as they would stand in a file.
pub fn format_decls(decls: &[Decl], options: Options) -> String {
    let file = File {
        decls: decls.to_vec(),
        ..File::default()
    };
    let mut text = format(&file, options);
    if decls.is_empty() {
        text.clear();
    }
    text
}

/// The comments of an open node, and how far it has been printed.
#[derive(Debug, Default)]
struct Frame<'a> {
    comments: Vec<&'a CommentGroup>,
    /// How many of `comments` have been printed.
    printed: usize,
    position: i8,
    /// What separates the declarations in this node, and in the one around it.
    separator: Space,
    outer_separator: Space,
}

#[derive(Debug)]
struct Formatter<'a> {
    printer: Printer,
    options: Options,
    stack: Vec<Frame<'a>>,
    current: Frame<'a>,
    /// What the parts of long chains have, by their addresses.
    chains: FxHashMap<usize, expr::Precedences>,
}

impl<'a> Formatter<'a> {
    fn new(options: Options) -> Self {
        Self {
            printer: Printer::new(),
            options,
            stack: Vec::new(),
            current: Frame {
                separator: Space::LINE,
                outer_separator: Space::LINE,
                ..Frame::default()
            },
            chains: FxHashMap::default(),
        }
    }

    fn finish(self) -> String {
        table::lay_out(&self.printer.pieces)
    }

    // ---- tokens: each counts as a position of its node

    fn token(&mut self, text: &'static str) {
        self.printer.token(text);
        self.advance();
    }

    fn token_at(&mut self, pos: Pos, text: &'static str) {
        self.printer.at(pos);
        self.token(text);
    }

    fn word(&mut self, pos: Pos, text: impl Into<String>) {
        self.printer.at(pos);
        self.printer.text(text);
        self.advance();
    }

    fn space(&mut self, wish: Space) {
        self.printer.space(wish);
    }

    fn advance(&mut self) {
        self.current.position = self.current.position.wrapping_add(1);
    }

    /// A part of the node that is not there counts all the same.
    fn absent(&mut self) {
        self.advance();
        self.comments_here();
    }

    /// A line end that ends the table, or a blank where everything is on one line.
    fn line_break(&self) -> Space {
        if self.current.separator == Space::BLANK {
            Space::BLANK
        } else {
            Space::BREAK
        }
    }

    // ---- nodes

    /// Opens a node and prints the comments above it.
    fn before(&mut self, meta: &'a Meta) {
        self.open(
            self.current.separator,
            meta.comments.groups().iter().collect(),
        );
    }

    /// Opens a list, which has no comments of its own.
    fn before_list(&mut self) {
        self.open(self.current.separator, Vec::new());
    }

    fn open(&mut self, separator: Space, comments: Vec<&'a CommentGroup>) {
        let outer_separator = self.current.separator;
        let frame = Frame {
            comments,
            separator,
            outer_separator,
            ..Frame::default()
        };
        self.stack.push(std::mem::replace(&mut self.current, frame));
        self.comments_here();
    }

    /// Closes a node and prints the comments behind it.
    fn after(&mut self) {
        self.comments_until(i8::MAX);
        if let Some(frame) = self.stack.pop() {
            self.current = frame;
        }
        self.advance();
        self.comments_here();
    }

    fn comments_here(&mut self) {
        self.comments_until(self.current.position);
    }

    fn comments_until(&mut self, position: i8) {
        let mut first = true;
        while let Some(group) = self.current.comments.get(self.current.printed).copied() {
            if group.position > position {
                return;
            }
            self.current.printed += 1;
            if !first {
                self.space(Space::SECTION);
            }
            first = false;
            self.comment(group);
        }
    }

    fn comment(&mut self, group: &CommentGroup) {
        self.printer.comment_group(group);
        if group.doc && !self.printer.pieces.is_empty() {
            self.space(Space::LINE);
        }
        for comment in &group.list {
            self.printer.comment(comment);
            if group.doc {
                self.space(Space::FIXED);
            }
        }
    }

    fn file(&mut self, file: &'a File) {
        self.before(&file.meta);
        self.decls(&file.decls);
        self.after();
        self.printer.end();
    }
}
