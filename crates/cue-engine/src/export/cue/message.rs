//! What stands behind `_|_` as a comment: the message that cue prints for the error.
//!
//! Diagnostics say more and say it in other words; in CUE that is printed (`cue eval -i`) the comment is part of the output, so
//! it is worded as the reference words it.

use cue_eval::{Bottom, Datum, Graph, Kind, Reason, Shape, Term, Value};

/// The message of an error with the path of the value that has it; empty for one that has none.
pub(super) fn of(graph: &Graph, bottom: &Bottom, at: Option<Value<'_>>) -> String {
    let leaf = leaf(graph, bottom, 0);
    let text = sentence(graph, leaf);
    if text.is_empty() {
        return text;
    }
    let at = at.or_else(|| {
        let node = leaf.node?;
        Some(graph.view(Term::detached(Datum::Node(node))))
    });
    let path = at.map(Value::path).unwrap_or_default();
    if path.is_empty() {
        return text;
    }
    let names: Vec<String> = path
        .iter()
        .map(|label| graph.labels().selector(*label))
        .collect();
    format!("{}: {text}", names.join("."))
}

/// The message alone.
pub(super) fn without_path(graph: &Graph, bottom: &Bottom) -> String {
    sentence(graph, leaf(graph, bottom, 0))
}

/// The first of the errors that an error stands for.
fn leaf<'g>(graph: &'g Graph, bottom: &'g Bottom, depth: u32) -> &'g Bottom {
    match bottom.causes.first() {
        Some(&first) if depth < 64 && !matches!(bottom.reason, Reason::NoAlternative) => {
            leaf(graph, graph.bottom(first), depth + 1)
        }
        _ => bottom,
    }
}

fn short(graph: &Graph, term: Term) -> String {
    let view = graph.view(term);
    match view.shape() {
        Shape::Struct => "{}".to_owned(),
        Shape::List(_) => "[]".to_owned(),
        _ => graph.short(term),
    }
}

fn sentence(graph: &Graph, bottom: &Bottom) -> String {
    let short = |term: Term| short(graph, term);
    let name = |label| graph.labels().selector(label);
    match &bottom.reason {
        Reason::Conflict { left, right } => {
            format!("conflicting values {} and {}", short(*right), short(*left))
        }
        Reason::Mismatch {
            left,
            left_kind,
            right,
            right_kind,
        } => {
            let side =
                |term: Option<Term>, kind: Kind| term.map_or_else(|| kind.to_string(), short);
            format!(
                "conflicting values {} and {} (mismatched types {right_kind} and {left_kind})",
                side(*right, *right_kind),
                side(*left, *left_kind),
            )
        }
        Reason::NotAllowed { .. } => "field not allowed".to_owned(),
        Reason::OutOfBound { value, bound } => format!(
            "invalid value {} (out of bound {})",
            short(*value),
            short(*bound)
        ),
        Reason::EmptyRange { left, right } => {
            format!(
                "incompatible number bounds {} and {}",
                short(*left),
                short(*right)
            )
        }
        Reason::Rejected {
            value, validator, ..
        } => format!(
            "invalid value {} (does not satisfy {})",
            short(*value),
            short(*validator)
        ),
        Reason::UndefinedField { label, .. } => format!("undefined field: {}", name(*label)),
        Reason::OptionalField { label } => {
            format!("cannot reference optional field: {}", name(*label))
        }
        Reason::RequiredField { .. } => "field is required but not present".to_owned(),
        Reason::OutOfRange { index, length } => {
            format!("index out of range [{index}] with length {length}")
        }
        Reason::ListLength { left, right } => {
            format!("incompatible list lengths ({} and {})", left.0, right.0)
        }
        Reason::StructuralCycle => "structural cycle".to_owned(),
        Reason::ReferenceCycle | Reason::InProgress => "cycle error".to_owned(),
        Reason::Explicit => "explicit error (_|_ literal) in source".to_owned(),
        Reason::Raised(text) => text.to_string(),
        Reason::Builtin { function, message } => {
            let short = function.rsplit('/').next().unwrap_or(function);
            format!("error in call to {short}: {message}")
        }
        Reason::Operands { op, left, right } => {
            let kind = |term: Term| graph.view(term).kind();
            match right {
                Some(right) => format!(
                    "invalid operands {} and {} to '{}' (type {} and {})",
                    short(*left),
                    short(*right),
                    op.symbol(),
                    kind(*left),
                    kind(*right)
                ),
                None => format!(
                    "invalid operation {}{} ({} {})",
                    op.symbol(),
                    short(*left),
                    op.symbol(),
                    kind(*left)
                ),
            }
        }
        _ => String::new(),
    }
}
