//! Findings of several readers, each thing once.
//!
//! Packaging and loading read the same files, so both may find that `metadata.yaml` is broken. Two
//! findings are one when code and place agree; the first is kept.
//! Example: `META02` of the plan and `META02` of the rule at the same name.

use source_vocab::Diagnostic;

/// Adds those of `more` to `findings` that are not there yet.
pub fn merge(findings: &mut Vec<Diagnostic>, more: Vec<Diagnostic>) {
    for found in more {
        let is_there = findings.iter().any(|other| {
            other.code == found.code
                && (other.message == found.message || other.primary.place == found.primary.place)
        });
        if !is_there {
            findings.push(found);
        }
    }
}
