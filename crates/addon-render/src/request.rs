//! What a rendering depends on besides the addon: the arguments, and the state of the cluster that `vela addon enable`
//! would look up.
//!
//! Nothing here is read from anywhere. [`Facts::default`] is the world in which every addon can be enabled: the clusters
//! `local` and `c1` are joined, every dependency is installed in a version that fits, the addon itself is not installed.

use crate::arguments::Arguments;

/// What one rendering is asked for.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// What the user gives as `key=value` or in a file.
    pub arguments: Arguments,
    /// What is known of the cluster.
    pub facts: Facts,
    /// Whether the addon is enabled for the first time.
    pub occasion: Occasion,
    /// The name of the addon's directory, which KubeVela names when it cannot read a file; the addon's own name otherwise.
    pub directory: Option<String>,
}

/// Why the addon is rendered; `context.installer.upgrade` of `NOTES.cue` tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Occasion {
    /// `vela addon enable`.
    #[default]
    Enable,
    /// `vela addon upgrade`.
    Upgrade,
}

/// The state of the cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// The names of the joined clusters, `local` among them.
    pub clusters: Vec<String>,
    /// The addons that are installed.
    pub installed: Installed,
}

/// The addons that are installed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Installed {
    /// Every dependency, in a version that fits.
    #[default]
    WhateverIsNeeded,
    /// These and no others.
    Only(Vec<InstalledAddon>),
}

/// An addon that is installed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstalledAddon {
    /// Its name.
    pub name: String,
    /// Its version; `None` where it is not known and every constraint is taken to hold.
    pub version: Option<String>,
}

impl Default for Facts {
    fn default() -> Self {
        Self {
            clusters: vec!["local".to_owned(), "c1".to_owned()],
            installed: Installed::default(),
        }
    }
}

impl InstalledAddon {
    /// Reads `name` or `name@version`; `None` when there is no name.
    pub fn parse(text: &str) -> Option<Self> {
        let (name, version) = match text.split_once('@') {
            Some((name, version)) => (name, Some(version.to_owned())),
            None => (text, None),
        };
        (!name.is_empty()).then(|| Self {
            name: name.to_owned(),
            version: version.filter(|version| !version.is_empty()),
        })
    }
}
