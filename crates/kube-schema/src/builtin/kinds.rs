//! Which kinds a release serves, and how long a version of the API lives.

use super::data::{self, KindRow};
use crate::release::{Release, Releases};
use goyaml::Tree;
use std::fmt;

/// Group, version and kind of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Gvk<'a> {
    /// The group; empty for the core.
    pub group: &'a str,
    /// The version: `v1beta1`.
    pub version: &'a str,
    /// The kind.
    pub kind: &'a str,
}

impl<'a> Gvk<'a> {
    /// From an object's `apiVersion` and `kind`: `None` when one is empty or has more than one `/`
    /// (apimachinery `schema.ParseGroupVersion`).
    pub fn new(api_version: &'a str, kind: &'a str) -> Option<Self> {
        let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
        let whole = !version.is_empty() && !version.contains('/') && !kind.is_empty();
        whole.then_some(Self {
            group,
            version,
            kind,
        })
    }

    /// That of an object, when it has both texts.
    pub fn of(object: &'a Tree) -> Option<Self> {
        let text = |key: &str| object.get(key).and_then(Tree::as_str);
        Self::new(text("apiVersion")?, text("kind")?)
    }

    /// `apiVersion` as it is written in an object.
    pub fn api_version(self) -> String {
        match self.group {
            "" => self.version.to_owned(),
            group => format!("{group}/{}", self.version),
        }
    }

    fn row(self) -> Option<KindRow> {
        data::find_kind(self.group, self.version, self.kind)
    }
}

impl From<&KindRow> for Gvk<'static> {
    fn from(row: &KindRow) -> Self {
        Self {
            group: row.group,
            version: row.version,
            kind: row.kind,
        }
    }
}

impl fmt::Display for Gvk<'_> {
    /// `apps/v1 Deployment`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.api_version(), self.kind)
    }
}

/// How a release serves a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Served {
    /// Whether its objects live in a namespace.
    pub namespaced: bool,
    /// Whether objects can be created, not only read.
    pub creatable: bool,
    /// Whether a server serves it without being told to by `--runtime-config`.
    pub by_default: bool,
}

/// How `release` serves a kind; `None` when it does not.
pub fn served(gvk: Gvk<'_>, release: Release) -> Option<Served> {
    let row = gvk.row().filter(|row| row.served.contains(release))?;
    Some(Served {
        namespaced: row.namespaced,
        creatable: row.creatable,
        by_default: row.by_default.contains(release),
    })
}

/// The releases that serve a kind, by default or when told to.
pub fn served_in(gvk: Gvk<'_>) -> Releases {
    gvk.row().map_or(Releases::NONE, |row| row.served)
}

/// The releases that serve a kind by default.
pub fn served_by_default_in(gvk: Gvk<'_>) -> Releases {
    gvk.row().map_or(Releases::NONE, |row| row.by_default)
}

/// The life of a version of the API, in minor releases 1.x (`zz_generated.prerelease-lifecycle.go` of Kubernetes).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifecycle {
    /// The first release that served it.
    pub introduced: u8,
    /// The first release in which it is deprecated, also when that is to come.
    pub deprecated: Option<u8>,
    /// The first release that does not serve it any more, also when that is to come.
    pub removed: Option<u8>,
    /// What to use in its place.
    pub replacement: Option<Gvk<'static>>,
}

/// The life of a kind, as far back as Kubernetes itself remembers; `None` when it remembers none.
pub fn lifecycle(gvk: Gvk<'_>) -> Option<Lifecycle> {
    let row = gvk.row().filter(|row| row.introduced != 0)?;
    let some = |minor: u8| (minor != 0).then_some(minor);
    Some(Lifecycle {
        introduced: row.introduced,
        deprecated: some(row.deprecated),
        removed: some(row.removed),
        replacement: row.replacement.map(|number| Gvk::from(&data::kind(number))),
    })
}

/// Whether Kubernetes serves a kind of this group in any version that is known here. Of such a group no CRD can be.
pub fn is_builtin_group(group: &str) -> bool {
    data::kinds().any(|row| row.group == group)
}

/// The kinds of a group that some release serves, in all versions; sorted by version and name.
pub fn kinds_of(group: &str) -> impl Iterator<Item = Gvk<'static>> {
    data::kinds()
        .filter(move |row| row.group == group && !row.served.is_empty())
        .map(|row| Gvk::from(&row))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gvk<'a>(api_version: &'a str, kind: &'a str) -> Gvk<'a> {
        Gvk::new(api_version, kind).unwrap()
    }

    fn minors(releases: Releases) -> Vec<u8> {
        releases.iter().map(Release::minor).collect()
    }

    #[test]
    fn an_api_version_has_at_most_one_slash() {
        assert_eq!(gvk("v1", "Pod").group, "");
        assert_eq!(
            gvk("apps/v1", "Deployment").to_string(),
            "apps/v1 Deployment"
        );
        for (api_version, kind) in [("", "Pod"), ("a/b/c", "Pod"), ("v1", ""), ("apps/", "X")] {
            assert_eq!(Gvk::new(api_version, kind), None, "{api_version} {kind}");
        }
    }

    #[test]
    fn a_kind_is_served_by_its_releases() {
        let flow = gvk("flowcontrol.apiserver.k8s.io/v1beta3", "FlowSchema");
        assert_eq!(minors(served_in(flow)), [28, 29, 30, 31]);
        assert_eq!(served(flow, Release::NEWEST), None);
        let pod = served(gvk("v1", "Pod"), Release::OLDEST).unwrap();
        assert!(pod.namespaced && pod.creatable && pod.by_default);
        let status = served(gvk("v1", "ComponentStatus"), Release::OLDEST).unwrap();
        assert!(!status.namespaced && !status.creatable);
        assert_eq!(served_in(gvk("example.org/v1", "Pod")), Releases::NONE);
    }

    #[test]
    fn an_old_version_has_a_life_and_a_successor() {
        let life = lifecycle(gvk("policy/v1beta1", "PodDisruptionBudget")).unwrap();
        assert_eq!((life.deprecated, life.removed), (Some(21), Some(25)));
        assert_eq!(
            life.replacement,
            Some(gvk("policy/v1", "PodDisruptionBudget"))
        );
        let ingress = lifecycle(gvk("networking.k8s.io/v1beta1", "IngressClass")).unwrap();
        assert_eq!(
            ingress.replacement,
            Some(gvk("networking.k8s.io/v1", "IngressClass"))
        );
        assert_eq!(lifecycle(gvk("v1", "NoSuchKind")), None);
    }
}
