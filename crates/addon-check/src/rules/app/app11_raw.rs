//! No component of `template.yaml` has the type `raw`.
//!
//! The type is deprecated: it takes one object, and newer releases of KubeVela keep it for old Applications only.
//!
//! Bad:
//! ```yaml
//! - name: namespace
//!   type: raw
//!   properties: {apiVersion: v1, kind: Namespace, metadata: {name: a}}
//! ```
//! Good:
//! ```yaml
//! - name: namespace
//!   type: k8s-objects
//!   properties:
//!     objects: [{apiVersion: v1, kind: Namespace, metadata: {name: a}}]
//! ```

use crate::input::Input;
use crate::rule::{Found, Holds, Rule};
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "APP11",
    title: "components use `k8s-objects`",
    severity: Severity::Warning,
    holds: Holds::Always,
    mended: false,
    file: "app/app11_raw.rs",
    source: include_str!("app11_raw.rs"),
    found: &[Found::InAddon(check)],
};

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    for kind in input
        .components()
        .filter_map(|component| component.get("type"))
    {
        if kind.as_str() == Some("raw") {
            let found = RULE.finding("the type `raw` is deprecated", kind.span);
            findings
                .push(found.help("use `k8s-objects` and put the object into `properties.objects`"));
        }
    }
}
