//! Constraints on versions, as KubeVela reads them (kubevela 5a44b5f10 `pkg/addon/addon.go`, `checkSemVer`).
//!
//! Each `v` becomes a space, then Masterminds semver reads the text. A version with a suffix that is not admitted is
//! tried once more without it, unless the constraint has a dash: `1.24.8-eks-1` fits `>=1.19.0`, though a semver
//! pre-release would not. The one exception is the bound itself: `>=1.5.0` does not admit `1.5.0-beta.1`.

use gosemver::{Constraint, Version};

/// Reads a constraint; an empty one admits everything.
///
/// # Errors
/// Why it cannot be read.
pub(crate) fn read(text: &str) -> Result<Option<Constraint>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    Constraint::parse(&text.replace('v', " "))
        .map(Some)
        .map_err(|error| error.to_string())
}

/// Whether KubeVela takes `version` to fit a constraint.
///
/// # Errors
/// Why one of the two cannot be read.
pub(crate) fn admits(text: &str, version: &str) -> Result<bool, String> {
    let Some(constraint) = read(text)? else {
        return Ok(true);
    };
    let fits = |version: &str| -> Result<bool, String> {
        let version = version.strip_prefix('v').unwrap_or(version);
        let version = Version::parse(version).map_err(|error| error.to_string())?;
        Ok(constraint.matches(&version))
    };
    if fits(version)? {
        return Ok(true);
    }
    let Some((plain, _)) = version.split_once('-') else {
        return Ok(false);
    };
    if text.contains('-') {
        return Ok(false);
    }
    let bound = text.split_once('=').map(|(_, bound)| bound);
    if text.contains(">=") && bound == Some(plain.strip_prefix('v').unwrap_or(plain)) {
        return Ok(false);
    }
    fits(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suffixes_are_left_away_as_kubevela_does() {
        assert_eq!(admits("", "v1.0.0"), Ok(true));
        assert_eq!(admits(">=v1.19.0", "v1.24.8-eks-1"), Ok(true));
        assert_eq!(admits(">=1.5.0", "v1.5.0-beta.1"), Ok(false));
        assert_eq!(admits(">=1.19.0-0 <1.30.0", "v1.24.8-eks-1"), Ok(false));
        assert_eq!(admits(">=1.19.0-0 <1.30.0", "v1.24.8"), Ok(true));
        assert!(admits(">=v1.4 || dev", "v1.24.8").is_err());
    }
}
