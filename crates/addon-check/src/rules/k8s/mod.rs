//! K8S: objects of Kubernetes.

mod k8s01_schema;
mod k8s04_twice;
mod k8s06_validation;
pub(in crate::rules) mod k8s07_size;

use crate::rule::Rule;

/// The rules, by their id.
pub(super) const RULES: &[Rule] = &[
    k8s01_schema::RULE,
    k8s04_twice::RULE,
    k8s06_validation::RULE,
    k8s07_size::RULE,
];
