//! The minor releases of Kubernetes whose schemas are built in, and sets of them.
//!
//! An object is looked at once for a set of releases, not once a release: what differs between them is a mask on a row of
//! the schema, so a fault comes with the [`Releases`] that have it.

use gosemver::{Constraint, Version};
use std::fmt;
use std::str::FromStr;

/// A minor release of Kubernetes whose schemas are built in: 1.28 to 1.35.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Release(u8);

/// Why a text is no [`Release`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is none of the releases {first} to {last} of Kubernetes", first = Release::OLDEST, last = Release::NEWEST)]
pub struct UnknownRelease(String);

impl Release {
    /// The oldest whose schemas are built in.
    pub const OLDEST: Self = Self(28);
    /// The newest whose schemas are built in.
    pub const NEWEST: Self = Self(35);
    /// The highest patch release that a constraint is asked for; no minor release had more than 16 so far.
    const PATCHES: u64 = 30;

    /// The release 1.`minor`, when its schemas are built in.
    pub fn new(minor: u8) -> Option<Self> {
        let made = Self(minor);
        (Self::OLDEST..=Self::NEWEST)
            .contains(&made)
            .then_some(made)
    }

    /// The number after `1.`.
    pub fn minor(self) -> u8 {
        self.0
    }

    /// All of them, oldest first.
    pub fn all() -> impl DoubleEndedIterator<Item = Self> {
        (Self::OLDEST.0..=Self::NEWEST.0).map(Self)
    }

    /// Those of which a patch release satisfies `range`, oldest first.
    pub fn in_range(range: &Constraint) -> Vec<Self> {
        let admitted = |release: &Self| {
            (0..=Self::PATCHES).any(|patch| {
                Version::parse(&format!("{release}.{patch}"))
                    .is_ok_and(|version| range.matches(&version))
            })
        };
        Self::all().filter(admitted).collect()
    }
}

impl fmt::Display for Release {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "1.{}", self.0)
    }
}

impl FromStr for Release {
    type Err = UnknownRelease;

    /// Reads `1.31`, `v1.31` or `1.31.4`.
    fn from_str(text: &str) -> Result<Self, UnknownRelease> {
        let unknown = || UnknownRelease(text.to_owned());
        let bare = text.strip_prefix('v').unwrap_or(text);
        let mut parts = bare.splitn(3, '.');
        if parts.next() != Some("1") {
            return Err(unknown());
        }
        let minor = parts.next().and_then(|minor| minor.parse().ok());
        minor.and_then(Self::new).ok_or_else(unknown)
    }
}

/// A set of releases.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Releases(u8);

impl Releases {
    /// No release.
    pub const NONE: Self = Self(0);
    /// Every release whose schemas are built in.
    pub const ALL: Self = Self(u8::MAX);

    /// The set whose lowest bit is [`Release::OLDEST`].
    pub(crate) fn from_bits(bits: u8) -> Self {
        Self(bits)
    }

    /// Whether it is empty.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether `release` is in it.
    pub fn contains(self, release: Release) -> bool {
        !self.and(release.into()).is_empty()
    }

    /// Those in both.
    pub fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Those in either.
    pub fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Those of this set that are not in the other.
    pub fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Its members, oldest first.
    pub fn iter(self) -> impl DoubleEndedIterator<Item = Release> {
        Release::all().filter(move |release| self.contains(*release))
    }
}

impl From<Release> for Releases {
    fn from(release: Release) -> Self {
        Self(1 << (release.0 - Release::OLDEST.0))
    }
}

impl FromIterator<Release> for Releases {
    fn from_iter<T: IntoIterator<Item = Release>>(releases: T) -> Self {
        releases
            .into_iter()
            .fold(Self::NONE, |set, release| set.or(release.into()))
    }
}

impl fmt::Display for Releases {
    /// As people say it: `1.28`, `1.28 to 1.31`, `1.28 and 1.30 to 1.35`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut runs: Vec<(Release, Release)> = Vec::new();
        for release in self.iter() {
            match runs.last_mut() {
                Some((_, last)) if last.0 + 1 == release.0 => *last = release,
                _ => runs.push((release, release)),
            }
        }
        for (at, (first, last)) in runs.iter().enumerate() {
            if at > 0 {
                f.write_str(if at + 1 == runs.len() { " and " } else { ", " })?;
            }
            write!(f, "{first}")?;
            if first != last {
                write!(f, " to {last}")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn releases_are_read_with_and_without_a_patch() {
        for text in ["1.31", "v1.31", "1.31.4", "v1.31.14"] {
            assert_eq!(text.parse(), Ok(Release(31)), "{text}");
        }
        for text in ["1.27", "1.36", "2.31", "1", "", "1.x", "v"] {
            assert!(text.parse::<Release>().is_err(), "{text}");
        }
        let error = "1.20".parse::<Release>().unwrap_err();
        assert_eq!(
            error.to_string(),
            "`1.20` is none of the releases 1.28 to 1.35 of Kubernetes"
        );
    }

    #[test]
    fn a_range_admits_a_minor_when_it_admits_one_of_its_patches() {
        let minors = |range: &str| -> Vec<u8> {
            let range = Constraint::parse(range).unwrap();
            Release::in_range(&range)
                .iter()
                .map(|r| r.minor())
                .collect()
        };
        assert_eq!(minors(">=1.33"), [33, 34, 35]);
        assert_eq!(minors(">=1.33.2, <1.35.0-0"), [33, 34]);
        assert_eq!(minors("<=1.28.0"), [28]);
        assert_eq!(minors("~1.30 || 1.32.3"), [30, 32]);
        assert_eq!(minors("<1.20"), [0_u8; 0]);
    }

    #[test]
    fn a_set_is_said_in_runs() {
        let set = |minors: &[u8]| -> String {
            let releases = minors.iter().filter_map(|minor| Release::new(*minor));
            releases.collect::<Releases>().to_string()
        };
        assert_eq!(set(&[28]), "1.28");
        assert_eq!(set(&[28, 29, 30]), "1.28 to 1.30");
        assert_eq!(set(&[28, 30, 31, 35]), "1.28, 1.30 to 1.31 and 1.35");
        assert_eq!(set(&[]), "");
    }
}
