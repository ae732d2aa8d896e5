//! One version: reading, comparing, printing.
//!
//! A version is three numbers, an optional prerelease and optional build metadata. Missing numbers
//! are 0 and a leading `v` is dropped, but the text as written is kept, because registries look
//! versions up by it. Build metadata has no part in comparisons: `1.0.0+a` and `1.0.0+b` are equal,
//! so `Version` has no `Ord`; [`Version::precedence`] says what it compares.

use crate::scan;
use std::cmp::Ordering;
use std::fmt;

/// Why a text is not a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VersionError {
    /// It does not have the shape `1`, `1.2` or `1.2.3` with `-prerelease` and `+build` after it.
    #[error("expected a version such as `1.2.3`")]
    Shape,
    /// A number does not fit into 64 bits.
    #[error("a number of the version is larger than 18446744073709551615")]
    TooLarge,
    /// A purely numeric part of the prerelease starts with 0.
    #[error("a number of the prerelease starts with 0")]
    LeadingZero,
}

/// A version by the lenient rules (`NewVersion` of Masterminds semver v3.2.1).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Version {
    pub(crate) major: u64,
    pub(crate) minor: u64,
    pub(crate) patch: u64,
    pub(crate) prerelease: String,
    pub(crate) metadata: String,
    original: String,
}

impl Version {
    /// Reads a version; `v1.2` is 1.2.0.
    ///
    /// # Errors
    /// [`VersionError`] when the library would refuse it.
    pub fn parse(text: &str) -> Result<Self, VersionError> {
        let parts = scan::version(text, 0, scan::is_digit).ok_or(VersionError::Shape)?;
        if parts.end != text.len() {
            return Err(VersionError::Shape);
        }
        let number = |digits: &str| -> Result<u64, VersionError> {
            if digits.is_empty() {
                return Ok(0);
            }
            digits.parse().map_err(|_| VersionError::TooLarge)
        };
        let prerelease = &text[parts.prerelease];
        let version = Self {
            major: number(&text[parts.major])?,
            minor: number(&text[parts.minor])?,
            patch: number(&text[parts.patch])?,
            prerelease: prerelease.to_owned(),
            metadata: text[parts.metadata].to_owned(),
            original: text.to_owned(),
        };
        let leading_zero = |part: &str| part.len() > 1 && part.starts_with('0') && is_numeric(part);
        if prerelease.split('.').any(leading_zero) {
            return Err(VersionError::LeadingZero);
        }
        Ok(version)
    }

    /// The first number.
    pub fn major(&self) -> u64 {
        self.major
    }

    /// The second number.
    pub fn minor(&self) -> u64 {
        self.minor
    }

    /// The third number.
    pub fn patch(&self) -> u64 {
        self.patch
    }

    /// The text after `-`, empty for a release.
    pub fn prerelease(&self) -> &str {
        &self.prerelease
    }

    /// The text after `+`, empty when there is none.
    pub fn metadata(&self) -> &str {
        &self.metadata
    }

    /// The text that was read.
    pub fn original(&self) -> &str {
        &self.original
    }

    /// Whether it has a prerelease; KubeVela does not choose such a version unless told to.
    pub fn is_prerelease(&self) -> bool {
        !self.prerelease.is_empty()
    }

    /// Whether the text is already in the full form `1.2.3` without `v` and without leading zeros,
    /// as `SemVer` 2.0.0 and tags of an OCI registry ask.
    pub fn is_strict(&self) -> bool {
        self.original == self.to_string()
    }

    /// Which of two versions comes first; build metadata does not count.
    pub fn precedence(&self, other: &Self) -> Ordering {
        let numbers = |of: &Self| (of.major, of.minor, of.patch);
        numbers(self).cmp(&numbers(other)).then_with(|| {
            match (self.is_prerelease(), other.is_prerelease()) {
                (false, false) => Ordering::Equal,
                (false, true) => Ordering::Greater,
                (true, false) => Ordering::Less,
                (true, true) => compare_prereleases(&self.prerelease, &other.prerelease),
            }
        })
    }
}

impl fmt::Display for Version {
    /// The full form without a leading `v`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)?;
        if !self.prerelease.is_empty() {
            write!(f, "-{}", self.prerelease)?;
        }
        if !self.metadata.is_empty() {
            write!(f, "+{}", self.metadata)?;
        }
        Ok(())
    }
}

fn is_numeric(part: &str) -> bool {
    !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit())
}

/// Compares part by part; a version with fewer parts comes first.
pub(crate) fn compare_prereleases(left: &str, right: &str) -> Ordering {
    let (mut lefts, mut rights) = (left.split('.'), right.split('.'));
    loop {
        let (left, right) = match (lefts.next(), rights.next()) {
            (None, None) => return Ordering::Equal,
            (left, right) => (left.unwrap_or_default(), right.unwrap_or_default()),
        };
        match compare_parts(left, right) {
            Ordering::Equal => {}
            decided => return decided,
        }
    }
}

/// Numbers come before words. A number too large for 64 bits counts as a word, as in the library.
fn compare_parts(left: &str, right: &str) -> Ordering {
    if left == right || left.is_empty() || right.is_empty() {
        return left.len().cmp(&right.len());
    }
    let number = |part: &str| is_numeric(part).then(|| part.parse::<u64>().ok()).flatten();
    match (number(left), number(right)) {
        (Some(left), Some(right)) => left.cmp(&right),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => left.cmp(right),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_full_form_drops_the_v_and_adds_zeros() {
        let version = Version::parse("v1.2-rc.1+b").unwrap();
        assert_eq!(version.to_string(), "1.2.0-rc.1+b");
        assert_eq!(version.original(), "v1.2-rc.1+b");
        assert!(!version.is_strict());
        assert!(Version::parse("1.2.0-rc.1").unwrap().is_strict());
    }

    #[test]
    fn metadata_has_no_part_in_precedence() {
        let parse = |text| Version::parse(text).unwrap();
        assert_eq!(
            parse("1.0.0+a").precedence(&parse("1.0.0+b")),
            Ordering::Equal
        );
        assert_eq!(
            parse("1.0.0-rc.1").precedence(&parse("1.0.0")),
            Ordering::Less
        );
    }
}
