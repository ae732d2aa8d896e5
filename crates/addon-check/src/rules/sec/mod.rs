//! SEC: secrets and privileges.

mod sec01_cluster_role;
mod sec02_cluster_admin;
mod sec03_privileged;
mod sec04_secret;
mod sec05_plain_http;
mod sec06_leak;
mod sec07_webhook;
mod sec08_host_port;
mod sec09_everybody;
mod sec10_aggregated;

use crate::rule::Rule;

/// The rules, by their id.
pub(super) const RULES: &[Rule] = &[
    sec01_cluster_role::RULE,
    sec02_cluster_admin::RULE,
    sec03_privileged::RULE,
    sec04_secret::RULE,
    sec05_plain_http::RULE,
    sec06_leak::RULE,
    sec07_webhook::RULE,
    sec08_host_port::RULE,
    sec09_everybody::RULE,
    sec10_aggregated::RULE,
];
