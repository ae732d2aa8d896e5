//! CRD: custom resource definitions.

mod crd01_versions;
mod crd02_name;
mod crd03_size;

use crate::rule::Rule;

/// The rules, by their id.
pub(super) const RULES: &[Rule] = &[crd01_versions::RULE, crd02_name::RULE, crd03_size::RULE];
