//! Who a version is: its addon, its own text, and the object names made from both.
//!
//! Two texts are one version if they differ only in a leading `v` (vela looks versions up that way) or in
//! the case of letters (two such files cannot stand side by side on every file system). So the name of an
//! entry is the version without `v`, in lower case, and whoever creates that object has claimed the version.
//! The name of the archive keeps the version as it is written, because provenance files and `helm`
//! expect `<name>-<version>.tgz`.
//!
//! Nothing else makes keys from names and versions: what is not an addon name or a version by the
//! rules here never reaches a store.

use gosemver::{Version, VersionError};

use crate::store::Key;

/// The longest name of an addon, as for a DNS label.
const NAME_LIMIT: usize = 63;
/// The longest version; with the name it fits a file name and a part of a key.
const VERSION_LIMIT: usize = 100;

/// A version of an addon, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionId {
    name: String,
    version: Version,
    entry: Key,
    archive: Key,
}

/// Why a name and a version name no version of an addon.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VersionIdError {
    /// The name cannot be an addon's.
    #[error(
        "`{}` is not the name of an addon: expected at most 63 of `a-z 0-9 - .`, starting and ending with a letter or digit",
        name.escape_debug()
    )]
    Name {
        /// What was given.
        name: String,
    },
    /// The version is not one.
    #[error("`{}` is not a version: {problem}", version.escape_debug())]
    Version {
        /// What was given.
        version: String,
        /// What is wrong with it.
        problem: VersionError,
    },
    /// The version is too long.
    #[error("the version `{}…` has more than 100 characters", start.escape_debug())]
    TooLong {
        /// How it starts.
        start: String,
    },
}

impl VersionId {
    /// Checks a name and a version.
    ///
    /// # Errors
    /// [`VersionIdError`] says which of the two is wrong, and how.
    pub fn new(name: &str, version: &str) -> Result<Self, VersionIdError> {
        let bad_name = || VersionIdError::Name {
            name: name.chars().take(100).collect(),
        };
        if !is_addon_name(name) {
            return Err(bad_name());
        }
        if version.len() > VERSION_LIMIT {
            return Err(VersionIdError::TooLong {
                start: version.chars().take(20).collect(),
            });
        }
        let bad_version = |problem| VersionIdError::Version {
            version: version.to_owned(),
            problem,
        };
        let parsed = Version::parse(version).map_err(bad_version)?;
        let identity = identity(version);
        let entry = Key::new(format!("entries/{name}/{identity}.json"))
            .map_err(|_| bad_version(VersionError::Shape))?;
        let archive = Key::new(format!("charts/{name}-{version}.tgz"))
            .map_err(|_| bad_version(VersionError::Shape))?;
        Ok(Self {
            name: name.to_owned(),
            version: parsed,
            entry,
            archive,
        })
    }

    /// The name of the addon.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The version as it is written.
    pub fn version(&self) -> &str {
        self.version.original()
    }

    /// The version as it is compared.
    pub fn parsed(&self) -> &Version {
        &self.version
    }

    /// Where the entry is: `entries/<name>/<version>.json`.
    pub fn entry_key(&self) -> &Key {
        &self.entry
    }

    /// Where the archive is: `charts/<name>-<version>.tgz`.
    pub fn archive_key(&self) -> &Key {
        &self.archive
    }
}

/// What two texts of one version have in common.
fn identity(version: &str) -> String {
    version
        .strip_prefix('v')
        .unwrap_or(version)
        .to_ascii_lowercase()
}

fn is_addon_name(name: &str) -> bool {
    let edge = |byte: Option<u8>| {
        byte.is_some_and(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    name.len() <= NAME_LIMIT
        && edge(name.bytes().next())
        && edge(name.bytes().next_back())
        && !name.contains("..")
        && name.bytes().all(|byte| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'.')
        })
}

#[cfg(test)]
mod tests {
    use super::VersionId;

    #[test]
    fn a_leading_v_and_case_do_not_make_another_version() {
        let entry = |version| {
            VersionId::new("fluxcd", version)
                .unwrap()
                .entry_key()
                .to_string()
        };
        assert_eq!(entry("v1.0.0-RC1"), "entries/fluxcd/1.0.0-rc1.json");
        assert_eq!(entry("1.0.0-rc1"), "entries/fluxcd/1.0.0-rc1.json");
        assert_ne!(entry("1.0.0"), entry("1.0"));
        let id = VersionId::new("fluxcd", "v1.0.0-RC1").unwrap();
        assert_eq!(id.archive_key().as_str(), "charts/fluxcd-v1.0.0-RC1.tgz");
        assert_eq!(id.version(), "v1.0.0-RC1");
    }

    #[test]
    fn what_is_no_name_or_version_is_refused() {
        for name in [
            "",
            ".",
            "..",
            "a/b",
            "../a",
            "A",
            "a_b",
            "-a",
            "a-",
            "a\0",
            "ä",
            "a..b",
            &"a".repeat(64),
        ] {
            assert!(VersionId::new(name, "1.0.0").is_err(), "{name:?}");
        }
        for version in [
            "",
            "latest",
            "1.0.0/..",
            "../1.0.0",
            "1.0.0 ",
            "v1beta2-1.3.8-3.1.1",
            "1.0.0\n",
            &format!("1.0.0-{}", "a".repeat(100)),
        ] {
            assert!(VersionId::new("a", version).is_err(), "{version:?}");
        }
    }
}
