//! What the pure crates may ask of the outside: files of one root, and the time.
//!
//! The real one is `src/system.rs` of the binary; tests use one in memory. A `World` never writes.

use crate::VPath;

/// Seconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(pub i64);

/// What an entry of a directory is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// A regular file.
    File,
    /// A directory.
    Directory,
    /// A symbolic link, whatever it points to.
    Symlink,
    /// A device, socket or pipe.
    Other,
}

/// An entry of a directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DirEntry {
    /// The name; bytes that are not UTF-8 are replaced by U+FFFD.
    pub name: String,
    /// Whether `name` is the true name, or has replacements in it and cannot be read.
    pub name_is_utf8: bool,
    /// What it is, links not followed.
    pub kind: EntryKind,
    /// Size in bytes of a regular file, else 0.
    pub size: u64,
}

/// Where a symbolic link leads in the end, all links on the way followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Link {
    /// To something in the same world.
    To {
        /// The path of what it leads to, without any link in it.
        path: VPath,
        /// What that is; never a link.
        kind: EntryKind,
        /// Size in bytes of a regular file, else 0.
        size: u64,
    },
    /// To something that is not in this world.
    Outside,
    /// To nothing.
    Nowhere,
}

/// Why a file or directory could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// There is nothing at this path.
    #[error("`{path}` does not exist")]
    NotFound {
        /// What was asked for.
        path: VPath,
    },
    /// The file is larger than the reader allows.
    #[error("`{path}` has more than {limit} bytes")]
    TooLarge {
        /// What was asked for.
        path: VPath,
        /// The limit in bytes.
        limit: u64,
    },
    /// The operating system refused.
    #[error("cannot read `{path}`: {source}")]
    Io {
        /// What was asked for.
        path: VPath,
        /// Its reason.
        source: std::io::Error,
    },
}

/// Read access to the files below one root.
pub trait World: std::fmt::Debug + Send + Sync {
    /// The bytes of a regular file. Symbolic links are followed.
    ///
    /// # Errors
    /// [`ReadError`] when it is absent, too large or unreadable.
    fn read(&self, path: &VPath) -> Result<Vec<u8>, ReadError>;

    /// The entries of a directory, sorted bytewise by name.
    ///
    /// # Errors
    /// [`ReadError`] when it is absent or unreadable.
    fn list(&self, path: &VPath) -> Result<Vec<DirEntry>, ReadError>;

    /// Where the symbolic link at `path` leads. A world without links says [`Link::Outside`].
    ///
    /// # Errors
    /// [`ReadError`] when the system does not follow it, as with links in a circle.
    fn follow(&self, _path: &VPath) -> Result<Link, ReadError> {
        Ok(Link::Outside)
    }

    /// The present.
    fn now(&self) -> Timestamp;

    /// How a path of this world is shown to people (the root as they wrote it, then the path).
    fn display(&self, path: &VPath) -> String {
        path.to_string()
    }
}
