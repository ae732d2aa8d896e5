//! The token at hand, the errors so far, and the budget.

use super::Limits;
use super::comment::{CommentStates, Table};
use crate::Text;
use crate::ast::{Comment, CommentGroup, Meta, Pos, RelPos};
use crate::scan::{Scanner, Tok, Token};
use source_vocab::{Diagnostic, SourceFile, Span};

/// Where the stack is now, as a number.
fn stack_position() -> usize {
    let here = 0_u8;
    std::ptr::from_ref(&here).addr()
}

/// No text gives more diagnostics than this.
const MAX_ERRORS: usize = 1_000;

pub(super) struct Cursor<'a> {
    source: &'a SourceFile,
    scanner: Scanner<'a>,
    limits: Limits,
    /// The token at hand, never a comment.
    pub(super) token: Token,
    ahead: Option<Token>,
    /// The end of the last token that was read, implied commas apart.
    end: usize,
    /// Byte offsets of the line feeds.
    line_feeds: Vec<usize>,
    pub(super) comments: CommentStates,
    errors: Vec<(usize, String)>,
    last_error_line: usize,
    depth: u32,
    tokens: u32,
    /// Where the stack was when reading began.
    stack_base: usize,
    stopped: bool,
    started: bool,
    sync_at: Option<usize>,
    sync_count: u32,
    /// The file enables the experiment `structcmp`: `==` may stand before an operand.
    pub(super) struct_compare: bool,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(source: &'a SourceFile, limits: Limits) -> Self {
        let text = source.text();
        let line_feeds = text
            .bytes()
            .enumerate()
            .filter_map(|(at, byte)| (byte == b'\n').then_some(at))
            .collect();
        let mut cursor = Self {
            source,
            scanner: Scanner::new(text),
            limits,
            token: Token {
                tok: Tok::Eof,
                lo: 0,
                hi: 0,
                rel: RelPos::None,
                implied: false,
                text: Text::default(),
            },
            ahead: None,
            end: 0,
            line_feeds,
            comments: CommentStates::new(text),
            errors: Vec::new(),
            last_error_line: 0,
            depth: 0,
            tokens: 0,
            stack_base: stack_position(),
            stopped: false,
            started: false,
            sync_at: None,
            sync_count: 0,
            struct_compare: false,
        };
        cursor.next();
        cursor
    }

    /// The comments by slot, and the errors.
    pub(super) fn finish(self) -> (Table, Vec<Diagnostic>) {
        let source = self.source;
        let errors = self
            .errors
            .into_iter()
            .map(|(at, message)| Diagnostic::error("cue/syntax", message, source.span_of(at, at)))
            .collect();
        (self.comments.table, errors)
    }

    pub(super) fn has_errors(&self) -> bool {
        !self.errors.is_empty()
    }

    /// The line of a byte, from 1.
    fn line(&self, at: usize) -> usize {
        self.line_feeds.partition_point(|feed| *feed < at) + 1
    }

    /// Whether both bytes are on one line.
    pub(super) fn same_line(&self, a: usize, b: usize) -> bool {
        self.line(a) == self.line(b)
    }

    // ---- tokens

    pub(super) fn tok(&self) -> Tok {
        self.token.tok
    }

    pub(super) fn at(&self, tok: Tok) -> bool {
        self.token.tok == tok
    }

    /// Whether the token is the word `word`.
    pub(super) fn at_word(&self, word: &str) -> bool {
        self.token.tok == Tok::Ident && self.token.text == *word
    }

    pub(super) fn pos(&self) -> Pos {
        self.token.pos(self.source.base())
    }

    fn scan(&mut self) -> Token {
        let token = self.scanner.scan();
        self.take_scan_errors();
        token
    }

    fn take_scan_errors(&mut self) {
        if self.scanner.has_errors() {
            for (at, message) in self.scanner.take_errors() {
                self.push_error(at, message);
            }
        }
    }

    fn advance(&mut self) {
        if !self.token.implied && self.token.tok != Tok::Comment {
            self.end = self.token.hi.max(self.end);
        }
        if self.stopped {
            self.token.tok = Tok::Eof;
            self.token.text = Text::default();
            return;
        }
        self.tokens += 1;
        if self.tokens > self.limits.tokens {
            self.stop(format!(
                "more than {} tokens in one file",
                self.limits.tokens
            ));
            return;
        }
        self.token = match self.ahead.take() {
            Some(token) => token,
            None => self.scan(),
        };
    }

    /// The kind of the token after the one at hand.
    pub(super) fn peek(&mut self) -> Tok {
        if self.ahead.is_none() {
            let token = self.scan();
            self.ahead = Some(token);
        }
        self.ahead.as_ref().map_or(Tok::Eof, |token| token.tok)
    }

    /// Goes on with the string that the `)` at hand interrupted; gives its text.
    pub(super) fn resume_string(&mut self) -> (Text, Pos, usize) {
        let pos = self.pos();
        let (_, text, lo) = self.scanner.resume();
        self.take_scan_errors();
        let hi = lo + text.len();
        (text, pos, hi)
    }

    /// Moves on to the next token that is no comment, and notes the comments before it.
    pub(super) fn next(&mut self) {
        if let Some(lead) = self.comments.lead.take() {
            self.comments.add(lead);
        }
        // before the first token is a line of its own
        let line_before = if self.started {
            self.line(self.token.lo)
        } else {
            0
        };
        self.started = true;
        self.advance();
        self.comments.token();
        if self.at(Tok::Comment) {
            self.take_comments(line_before);
        }
    }

    fn take_comments(&mut self, mut line_before: usize) {
        let mut line = self.line(self.token.lo);
        let mut group = None;
        if line_before == line {
            let (mut found, end_line) = self.comment_group(line_before, 0);
            found.line = self.line(self.token.lo) != end_line;
            group = Some(found);
        }
        let mut end_line = None;
        while self.at(Tok::Comment) {
            if let Some(group) = group.take() {
                self.comments.add(group);
            }
            let (found, end) = self.comment_group(line_before, 1);
            group = Some(found);
            end_line = Some(end);
            line_before = line;
            line = self.line(self.token.lo);
        }
        let Some(mut group) = group else { return };
        let leads = end_line.is_some_and(|end| end + 1 == self.line(self.token.lo));
        if leads && !self.at(Tok::Eof) {
            group.doc = true;
            self.comments.lead = Some(group);
        } else {
            self.comments.add(group);
        }
    }

    /// Reads comments until there are more than `gap` lines between two; gives the last one's line.
    fn comment_group(&mut self, line_before: usize, gap: usize) -> (CommentGroup, usize) {
        let mut end_line = self.line(self.token.lo);
        let rel = match end_line.saturating_sub(line_before) {
            0 => RelPos::Blank,
            1 => RelPos::Newline,
            _ => RelPos::NewSection,
        };
        let mut list = Vec::new();
        while self.at(Tok::Comment) && self.line(self.token.lo) <= end_line + gap {
            end_line = self.line(self.token.lo);
            let mut pos = self.pos();
            if list.is_empty() {
                pos.rel = rel;
            }
            list.push(Comment {
                pos,
                text: std::mem::take(&mut self.token.text),
            });
            self.advance();
        }
        let group = CommentGroup {
            list,
            ..CommentGroup::default()
        };
        (group, end_line)
    }

    // ---- nodes

    /// The place of a node that begins with the token at hand and will end with the last one read.
    pub(super) fn begin(&self) -> Meta {
        let at = self.token.lo;
        Meta::new(self.source.span_of(at, at), self.token.rel)
    }

    /// A node whose first part begins at `start`.
    pub(super) fn begin_at(&self, start: Span) -> Meta {
        let meta = Meta::new(start.start(), RelPos::None);
        self.ended(meta)
    }

    /// The node ends with the last token that was read.
    pub(super) fn ended(&self, mut meta: Meta) -> Meta {
        let end = self.source.span_of(self.end, self.end).lo;
        meta.span.hi = end.max(meta.span.lo);
        meta
    }

    /// The byte offset in the file of an absolute offset.
    pub(super) fn offset_of(&self, absolute: u32) -> usize {
        absolute.saturating_sub(self.source.base()) as usize
    }

    /// The absolute offset of a byte of the file.
    pub(super) fn span_end(&self, at: usize) -> u32 {
        self.source.span_of(at, at).lo
    }

    /// The node of the token at hand alone.
    pub(super) fn token_meta(&self) -> Meta {
        let span = self.source.span_of(self.token.lo, self.token.hi);
        Meta::new(span, self.token.rel)
    }

    // ---- errors

    fn push_error(&mut self, at: usize, message: String) {
        self.last_error_line = self.line(at);
        if self.errors.len() < MAX_ERRORS {
            self.errors.push((at, message));
        }
    }

    /// Reports an error unless the last one is on the same line.
    pub(super) fn error(&mut self, at: usize, message: impl Into<String>) {
        if self.last_error_line != self.line(at) {
            self.push_error(at, message.into());
        }
    }

    /// Reports an error at the token at hand.
    pub(super) fn error_here(&mut self, message: impl Into<String>) {
        self.error(self.token.lo, message);
    }

    /// Reports that something else was expected here.
    pub(super) fn expected(&mut self, what: &str) {
        let found = if self.at(Tok::Comma) && self.token.implied {
            "the end of the line".to_owned()
        } else if self.tok().has_text() && self.token.text.len() <= 40 {
            format!("{} `{}`", self.tok().as_str(), self.token.text)
        } else {
            format!("`{}`", self.tok().as_str())
        };
        self.error_here(format!("expected {what}, found {found}"));
    }

    /// Reads `tok`, or reports that it is missing and reads what is there.
    pub(super) fn expect(&mut self, tok: Tok) -> Pos {
        let pos = self.pos();
        if !self.at(tok) {
            self.expected(&format!("`{}`", tok.as_str()));
        }
        self.next();
        pos
    }

    /// Reads a closing bracket; a line end before it is a forgotten comma.
    pub(super) fn expect_closing(&mut self, tok: Tok, within: &str) -> Pos {
        if !self.at(tok) && self.at(Tok::Comma) && self.token.implied {
            self.error_here(format!(
                "`,` is missing before the end of the line in {within}"
            ));
            self.next();
        }
        self.expect(tok)
    }

    /// Reads a comma, which may be missing before a closing bracket.
    pub(super) fn expect_comma(&mut self) {
        match self.tok() {
            Tok::RParen | Tok::RBrace | Tok::Eof => {}
            Tok::Comma => self.next(),
            _ => {
                self.expected("`,`");
                self.skip_to_comma();
            }
        }
    }

    /// Whether reading goes on behind a comma: there is one, or it is missing and reported.
    pub(super) fn at_comma(&mut self, within: &str, closing: &[Tok]) -> bool {
        if self.at(Tok::Comma) {
            return true;
        }
        if closing.contains(&self.tok()) {
            return false;
        }
        self.error_here(format!("`,` is missing in {within}"));
        true
    }

    /// Moves to the next comma, after an error.
    pub(super) fn skip_to_comma(&mut self) {
        loop {
            match self.tok() {
                Tok::Eof => return,
                Tok::Comma => {
                    let here = self.token.lo;
                    if self.sync_at == Some(here) && self.sync_count < 10 {
                        self.sync_count += 1;
                        return;
                    }
                    if self.sync_at.is_none_or(|at| at < here) {
                        self.sync_at = Some(here);
                        self.sync_count = 0;
                        return;
                    }
                }
                _ => {}
            }
            self.next();
        }
    }

    // ---- budget

    /// Ends the text here.
    fn stop(&mut self, message: String) {
        if !self.stopped {
            let at = self.token.lo;
            self.push_error(at, message);
            self.stopped = true;
            self.ahead = None;
            self.token.tok = Tok::Eof;
            self.token.text = Text::default();
        }
    }

    /// Goes one level down; [`Cursor::shallower`] must follow.
    pub(super) fn deeper(&mut self) {
        self.depth += 1;
        if self.stack_base.abs_diff(stack_position()) > self.limits.stack {
            self.stop("nested deeper than the stack of the thread allows".to_owned());
        }
        if self.depth > self.limits.nesting {
            self.stop(format!(
                "nested more than {} levels deep",
                self.limits.nesting
            ));
        }
    }

    /// Comes back from `levels` levels.
    pub(super) fn shallower(&mut self, levels: u32) {
        self.depth = self.depth.saturating_sub(levels);
    }

    /// Counts one more operator of a chain that has had `count`.
    pub(super) fn chained(&mut self, count: u32) {
        if count > self.limits.chain {
            self.stop(format!(
                "more than {} operators in a row",
                self.limits.chain
            ));
        }
    }
}
