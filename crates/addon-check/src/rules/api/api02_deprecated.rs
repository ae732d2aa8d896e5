//! The objects in the YAML files of `resources/` are of versions of the API that present releases of Kubernetes have, also
//! where the addon does not say which Kubernetes it needs.
//!
//! Bad:
//! ```yaml
//! apiVersion: batch/v1beta1
//! kind: CronJob
//! ```
//! Good:
//! ```yaml
//! apiVersion: batch/v1
//! kind: CronJob
//! ```

use super::api01_removed::removed_api;
use crate::input::Input;
use crate::rule::{Found, Holds, Rule};
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "API02",
    title: "no object is of an API that is removed by now",
    severity: Severity::Warning,
    holds: Holds::Always,
    mended: false,
    file: "api/api02_deprecated.rs",
    source: include_str!("api02_deprecated.rs"),
    found: &[Found::InAddon(check)],
};

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    let system = input.addon.meta().system.as_ref();
    if system.is_some_and(|system| !system.value.kubernetes.is_empty()) {
        return; // then API01 knows more
    }
    for (_, object) in input.manifests() {
        let (Some(removed), Some(api)) = (removed_api(object), object.get("apiVersion")) else {
            continue;
        };
        let message = format!("Kubernetes 1.{} removed `{}`", removed.minor, removed.api);
        let help = format!(
            "use {}, or write `kubernetes: \"<1.{}.0-0\"` under `system`",
            removed.instead, removed.minor
        );
        findings.push(RULE.finding(message, api.span).help(help));
    }
}
