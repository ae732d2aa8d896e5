//! K8S: objects of Kubernetes.

mod k8s01_schema;
mod k8s02_custom;
mod k8s03_namespace;
mod k8s04_twice;
mod k8s05_dangling;
mod k8s06_validation;
pub(in crate::rules) mod k8s07_size;
mod k8s08_care;
mod k8s09_fixed;
mod k8s10_references;
mod k8s11_selector;
mod k8s12_autoscaled;
mod k8s13_job;
mod k8s14_port;

use crate::rule::Rule;

/// The rules, by their id.
pub(super) const RULES: &[Rule] = &[
    k8s01_schema::RULE,
    k8s02_custom::RULE,
    k8s03_namespace::RULE,
    k8s04_twice::RULE,
    k8s05_dangling::RULE,
    k8s06_validation::RULE,
    k8s07_size::RULE,
    k8s08_care::RULE,
    k8s09_fixed::RULE,
    k8s10_references::RULE,
    k8s11_selector::RULE,
    k8s12_autoscaled::RULE,
    k8s13_job::RULE,
    k8s14_port::RULE,
];
