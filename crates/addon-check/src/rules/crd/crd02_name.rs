//! The name of a CRD in `resources/` is its plural, a dot, and its group.
//!
//! The API server refuses any other name.
//!
//! Bad:
//! ```yaml
//! metadata: {name: widget.example.org}
//! spec:
//!   group: example.org
//!   names: {plural: widgets, kind: Widget}
//! ```
//! Good:
//! ```yaml
//! metadata: {name: widgets.example.org}
//! ```

use crate::input::Input;
use crate::rule::{Found, Holds, Rule};
use goyaml::Tree;
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "CRD02",
    title: "a CRD is called `PLURAL.GROUP`",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "crd/crd02_name.rs",
    source: include_str!("crd02_name.rs"),
    found: &[Found::InAddon(check)],
};

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    for (_, object) in input.manifests() {
        let text = |path: &[&str]| {
            let mut at = object;
            for key in path {
                at = at.get(key)?;
            }
            at.as_str()
        };
        if text(&["kind"]) != Some("CustomResourceDefinition") {
            continue;
        }
        let (Some(plural), Some(group)) =
            (text(&["spec", "names", "plural"]), text(&["spec", "group"]))
        else {
            continue;
        };
        let expected = format!("{plural}.{group}");
        let name = object
            .get("metadata")
            .and_then(|metadata| metadata.get("name"));
        let written = name.and_then(Tree::as_str).unwrap_or_default();
        if written != expected {
            let place = name.map_or(object.span.start(), |name| name.span);
            let message = format!("the CRD is called `{written}`, expected `{expected}`");
            findings.push(
                RULE.finding(message, place)
                    .help(format!("write `name: {expected}`")),
            );
        }
    }
}
