//! Errors of the evaluator as diagnostics.
//!
//! The evaluator keeps facts (the two values of a conflict, the missing name); here they become a
//! sentence, a path and places: the first place of an error is its primary one, the others follow
//! as labels. One cause is reported once, however many fields it spoils.

use crate::session::Session;
use cue_eval::builtin::Check;
use cue_eval::{Bottom, Code, Datum, Graph, Kind, Label, Reason, Term, Value};
use source_vocab::{Diagnostic, Place, Span};
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// Whether a check of a value finds nothing.
pub fn is_valid(value: Value<'_>, check: Check) -> bool {
    value.passes(check)
}

/// Everything that a check of a value finds, by place in the text, each cause once.
pub fn findings(session: &Session, value: Value<'_>, check: Check) -> Vec<Diagnostic> {
    let _ = session;
    let mut seen: BTreeSet<(String, Vec<Span>)> = BTreeSet::new();
    let mut out = Vec::new();
    for (bottom, at) in value.findings(check) {
        let found = diagnostic(value.graph(), &bottom, at);
        let key = (found.message.clone(), bottom.spans.to_vec());
        if seen.insert(key) {
            out.push(found);
        }
    }
    out
}

/// For a value that no check complains about and that still is not concrete.
pub fn not_concrete(value: Value<'_>) -> Diagnostic {
    Diagnostic::error(
        "cue/incomplete-value",
        "the value is not concrete",
        Place::Text(value.span()),
    )
}

/// One error as a diagnostic.
pub fn diagnostic(graph: &Graph, bottom: &Bottom, at: Value<'_>) -> Diagnostic {
    let path = path(graph, &at.path());
    let (code, text, help) = describe(graph, bottom);
    let message = if path.is_empty() {
        text
    } else {
        format!("`{path}`: {text}")
    };
    let mut spans = bottom.spans.iter().copied();
    let primary = spans.next().unwrap_or_else(|| at.span());
    let mut found = Diagnostic::error(code, message, Place::Text(primary));
    for span in spans {
        found = found.label(span, "and here");
    }
    for (count, cause) in bottom.causes.iter().enumerate() {
        if count == 8 {
            found = found.note(format!("and {} more", bottom.causes.len() - count));
            break;
        }
        let cause = graph.bottom(*cause);
        let (_, text, _) = describe(graph, cause);
        found = match cause.spans.first() {
            Some(span) => found.label(*span, text),
            None => found.note(text),
        };
    }
    if let Some(help) = help {
        found = found.help(help);
    }
    found
}

/// A path as it is written in CUE.
pub fn path(graph: &Graph, labels: &[Label]) -> String {
    let mut out = String::new();
    for label in labels {
        if label.is_int() {
            let _ = write!(out, "[{}]", graph.labels().text(*label));
            continue;
        }
        if !out.is_empty() {
            out.push('.');
        }
        out.push_str(&graph.labels().selector(*label));
    }
    out
}

/// A value as a short text for a message.
pub fn show(graph: &Graph, term: Term) -> String {
    let pool = graph.pool();
    match term.datum {
        Datum::Null => "null".to_owned(),
        Datum::Bool(value) => value.to_string(),
        Datum::Number(id) => pool.number(id).decimal.to_string(),
        Datum::String(id) => {
            let text: String = pool.text(id).chars().take(60).collect();
            cue_eval::label::quote(&text)
        }
        Datum::Bytes(_) => "bytes".to_owned(),
        Datum::Kind(kind) => kind.to_string(),
        Datum::Bound(id) => {
            let bound = pool.bound(id);
            format!("{}{}", bound.op.symbol(), show(graph, bound.operand))
        }
        Datum::Validator(id) => {
            let validator = pool.validator(id);
            let name = pool.function(validator.function).qualified_name();
            let args: Vec<String> = validator.args.iter().map(|arg| show(graph, *arg)).collect();
            format!("{name}({})", args.join(", "))
        }
        Datum::Function(id) => pool.function(id).qualified_name(),
        Datum::Conjunction(id) => {
            let parts: Vec<String> = pool
                .conjunction(id)
                .iter()
                .map(|part| show(graph, *part))
                .collect();
            parts.join(" & ")
        }
        Datum::Disjunction(id) => {
            let parts: Vec<String> = pool
                .disjunction(id)
                .values
                .iter()
                .take(5)
                .map(|part| show(graph, *part))
                .collect();
            parts.join(" | ")
        }
        Datum::Bottom(_) => "_|_".to_owned(),
        Datum::StructMark => "{...}".to_owned(),
        Datum::ListMark(_) => "[...]".to_owned(),
        Datum::Node(_) => {
            let value = graph.view(term).default();
            match value.term().datum {
                Datum::Node(_) => match value.data() {
                    Some(data @ (cue_eval::Data::List(_) | cue_eval::Data::Struct(_))) => {
                        let text = cue_std::encoding::json::to_text(
                            &data,
                            cue_std::encoding::json::Layout::Compact,
                        );
                        text.chars().take(60).collect()
                    }
                    Some(data) => cue_std::encoding::json::to_text(
                        &data,
                        cue_std::encoding::json::Layout::Compact,
                    ),
                    None => value.kind().to_string(),
                },
                _ => show(graph, value.term()),
            }
        }
    }
}

/// The code, the sentence and the remedy of an error.
fn describe(graph: &Graph, bottom: &Bottom) -> (&'static str, String, Option<String>) {
    let shown = |term: &Term| show(graph, *term);
    let label = |label: &Label| graph.labels().selector(*label);
    let kind_of = |term: &Option<Term>, kind: Kind| match term {
        Some(term) => format!("`{}` ({kind})", show(graph, *term)),
        None => format!("`{kind}`"),
    };
    let plain = |code, text: String| (code, text, None);
    match &bottom.reason {
        Reason::InProgress => plain("cue/internal", "the value was never finished".to_owned()),
        Reason::Conflict { left, right } => plain(
            "cue/conflicting-values",
            format!(
                "conflicting values `{}` and `{}`",
                shown(left),
                shown(right)
            ),
        ),
        Reason::Mismatch {
            left,
            left_kind,
            right,
            right_kind,
        } => plain(
            "cue/mismatched-types",
            format!(
                "mismatched types: {} and {} have nothing in common",
                kind_of(left, *left_kind),
                kind_of(right, *right_kind)
            ),
        ),
        Reason::FieldInScalar { label: name, value } => plain(
            "cue/field-in-scalar",
            format!(
                "the field `{}` stands in {}, which is no struct",
                label(name),
                value.map_or_else(
                    || "a scalar".to_owned(),
                    |value| format!("`{}`", show(graph, value))
                )
            ),
        ),
        Reason::NotAllowed { label: name } => (
            "cue/field-not-allowed",
            format!("the field `{}` is not allowed", label(name)),
            Some(
                "the struct is closed by a definition: declare the field there, or add `...`"
                    .to_owned(),
            ),
        ),
        Reason::OutOfBound { value, bound } => plain(
            "cue/out-of-bound",
            format!("`{}` is out of the bound `{}`", shown(value), shown(bound)),
        ),
        Reason::EmptyRange { left, right } => plain(
            "cue/empty-range",
            format!(
                "no value fits both `{}` and `{}`",
                shown(left),
                shown(right)
            ),
        ),
        Reason::Rejected {
            value,
            validator,
            detail,
        } => {
            let detail = detail.as_ref().map(|text| format!(": {text}"));
            plain(
                "cue/rejected-value",
                format!(
                    "`{}` does not satisfy `{}`{}",
                    shown(value),
                    shown(validator),
                    detail.unwrap_or_default()
                ),
            )
        }
        Reason::UndefinedField {
            label: name,
            within,
        } => (
            "cue/undefined-field",
            format!("there is no field `{}`", label(name)),
            graph
                .near(*within, *name)
                .map(|near| format!("did you mean `{near}`?")),
        ),
        Reason::OptionalField { label: name } => plain(
            "cue/optional-field",
            format!("the field `{}` is optional and has no value", label(name)),
        ),
        Reason::RequiredField { label: name } => plain(
            "cue/required-field",
            format!("the field `{}` is required and not given", label(name)),
        ),
        Reason::OutOfRange { index, length } => plain(
            "cue/index-out-of-range",
            format!("the index `{index}` is out of range: the list has {length} elements"),
        ),
        Reason::BadIndex { value } => plain(
            "cue/bad-index",
            format!("`{}` cannot be an index or label here", shown(value)),
        ),
        Reason::ListLength { left, right } => plain(
            "cue/list-length",
            format!("lists of {left} and {right} elements do not unify"),
        ),
        Reason::NonConcrete { value, needed_by } => plain(
            "cue/incomplete-value",
            match value {
                Some(value) => format!(
                    "`{}` is not concrete, which {needed_by} needs",
                    shown(value)
                ),
                None => format!("a concrete value is needed by {needed_by}"),
            },
        ),
        Reason::WrongKind {
            value,
            wanted,
            needed_by,
        } => plain(
            "cue/wrong-type",
            format!(
                "`{}` is not of type `{wanted}`, which {needed_by} needs",
                shown(value)
            ),
        ),
        Reason::Operands { op, left, right } => plain(
            "cue/bad-operands",
            match right {
                Some(right) => format!(
                    "`{}` does not take the operands `{}` and `{}`",
                    op.symbol(),
                    shown(left),
                    shown(right)
                ),
                None => format!(
                    "`{}` does not take the operand `{}`",
                    op.symbol(),
                    shown(left)
                ),
            },
        ),
        Reason::Ambiguous { value } => plain(
            "cue/ambiguous-default",
            format!("more than one alternative is left: `{}`", shown(value)),
        ),
        Reason::NoAlternative => plain(
            "cue/no-alternative",
            "every alternative of the disjunction fails".to_owned(),
        ),
        Reason::StructuralCycle => plain(
            "cue/structural-cycle",
            "the value contains itself".to_owned(),
        ),
        Reason::ReferenceCycle => plain("cue/reference-cycle", "the value needs itself".to_owned()),
        Reason::CyclicDefault => plain(
            "cue/cyclic-default",
            "a default depends on itself".to_owned(),
        ),
        Reason::FieldAfterUse { label: name } => plain(
            "cue/field-after-use",
            format!(
                "the field `{}` is added after the fields of the struct were used",
                label(name)
            ),
        ),
        Reason::ChangedCondition => plain(
            "cue/changed-condition",
            "a condition changes what it depends on".to_owned(),
        ),
        Reason::Explicit => plain("cue/explicit-error", "explicit error `_|_`".to_owned()),
        Reason::Raised(text) => plain("cue/raised-error", text.to_string()),
        Reason::Builtin { function, message } => {
            plain("cue/failed-call", format!("`{function}` fails: {message}"))
        }
        Reason::ArgumentCount {
            function,
            given,
            wanted,
        } => plain(
            "cue/argument-count",
            format!("`{function}` takes {wanted} arguments, not {given}"),
        ),
        Reason::Limit(limit) => plain(
            "cue/limit",
            format!("the {} of the evaluation is over its limit", limit.noun()),
        ),
        Reason::Text(text) => plain(
            if bottom.code == Code::Incomplete {
                "cue/incomplete-value"
            } else {
                "cue/invalid-value"
            },
            (*text).to_owned(),
        ),
        Reason::Below => plain("cue/error-below", "a field below is wrong".to_owned()),
    }
}
