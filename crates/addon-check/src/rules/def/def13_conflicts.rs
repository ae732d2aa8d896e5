//! What `conflictsWith` of a trait says is not enforced.
//!
//! Since 1.9.0-beta.2 KubeVela does not look at the field, so both traits are applied to one component, one after the other.
//!
//! Bad:
//! ```cue
//! scale: {type: "trait", attributes: conflictsWith: ["hpa"]}
//! template: patch: spec: replicas: 2
//! ```
//! Good: a template that fits beside the other trait, or fails with a message of its own
//! ```cue
//! scale: {type: "trait"}
//! template: {
//!     patch: spec: replicas: 2
//!     errs: [if context.output.metadata.annotations.autoscaled != _|_ {"the component is scaled by `hpa` already"}]
//! }
//! ```

use crate::proof::Proof;
use crate::rule::{Found, Holds, Rule};
use addon_render::definition::Kind;
use goyaml::Value;
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "DEF13",
    title: "no trait relies on `conflictsWith`",
    severity: Severity::Info,
    holds: Holds::KubeVela(">=1.9.0-beta.2"),
    mended: false,
    file: "def/def13_conflicts.rs",
    source: include_str!("def13_conflicts.rs"),
    found: &[Found::InProof(check)],
};

fn check(proof: &Proof<'_>, findings: &mut Vec<Diagnostic>) {
    let traits = proof.definitions().iter();
    for definition in traits.filter(|definition| definition.kind == Kind::Trait) {
        let spec = definition.object.get("spec");
        let listed = spec.and_then(|spec| spec.get("conflictsWith")?.as_list());
        let names: Vec<String> = listed
            .unwrap_or_default()
            .iter()
            .filter_map(Value::as_str)
            .map(|name| format!("`{name}`"))
            .collect();
        if names.is_empty() {
            continue;
        }
        let message = format!(
            "KubeVela does not keep the trait `{}` from being used with {}",
            definition.name,
            names.join(", ")
        );
        let found = RULE.finding(message, definition.span);
        findings.push(found.help("make the template refuse what it cannot work with"));
    }
}
