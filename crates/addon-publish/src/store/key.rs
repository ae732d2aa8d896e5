//! Keys: names of objects that mean the same in a directory, in a bucket and in a URL.
//!
//! A key is a `/`-separated path of parts. A part has 1 to 200 of the characters `A-Z a-z 0-9 . _ + -` and
//! does not start with a dot, so that it can be no traversal, no hidden file and no temporary file of
//! a directory store, needs no escaping in a URL path, and is a file name on every system. Keys are made
//! only through [`Key::new`]: what came from an archive or a request reaches a file system checked or
//! not at all.

use std::fmt;

/// The name of an object.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(String);

/// Why a text is no key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{}` is not the name of an object: expected parts of `A-Z a-z 0-9 . _ + -` between slashes, none starting with a dot",
    text.escape_debug()
)]
pub struct KeyError {
    text: String,
}

impl Key {
    /// Checks `text` and makes it a key.
    ///
    /// # Errors
    /// [`KeyError`] when a part is empty, too long, starts with a dot or has another character.
    pub fn new(text: impl Into<String>) -> Result<Self, KeyError> {
        let text = text.into();
        if text.split('/').all(is_part) {
            Ok(Self(text))
        } else {
            Err(KeyError { text })
        }
    }

    /// The key as text, for example `entries/fluxcd/3.0.2.json`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether two keys may be one file, where the file system does not tell upper case from lower.
    pub fn same_file(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }

    /// The parts between the slashes; never empty.
    pub fn parts(&self) -> impl Iterator<Item = &str> {
        self.0.split('/')
    }
}

/// Whether `text` can stand between two slashes of a key.
fn is_part(text: &str) -> bool {
    (1..=200).contains(&text.len())
        && !text.starts_with('.')
        && !text.ends_with('.')
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'+' | b'-'))
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
