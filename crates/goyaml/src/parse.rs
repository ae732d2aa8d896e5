//! Text to [`Document`]s. The only file that names the event parser.
//!
//! Events are folded into nodes with an explicit stack. An anchor's node is kept until its
//! document ends, and each alias gets a copy, paid from a budget. The budget is goyaml's own rule
//! (`allowedAliasRatio` in its `decode.go`): up to 400,000 nodes 99 of 100 may come from aliases,
//! falling to 10 of 100 at 4,000,000. It is checked before copying, so ten lines of nested
//! aliases ("billion laughs") cost nothing. Copied text is limited too, since copies here are
//! real.
//!
//! Documents before a broken one are delivered: Go's decoder reads the first document and never
//! looks at the rest.

use crate::encoding::first_forbidden;
use crate::node::{CollectionStyle, Document, Node, NodeKind, ScalarStyle};
use granit_parser::{Event, Parser, StructureStyle, Tag};
use source_vocab::{Diagnostic, SourceFile, Span};
use std::borrow::Cow;

/// How deep lists and mappings may nest, blocks and brackets counted apart.
pub const MAX_DEPTH: usize = 255;
/// How many bytes of text all aliases of one document together may repeat.
const MAX_ALIAS_BYTES: usize = 16 << 20;
/// How many bytes all anchored nodes of one document may take while aliases may still come.
const MAX_ANCHOR_BYTES: usize = 32 << 20;

/// What a text holds.
#[derive(Clone, Debug, Default)]
pub struct Stream {
    /// The documents up to the first mistake. At least one when the text has no mistake and is
    /// not empty.
    pub documents: Vec<Document>,
    /// Why reading stopped, if it did.
    pub error: Option<SyntaxError>,
}

/// A text that is not YAML.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct SyntaxError {
    /// `yaml/syntax`, `yaml/alias-budget`, `yaml/unknown-anchor` or `yaml/control-character`.
    pub code: &'static str,
    /// What is wrong: a lower-case sentence.
    pub message: String,
    /// Where.
    pub span: Span,
}

impl From<SyntaxError> for Diagnostic {
    fn from(error: SyntaxError) -> Self {
        Self::error(error.code, error.message, error.span)
    }
}

/// Parses a file of a source map; spans are absolute in that map.
pub fn parse_file(file: &SourceFile) -> Stream {
    parse(file.text(), file.base())
}

/// Parses text whose first byte has the absolute offset `base` (any number, such as 1, when there
/// is no source map).
pub fn parse(text: &str, base: u32) -> Stream {
    let mut builder = Builder {
        text,
        base,
        length: text.len(),
        documents: Vec::new(),
        open: Vec::new(),
        anchors: Vec::new(),
        document: None,
        last: 0,
        nodes: 0,
        alias_nodes: 0,
        alias_bytes: 0,
        anchor_bytes: 0,
        has_aliases: text.contains('*'),
    };
    let error = builder.run(text).err();
    Stream {
        documents: builder.documents,
        error,
    }
}

/// A collection whose end has not been seen.
struct Open {
    start: usize,
    tag: Option<Box<str>>,
    anchor: usize,
    style: CollectionStyle,
    content: Content,
}

enum Content {
    Sequence(Vec<Node>),
    Mapping(Vec<(Node, Node)>, Option<Node>),
}

/// A node that aliases may repeat, with its cost.
struct Anchored {
    id: usize,
    node: Node,
    nodes: usize,
    bytes: usize,
}

struct Builder<'t> {
    text: &'t str,
    base: u32,
    length: usize,
    documents: Vec<Document>,
    open: Vec<Open>,
    anchors: Vec<Anchored>,
    document: Option<(usize, bool, Option<Node>)>,
    /// The end of the last node.
    last: usize,
    nodes: usize,
    alias_nodes: usize,
    alias_bytes: usize,
    anchor_bytes: usize,
    has_aliases: bool,
}

impl Builder<'_> {
    fn run(&mut self, text: &str) -> Result<(), SyntaxError> {
        // libyaml refuses these wherever they stand, even in a comment; the text before is still read.
        let (text, forbidden) = match first_forbidden(text) {
            Some((at, c)) => (text.get(..at).unwrap_or_default(), Some((at, c))),
            None => (text, None),
        };
        let options = granit_parser::options! {
            emit_comments: false,
            bom_inside_document_as_content: true,
            block_scalar_eof_without_line_feed: true,
            flow_nesting_limit: MAX_DEPTH,
            block_nesting_limit: MAX_DEPTH,
        };
        for next in Parser::new_from_str_with_options(text, options) {
            let (event, span) = match next {
                Ok(next) => next,
                Err(error) => {
                    if let Some((at, c)) = forbidden {
                        return Err(self.forbidden(at, c));
                    }
                    let at = error.marker().byte_offset().unwrap_or(self.length);
                    let message = sentence(&error.info());
                    return Err(self.error("yaml/syntax", message, at, at));
                }
            };
            let range = span.byte_range().unwrap_or(self.last..self.last);
            if let (Event::StreamEnd, Some((at, c))) = (&event, forbidden) {
                self.documents.pop();
                return Err(self.forbidden(at, c));
            }
            self.event(event, range)?;
        }
        Ok(())
    }

    fn forbidden(&self, at: usize, c: char) -> SyntaxError {
        let message = format!(
            "the control character `{}` may not stand in YAML",
            c.escape_unicode()
        );
        self.error("yaml/control-character", message, at, at + c.len_utf8())
    }

    /// Go's scanner takes an escape for a code point; the halves of a pair, as JSON writes characters beyond U+FFFF, are none.
    fn check_escapes(&self, range: &std::ops::Range<usize>) -> Result<(), SyntaxError> {
        let raw = self.text.get(range.clone()).unwrap_or_default();
        let mut rest = raw;
        while let Some((_, escaped)) = rest.split_once('\\') {
            let half = escaped
                .strip_prefix('u')
                .and_then(|digits| u32::from_str_radix(digits.get(..4)?, 16).ok())
                .is_some_and(|code| (0xd800..0xe000).contains(&code));
            if half {
                let at = range.start + raw.len() - escaped.len() - 1;
                let message = "this escape is one half of a character: write the character itself, \
                               or its code point after `\\U`";
                return Err(self.error("yaml/syntax", message, at, at + 6));
            }
            let mut after = escaped.chars();
            after.next();
            rest = after.as_str();
        }
        Ok(())
    }

    fn span(&self, lo: usize, hi: usize) -> Span {
        let at = |offset: usize| {
            self.base
                .saturating_add(u32::try_from(offset.min(self.length)).unwrap_or(u32::MAX))
        };
        Span::new(at(lo), at(hi.max(lo)))
    }

    fn error(
        &self,
        code: &'static str,
        message: impl Into<String>,
        lo: usize,
        hi: usize,
    ) -> SyntaxError {
        SyntaxError {
            code,
            message: message.into(),
            span: self.span(lo, hi),
        }
    }

    fn event(
        &mut self,
        event: Event<'_>,
        range: std::ops::Range<usize>,
    ) -> Result<(), SyntaxError> {
        match event {
            Event::DocumentStart(explicit, _) => {
                self.document = Some((range.start, explicit, None));
            }
            Event::DocumentEnd => {
                self.check_gap(range.start)?;
                self.end_document();
            }
            Event::Scalar(text, style, anchor, tag) => {
                if style == granit_parser::ScalarStyle::DoubleQuoted {
                    self.check_escapes(&range)?;
                }
                let text: Box<str> = match text {
                    Cow::Borrowed(text) => text.into(),
                    Cow::Owned(text) => text.into_boxed_str(),
                };
                let node = Node {
                    span: self.span(range.start, range.end),
                    tag: tag.map(|tag| short_tag(&tag)),
                    kind: NodeKind::Scalar {
                        text,
                        style: scalar_style(style),
                    },
                };
                self.count(&range)?;
                self.last = range.end;
                self.place(node, anchor, &range)?;
            }
            Event::SequenceStart(style, anchor, tag) => {
                self.count(&range)?;
                self.start(style, anchor, tag, &range, Content::Sequence(Vec::new()));
            }
            Event::MappingStart(style, anchor, tag) => {
                self.count(&range)?;
                self.start(
                    style,
                    anchor,
                    tag,
                    &range,
                    Content::Mapping(Vec::new(), None),
                );
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(&range)?,
            Event::Alias(id) => self.alias(id, &range)?,
            Event::UnresolvedAlias(name) => {
                let message = format!("the alias `*{name}` has no anchor before it");
                return Err(self.error("yaml/unknown-anchor", message, range.start, range.end));
            }
            Event::StreamStart | Event::StreamEnd | Event::Anchor(..) => {}
            _ => {}
        }
        Ok(())
    }

    fn start(
        &mut self,
        style: StructureStyle,
        anchor: usize,
        tag: Option<Cow<'_, Tag>>,
        range: &std::ops::Range<usize>,
        content: Content,
    ) {
        self.open.push(Open {
            start: range.start,
            tag: tag.map(|tag| short_tag(&tag)),
            anchor,
            style: match style {
                StructureStyle::Block => CollectionStyle::Block,
                StructureStyle::Flow => CollectionStyle::Flow,
            },
            content,
        });
    }

    fn end(&mut self, range: &std::ops::Range<usize>) -> Result<(), SyntaxError> {
        let Some(open) = self.open.pop() else {
            return Ok(());
        };
        // A block ends with its last node; only a bracket has an end of its own.
        let end = match open.style {
            CollectionStyle::Flow => range.end,
            CollectionStyle::Block => self.last.max(open.start),
        };
        self.last = end;
        let style = open.style;
        let kind = match open.content {
            Content::Sequence(items) => NodeKind::Sequence { items, style },
            Content::Mapping(entries, _) => NodeKind::Mapping { entries, style },
        };
        let node = Node {
            span: self.span(open.start, end),
            tag: open.tag,
            kind,
        };
        self.place(node, open.anchor, range)
    }

    /// Puts a finished node where it belongs.
    fn place(
        &mut self,
        node: Node,
        anchor: usize,
        range: &std::ops::Range<usize>,
    ) -> Result<(), SyntaxError> {
        if anchor != 0 && self.has_aliases {
            let (nodes, bytes) = weight(&node);
            self.anchor_bytes += bytes + nodes * size_of::<Node>();
            if self.anchor_bytes > MAX_ANCHOR_BYTES {
                return Err(self.over_budget(range));
            }
            let node = node.clone();
            self.anchors.push(Anchored {
                id: anchor,
                node,
                nodes,
                bytes,
            });
        }
        match self.open.last_mut().map(|open| &mut open.content) {
            Some(Content::Sequence(items)) => items.push(node),
            Some(Content::Mapping(entries, key)) => match key.take() {
                None => *key = Some(node),
                Some(key) => entries.push((key, node)),
            },
            None => {
                if let Some((_, _, root)) = &mut self.document {
                    *root = Some(node);
                }
            }
        }
        Ok(())
    }

    fn end_document(&mut self) {
        self.open.clear();
        self.anchors.clear();
        (self.nodes, self.alias_nodes) = (0, 0);
        (self.alias_bytes, self.anchor_bytes) = (0, 0);
        let Some((start, explicit_start, root)) = self.document.take() else {
            return;
        };
        let empty = self.span(start, start);
        let root = root.unwrap_or(Node {
            span: empty,
            tag: None,
            kind: NodeKind::Scalar {
                text: "".into(),
                style: ScalarStyle::Plain,
            },
        });
        let span = if explicit_start {
            empty.to(root.span)
        } else {
            root.span
        };
        self.documents.push(Document {
            span,
            explicit_start,
            root,
        });
    }

    fn alias(&mut self, id: usize, range: &std::ops::Range<usize>) -> Result<(), SyntaxError> {
        self.count(range)?;
        let found = self.anchors.iter().rposition(|anchored| anchored.id == id);
        let Some(found) = found.and_then(|index| self.anchors.get(index)) else {
            // the anchor's node is still open: it would contain itself
            let message = "the value of this anchor contains itself";
            return Err(self.error("yaml/unknown-anchor", message, range.start, range.end));
        };
        let (nodes, bytes) = (found.nodes, found.bytes);
        self.nodes += nodes;
        self.alias_nodes += nodes;
        self.alias_bytes += bytes;
        if self.alias_bytes > MAX_ALIAS_BYTES || self.excessive() {
            return Err(self.over_budget(range));
        }
        let mut node = found.node.clone();
        node.span = self.span(range.start, range.end);
        self.last = range.end;
        self.place(node, 0, range)
    }

    /// libyaml takes no tab where a key or an item may begin: at the start of a line and after
    /// `-` or `?`. The event parser does, so what lies between the last node and `to` is looked
    /// at here. In brackets tabs are fine.
    fn check_gap(&self, to: usize) -> Result<(), SyntaxError> {
        let in_brackets = |open: &Open| open.style == CollectionStyle::Flow;
        if self.open.last().is_some_and(in_brackets) {
            return Ok(());
        }
        let Some(gap) = self
            .text
            .get(self.last.min(to)..to)
            .filter(|gap| gap.contains('\t'))
        else {
            return Ok(());
        };
        let mut at = to - gap.len();
        let mut starts_line = self
            .text
            .get(..at)
            .is_none_or(|head| head.is_empty() || head.ends_with(['\n', '\r']));
        for line in gap.split_inclusive(['\n', '\r']) {
            let marks: &[char] = &[' ', '-', '?'];
            let lead = line.trim_start_matches(marks);
            let before = line.strip_suffix(lead).unwrap_or_default();
            if lead.starts_with('\t') && (starts_line || before.contains(['-', '?'])) {
                let tab = at + before.len();
                let message = "a tab stands where indentation is expected, which takes blanks only";
                return Err(self.error("yaml/syntax", message, tab, tab + 1));
            }
            at += line.len();
            starts_line = true;
        }
        Ok(())
    }

    fn count(&mut self, range: &std::ops::Range<usize>) -> Result<(), SyntaxError> {
        self.check_gap(range.start)?;
        self.nodes += 1;
        if self.excessive() {
            return Err(self.over_budget(range));
        }
        Ok(())
    }

    fn over_budget(&self, range: &std::ops::Range<usize>) -> SyntaxError {
        let message = "anchors and aliases repeat too much of this document";
        self.error("yaml/alias-budget", message, range.start, range.end)
    }

    /// goyaml's rule: few aliases are always fine, many only in proportion.
    fn excessive(&self) -> bool {
        const LOW: usize = 400_000;
        const HIGH: usize = 4_000_000;
        if self.alias_nodes <= 100 || self.nodes <= 1000 {
            return false;
        }
        // in 1/100,000 to stay with whole numbers
        let allowed = match self.nodes {
            0..=LOW => 99_000,
            HIGH.. => 10_000,
            nodes => 99_000 - 89_000 * (nodes - LOW) / (HIGH - LOW),
        };
        self.alias_nodes.saturating_mul(100_000) > allowed * self.nodes
    }
}

/// How many nodes and bytes of text a tree has. Trees are at most [`MAX_DEPTH`] deep twice over.
fn weight(node: &Node) -> (usize, usize) {
    let own = node.tag.as_ref().map_or(0, |tag| tag.len());
    match &node.kind {
        NodeKind::Scalar { text, .. } => (1, own + text.len()),
        NodeKind::Sequence { items, .. } => items.iter().map(weight).fold((1, own), add),
        NodeKind::Mapping { entries, .. } => entries
            .iter()
            .flat_map(|(key, value)| [weight(key), weight(value)])
            .fold((1, own), add),
    }
}

fn add(a: (usize, usize), b: (usize, usize)) -> (usize, usize) {
    (a.0 + b.0, a.1 + b.1)
}

fn scalar_style(style: granit_parser::ScalarStyle) -> ScalarStyle {
    match style {
        granit_parser::ScalarStyle::Plain => ScalarStyle::Plain,
        granit_parser::ScalarStyle::SingleQuoted => ScalarStyle::SingleQuoted,
        granit_parser::ScalarStyle::DoubleQuoted => ScalarStyle::DoubleQuoted,
        granit_parser::ScalarStyle::Literal => ScalarStyle::Literal,
        granit_parser::ScalarStyle::Folded => ScalarStyle::Folded,
    }
}

fn short_tag(tag: &Tag) -> Box<str> {
    let full = format!("{}{}", tag.handle(), tag.suffix());
    match full.strip_prefix("tag:yaml.org,2002:") {
        Some(name) => format!("!!{name}").into_boxed_str(),
        None => full.into_boxed_str(),
    }
}

/// A message in the form of ours: one line, lower-case first letter, no full stop.
fn sentence(text: &str) -> String {
    let line = text.replace('\n', " ");
    let line = line.trim_end_matches('.');
    let mut chars = line.chars();
    match chars.next() {
        Some(first) if chars.clone().next().is_none_or(|c| !c.is_uppercase()) => {
            first.to_lowercase().chain(chars).collect()
        }
        Some(_) | None => line.to_owned(),
    }
}
