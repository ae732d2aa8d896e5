//! Paths inside a root: relative, separated by `/`, in UTF-8.
//!
//! Invariant: a [`VPath`] has no empty, `.` or `..` component and no leading or trailing slash, so
//! two equal files have equal paths and no path can leave its root. The empty path is the root.

use std::fmt;

/// A normalised path relative to some root.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VPath(String);

impl VPath {
    /// The root itself.
    pub fn root() -> Self {
        Self::default()
    }

    /// Normalises `text`: drops empty and `.` components; a `..` removes its predecessor.
    ///
    /// Returns `None` when a `..` would leave the root.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts: Vec<&str> = Vec::new();
        for part in text.split('/') {
            match part {
                "" | "." => {}
                ".." => {
                    parts.pop()?;
                }
                part => parts.push(part),
            }
        }
        Some(Self(parts.join("/")))
    }

    /// The path of the entry called `name` in the directory `self`; `name` is one component.
    #[must_use]
    pub fn child(&self, name: &str) -> Self {
        debug_assert!(
            !name.is_empty() && !name.contains('/'),
            "one component, not {name:?}"
        );
        if self.0.is_empty() {
            Self(name.to_owned())
        } else {
            Self(format!("{}/{name}", self.0))
        }
    }

    /// The text, `/`-separated; empty for the root.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this is the root.
    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// The last component, or `""` for the root.
    pub fn file_name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or_default()
    }

    /// The text after the last dot of the file name, without the dot.
    pub fn extension(&self) -> Option<&str> {
        self.file_name()
            .rsplit_once('.')
            .map(|(_, extension)| extension)
    }

    /// The directory that holds this path; `None` for the root.
    pub fn parent(&self) -> Option<Self> {
        if self.0.is_empty() {
            return None;
        }
        Some(Self(
            self.0
                .rsplit_once('/')
                .map(|(parent, _)| parent.to_owned())
                .unwrap_or_default(),
        ))
    }

    /// The components from the root down.
    pub fn components(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.0.split('/').filter(|part| !part.is_empty())
    }

    /// This path seen from `base`, when it lies below or at it.
    pub fn strip_prefix(&self, base: &Self) -> Option<Self> {
        if base.0.is_empty() {
            return Some(self.clone());
        }
        let rest = self.0.strip_prefix(&base.0)?;
        if rest.is_empty() {
            return Some(Self::root());
        }
        Some(Self(rest.strip_prefix('/')?.to_owned()))
    }

    /// `self` followed by all of `tail`.
    #[must_use]
    pub fn join(&self, tail: &Self) -> Self {
        match (self.0.is_empty(), tail.0.is_empty()) {
            (true, _) => tail.clone(),
            (_, true) => self.clone(),
            (false, false) => Self(format!("{}/{}", self.0, tail.0)),
        }
    }
}

impl fmt::Display for VPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_empty() { "." } else { &self.0 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_normalised_and_cannot_leave_the_root() {
        assert_eq!(VPath::parse("./a//b/../c/").unwrap().as_str(), "a/c");
        assert_eq!(VPath::parse("a/../.."), None);
        assert_eq!(VPath::parse("").unwrap(), VPath::root());
    }

    #[test]
    fn prefix_is_by_component() {
        let base = VPath::parse("a/b").unwrap();
        assert_eq!(
            VPath::parse("a/b/c")
                .unwrap()
                .strip_prefix(&base)
                .unwrap()
                .as_str(),
            "c"
        );
        assert_eq!(VPath::parse("a/bc").unwrap().strip_prefix(&base), None);
    }
}
