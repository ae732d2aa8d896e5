//! A component definition names its workload in one way: by `definition` or as `autodetects.core.oam.dev`, not both.
//!
//! Where KubeVela's admission webhook runs, as it does by default, it refuses a definition with both: `the type and the
//! definition of the workload field … should represent the same workload`.
//!
//! Bad:
//! ```cue
//! web: attributes: workload: {
//!     type: "autodetects.core.oam.dev"
//!     definition: {apiVersion: "apps/v1", kind: "Deployment"}
//! }
//! ```
//! Good:
//! ```cue
//! web: attributes: workload: type: "autodetects.core.oam.dev"
//! ```

use super::{Shape, definitions};
use crate::input::Input;
use crate::rule::{Found, Holds, Rule};
use crate::syntax::Fields;
use addon_model::{Element, YamlFile};
use goyaml::Tree;
use source_vocab::{Diagnostic, Severity, Span};

pub(super) const RULE: Rule = Rule {
    id: "DEF15",
    title: "a component definition names one workload",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "def/def15_two_workloads.rs",
    source: include_str!("def15_two_workloads.rs"),
    found: &[Found::InAddon(check)],
};

const AUTO: &str = "autodetects.core.oam.dev";

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    for file in definitions(input) {
        let decls = &file.parsed.file.decls;
        let shape = Shape::of(decls);
        let Some(name) = shape
            .name()
            .filter(|_| shape.kind().as_deref() == Some("component"))
        else {
            continue;
        };
        let at = |path: [&str; 2]| {
            Fields::at(decls, &[&name, "attributes", "workload", path[0], path[1]])
        };
        let kind = Fields::at(decls, &[&name, "attributes", "workload", "type"]);
        let is_named = ["apiVersion", "kind"].into_iter().any(|key| {
            at(["definition", key])
                .text()
                .is_some_and(|text| !text.is_empty())
        });
        if let (Some(AUTO), Some(field), true) = (kind.text().as_deref(), kind.first(), is_named) {
            tell(field.value.span(), findings);
        }
    }
    let files = input.addon.definitions.iter().filter_map(Element::as_yaml);
    for root in files.filter_map(YamlFile::tree) {
        if root.get("kind").and_then(Tree::as_str) != Some("ComponentDefinition") {
            continue;
        }
        let Some(workload) = root.get("spec").and_then(|spec| spec.get("workload")) else {
            continue;
        };
        let is_named = workload
            .get("definition")
            .is_some_and(|named| !named.entries().is_empty());
        if let Some(kind) = workload
            .get("type")
            .filter(|kind| kind.as_str() == Some(AUTO))
            && is_named
        {
            tell(kind.span, findings);
        }
    }
}

fn tell(place: Span, findings: &mut Vec<Diagnostic>) {
    let message = "the workload is both found by itself and named by `definition`";
    let found = RULE.finding(message, place);
    findings.push(found.help("remove `type`, or remove `definition`"));
}
