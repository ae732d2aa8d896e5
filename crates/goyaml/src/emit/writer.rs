//! Lays a [`Styled`] value out in block style.
//!
//! State, in libyaml's words: `column` counts characters of the present line; `whitespace` says
//! that a blank is not needed before what comes; `indention` says that the line so far holds
//! only blanks and `-`, `?`, `:` marks, so a nested block may begin on it.

use super::scalar::{Analysis, Tabs, is_break, is_printable};
use super::{Style, Styled};

/// How a dialect sets the emitter up.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Profile {
    /// The column after which text is folded.
    pub(crate) width: usize,
    /// Where lists in mappings stand.
    pub(crate) lists: ListIndent,
    /// What a tab does.
    pub(crate) tabs: Tabs,
    /// What follows a block's header.
    pub(crate) header: BlockHeader,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ListIndent {
    Flush,
    Indented,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BlockHeader {
    /// A line break ends the header at once.
    Ended,
    /// The header's line is ended by the block's own first break, or when text comes.
    Open,
}

/// Where a node stands.
#[derive(Clone, Copy, PartialEq)]
enum Context {
    Root,
    Item,
    Key(KeyForm),
    Value,
}

#[derive(Clone, Copy, PartialEq)]
enum KeyForm {
    /// `key:`.
    Simple,
    /// `? key`.
    Explicit,
}

const STEP: usize = 2;
/// The longest key, in bytes, that is written without `? `.
const SIMPLE_KEY: usize = 128;

pub(crate) struct Writer {
    out: String,
    column: usize,
    whitespace: bool,
    indention: bool,
    profile: Profile,
}

impl Writer {
    pub(crate) fn new(profile: Profile) -> Self {
        Self {
            out: String::new(),
            column: 0,
            whitespace: true,
            indention: true,
            profile,
        }
    }

    /// Writes one document without `---` and gives the text, ending in a line break.
    pub(crate) fn document(mut self, root: &Styled<'_>) -> String {
        self.node(root, None, Context::Root);
        self.indent(0);
        self.out
    }

    /// `parent` is the column of the collection around the node.
    fn node(&mut self, node: &Styled<'_>, parent: Option<usize>, context: Context) {
        match node {
            Styled::Scalar { text, style, tag } => self.scalar(text, *style, *tag, parent, context),
            Styled::List(items) if items.is_empty() => self.empty("[", "]"),
            Styled::Map(entries) if entries.is_empty() => self.empty("{", "}"),
            Styled::List(items) => self.list(items, parent, context),
            Styled::Map(entries) => self.map(entries, parent),
        }
    }

    fn empty(&mut self, open: &str, close: &str) {
        self.mark(open, Need::Blank);
        self.whitespace = true;
        self.mark(close, Need::Nothing);
    }

    fn list(&mut self, items: &[Styled<'_>], parent: Option<usize>, context: Context) {
        let in_mapping = matches!(context, Context::Key(_) | Context::Value);
        let flush = self.profile.lists == ListIndent::Flush && in_mapping && !self.indention;
        let column = match parent {
            None => 0,
            Some(parent) if flush => parent,
            Some(parent) => parent + STEP,
        };
        for item in items {
            self.indent(column);
            self.block_mark("-");
            self.node(item, Some(column), Context::Item);
        }
    }

    fn map(&mut self, entries: &[(Styled<'_>, Styled<'_>)], parent: Option<usize>) {
        let column = parent.map_or(0, |parent| parent + STEP);
        for (key, value) in entries {
            self.indent(column);
            if self.is_simple_key(key) {
                self.node(key, Some(column), Context::Key(KeyForm::Simple));
                self.mark(":", Need::Nothing);
            } else {
                self.block_mark("?");
                self.node(key, Some(column), Context::Key(KeyForm::Explicit));
                self.indent(column);
                self.block_mark(":");
            }
            self.node(value, Some(column), Context::Value);
        }
    }

    fn is_simple_key(&self, key: &Styled<'_>) -> bool {
        match key {
            Styled::Scalar { text, tag, .. } => {
                let length = text.len() + tag.map_or(0, str::len);
                length <= SIMPLE_KEY && !Analysis::of(text, self.profile.tabs).multiline
            }
            Styled::List(items) => items.is_empty(),
            Styled::Map(entries) => entries.is_empty(),
        }
    }

    fn scalar(
        &mut self,
        text: &str,
        style: Style,
        tag: Option<&str>,
        parent: Option<usize>,
        context: Context,
    ) {
        if let Some(tag) = tag {
            self.mark(tag, Need::Blank);
        }
        let can = Analysis::of(text, self.profile.tabs);
        let in_key = context == Context::Key(KeyForm::Simple);
        let indent = parent.map_or(STEP, |parent| parent + STEP);
        match style {
            Style::Literal if can.block_allowed && !in_key => self.literal(text, indent),
            Style::Plain if can.plain_allowed && !(text.is_empty() && in_key) => {
                self.plain(text, indent, in_key);
            }
            Style::Plain if can.single_quoted_allowed => self.single_quoted(text, indent, in_key),
            Style::Plain | Style::DoubleQuoted | Style::Literal => {
                self.double_quoted(text, indent, in_key);
            }
        }
    }

    fn plain(&mut self, text: &str, indent: usize, in_key: bool) {
        if !self.whitespace {
            self.put(' ');
        }
        let mut spaces = false;
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            if c == ' ' {
                let next_is_space = chars.peek() == Some(&' ');
                if self.may_fold(in_key, spaces) && !next_is_space {
                    self.indent(indent);
                } else {
                    self.put(c);
                }
                spaces = true;
            } else {
                self.put(c);
                self.indention = false;
                spaces = false;
            }
        }
        self.whitespace = false;
        self.indention = false;
    }

    fn single_quoted(&mut self, text: &str, indent: usize, in_key: bool) {
        self.mark("'", Need::Blank);
        let (mut spaces, mut breaks) = (false, false);
        let mut at = 0;
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            let inner = at > 0 && at + 1 < text.len();
            at += c.len_utf8();
            if c == ' ' {
                let next_is_space = chars.peek() == Some(&' ');
                if self.may_fold(in_key, spaces) && inner && !next_is_space {
                    self.indent(indent);
                } else {
                    self.put(c);
                }
                spaces = true;
            } else if is_break(c) {
                if !breaks && c == '\n' {
                    self.put_break();
                }
                self.copy_break(c);
                self.indention = true;
                breaks = true;
            } else {
                if breaks {
                    self.indent(indent);
                }
                if c == '\'' {
                    self.put(c);
                }
                self.put(c);
                self.indention = false;
                (spaces, breaks) = (false, false);
            }
        }
        self.mark("'", Need::Nothing);
    }

    fn double_quoted(&mut self, text: &str, indent: usize, in_key: bool) {
        self.mark("\"", Need::Blank);
        // libyaml asks of every character whether the *text* begins with a byte order mark
        let escape_all = text.starts_with('\u{FEFF}');
        let mut spaces = false;
        let mut at = 0;
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            let inner = at > 0 && at + 1 < text.len();
            at += c.len_utf8();
            if escape_all || !is_printable(c) || is_break(c) || matches!(c, '"' | '\\') {
                self.escape(c);
                spaces = false;
            } else if c == ' ' {
                if self.may_fold(in_key, spaces) && inner {
                    self.indent(indent);
                    if chars.peek() == Some(&' ') {
                        self.put('\\');
                    }
                } else {
                    self.put(c);
                }
                spaces = true;
            } else {
                self.put(c);
                spaces = false;
            }
        }
        self.mark("\"", Need::Nothing);
    }

    fn escape(&mut self, c: char) {
        let short = match c {
            '\0' => '0',
            '\u{07}' => 'a',
            '\u{08}' => 'b',
            '\t' => 't',
            '\n' => 'n',
            '\u{0B}' => 'v',
            '\u{0C}' => 'f',
            '\r' => 'r',
            '\u{1B}' => 'e',
            '"' => '"',
            '\\' => '\\',
            '\u{85}' => 'N',
            '\u{A0}' => '_',
            '\u{2028}' => 'L',
            '\u{2029}' => 'P',
            _ => {
                let code = u32::from(c);
                let text = match code {
                    0..=0xFF => format!("\\x{code:02X}"),
                    0x100..=0xFFFF => format!("\\u{code:04X}"),
                    _ => format!("\\U{code:08X}"),
                };
                for c in text.chars() {
                    self.put(c);
                }
                return;
            }
        };
        self.put('\\');
        self.put(short);
    }

    fn literal(&mut self, text: &str, indent: usize) {
        self.mark("|", Need::Blank);
        if text.starts_with(|c| c == ' ' || is_break(c)) {
            self.mark("2", Need::Nothing);
        }
        let mut end = text.chars().rev();
        match (end.next(), end.next()) {
            (Some(last), before) if is_break(last) => {
                if before.is_none_or(is_break) {
                    self.mark("+", Need::Nothing);
                }
            }
            _ => self.mark("-", Need::Nothing),
        }
        if self.profile.header == BlockHeader::Ended {
            self.put_break();
            self.indention = true;
        }
        self.whitespace = true;
        let mut breaks = true;
        for c in text.chars() {
            if is_break(c) {
                self.copy_break(c);
                self.indention = true;
                breaks = true;
            } else {
                if breaks {
                    self.indent(indent);
                }
                self.put(c);
                self.indention = false;
                breaks = false;
            }
        }
    }

    fn may_fold(&self, in_key: bool, after_space: bool) -> bool {
        !in_key && !after_space && self.column > self.profile.width
    }

    /// Goes to `indent` on a line of its own, or stays on this one where that is possible.
    fn indent(&mut self, indent: usize) {
        if !self.indention || self.column > indent || (self.column == indent && !self.whitespace) {
            self.put_break();
        }
        while self.column < indent {
            self.put(' ');
        }
        self.whitespace = true;
        self.indention = true;
    }

    /// A mark that ends a line's indentation.
    fn mark(&mut self, text: &str, need: Need) {
        if need == Need::Blank && !self.whitespace {
            self.put(' ');
        }
        for c in text.chars() {
            self.put(c);
        }
        self.whitespace = false;
        self.indention = false;
    }

    /// `-`, `?` or `:` at the start of a line: a block may follow on the same line.
    fn block_mark(&mut self, text: &str) {
        let indention = self.indention;
        self.mark(text, Need::Blank);
        self.indention = indention;
    }

    fn put(&mut self, c: char) {
        self.out.push(c);
        self.column += 1;
    }

    fn put_break(&mut self) {
        self.out.push('\n');
        self.column = 0;
        self.indention = true;
    }

    fn copy_break(&mut self, c: char) {
        self.out.push(c);
        self.column = 0;
    }
}

/// Whether a blank must come before a mark.
#[derive(Clone, Copy, PartialEq)]
enum Need {
    Blank,
    Nothing,
}
