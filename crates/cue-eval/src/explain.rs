//! Errors for people: from a [`Bottom`] to a [`Diagnostic`].
//!
//! Text is only made here, when somebody looks. A conflict shows both values with their places and
//! says how each came in: by which reference, or from which definition. A missing field proposes
//! the nearest name that exists. An error that stands for others (no alternative fits) lists them
//! as notes, worst first, and one cause gives one diagnostic however many values it ruined.

use crate::bottom::{Bottom, Code, Reason};
use crate::builtin::Check;
use crate::graph::Graph;
use crate::kind::Kind;
use crate::label::{Label, quote};
use crate::nearest;
use crate::term::{BottomId, Datum, NodeId, Term};
use crate::value::{Shape, Value};
use rustc_hash::FxHashSet;
use source_vocab::{Diagnostic, Place, Span};

/// How many causes a diagnostic lists.
const MOST_CAUSES: usize = 8;

impl Graph {
    /// A path as it is written in CUE: `a.b[0]."c-d"`.
    pub fn path_text(&self, path: &[Label]) -> String {
        let mut out = String::new();
        for &label in path {
            if let Some(index) = label.index() {
                out.push('[');
                out.push_str(&index.to_string());
                out.push(']');
            } else {
                if !out.is_empty() {
                    out.push('.');
                }
                out.push_str(&self.labels.selector(label));
            }
        }
        out
    }

    /// A value in short, for a message.
    pub fn short(&self, term: Term) -> String {
        let view = self.view(term);
        match view.shape() {
            Shape::Null => "null".to_owned(),
            Shape::Bool(value) => value.to_string(),
            Shape::Number(number) => number.decimal.to_string(),
            Shape::String(text) => {
                if text.chars().count() > 40 {
                    let head: String = text.chars().take(40).collect();
                    format!("{}…", quote(&head))
                } else {
                    quote(text)
                }
            }
            Shape::Bytes(_) => "bytes".to_owned(),
            Shape::Struct => "a struct".to_owned(),
            Shape::List(_) => "a list".to_owned(),
            Shape::Error(_) => "_|_".to_owned(),
            Shape::Incomplete(kind) => match term.datum {
                Datum::Bound(id) => {
                    let bound = self.pool.bound(id);
                    format!("{}{}", bound.op.symbol(), self.short(bound.operand))
                }
                Datum::Validator(id) => {
                    let validator = self.pool.validator(id);
                    let name = self.pool.function(validator.function).qualified_name();
                    if !validator.called {
                        return name;
                    }
                    let args: Vec<String> =
                        validator.args.iter().map(|&arg| self.short(arg)).collect();
                    format!("{name}({})", args.join(", "))
                }
                Datum::Function(id) => self.pool.function(id).qualified_name(),
                Datum::Conjunction(id) => {
                    let parts: Vec<String> = self
                        .pool
                        .conjunction(id)
                        .iter()
                        .map(|&part| self.short(part))
                        .collect();
                    parts.join(" & ")
                }
                _ => kind.to_string(),
            },
        }
    }

    /// The field of a struct whose name is closest to a label it has not, as it is written.
    pub fn near(&self, within: NodeId, label: Label) -> Option<String> {
        let wanted = self.labels.text(label);
        let node = self.node(self.deref_value(within));
        let (distance, name) = node
            .arcs
            .iter()
            .filter(|(known, _)| !known.is_int() && !known.is_let() && *known != label)
            .map(|(known, _)| {
                let text = self.labels.text(known);
                (
                    nearest::distance(&wanted, &text),
                    self.labels.selector(known),
                )
            })
            .min()?;
        (distance <= nearest::limit(&wanted)).then_some(name)
    }

    /// The code and sentence of an error.
    fn sentence(&self, bottom: &Bottom) -> (&'static str, String) {
        let short = |term: Term| self.short(term);
        let name = |label: Label| self.labels.selector(label);
        let of_kind = |term: Option<Term>, kind: Kind| match term {
            Some(term) if matches!(self.view(term).shape(), Shape::Incomplete(_)) => {
                format!("`{}`", short(term))
            }
            Some(term) => format!("`{}` (type {kind})", short(term)),
            None => format!("`{kind}`"),
        };
        match &bottom.reason {
            Reason::InProgress | Reason::ReferenceCycle => (
                "cue/reference-cycle",
                "the value depends on itself".to_owned(),
            ),
            Reason::Conflict { left, right } => (
                "cue/conflicting-values",
                format!(
                    "conflicting values `{}` and `{}`",
                    short(*left),
                    short(*right)
                ),
            ),
            Reason::Mismatch {
                left,
                left_kind,
                right,
                right_kind,
            } => (
                "cue/conflicting-values",
                format!(
                    "conflicting values {} and {}",
                    of_kind(*left, *left_kind),
                    of_kind(*right, *right_kind)
                ),
            ),
            Reason::FieldInScalar { label, value } => (
                "cue/field-in-scalar",
                match value {
                    Some(value) => format!(
                        "the regular field `{}` cannot be combined with `{}`",
                        name(*label),
                        short(*value)
                    ),
                    None => format!("the field `{}` stands in no struct", name(*label)),
                },
            ),
            Reason::NotAllowed { label } => (
                "cue/field-not-allowed",
                format!("the field `{}` is not allowed here", name(*label)),
            ),
            Reason::OutOfBound { value, bound } => (
                "cue/out-of-bound",
                format!("the value `{}` is not `{}`", short(*value), short(*bound)),
            ),
            Reason::EmptyRange { left, right } => (
                "cue/empty-range",
                format!(
                    "no value satisfies both `{}` and `{}`",
                    short(*left),
                    short(*right)
                ),
            ),
            Reason::Rejected {
                value,
                validator,
                detail,
            } => (
                "cue/rejected",
                match detail {
                    Some(detail) => format!(
                        "the value `{}` does not satisfy `{}`: {detail}",
                        short(*value),
                        short(*validator)
                    ),
                    None => format!(
                        "the value `{}` does not satisfy `{}`",
                        short(*value),
                        short(*validator)
                    ),
                },
            ),
            Reason::UndefinedField { label, within } => {
                let path = self.path_text(&self.view(Term::detached(Datum::Node(*within))).path());
                let place = if path.is_empty() {
                    String::new()
                } else {
                    format!(" in `{path}`")
                };
                (
                    "cue/undefined-field",
                    format!("the field `{}` is not defined{place}", name(*label)),
                )
            }
            Reason::OptionalField { label } => (
                "cue/optional-field",
                format!("the field `{}` is optional and not given", name(*label)),
            ),
            Reason::RequiredField { label } => (
                "cue/required-field",
                format!("the field `{}` is required but not given", name(*label)),
            ),
            Reason::OutOfRange { index, length } => (
                "cue/out-of-range",
                format!("the index {index} is out of range of a list with {length} elements"),
            ),
            Reason::BadIndex { value } => (
                "cue/invalid-index",
                format!("`{}` cannot be an index or label", short(*value)),
            ),
            Reason::ListLength { left, right } => (
                "cue/list-length",
                format!("lists of different lengths, {left} and {right}"),
            ),
            Reason::NonConcrete { value, needed_by } => (
                "cue/incomplete",
                match value {
                    Some(value) => {
                        format!("`{}` is not concrete as {needed_by} needs", short(*value))
                    }
                    None => format!("there is no value yet that {needed_by} needs"),
                },
            ),
            Reason::WrongKind {
                value,
                wanted,
                needed_by,
            } => (
                "cue/wrong-type",
                format!(
                    "`{}` is no {wanted}, which {needed_by} needs",
                    short(*value)
                ),
            ),
            Reason::Operands { op, left, right } => (
                "cue/invalid-operands",
                match right {
                    Some(right) => format!(
                        "`{}` does not apply to `{}` and `{}`",
                        op.symbol(),
                        short(*left),
                        short(*right)
                    ),
                    None => format!("`{}` does not apply to `{}`", op.symbol(), short(*left)),
                },
            ),
            Reason::Ambiguous { value } => (
                "cue/ambiguous",
                format!(
                    "several alternatives of type {} are left and none is the default",
                    self.view(*value).kind()
                ),
            ),
            Reason::NoAlternative => (
                "cue/no-alternative",
                "no alternative of the disjunction fits".to_owned(),
            ),
            Reason::StructuralCycle => (
                "cue/structural-cycle",
                "the value contains itself".to_owned(),
            ),
            Reason::CyclicDefault => (
                "cue/cyclic-default",
                "a default was used before it was certain".to_owned(),
            ),
            Reason::FieldAfterUse { label } => (
                "cue/field-after-use",
                format!(
                    "the field `{}` was added after the fields had been looked at",
                    name(*label)
                ),
            ),
            Reason::ChangedCondition => (
                "cue/changed-condition",
                "the condition changed after it had been decided".to_owned(),
            ),
            Reason::Explicit => ("cue/explicit-error", "explicit error `_|_`".to_owned()),
            Reason::Raised(text) => ("cue/raised", text.to_string()),
            Reason::Builtin { function, message } => {
                ("cue/builtin", format!("`{function}`: {message}"))
            }
            Reason::ArgumentCount {
                function,
                given,
                wanted,
            } => (
                "cue/argument-count",
                format!("`{function}` takes {wanted} arguments, not {given}"),
            ),
            Reason::Limit(limit) => (
                "cue/limit",
                format!("the evaluation exceeds the limit of the {}", limit.noun()),
            ),
            Reason::Text(text) => ("cue/invalid", (*text).to_owned()),
            Reason::Below => ("cue/invalid-field", "a field has an error".to_owned()),
        }
    }

    /// The errors that an error stands for, those that only combine others resolved.
    fn leaves(&self, bottom: &Bottom, out: &mut Vec<BottomId>, seen: &mut FxHashSet<BottomId>) {
        let mut pending: Vec<BottomId> = bottom.causes.iter().rev().copied().collect();
        while let Some(id) = pending.pop() {
            if out.len() >= 64 || !seen.insert(id) {
                continue;
            }
            let cause = self.bottom(id);
            let combines = cause.causes.len() == 2
                && !matches!(
                    cause.reason,
                    Reason::NoAlternative | Reason::Rejected { .. }
                );
            if combines || matches!(cause.reason, Reason::Below) {
                pending.extend(cause.causes.iter().rev());
            } else {
                out.push(id);
            }
        }
    }

    /// An error as a diagnostic. `at` is the path of the value that has it.
    pub fn explain(&self, bottom: &Bottom, at: &[Label]) -> Diagnostic {
        let (code, message) = self.sentence(bottom);
        let message = if at.is_empty() {
            message
        } else {
            format!("`{}`: {message}", self.path_text(at))
        };
        let mut spans = bottom.spans.clone();
        if spans.is_empty()
            && let Some(node) = bottom.node
        {
            let span = self.view(Term::detached(Datum::Node(node))).span();
            if !span.is_detached() {
                spans.push(span);
            }
        }
        let place: Place = spans.first().map_or(Place::Nowhere, |&span| span.into());
        let mut found = Diagnostic::error(code, message, place);
        match &bottom.reason {
            Reason::Conflict { left, right } => {
                found = self.sides(found, &[*left, *right], &mut spans);
            }
            Reason::Mismatch { left, right, .. } => {
                let terms: Vec<Term> = left.iter().chain(right).copied().collect();
                found = self.sides(found, &terms, &mut spans);
            }
            Reason::EmptyRange { left, right } => {
                found = self.sides(found, &[*left, *right], &mut spans);
            }
            Reason::OutOfBound { bound, .. } => {
                found = self.sides(found, &[*bound], &mut spans);
            }
            Reason::UndefinedField { label, within } => {
                if let Some(near) = self.near(*within, *label) {
                    found = found.help(format!("did you mean `{near}`?"));
                }
            }
            Reason::NotAllowed { label } => {
                if let Some(node) = bottom.node
                    && let Some(parent) = self.node(node).parent
                    && let Some(near) = self.near(parent, *label)
                {
                    found = found.help(format!("did you mean `{near}`?"));
                }
            }
            Reason::RequiredField { .. } => found = found.help("give the field a value"),
            _ => {}
        }
        for &span in spans.iter().skip(1) {
            if !found
                .labels
                .iter()
                .any(|label| label.place == Place::Text(span))
            {
                found = found.label(span, "");
            }
        }
        found = self.provenance(found, bottom);
        if matches!(bottom.reason, Reason::NoAlternative | Reason::Text(_)) {
            let mut causes = Vec::new();
            self.leaves(bottom, &mut causes, &mut FxHashSet::default());
            for &id in causes.iter().take(MOST_CAUSES) {
                let cause = self.bottom(id);
                let (_, sentence) = self.sentence(cause);
                let path = cause
                    .node
                    .map(|node| self.view(Term::detached(Datum::Node(node))).path())
                    .unwrap_or_default();
                found = found.note(if path.is_empty() {
                    sentence
                } else {
                    format!("`{}`: {sentence}", self.path_text(&path))
                });
            }
            if causes.len() > MOST_CAUSES {
                found = found.note(format!("and {} more", causes.len() - MOST_CAUSES));
            }
        }
        found
    }

    /// Labels the places of the values that have part in an error.
    fn sides(&self, mut found: Diagnostic, terms: &[Term], spans: &mut [Span]) -> Diagnostic {
        let primary = spans.first().copied();
        for &term in terms {
            if term.span.is_detached() {
                continue;
            }
            let text = format!("`{}`", self.short(term));
            if Some(term.span) == primary && found.primary.text.is_empty() {
                found = found.at(text);
            } else {
                found = found.label(term.span, text);
            }
        }
        found
    }

    /// Says by which references the conjuncts of the node came in.
    fn provenance(&self, mut found: Diagnostic, bottom: &Bottom) -> Diagnostic {
        let Some(node) = bottom.node else {
            return found;
        };
        let mut shown: Vec<Span> = Vec::new();
        for conjunct in &self.node(node).conjuncts {
            let mut at = conjunct.info.refs;
            while let Some(id) = at {
                let reference = *self.reference(id);
                at = reference.next;
                let span = self.program.expr_span(reference.expr);
                if span.is_detached() || shown.contains(&span) || shown.len() >= 4 {
                    continue;
                }
                let known = found.primary.place == Place::Text(span)
                    || found
                        .labels
                        .iter()
                        .any(|label| label.place == Place::Text(span));
                if known {
                    continue;
                }
                shown.push(span);
                let target = self.view(Term::detached(Datum::Node(reference.target)));
                let path = self.path_text(&target.path());
                found = found.label(
                    span,
                    if path.is_empty() {
                        "came in by this reference".to_owned()
                    } else {
                        format!("came in by this reference to `{path}`")
                    },
                );
            }
        }
        found
    }
}

impl Value<'_> {
    /// What a check finds wrong with the value, one diagnostic a cause.
    pub fn diagnostics(self, check: Check) -> Vec<Diagnostic> {
        let graph = self.graph();
        let mut out: Vec<Diagnostic> = Vec::new();
        // the sentence of each one without its path, which a value that only refers to it shares
        let mut sentences: Vec<String> = Vec::new();
        for (bottom, at) in self.findings(check) {
            let mut single: Vec<(Bottom, Vec<Label>)> = Vec::new();
            let combines = bottom.causes.len() == 2
                && !matches!(
                    bottom.reason,
                    Reason::NoAlternative | Reason::Rejected { .. }
                );
            let is_below = matches!(bottom.reason, Reason::Below);
            if combines || is_below {
                let mut causes = Vec::new();
                graph.leaves(&bottom, &mut causes, &mut FxHashSet::default());
                single.extend(causes.into_iter().map(|id| {
                    let cause = graph.bottom(id).clone();
                    // what is wrong with a field that was only used here is said of that field
                    let path = match cause.node {
                        Some(node) if is_below => {
                            graph.view(Term::detached(Datum::Node(node))).path()
                        }
                        _ => at.path(),
                    };
                    (cause, path)
                }));
            } else {
                single.push((bottom, at.path()));
            }
            for (bottom, path) in single {
                let found = graph.explain(&bottom, &path);
                let (_, sentence) = graph.sentence(&bottom);
                let is_known = out.iter().zip(&sentences).any(|(known, said)| {
                    let is_same_place = known.code == found.code
                        && known.primary.place == found.primary.place
                        && known.primary.place != Place::Nowhere;
                    let is_same_cause = *said == sentence && known.labels == found.labels;
                    is_same_place && (bottom.code >= Code::Incomplete || is_same_cause)
                });
                if !is_known && !out.contains(&found) {
                    out.push(found);
                    sentences.push(sentence);
                }
            }
        }
        out
    }
}
