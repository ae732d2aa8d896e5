//! Ranges of versions: `>=1.2, <2 || ~3.1`.
//!
//! A constraint is alternatives (`||`) of comparators that must all hold (a space or one comma
//! between them). `1.2 - 1.4` is first rewritten to `>= 1.2, <= 1.4`, in the text as the library
//! does it: `a, 1 - 2v3` therefore means three comparators. A version with missing or `x` parts is
//! a wildcard; what that means depends on the operator (see [`Comparator::holds`]). A prerelease
//! satisfies a comparator only if the comparator's own version has a prerelease.

use crate::scan;
use crate::version::compare_prereleases;
use crate::{Version, VersionError};
use std::cmp::Ordering;
use std::fmt;
use std::ops::Range;

/// What is wrong with a constraint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConstraintProblem {
    /// Nothing stands where a comparator must.
    #[error("expected a version with or without an operator before it")]
    Missing,
    /// Text that is neither an operator nor a version.
    #[error("expected an operator, a version, a comma or `||`")]
    Unexpected,
    /// Its version is not one.
    #[error(transparent)]
    Version(#[from] VersionError),
}

/// Why a text is not a constraint.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{problem}")]
pub struct ConstraintError {
    /// What is wrong.
    pub problem: ConstraintProblem,
    /// Where, as bytes of the text that was read; may be empty.
    pub at: Range<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    /// No operator or `=`: equal, or `~` for a wildcard.
    Is,
    IsNot,
    Above,
    Below,
    AtLeast,
    AtMost,
    Tilde,
    Caret,
}

/// Every spelling, the longer ones first.
const OPERATORS: [(&str, Operator); 11] = [
    ("!=", Operator::IsNot),
    (">=", Operator::AtLeast),
    ("=>", Operator::AtLeast),
    ("<=", Operator::AtMost),
    ("=<", Operator::AtMost),
    ("~>", Operator::Tilde),
    ("=", Operator::Is),
    (">", Operator::Above),
    ("<", Operator::Below),
    ("~", Operator::Tilde),
    ("^", Operator::Caret),
];

/// From which part on the version of a comparator is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wildcard {
    /// `1.2.3`
    Nothing,
    /// `1.2`, `1.2.x`
    Patch,
    /// `1`, `1.x`
    Minor,
    /// `*`
    Major,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Comparator {
    operator: Operator,
    bound: Version,
    wildcard: Wildcard,
    /// Operator and version as written, without the space between them.
    text: String,
}

/// A range of versions (`NewConstraint` of Masterminds semver v3.2.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Constraint {
    alternatives: Vec<Vec<Comparator>>,
}

impl Constraint {
    /// Reads a constraint. The empty text is none; `*` is any release.
    ///
    /// # Errors
    /// [`ConstraintError`] with the place when the library would refuse it.
    pub fn parse(text: &str) -> Result<Self, ConstraintError> {
        let rewritten = Rewritten::new(text);
        let mut alternatives = Vec::new();
        let mut start = 0;
        for alternative in rewritten.text.split("||") {
            let end = start + alternative.len();
            let comparators =
                comparators(&rewritten.text[..end], start).map_err(|found| ConstraintError {
                    at: rewritten.place(found.at),
                    problem: found.problem,
                })?;
            alternatives.push(comparators);
            start = end + 2;
        }
        Ok(Self { alternatives })
    }

    /// Whether a version satisfies it.
    pub fn matches(&self, version: &Version) -> bool {
        self.alternatives
            .iter()
            .any(|all| all.iter().all(|comparator| comparator.holds(version)))
    }
}

impl fmt::Display for Constraint {
    /// The comparators as read, in the library's normal form.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, all) in self.alternatives.iter().enumerate() {
            if at > 0 {
                f.write_str(" || ")?;
            }
            for (at, comparator) in all.iter().enumerate() {
                if at > 0 {
                    f.write_str(" ")?;
                }
                f.write_str(&comparator.text)?;
            }
        }
        Ok(())
    }
}

/// A constraint after hyphen ranges are replaced, with the origin of each of its bytes.
struct Rewritten {
    text: String,
    /// For each byte of `text` and its end, the offset in the text as written.
    origins: Vec<usize>,
}

impl Rewritten {
    fn new(source: &str) -> Self {
        let mut rewritten = Self {
            text: String::with_capacity(source.len() + 8),
            origins: Vec::with_capacity(source.len() + 9),
        };
        let mut at = 0;
        let mut copied = 0;
        while at < source.len() {
            match hyphen_range(source, at) {
                Some((low, high, end)) => {
                    rewritten.push(&source[copied..at], copied, Step::Follow);
                    rewritten.push(">= ", low.start, Step::Stay);
                    rewritten.push(&source[low.clone()], low.start, Step::Follow);
                    rewritten.push(", <= ", high.start, Step::Stay);
                    rewritten.push(&source[high.clone()], high.start, Step::Follow);
                    rewritten.push(" ", high.end, Step::Stay);
                    at = end;
                    copied = end;
                }
                None => at += source[at..].chars().next().map_or(1, char::len_utf8),
            }
        }
        rewritten.push(&source[copied..], copied, Step::Follow);
        rewritten.origins.push(source.len());
        rewritten
    }

    fn push(&mut self, piece: &str, origin: usize, step: Step) {
        self.text.push_str(piece);
        self.origins
            .extend((0..piece.len()).map(|offset| match step {
                Step::Follow => origin + offset,
                Step::Stay => origin,
            }));
    }

    fn place(&self, at: Range<usize>) -> Range<usize> {
        let origin = |at: usize| self.origins.get(at).or(self.origins.last()).copied();
        let (start, end) = (origin(at.start), origin(at.end));
        let start = start.unwrap_or_default();
        start..end.unwrap_or_default().max(start)
    }
}

/// Whether copied bytes each have their own origin, or inserted ones share one.
#[derive(Clone, Copy)]
enum Step {
    Follow,
    Stay,
}

/// `A - B` at `at`, with the white space around it: the ranges of A and B, and the end.
fn hyphen_range(text: &str, at: usize) -> Option<(Range<usize>, Range<usize>, usize)> {
    let wild = scan::is_digit_or_wildcard;
    let start = scan::skip(text, at, scan::is_space);
    let low = start..scan::version(text, start, wild)?.end;
    let hyphen = scan::skip(text, low.end, scan::is_space);
    let start = scan::skip(text, hyphen + 1, scan::is_space);
    if hyphen == low.end || text.as_bytes().get(hyphen) != Some(&b'-') || start == hyphen + 1 {
        return None;
    }
    let high = start..scan::version(text, start, wild)?.end;
    let end = scan::skip(text, high.end, scan::is_space);
    Some((low, high, end))
}

/// The comparators of one alternative: all of `text` from `at` on.
fn comparators(text: &str, at: usize) -> Result<Vec<Comparator>, ConstraintError> {
    let mut found = Vec::new();
    let mut at = scan::skip(text, at, scan::is_space);
    loop {
        let (comparator, end) = comparator(text, at)?;
        found.push(comparator);
        let next = scan::skip(text, end, scan::is_space);
        if next == text.len() {
            return Ok(found);
        }
        at = if text.as_bytes().get(next) == Some(&b',') {
            scan::skip(text, next + 1, scan::is_space)
        } else if next > end {
            next
        } else {
            return Err(unexpected(text, end));
        };
    }
}

fn unexpected(text: &str, at: usize) -> ConstraintError {
    let length = text.get(at..).and_then(|rest| rest.chars().next());
    ConstraintError {
        problem: if length.is_some() {
            ConstraintProblem::Unexpected
        } else {
            ConstraintProblem::Missing
        },
        at: at..at + length.map_or(0, char::len_utf8),
    }
}

fn comparator(text: &str, at: usize) -> Result<(Comparator, usize), ConstraintError> {
    let rest = text.get(at..).unwrap_or_default();
    let (sign, operator) = OPERATORS
        .into_iter()
        .find(|(sign, _)| rest.starts_with(sign))
        .unwrap_or(("", Operator::Is));
    let start = scan::skip(text, at + sign.len(), scan::is_space);
    let parts = scan::version(text, start, scan::is_digit_or_wildcard)
        .ok_or_else(|| unexpected(text, start))?;
    let is_open = |part: &Range<usize>| matches!(&text[part.clone()], "" | "x" | "X" | "*");
    let number = |part: &Range<usize>| &text[part.clone()];
    // of a wildcard only the numbers before it and the prerelease count
    let prerelease = match &text[parts.prerelease.clone()] {
        "" => String::new(),
        prerelease => format!("-{prerelease}"),
    };
    let (wildcard, bound) = if is_open(&parts.major) {
        (Wildcard::Major, format!("0.0.0{prerelease}"))
    } else if is_open(&parts.minor) {
        let bound = format!("{}.0.0{prerelease}", number(&parts.major));
        (Wildcard::Minor, bound)
    } else if is_open(&parts.patch) {
        let (major, minor) = (number(&parts.major), number(&parts.minor));
        (Wildcard::Patch, format!("{major}.{minor}.0{prerelease}"))
    } else {
        (Wildcard::Nothing, text[start..parts.end].to_owned())
    };
    let bound = Version::parse(&bound).map_err(|problem| ConstraintError {
        problem: ConstraintProblem::Version(problem),
        at: start..parts.end,
    })?;
    let comparator = Comparator {
        operator,
        bound,
        wildcard,
        text: format!("{sign}{}", &text[start..parts.end]),
    };
    Ok((comparator, parts.end))
}

impl Comparator {
    fn holds(&self, version: &Version) -> bool {
        let bound = &self.bound;
        let order = version.precedence(bound);
        let unasked_prerelease = version.is_prerelease() && !bound.is_prerelease();
        match self.operator {
            // `!=1.2.3` alone lets every prerelease through
            Operator::IsNot if self.wildcard == Wildcard::Nothing => order != Ordering::Equal,
            _ if unasked_prerelease => false,
            Operator::IsNot => self.differs(version),
            Operator::Is if self.wildcard == Wildcard::Nothing => order == Ordering::Equal,
            Operator::Is | Operator::Tilde => order != Ordering::Less && self.near(version),
            Operator::Caret => order != Ordering::Less && self.compatible(version),
            Operator::AtLeast => order != Ordering::Less,
            Operator::Below => order == Ordering::Less,
            Operator::Above => match self.wildcard {
                // `>11` starts at 12, `>11.1` at 11.2
                Wildcard::Minor => version.major > bound.major,
                Wildcard::Patch => (version.major, version.minor) > (bound.major, bound.minor),
                Wildcard::Nothing | Wildcard::Major => order == Ordering::Greater,
            },
            Operator::AtMost => match self.wildcard {
                Wildcard::Nothing => order != Ordering::Greater,
                // `<=11` ends before 12, `<=11.1` before 11.2
                Wildcard::Minor => version.major <= bound.major,
                Wildcard::Patch | Wildcard::Major => {
                    (version.major, version.minor) <= (bound.major, bound.minor)
                }
            },
        }
    }

    /// `!=` of a wildcard.
    fn differs(&self, version: &Version) -> bool {
        let bound = &self.bound;
        if version.major != bound.major {
            return true;
        }
        match self.wildcard {
            Wildcard::Minor => false,
            Wildcard::Patch => {
                // the library looks at the prereleases here, though the patch is open
                version.minor != bound.minor
                    || compare_prereleases(&version.prerelease, &bound.prerelease)
                        != Ordering::Equal
            }
            Wildcard::Nothing | Wildcard::Major => version.precedence(bound) != Ordering::Equal,
        }
    }

    /// `~`: the same minor version, or the same major version where the minor is open.
    /// `~0.0.0` and `~*` are any version.
    fn near(&self, version: &Version) -> bool {
        let bound = &self.bound;
        let from_zero = (bound.major, bound.minor, bound.patch) == (0, 0, 0);
        match self.wildcard {
            Wildcard::Nothing | Wildcard::Major if from_zero => true,
            Wildcard::Minor => version.major == bound.major,
            Wildcard::Nothing | Wildcard::Patch | Wildcard::Major => {
                (version.major, version.minor) == (bound.major, bound.minor)
            }
        }
    }

    /// `^`: the same version up to the first number that is not 0.
    fn compatible(&self, version: &Version) -> bool {
        let bound = &self.bound;
        let numbers = (version.major, version.minor, version.patch);
        if bound.major > 0 || self.wildcard == Wildcard::Minor {
            version.major == bound.major
        } else if bound.minor > 0 || self.wildcard == Wildcard::Patch {
            (version.major, version.minor) == (0, bound.minor)
        } else {
            numbers == (0, 0, bound.patch)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error_at(text: &str) -> (ConstraintProblem, &str) {
        let error = Constraint::parse(text).unwrap_err();
        (error.problem, &text[error.at])
    }

    #[test]
    fn errors_have_their_place() {
        assert_eq!(
            error_at(">=1.4 || dev"),
            (ConstraintProblem::Unexpected, "d")
        );
        assert_eq!(error_at(">=1.4,"), (ConstraintProblem::Missing, ""));
        assert_eq!(
            error_at("1.0 - 2.0 , >=1.0.0-01"),
            (
                ConstraintProblem::Version(VersionError::LeadingZero),
                "1.0.0-01"
            )
        );
        assert_eq!(error_at("1 - 2 ;"), (ConstraintProblem::Unexpected, ";"));
    }
}
