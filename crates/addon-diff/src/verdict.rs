//! The version step that a change asks for, and whether two versions are that far apart.
//!
//! Below 1.0.0 a breaking change takes a minor step and everything else a patch: `0.3.1` to `0.4.0`.

use crate::Weight;
use gosemver::Version;

/// What lies between two versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// The new one is lower.
    Back,
    /// They are the same.
    None,
    /// The patch number, or from a prerelease to what it leads to.
    Patch,
    /// The minor number.
    Minor,
    /// The major number.
    Major,
}

fn step(old: &Version, new: &Version) -> Step {
    match new.precedence(old) {
        std::cmp::Ordering::Less => Step::Back,
        std::cmp::Ordering::Equal => Step::None,
        std::cmp::Ordering::Greater if new.major() != old.major() => Step::Major,
        std::cmp::Ordering::Greater if new.minor() != old.minor() => Step::Minor,
        std::cmp::Ordering::Greater => Step::Patch,
    }
}

/// The step from one version to another; `None` where one is no version.
pub fn step_between(old: &str, new: &str) -> Option<Step> {
    Some(step(&Version::parse(old).ok()?, &Version::parse(new).ok()?))
}

/// Whether the step between two versions says enough for a change of some weight; `None` where one is no version.
pub fn enough(old: &str, new: &str, weight: Weight) -> Option<bool> {
    let (old, new) = (Version::parse(old).ok()?, Version::parse(new).ok()?);
    Some(is_enough(&old, &new, weight))
}

fn is_enough(old: &Version, new: &Version, weight: Weight) -> bool {
    let made = step(old, new);
    // what comes before a release has promised nothing: 2.0.0-beta.1 to 2.0.0 may break
    let from_prerelease = old.is_prerelease() && made > Step::None;
    from_prerelease || made >= needed(old, weight)
}

fn needed(old: &Version, weight: Weight) -> Step {
    match (weight, old.major()) {
        (Weight::Major, 0) => Step::Minor,
        (Weight::Major, _) => Step::Major,
        (Weight::Minor, 0) | (Weight::Patch, _) => Step::Patch,
        (Weight::Minor, _) => Step::Minor,
    }
}

/// The lowest version above `old` that says enough for a change of some weight; `as_written` keeps a major step below 1.0.0
/// one. A leading `v` is kept. `None` where `old` is no version.
pub fn next(old: &str, weight: Weight, as_written: Written) -> Option<String> {
    let old = &Version::parse(old).ok()?;
    let step = match as_written {
        Written::Automatic => needed(old, weight),
        Written::Named => match weight {
            Weight::Patch => Step::Patch,
            Weight::Minor => Step::Minor,
            Weight::Major => Step::Major,
        },
    };
    let (major, minor, patch) = (old.major(), old.minor(), old.patch());
    let reached = old.is_prerelease()
        && match step {
            Step::Major => minor == 0 && patch == 0,
            Step::Minor => patch == 0,
            _ => true,
        };
    let (major, minor, patch) = match step {
        _ if reached => (major, minor, patch),
        Step::Major => (major.saturating_add(1), 0, 0),
        Step::Minor => (major, minor.saturating_add(1), 0),
        _ => (major, minor, patch.saturating_add(1)),
    };
    let prefix = if old.original().starts_with('v') {
        "v"
    } else {
        ""
    };
    Some(format!("{prefix}{major}.{minor}.{patch}"))
}

/// Who decided on a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// The comparison: what is breaking below 1.0.0 needs a minor step.
    Automatic,
    /// A person, who means the number of that name.
    Named,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn below_one_a_breaking_change_needs_a_minor_step() {
        let is_enough = |old, new, weight| enough(old, new, weight).unwrap();
        assert!(is_enough("0.3.1", "0.4.0", Weight::Major));
        assert!(!is_enough("0.3.1", "0.3.2", Weight::Major));
        assert!(is_enough("0.3.1", "0.3.2", Weight::Minor));
        assert!(!is_enough("1.3.1", "1.4.0", Weight::Major));
        assert!(is_enough("1.3.1", "2.0.0", Weight::Major));
        assert!(!is_enough("1.3.1", "1.3.2", Weight::Minor));
        assert!(is_enough("2.0.0-beta.1", "2.0.0", Weight::Major));
        assert!(!is_enough("1.0.0", "1.0.0", Weight::Patch));
        assert!(!is_enough("1.0.1", "1.0.0", Weight::Patch));
    }

    #[test]
    fn the_next_version_is_the_lowest_that_is_enough() {
        let auto = |old, weight| next(old, weight, Written::Automatic).unwrap();
        assert_eq!(auto("1.2.3", Weight::Patch), "1.2.4");
        assert_eq!(auto("1.2.3", Weight::Minor), "1.3.0");
        assert_eq!(auto("v1.2.3", Weight::Major), "v2.0.0");
        assert_eq!(auto("0.2.3", Weight::Major), "0.3.0");
        assert_eq!(auto("0.2.3", Weight::Minor), "0.2.4");
        assert_eq!(auto("2.0.0-beta.1", Weight::Major), "2.0.0");
        assert_eq!(auto("1.2.3-rc.1", Weight::Patch), "1.2.3");
        let named = next("0.2.3", Weight::Major, Written::Named).unwrap();
        assert_eq!(named, "1.0.0");
    }
}
