//! What an API server refuses, as a finding: the field, the object, and where it stands.

use crate::proof::{CaseName, Proof, ProvenObject};
use crate::rule::Rule;
use goyaml::Step;
use kube_schema::{Fault, FaultKind};
use source_vocab::{Diagnostic, Place};

/// A finding of `rule` for a fault in an object, whose message says something of the field.
pub(super) fn finding(
    rule: &Rule,
    proof: &Proof<'_>,
    object: &ProvenObject<'_>,
    fault: &Fault,
) -> Diagnostic {
    let message = format!("{} {}", field_of(object, fault), fault.message);
    with_message(rule, proof, object, fault, message)
}

/// The same for a fault whose message is a sentence of its own.
pub(super) fn finding_told(
    rule: &Rule,
    proof: &Proof<'_>,
    object: &ProvenObject<'_>,
    fault: &Fault,
) -> Diagnostic {
    let message = format!("{}: {}", field_of(object, fault), fault.message);
    with_message(rule, proof, object, fault, message)
}

fn field_of(object: &ProvenObject<'_>, fault: &Fault) -> String {
    let (kind, name) = (object.kind(), object.name());
    match fault.field.as_str() {
        "" => format!("the {kind} `{name}`"),
        field => format!("`{field}` of the {kind} `{name}`"),
    }
}

fn with_message(
    rule: &Rule,
    proof: &Proof<'_>,
    object: &ProvenObject<'_>,
    fault: &Fault,
    message: String,
) -> Diagnostic {
    let mut found = rule.finding(message, place(object, fault));
    let help = fault.help.clone();
    found.help = Some(help.unwrap_or_else(|| remedy(fault.kind).to_owned()));
    proof.in_case(found, object.case)
}

/// What to do where the fault itself knows nothing better.
pub(super) fn remedy(kind: FaultKind) -> &'static str {
    match kind {
        FaultKind::Type => "give it a value of that type",
        FaultKind::Unknown => "remove it, or correct its name or its place",
        FaultKind::DuplicateKey | FaultKind::DuplicateValue => "remove one of them",
        FaultKind::Required => "add it",
        FaultKind::NotSupported | FaultKind::Invalid => "correct the value",
        FaultKind::NotFound => "correct the name, or add what it names",
        FaultKind::Forbidden => "remove it",
        FaultKind::TooLong | FaultKind::TooMany => "make it shorter",
    }
}

/// Whether a fault tells about the arguments of its case and not about the addon: a text that only has the wrong form may be
/// one that nobody would give.
pub(super) fn is_of_arguments(proof: &Proof<'_>, object: &ProvenObject<'_>, fault: &Fault) -> bool {
    let case = proof.cases().get(object.case).map(|case| &case.name);
    matches!(case, Some(CaseName::Arguments(_)))
        && !matches!(
            fault.kind,
            FaultKind::Type | FaultKind::Unknown | FaultKind::DuplicateKey | FaultKind::Required
        )
}

/// The place of a fault: its own; where that is nowhere in a file, that of the nearest value around it.
fn place(object: &ProvenObject<'_>, fault: &Fault) -> Place {
    if !fault.span.is_detached() {
        return Place::Text(fault.span);
    }
    object.place_at(&steps(&fault.field))
}

/// The steps of a field's path. A key in brackets is one step, whatever stands in it.
fn steps(field: &str) -> Vec<Step<'_>> {
    let mut steps = Vec::new();
    let mut rest = field;
    while !rest.is_empty() {
        rest = rest.strip_prefix('.').unwrap_or(rest);
        if let Some(inner) = rest.strip_prefix('[') {
            let (key, after) = inner.split_once(']').unwrap_or((inner, ""));
            steps.push(match key.parse() {
                Ok(index) => Step::Index(index),
                Err(_) => Step::Key(key),
            });
            rest = after;
            continue;
        }
        let end = rest.find(['.', '[']).unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        if !name.is_empty() {
            steps.push(Step::Key(name));
        }
        rest = after;
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_taken_apart() {
        let expected = [
            Step::Key("spec"),
            Step::Key("containers"),
            Step::Index(2),
            Step::Key("labels"),
            Step::Key("app.io/name"),
        ];
        assert_eq!(steps("spec.containers[2].labels[app.io/name]"), expected);
        assert_eq!(steps(""), []);
        assert_eq!(
            steps("a..b["),
            [Step::Key("a"), Step::Key("b"), Step::Key("")]
        );
    }
}
