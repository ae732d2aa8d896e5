//! META: `metadata.yaml`.

mod meta01_file;
mod meta02_name;
mod meta03_reserved_name;
mod meta04_version;
mod meta05_leading_v;
mod meta06_directory;
mod meta07_unknown_key;
mod meta08_need_namespace;
mod meta09_deploy_to;
mod meta10_system_vela;
mod meta11_constraint;
mod meta12_vendor_versions;
mod meta13_links;
mod meta14_description;
mod meta15_invisible;
mod meta16_said_twice;
mod meta17_satisfiable;
mod meta18_exact;
mod meta19_own_namespace;
mod meta20_icon;

use crate::rule::Rule;

/// The rules, by their id.
pub(super) const RULES: &[Rule] = &[
    meta01_file::RULE,
    meta02_name::RULE,
    meta03_reserved_name::RULE,
    meta04_version::RULE,
    meta05_leading_v::RULE,
    meta06_directory::RULE,
    meta07_unknown_key::RULE,
    meta08_need_namespace::RULE,
    meta09_deploy_to::RULE,
    meta10_system_vela::RULE,
    meta11_constraint::RULE,
    meta12_vendor_versions::RULE,
    meta13_links::RULE,
    meta14_description::RULE,
    meta15_invisible::RULE,
    meta16_said_twice::RULE,
    meta17_satisfiable::RULE,
    meta18_exact::RULE,
    meta19_own_namespace::RULE,
    meta20_icon::RULE,
];
