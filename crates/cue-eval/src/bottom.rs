//! Errors as values.
//!
//! A [`Bottom`] is what a node holds when it has no value. Only its [`Code`] may steer the
//! evaluation: soft codes (`Incomplete`, `Cycle`) can still be mended by more information, hard
//! ones cannot. The [`Reason`] keeps the facts (the two values of a conflict, the missing name)
//! for whoever shows the error; no text is made while evaluating, because most errors belong to
//! disjuncts that nobody will see.
//!
//! Codes and their order are those of cue v0.14.1 `internal/core/adt/errors.go`: when errors of one
//! node are combined, the smaller code wins, and a soft error next to a hard one is dropped.

use crate::budget::Limit;
use crate::kind::Kind;
use crate::label::Label;
use crate::term::{BottomId, NodeId, Op, Term};
use smallvec::SmallVec;
use source_vocab::Span;
use std::sync::Arc;

/// How an error behaves. Ordered: smaller is worse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Code {
    /// A contradiction or failed operation.
    Eval,
    /// Raised by `error(...)`.
    User,
    /// The literal `_|_`.
    Literal,
    /// A value that contains itself.
    StructuralCycle,
    /// Not enough is known.
    Incomplete,
    /// A value that needs itself.
    Cycle,
}

impl Code {
    /// Whether more information may still mend the error.
    pub fn is_incomplete(self) -> bool {
        self >= Self::Incomplete
    }
}

/// What closed a struct: a definition, or the result of a `close`.
#[derive(Clone, Copy, Debug)]
pub struct Closer {
    /// The definition.
    pub definition: NodeId,
    /// The reference to it, or the call.
    pub at: Span,
}

/// Why there is no value, as data.
#[derive(Clone, Debug)]
pub enum Reason {
    /// Not an error of a program: the node is being evaluated.
    InProgress,
    /// Two concrete values differ.
    Conflict {
        /// One of them.
        left: Term,
        /// The other.
        right: Term,
    },
    /// The kinds of two conjuncts have nothing in common.
    Mismatch {
        /// What was known before, when it has a value of its own.
        left: Option<Term>,
        /// Its kinds.
        left_kind: Kind,
        /// What came in.
        right: Option<Term>,
        /// Its kinds.
        right_kind: Kind,
    },
    /// A regular field in something that is no struct.
    FieldInScalar {
        /// The field.
        label: Label,
        /// What it stands in.
        value: Option<Term>,
    },
    /// A closed struct has no such field.
    NotAllowed {
        /// The field.
        label: Label,
        /// What closed the struct, when that is known.
        closed_by: Option<Closer>,
    },
    /// A value outside a bound.
    OutOfBound {
        /// The value.
        value: Term,
        /// The bound.
        bound: Term,
    },
    /// Bounds that admit no value.
    EmptyRange {
        /// One bound.
        left: Term,
        /// The other.
        right: Term,
    },
    /// A builtin used as validator rejects a value.
    Rejected {
        /// The value.
        value: Term,
        /// The validator.
        validator: Term,
        /// What the builtin says.
        detail: Option<Arc<str>>,
    },
    /// A reference to a field that does not exist.
    UndefinedField {
        /// The field.
        label: Label,
        /// Where it was looked up.
        within: NodeId,
    },
    /// A reference to a field that is only optional.
    OptionalField {
        /// The field.
        label: Label,
    },
    /// A required field that nobody gave.
    RequiredField {
        /// The field.
        label: Label,
    },
    /// An index that is not in a list.
    OutOfRange {
        /// The index.
        index: usize,
        /// The number of elements.
        length: usize,
    },
    /// An index or dynamic label of a wrong kind.
    BadIndex {
        /// The value used.
        value: Term,
    },
    /// Lists of different lengths.
    ListLength {
        /// One length, and the list that has it.
        left: (usize, Span),
        /// The other.
        right: (usize, Span),
    },
    /// A concrete value was needed.
    NonConcrete {
        /// What there is, when there is something.
        value: Option<Term>,
        /// What it was needed for.
        needed_by: &'static str,
    },
    /// A value of another kind was needed.
    WrongKind {
        /// What there is.
        value: Term,
        /// What is accepted.
        wanted: Kind,
        /// What it was needed for.
        needed_by: &'static str,
    },
    /// An operator does not take these operands.
    Operands {
        /// The operator.
        op: Op,
        /// The left one, or the only one.
        left: Term,
        /// The right one.
        right: Option<Term>,
    },
    /// A disjunction without a single default where one value was needed.
    Ambiguous {
        /// The disjunction.
        value: Term,
    },
    /// Every alternative failed; the causes say why.
    NoAlternative,
    /// The value contains itself.
    StructuralCycle,
    /// The value needs itself.
    ReferenceCycle,
    /// A default was used on a cycle on which it would change.
    CyclicDefault,
    /// A field was added after the fields of the struct were counted on.
    FieldAfterUse {
        /// The field.
        label: Label,
    },
    /// The outcome of a condition changed after it had been decided.
    ChangedCondition,
    /// `_|_` in the source.
    Explicit,
    /// The text of `error(...)`.
    Raised(Arc<str>),
    /// A builtin failed.
    Builtin {
        /// Its qualified name.
        function: Arc<str>,
        /// What it says.
        message: Arc<str>,
    },
    /// Too many or too few arguments.
    ArgumentCount {
        /// The qualified name of the builtin.
        function: Arc<str>,
        /// How many were given.
        given: usize,
        /// How many it takes.
        wanted: usize,
    },
    /// A limit was reached.
    Limit(Limit),
    /// An error with a fixed text.
    Text(&'static str),
    /// An error below this node.
    Below,
}

/// An error.
#[derive(Clone, Debug)]
pub struct Bottom {
    /// How it behaves.
    pub code: Code,
    /// Why.
    pub reason: Reason,
    /// The places that have part in it, the one to look at first in front.
    pub spans: SmallVec<[Span; 2]>,
    /// The node it arose at.
    pub node: Option<NodeId>,
    /// Other errors that it stands for: those of the alternatives, or of fields below.
    pub causes: SmallVec<[BottomId; 1]>,
    /// Whether it came from checking closed structs.
    pub close_check: bool,
    /// Whether it stands at this node because of a field below.
    pub of_child: bool,
}

impl Bottom {
    /// An error at a place.
    pub fn new(code: Code, reason: Reason, span: Span) -> Self {
        let mut spans = SmallVec::new();
        if !span.is_detached() {
            spans.push(span);
        }
        Self {
            code,
            reason,
            spans,
            node: None,
            causes: SmallVec::new(),
            close_check: false,
            of_child: false,
        }
    }

    /// Adds a place that has part in it.
    pub fn also_at(&mut self, span: Span) {
        if !span.is_detached() && !self.spans.contains(&span) {
            self.spans.push(span);
        }
    }
}
