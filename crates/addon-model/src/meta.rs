//! `metadata.yaml` as a type: kubevela 5a44b5f10 `pkg/addon/type.go`, `Meta`.
//!
//! A field that is not set has the zero value and a detached span, as in Go.

use crate::Spanned;
use source_vocab::Span;

/// What an addon says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Meta {
    /// `name`.
    pub name: Spanned<String>,
    /// `version`.
    pub version: Spanned<String>,
    /// `description`.
    pub description: Spanned<String>,
    /// `icon`: the address of an image.
    pub icon: Spanned<String>,
    /// `url`: the project's page.
    pub url: Spanned<String>,
    /// `tags`.
    pub tags: Spanned<Vec<Spanned<String>>>,
    /// `uxPlugins`.
    pub ux_plugins: Spanned<Vec<Pair>>,
    /// `deployTo`.
    pub deploy_to: Option<Spanned<DeployTo>>,
    /// `dependencies`; an entry `null` is `None`, on which KubeVela crashes.
    pub dependencies: Spanned<Vec<Option<Spanned<Dependency>>>>,
    /// `needNamespace`.
    pub need_namespace: Spanned<Vec<Spanned<String>>>,
    /// `invisible`.
    pub invisible: Spanned<bool>,
    /// `system`.
    pub system: Option<Spanned<SystemRequirements>>,
    /// `annotations`.
    pub annotations: Spanned<Vec<Pair>>,
}

/// A key and a text of a map, the keys in bytewise order (as Go prints maps).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// The key.
    pub key: Spanned<String>,
    /// The text.
    pub value: Spanned<String>,
}

/// `deployTo`: where the addon's components go.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeployTo {
    /// `runtime_cluster`, the old name.
    pub legacy_runtime_cluster: Spanned<bool>,
    /// `disableControlPlane`.
    pub disable_control_plane: Spanned<bool>,
    /// `runtimeCluster`.
    pub runtime_cluster: Spanned<bool>,
}

/// Another addon that must be there first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dependency {
    /// `name`.
    pub name: Spanned<String>,
    /// `version`: a constraint.
    pub version: Spanned<String>,
}

/// `system`: what the addon needs from the cluster, as version constraints.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SystemRequirements {
    /// `vela`.
    pub vela: Spanned<String>,
    /// `kubernetes`.
    pub kubernetes: Spanned<String>,
}

/// A key that KubeVela drops without a word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownKey {
    /// The mapping it stands in: `""`, `deployTo`, `system` or `dependencies[2]`.
    pub within: String,
    /// The key as written.
    pub key: String,
    /// Where the key stands.
    pub span: Span,
}

/// A key that KubeVela accepts though its case is wrong (`Name` for `name`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseVariant {
    /// The key as written.
    pub written: String,
    /// The field's own name.
    pub field: &'static str,
    /// Where the key stands.
    pub span: Span,
}

impl Meta {
    /// The addons this one depends on, null entries left out.
    pub fn dependencies(&self) -> impl Iterator<Item = &Spanned<Dependency>> {
        self.dependencies.value.iter().flatten()
    }
}
