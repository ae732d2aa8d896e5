//! A trait is put on a component whose kind of workload it is for.
//!
//! `appliesToWorkloads` of a trait's definition lists the workloads that its template can patch: `deployments.apps`, or the
//! names of component types. KubeVela does not look at the list when it applies an Application, so the patch is made all the
//! same, and the result is an object that Kubernetes refuses or that is not what anybody wants. A trait that only adds objects
//! (`expose` adds a Service, which selects the pods of any workload) may work nevertheless and is a warning. Where only
//! rendering tells what a component becomes, nothing is said.
//!
//! Bad: a trait for `Deployment` and `StatefulSet` on a `DaemonSet`
//! ```yaml
//! components:
//! - name: agent
//!   type: daemon
//!   properties: {image: "agent:1.0.0"}
//!   traits:
//!   - type: scaler
//!     properties: {replicas: 2}
//! ```
//! Good:
//! ```yaml
//! components:
//! - name: agent
//!   type: webservice
//!   properties: {image: "agent:1.0.0"}
//!   traits:
//!   - type: scaler
//!     properties: {replicas: 2}
//! ```

use crate::definitions::{Definition, Known, bare};
use crate::proof::Proof;
use crate::rule::{Found, Holds, Rule};
use addon_render::definition::Kind;
use cue_syntax::ast::{Decl, LabelName};
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "REF07",
    title: "a trait is for the workload of its component",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "ref/ref07_workload.rs",
    source: include_str!("ref07_workload.rs"),
    found: &[Found::InProof(check)],
};

/// Traits of KubeVela that select pods by their labels, whatever makes the pods.
const SELECTING: [&str; 2] = ["expose", "gateway"];

fn check(proof: &Proof<'_>, findings: &mut Vec<Diagnostic>) {
    let known = Known::of(proof);
    for seen in proof.uses() {
        let used = &seen.used;
        let Some(component) = used.component.as_deref() else {
            continue;
        };
        let Some(definition) = known.find(Kind::Trait, &used.name) else {
            continue;
        };
        let applies_to = definition.applies_to();
        let workload = known
            .find(Kind::Component, component)
            .and_then(|definition| definition.workload());
        let Some(workload) = workload.filter(|_| !applies_to.is_empty()) else {
            continue;
        };
        if applies_to
            .iter()
            .any(|pattern| fits(pattern, &workload, bare(component)))
        {
            continue;
        }
        let listed: Vec<String> = applies_to.iter().map(|name| format!("`{name}`")).collect();
        let message = format!(
            "the {} is not for `{workload}`, which a component of type `{component}` is",
            seen.subject()
        );
        let severity = if patches(&definition, bare(&used.name)) {
            Severity::Error
        } else {
            Severity::Warning
        };
        let found = RULE
            .milder(severity, message, seen.place(used.span))
            .note(format!("it is for {}", listed.join(", ")))
            .help("take the trait away, or use a type of component that it is for");
        findings.push(seen.told(proof, found));
    }
}

/// Whether a trait changes the workload, and does not only add objects.
fn patches(definition: &Definition<'_>, name: &str) -> bool {
    match definition {
        Definition::BuiltIn(_) => !SELECTING.contains(&name),
        Definition::Addon(definition) => definition.template.as_ref().is_some_and(|template| {
            template.decls.iter().any(|decl| match decl {
                Decl::Field(field) => {
                    matches!(field.label.name(), LabelName::Ident(name) if name == "patch")
                }
                _ => false,
            })
        }),
        Definition::Name => false,
    }
}

/// Whether an entry of `appliesToWorkloads` means a workload: all (`*`), a resource (`deployments.apps`), all of a group
/// (`*.apps`), or the component types of a name.
fn fits(pattern: &str, workload: &str, component: &str) -> bool {
    match pattern.strip_prefix("*.") {
        Some(group) => workload
            .split_once('.')
            .is_some_and(|(_, own)| own == group),
        // anything else than a name or a resource is beyond what is known of it
        None => {
            pattern == "*"
                || pattern == workload
                || pattern == component
                || pattern.contains([':', '=', '/'])
        }
    }
}
