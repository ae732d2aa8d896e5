//! One address space for the text of all files.
//!
//! Every file added to a [`SourceMap`] gets a range of absolute byte offsets; a [`Span`] is eight
//! bytes and `Copy`, and the file, line and column are found by binary search only when a person
//! is shown the place. Offset 0 belongs to no file, so [`Span::DETACHED`] (for generated text)
//! needs no extra bit. Between two files lies one unused offset: the end of a file is a place of
//! its own.

use crate::VPath;
use std::sync::Arc;

/// A half-open range of absolute byte offsets in a [`SourceMap`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// First byte.
    pub lo: u32,
    /// One past the last byte.
    pub hi: u32,
}

impl Span {
    /// The span of something that stands in no file.
    pub const DETACHED: Self = Self { lo: 0, hi: 0 };

    /// The bytes from `lo` up to, not including, `hi`.
    pub const fn new(lo: u32, hi: u32) -> Self {
        Self { lo, hi }
    }

    /// Whether the span points into no file.
    pub const fn is_detached(self) -> bool {
        self.lo == 0
    }

    /// The smallest span that covers both; a detached side is ignored.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        if self.is_detached() {
            return other;
        }
        if other.is_detached() {
            return self;
        }
        Self {
            lo: self.lo.min(other.lo),
            hi: self.hi.max(other.hi),
        }
    }

    /// The empty span at the start of this one.
    #[must_use]
    pub const fn start(self) -> Self {
        Self {
            lo: self.lo,
            hi: self.lo,
        }
    }
}

/// The number of a file in its [`SourceMap`], counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(u32);

/// A file that has been read: its name, its text, its place in the address space.
#[derive(Clone, Debug)]
pub struct SourceFile {
    id: SourceId,
    name: String,
    text: Arc<str>,
    base: u32,
}

impl SourceFile {
    /// The file's number.
    pub fn id(&self) -> SourceId {
        self.id
    }

    /// The name shown to people, as the user wrote it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The whole text.
    pub fn text(&self) -> &Arc<str> {
        &self.text
    }

    /// The absolute offset of the file's first byte.
    pub fn base(&self) -> u32 {
        self.base
    }

    /// The span of the whole file.
    pub fn span(&self) -> Span {
        Span::new(
            self.base,
            self.base + u32::try_from(self.text.len()).unwrap_or(u32::MAX),
        )
    }

    /// The absolute span of the bytes `lo..hi` of this file.
    pub fn span_of(&self, lo: usize, hi: usize) -> Span {
        let at = |offset: usize| {
            self.base
                .saturating_add(u32::try_from(offset).unwrap_or(u32::MAX))
        };
        Span::new(at(lo), at(hi))
    }

    /// The line and column of the byte `offset` of this file.
    ///
    /// What ends in a line feed has no line behind it: its end is the column after the line feed, as in cue v0.14.1
    /// `cue/token/position.go`.
    pub fn line_column(&self, offset: usize) -> LineColumn {
        let bytes = self.text.as_bytes();
        let head = bytes.get(..offset).unwrap_or(bytes);
        let is_end = head.len() == bytes.len();
        // the line feed at the very end begins no line
        let lines = match head.split_last() {
            Some((b'\n', before)) if is_end => before,
            _ => head,
        };
        let line = lines.split(|&byte| byte == b'\n').count();
        let start = lines
            .iter()
            .rposition(|&byte| byte == b'\n')
            .map_or(0, |at| at + 1);
        LineColumn {
            line,
            column: head.len() - start + 1,
        }
    }
}

/// A place in a file for people: both counted from 1, the column in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LineColumn {
    /// Line, from 1.
    pub line: usize,
    /// Column in bytes, from 1.
    pub column: usize,
}

/// The address space (4 GiB) is used up.
#[derive(Clone, Debug, thiserror::Error)]
#[error("`{name}` does not fit: all sources together may have at most 4 GiB")]
pub struct SourceFull {
    /// The file that was to be added.
    pub name: String,
}

/// All sources read so far.
#[derive(Clone, Debug, Default)]
pub struct SourceMap {
    files: Vec<SourceFile>,
}

impl SourceMap {
    /// An empty map.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file under the name that people are shown.
    ///
    /// # Errors
    /// [`SourceFull`] when the 32-bit address space does not hold it.
    pub fn add(
        &mut self,
        name: impl Into<String>,
        text: impl Into<Arc<str>>,
    ) -> Result<SourceFile, SourceFull> {
        let (name, text) = (name.into(), text.into());
        let base = self.files.last().map_or(1, |last| last.span().hi + 1);
        let fits = u32::try_from(text.len())
            .ok()
            .and_then(|length| base.checked_add(length))
            .is_some_and(|end| end < u32::MAX);
        let id = u32::try_from(self.files.len()).ok().filter(|_| fits);
        let Some(id) = id else {
            return Err(SourceFull { name });
        };
        let file = SourceFile {
            id: SourceId(id),
            name,
            text,
            base,
        };
        self.files.push(file.clone());
        Ok(file)
    }

    /// The file with this number.
    pub fn file(&self, id: SourceId) -> Option<&SourceFile> {
        self.files.get(id.0 as usize)
    }

    /// All files in the order in which they were added.
    pub fn files(&self) -> &[SourceFile] {
        &self.files
    }

    /// The file that a span lies in, and the byte range inside it.
    pub fn locate(&self, span: Span) -> Option<(&SourceFile, std::ops::Range<usize>)> {
        if span.is_detached() {
            return None;
        }
        let index = self
            .files
            .partition_point(|file| file.base <= span.lo)
            .checked_sub(1)?;
        let file = self.files.get(index)?;
        let length = file.text.len();
        let lo = (span.lo - file.base) as usize;
        if lo > length {
            return None;
        }
        let hi = (span.hi.max(span.lo) - file.base) as usize;
        Some((file, lo..hi.min(length)))
    }

    /// Name, line and column of the start of a span.
    pub fn line_column(&self, span: Span) -> Option<(&str, LineColumn)> {
        let (file, range) = self.locate(span)?;
        Some((file.name(), file.line_column(range.start)))
    }

    /// The text under a span; empty for a detached one.
    pub fn snippet(&self, span: Span) -> &str {
        self.locate(span)
            .and_then(|(file, range)| file.text.get(range))
            .unwrap_or_default()
    }
}

/// Names a file of an addon or package for people: `root` as the user wrote it, then the path.
impl SourceMap {
    /// The name that a file below `root` is added under: `root/path`, or `path` for an empty root.
    pub fn display_name(root: &str, path: &VPath) -> String {
        if root.is_empty() || root == "." {
            path.to_string()
        } else {
            format!("{}/{path}", root.trim_end_matches('/'))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_find_their_file_line_and_column() {
        let mut map = SourceMap::new();
        let first = map.add("a", "one\ntwo\n").unwrap();
        let second = map.add("b", "x\n\u{e9}y").unwrap();
        assert_eq!(
            map.line_column(first.span_of(4, 7)),
            Some(("a", LineColumn { line: 2, column: 1 }))
        );
        assert_eq!(map.snippet(first.span_of(4, 7)), "two");
        assert_eq!(
            map.line_column(second.span_of(4, 5)),
            Some(("b", LineColumn { line: 2, column: 3 }))
        );
        // the end of a file is inside that file, not in the next
        assert_eq!(
            map.line_column(first.span_of(8, 8)),
            Some(("a", LineColumn { line: 2, column: 5 }))
        );
        assert_eq!(
            map.locate(Span::DETACHED)
                .map(|(file, _)| file.name().to_owned()),
            None
        );
    }
}
