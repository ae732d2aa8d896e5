//! No definition is used that KubeVela only keeps for old applications.
//!
//! They stand under `deprecated` in KubeVela's own definitions and may go with any release. `raw` is told by APP11.
//!
//! Bad:
//! ```yaml
//! traits:
//! - type: pure-ingress
//!   properties: {domain: example.org, http: {"/": 80}}
//! ```
//! Good:
//! ```yaml
//! traits:
//! - type: gateway
//!   properties: {domain: example.org, http: {"/": 80}}
//! ```

use crate::definitions::{Definition, Known, bare};
use crate::proof::Proof;
use crate::rule::{Found, Holds, Rule};
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "REF09",
    title: "no deprecated definition is used",
    severity: Severity::Warning,
    holds: Holds::Always,
    mended: false,
    file: "ref/ref09_deprecated.rs",
    source: include_str!("ref09_deprecated.rs"),
    found: &[Found::InProof(check)],
};

/// What does the same today.
const INSTEAD: [(&str, &str); 12] = [
    ("apply-application", "apply-component"),
    ("apply-application-in-parallel", "deploy"),
    ("apply-remaining", "apply-component"),
    ("configmap", "storage"),
    ("deploy2env", "deploy"),
    ("deploy2runtime", "deploy"),
    ("env-binding", "override"),
    ("ingress", "gateway"),
    ("node-affinity", "affinity"),
    ("pure-ingress", "gateway"),
    ("pvc", "storage"),
    ("volumes", "storage"),
];

fn check(proof: &Proof<'_>, findings: &mut Vec<Diagnostic>) {
    let known = Known::of(proof);
    for seen in proof.uses() {
        let used = &seen.used;
        let name = bare(&used.name);
        let Some(Definition::BuiltIn(definition)) = known.find(used.kind, name) else {
            continue;
        };
        // what KubeVela itself writes has no place of its own
        if !definition.is_deprecated || name == "raw" || used.span.is_detached() {
            continue;
        }
        let message = format!("the {} is deprecated", seen.subject());
        let instead = INSTEAD.iter().find(|(old, _)| *old == name);
        let help = match instead {
            Some((_, new)) => format!("use `{new}`"),
            None => "use one that KubeVela still maintains".to_owned(),
        };
        let found = RULE.finding(message, seen.place(used.span)).help(help);
        findings.push(seen.told(proof, found));
    }
}
