//! Each property is one that the definition has.
//!
//! KubeVela takes a property that the definition does not know, and loses it: `replica: 3` leaves one replica, and nobody is
//! told. (With the feature gate `ValidateUndeclaredParameters` it refuses the Application.) Properties are
//! looked at on every level, those of an `override` as well. A struct that the definition leaves open, or hands on as a whole,
//! takes any property.
//!
//! Bad:
//! ```yaml
//! components:
//! - name: web
//!   type: webservice
//!   properties: {image: nginx, comand: [sleep, "60"]}
//! ```
//! Good:
//! ```yaml
//! components:
//! - name: web
//!   type: webservice
//!   properties: {image: nginx, cmd: [sleep, "60"]}
//! ```

use super::{ref05_wrong_value, ref06_missing_property};
use crate::definitions::{Fault, FaultKind, Known};
use crate::proof::Proof;
use crate::rule::{Found, Holds, Rule};
use source_vocab::{Diagnostic, Severity, SourceMap, Span};

pub(super) const RULE: Rule = Rule {
    id: "REF04",
    title: "each property is one that the definition has",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "ref/ref04_unknown_property.rs",
    source: include_str!("ref04_unknown_property.rs"),
    found: &[Found::InProof(check)],
};

/// Finds what is wrong with properties, REF05 and REF06 included: one look tells all three.
fn check(proof: &Proof<'_>, findings: &mut Vec<Diagnostic>) {
    let known = Known::of(proof);
    for seen in proof.uses() {
        for fault in known.faults(&seen.used) {
            let is_near = is_near(proof.sources(), &fault);
            let place = seen.place(if is_near { fault.span } else { fault.key });
            let subject = seen.subject();
            let found = match fault.kind {
                FaultKind::Unknown => {
                    let message = format!("the {subject} has no property `{}`", fault.path);
                    let help = match &fault.near {
                        Some(near) => format!("did you mean `{near}`?"),
                        None => "remove it: KubeVela takes it and loses it".to_owned(),
                    };
                    RULE.finding(message, place).help(help)
                }
                FaultKind::Wrong => ref05_wrong_value::finding(&fault, &subject, place),
                FaultKind::Missing => {
                    match ref06_missing_property::finding(&fault, &seen.used, &subject, place) {
                        Some(found) => found,
                        None => continue,
                    }
                }
            };
            let mut found = found.note(format!("in the {}", seen.used.owner));
            if !is_near {
                found = found.label(fault.span, "its value stands here");
            }
            found.labels.extend(fault.labels);
            found.notes.extend(fault.notes);
            findings.push(seen.told(proof, found));
        }
    }
}

/// Whether what is wrong stands behind its key, and is not a value from somewhere else that is referred to.
fn is_near(sources: &SourceMap, fault: &Fault) -> bool {
    if fault.key.is_detached() || fault.span.is_detached() {
        return true;
    }
    let file = |span: Span| sources.locate(span).map(|(source, _)| source.span());
    file(fault.key) == file(fault.span) && fault.key.lo <= fault.span.lo
}
