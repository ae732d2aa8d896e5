//! A YAML text as lines, with what the parser knows of them.
//!
//! A line is *inside a scalar* when it begins in one, or when a scalar that goes on in the next line begins in it: there
//! blanks may mean something, so such lines keep their bytes.

use goyaml::{Node, NodeKind, ScalarStyle, Stream};
use source_vocab::Span;

/// What spans are counted from.
pub(super) const BASE: u32 = 1;

/// The lines of a text.
pub(super) struct Lines<'t> {
    /// Each without its line feed.
    pub(super) texts: Vec<&'t str>,
    /// Where each begins.
    starts: Vec<usize>,
    /// Whether a line begins inside a scalar.
    begins_inside: Vec<bool>,
    /// Whether its end lies inside a scalar.
    ends_inside: Vec<bool>,
}

impl<'t> Lines<'t> {
    pub(super) fn new(text: &'t str, stream: &Stream) -> Self {
        let mut starts = vec![0];
        let mut lines: Vec<&str> = Vec::new();
        for line in text.split_inclusive('\n') {
            lines.push(line.strip_suffix('\n').unwrap_or(line));
            starts.push(starts.last().copied().unwrap_or_default() + line.len());
        }
        let count = lines.len();
        let mut all = Self {
            texts: lines,
            starts,
            begins_inside: vec![false; count],
            ends_inside: vec![false; count],
        };
        for document in &stream.documents {
            all.protect(&document.root);
        }
        all
    }

    fn protect(&mut self, node: &Node) {
        match &node.kind {
            NodeKind::Scalar { style, .. } => self.protect_scalar(node.span, *style),
            NodeKind::Sequence { items, .. } => items.iter().for_each(|item| self.protect(item)),
            NodeKind::Mapping { entries, .. } => {
                for (key, value) in entries {
                    self.protect(key);
                    self.protect(value);
                }
            }
        }
    }

    fn protect_scalar(&mut self, span: Span, style: ScalarStyle) {
        let is_blank = |line: &&str| line.trim().is_empty();
        if !matches!(style, ScalarStyle::Literal | ScalarStyle::Folded) {
            for line in self.line_of(span.lo)..self.line_of(span.hi) {
                set(&mut self.ends_inside, line);
                set(&mut self.begins_inside, line + 1);
            }
            return;
        }
        let header = self.header_of(span);
        // the place of a block ends behind its last line feed
        let mut behind = self.line_of(span.hi);
        if span.hi > span.lo && self.column_of(span.hi) > 0 {
            behind += 1;
        }
        if !self.keeps_its_end(header) {
            while behind > header + 1 && self.texts.get(behind - 1).is_some_and(is_blank) {
                behind -= 1;
            }
        }
        for line in header + 1..behind {
            set(&mut self.begins_inside, line);
            set(&mut self.ends_inside, line);
        }
    }

    /// The line of the `|` or `>` of a block scalar, whose place begins with its first letter.
    fn header_of(&self, span: Span) -> usize {
        let above = self.texts.iter().take(self.line_of(span.lo));
        above.len().saturating_sub(
            1 + above
                .rev()
                .take_while(|line| line.trim().is_empty())
                .count(),
        )
    }

    /// The line and the column in which a node begins, its tag left out.
    pub(super) fn start_of(&self, node: &Node) -> (usize, usize) {
        let NodeKind::Scalar {
            style: ScalarStyle::Literal | ScalarStyle::Folded,
            ..
        } = node.kind
        else {
            return (self.line_of(node.span.lo), self.column_of(node.span.lo));
        };
        let line = self.header_of(node.span);
        let text = self.texts.get(line).copied().unwrap_or_default();
        let column = text.len() - text.trim_start_matches([' ', '-']).len();
        (line, column)
    }

    /// Whether the header of a block scalar says that the blank lines behind it count.
    fn keeps_its_end(&self, line: usize) -> bool {
        let line = self.texts.get(line).copied().unwrap_or_default();
        let header = line.split(" #").next().unwrap_or(line).trim_end();
        let signs = header.rsplit(['|', '>']).next().unwrap_or_default();
        signs.contains('+')
    }

    /// The number of the line that a place lies in.
    pub(super) fn line_of(&self, at: u32) -> usize {
        self.line_at(offset(at))
    }

    fn line_at(&self, at: usize) -> usize {
        let behind = self.starts.partition_point(|start| *start <= at);
        behind
            .saturating_sub(1)
            .min(self.texts.len().saturating_sub(1))
    }

    /// The column of a place, in bytes from 0.
    pub(super) fn column_of(&self, at: u32) -> usize {
        let line = self.line_of(at);
        offset(at).saturating_sub(self.starts.get(line).copied().unwrap_or_default())
    }

    pub(super) fn begins_inside(&self, line: usize) -> bool {
        self.begins_inside.get(line).copied().unwrap_or(false)
    }

    pub(super) fn ends_inside(&self, line: usize) -> bool {
        self.ends_inside.get(line).copied().unwrap_or(false)
    }

    /// A line without content outside of scalars.
    pub(super) fn is_blank(&self, line: usize) -> bool {
        !self.begins_inside(line)
            && self
                .texts
                .get(line)
                .is_some_and(|line| line.trim().is_empty())
    }

    /// A comment that has its line for itself.
    pub(super) fn is_comment(&self, line: usize) -> bool {
        !self.begins_inside(line)
            && self
                .texts
                .get(line)
                .is_some_and(|line| line.trim_start().starts_with('#'))
    }
}

fn offset(at: u32) -> usize {
    usize::try_from(at.saturating_sub(BASE)).unwrap_or(usize::MAX)
}

fn set(flags: &mut [bool], at: usize) {
    if let Some(flag) = flags.get_mut(at) {
        *flag = true;
    }
}

/// How many blanks a line begins with.
pub(super) fn indent(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}
