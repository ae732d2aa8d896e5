//! Requirements on versions (`system.vela`, `system.kubernetes`, the `version` of a dependency) as KubeVela decides
//! them: kubevela 5a44b5f10 `pkg/addon/addon.go`, `checkSemVer`.
//!
//! Each `v` becomes a space, then Masterminds semver reads the text. A version that is not admitted is tried once more
//! without its suffix, unless the requirement has a dash: `1.24.8-eks-1` fits `>=1.19.0`, though a semver
//! pre-release would not. One thing is exempt, the bound itself as it is written: `>=1.5.0` does not admit
//! `1.5.0-beta.1`. (`>=v1.5.0` does, since the text after `=` is compared with its `v`.)

use gosemver::{Constraint, ConstraintError, Version, VersionError};

/// Why it cannot be said whether a version is admitted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RequirementError {
    /// The requirement cannot be read.
    #[error(transparent)]
    Requirement(#[from] ConstraintError),
    /// The version cannot be read.
    #[error(transparent)]
    Version(#[from] VersionError),
}

/// A requirement on a version.
#[derive(Clone, Debug)]
pub struct Requirement<'a> {
    text: &'a str,
    /// `None` for the empty text, which admits everything.
    constraint: Option<Constraint>,
}

impl<'a> Requirement<'a> {
    /// Reads a requirement; the empty text is one that every version fits.
    ///
    /// # Errors
    /// [`ConstraintError`] when KubeVela could not read it. Its place is that in `text`, since a `v` and a space have
    /// one byte each.
    pub fn parse(text: &'a str) -> Result<Self, ConstraintError> {
        let constraint = if text.is_empty() {
            None
        } else {
            Some(Constraint::parse(&text.replace('v', " "))?)
        };
        Ok(Self { text, constraint })
    }

    /// Whether KubeVela takes a version to fit. A requirement that admits everything does not even read it.
    ///
    /// # Errors
    /// [`VersionError`] when the version is none.
    pub fn admits(&self, version: &str) -> Result<bool, VersionError> {
        let Some(constraint) = &self.constraint else {
            return Ok(true);
        };
        let bare = version.strip_prefix('v').unwrap_or(version);
        if constraint.matches(&Version::parse(bare)?) {
            return Ok(true);
        }
        let Some((release, _)) = version.split_once('-') else {
            return Ok(false);
        };
        if self.text.contains('-') {
            return Ok(false);
        }
        let release = release.strip_prefix('v').unwrap_or(release);
        let bound = self.text.split_once('=').map(|(_, bound)| bound);
        if self.text.contains(">=") && bound == Some(release) {
            return Ok(false);
        }
        Ok(constraint.matches(&Version::parse(release)?))
    }
}

/// Whether KubeVela takes `version` to fit `requirement`.
///
/// # Errors
/// [`RequirementError`] when one of the two cannot be read.
pub fn admits(requirement: &str, version: &str) -> Result<bool, RequirementError> {
    Ok(Requirement::parse(requirement)?.admits(version)?)
}
