//! K8S: objects of Kubernetes.

mod k8s04_twice;

use crate::rule::Rule;

/// The rules, by their id.
pub(super) const RULES: &[Rule] = &[k8s04_twice::RULE];
