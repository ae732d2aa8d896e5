//! Slices of source text that own their place.
//!
//! A tree must outlive the parser and be free of lifetimes, yet copying every identifier and literal
//! (a JSON string may have 50 MiB) would cost more than parsing. A [`Text`] is therefore a range of a
//! shared string: the parser's texts share the file, made-up texts own a string of their own.
//! Invariant: `lo..hi` lies inside `source` on character boundaries.

use std::borrow::Borrow;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Deref;
use std::sync::Arc;

/// An immutable string that may be a part of a larger, shared one. Compares by content.
#[derive(Clone)]
pub struct Text {
    source: Arc<str>,
    lo: u32,
    hi: u32,
}

impl Text {
    /// The bytes `lo..hi` of `source`, or an empty text where these are no valid range.
    pub fn slice(source: &Arc<str>, lo: usize, hi: usize) -> Self {
        let range = (u32::try_from(lo), u32::try_from(hi));
        match range {
            (Ok(low), Ok(high)) if source.get(lo..hi).is_some() => Self {
                source: Arc::clone(source),
                lo: low,
                hi: high,
            },
            _ => Self {
                source: Arc::clone(source),
                lo: 0,
                hi: 0,
            },
        }
    }

    /// The text itself.
    pub fn as_str(&self) -> &str {
        self.source
            .get(self.lo as usize..self.hi as usize)
            .unwrap_or_default()
    }
}

impl Default for Text {
    fn default() -> Self {
        // the empty shared string of the standard library is a static: nothing is allocated
        Self::from(Arc::<str>::default())
    }
}

impl Deref for Text {
    type Target = str;
    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl AsRef<str> for Text {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl Borrow<str> for Text {
    fn borrow(&self) -> &str {
        self.as_str()
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self::from(Arc::<str>::from(text))
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self::from(Arc::<str>::from(text))
    }
}

impl From<Arc<str>> for Text {
    fn from(source: Arc<str>) -> Self {
        let hi = u32::try_from(source.len()).unwrap_or(0);
        Self { source, lo: 0, hi }
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Text {}

impl PartialEq<str> for Text {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for Text {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl PartialOrd for Text {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Text {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_str().cmp(other.as_str())
    }
}

impl Hash for Text {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slice_compares_by_content_and_never_splits_a_character() {
        let source: Arc<str> = Arc::from("ab\u{e9}cd");
        assert_eq!(Text::slice(&source, 0, 2), Text::from("ab"));
        assert_eq!(Text::slice(&source, 3, 5).as_str(), "");
        assert_eq!(Text::slice(&source, 4, 99).as_str(), "");
    }
}
