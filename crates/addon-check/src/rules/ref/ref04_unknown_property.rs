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
use crate::definitions::{self, FaultKind, Known};
use crate::proof::Proof;
use crate::rule::{Found, Holds, Rule};
use source_vocab::{Diagnostic, Severity};

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
    for seen in definitions::seen(proof) {
        for fault in known.faults(&seen.used) {
            let place = seen.place(fault.span);
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
            found.labels.extend(fault.labels);
            found.notes.extend(fault.notes);
            findings.push(seen.told(proof, found));
        }
    }
}
