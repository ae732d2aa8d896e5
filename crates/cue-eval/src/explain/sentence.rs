//! Sentences: what an error says in one line, and how values and paths are written in it.
//!
//! A value is shown in short: scalars as they are written (long strings cut), constraints as
//! constraints, structs and lists only by their kind. The match over [`Reason`] is the list of all
//! codes that an evaluation can report.

use crate::bottom::{Bottom, Reason};
use crate::graph::Graph;
use crate::kind::Kind;
use crate::label::{Label, cut, quote};
use crate::term::{BottomId, Datum, NodeId, Term};
use crate::value::Shape;
use source_vocab::nearest;

/// How many characters of a value a message shows.
const MOST_SHOWN: usize = 40;

/// What needs a value, operators in backticks.
fn purpose(needed_by: &'static str) -> String {
    if needed_by.starts_with(|c: char| c.is_ascii_alphabetic() || c == '`') {
        needed_by.to_owned()
    } else {
        format!("`{needed_by}`")
    }
}

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
                out.push_str(&self.name(label));
            }
        }
        out
    }

    /// A label as it is written in a path, cut when it is very long.
    fn name(&self, label: Label) -> String {
        cut(&self.labels.selector(label), 4 * MOST_SHOWN).into_owned()
    }

    /// The path of a node as text.
    pub(super) fn node_path(&self, node: NodeId) -> String {
        self.path_text(&self.view(Term::detached(Datum::Node(node))).path())
    }

    /// A value in short, for a message.
    pub fn short(&self, term: Term) -> String {
        let view = self.view(term);
        match view.shape() {
            Shape::Null => "null".to_owned(),
            Shape::Bool(value) => value.to_string(),
            Shape::Number(number) => cut(&number.decimal.to_string(), MOST_SHOWN).into_owned(),
            Shape::String(text) => match text.char_indices().nth(MOST_SHOWN) {
                Some((at, _)) => format!("{}…", quote(text.get(..at).unwrap_or_default())),
                None => quote(text),
            },
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
            .filter(|&(_, arc)| !self.is_rejected(arc))
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

    /// Whether the node is a field that a closed struct does not admit.
    fn is_rejected(&self, arc: NodeId) -> bool {
        let is_one = |id: BottomId| matches!(self.bottom(id).reason, Reason::NotAllowed { .. });
        self.error_of(arc).is_some_and(is_one)
            || self.remarks.iter().any(|(known, _)| *known == arc)
    }

    /// The code and sentence of an error.
    pub(super) fn sentence(&self, bottom: &Bottom) -> (&'static str, String) {
        let short = |term: Term| self.short(term);
        let name = |label: Label| self.name(label);
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
            Reason::NotAllowed { label, closed_by } => (
                "cue/field-not-allowed",
                match closed_by.map(|closer| self.node_path(closer.definition)) {
                    Some(path) if !path.is_empty() => {
                        format!("the field `{}` is not allowed in `{path}`", name(*label))
                    }
                    _ => format!("the field `{}` is not allowed here", name(*label)),
                },
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
                let path = self.node_path(*within);
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
                format!("lists of different lengths, {} and {}", left.0, right.0),
            ),
            Reason::NonConcrete { value, needed_by } => (
                "cue/incomplete",
                match value {
                    Some(value) => format!(
                        "`{}` is not concrete as {} needs",
                        short(*value),
                        purpose(needed_by)
                    ),
                    None => format!("there is no value yet that {} needs", purpose(needed_by)),
                },
            ),
            Reason::WrongKind {
                value,
                wanted,
                needed_by,
            } => (
                "cue/wrong-type",
                format!(
                    "`{}` is no {wanted}, which {} needs",
                    short(*value),
                    purpose(needed_by)
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
}
