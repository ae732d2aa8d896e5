//! Terms: values as the evaluator passes them around, twenty bytes and `Copy`.
//!
//! A [`Term`] is a [`Datum`] and the place it was written at. Scalars without a payload are held in
//! place; everything else is an id into a [`Pool`]. The pool of a program holds its literals; the
//! graph starts with a copy of it, so an id of the program is valid in the graph, and nothing is
//! freed before the whole graph is.

use crate::bottom::Bottom;
use crate::builtin::Function;
use crate::data::Number;
use crate::kind::Kind;
use smallvec::SmallVec;
use source_vocab::Span;
use std::sync::Arc;

/// Makes an id type: a `u32` that indexes one arena only.
macro_rules! id {
    ($(#[$doc:meta])* $vis:vis $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        $vis struct $name(u32);

        impl $name {
            /// The id of the element at `index`.
            pub(crate) fn at(index: usize) -> Self {
                Self(u32::try_from(index).unwrap_or(u32::MAX))
            }

            /// The position in the arena.
            pub(crate) fn index(self) -> usize {
                self.0 as usize
            }
        }
    };
}
pub(crate) use id;

id!(
    /// A node of the graph.
    pub NodeId
);
id!(
    /// A number in a pool.
    pub NumberId
);
id!(
    /// A string in a pool.
    pub TextId
);
id!(
    /// A byte sequence in a pool.
    pub BlobId
);
id!(
    /// A bound in a pool.
    pub BoundId
);
id!(
    /// A validator in a pool.
    pub ValidatorId
);
id!(
    /// A builtin in a pool.
    pub FunctionId
);
id!(
    /// A conjunction of terms in a pool.
    pub ConjunctionId
);
id!(
    /// A disjunction of terms in a pool.
    pub DisjunctionId
);
id!(
    /// An error in a pool.
    pub BottomId
);

/// A comparison, or the operation of an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Op {
    /// `&`
    And,
    /// `&&`
    BoolAnd,
    /// `||`
    BoolOr,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterEqual,
    /// `=~`
    Match,
    /// `!~`
    NotMatch,
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `!`
    Not,
}

impl Op {
    /// How it is written.
    pub fn symbol(self) -> &'static str {
        match self {
            Self::And => "&",
            Self::BoolAnd => "&&",
            Self::BoolOr => "||",
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessEqual => "<=",
            Self::Greater => ">",
            Self::GreaterEqual => ">=",
            Self::Match => "=~",
            Self::NotMatch => "!~",
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Not => "!",
        }
    }
}

/// What a term is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Datum {
    /// `null`.
    Null,
    /// A boolean.
    Bool(bool),
    /// A number.
    Number(NumberId),
    /// A string.
    String(TextId),
    /// Bytes.
    Bytes(BlobId),
    /// A basic type, `_` included: every value of these kinds.
    Kind(Kind),
    /// `<5` and its like, with a concrete operand.
    Bound(BoundId),
    /// A call of a builtin that lacks its first argument.
    Validator(ValidatorId),
    /// A builtin as a value.
    Function(FunctionId),
    /// Several constraints that do not reduce to one.
    Conjunction(ConjunctionId),
    /// Several alternatives.
    Disjunction(DisjunctionId),
    /// An error.
    Bottom(BottomId),
    /// The value of a node: a struct or list, or whatever the node turns out to be.
    Node(NodeId),
    /// Marks a node as a struct. Only found as the base of a node.
    StructMark,
    /// Marks a node as a list. Only found as the base of a node.
    ListMark(ListEnd),
}

/// Whether a list may have more elements than the listed ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ListEnd {
    /// `[a, b]`.
    Closed,
    /// `[a, b, ...]`.
    Open,
}

/// A value with the place it stands at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Term {
    /// The value.
    pub datum: Datum,
    /// Where it was written or computed; detached for what has no text.
    pub span: Span,
}

impl Term {
    /// A value that stands nowhere.
    pub fn detached(datum: Datum) -> Self {
        Self {
            datum,
            span: Span::DETACHED,
        }
    }

    /// A value at a place.
    pub fn new(datum: Datum, span: Span) -> Self {
        Self { datum, span }
    }

    /// Everything: `_`.
    pub const TOP: Self = Self {
        datum: Datum::Kind(Kind::TOP),
        span: Span::DETACHED,
    };

    /// The node, when the term is one.
    pub fn node(self) -> Option<NodeId> {
        match self.datum {
            Datum::Node(id) => Some(id),
            _ => None,
        }
    }

    /// The error, when the term is one.
    pub fn bottom(self) -> Option<BottomId> {
        match self.datum {
            Datum::Bottom(id) => Some(id),
            _ => None,
        }
    }
}

/// `op operand`, as in `<5`.
#[derive(Clone, Copy, Debug)]
pub struct Bound {
    /// The comparison.
    pub op: Op,
    /// The right-hand side, concrete.
    pub operand: Term,
}

/// A builtin with all arguments but the value to be checked.
#[derive(Clone, Debug)]
pub struct Validator {
    /// The builtin.
    pub function: FunctionId,
    /// The second argument and those after it.
    pub args: SmallVec<[Term; 2]>,
    /// Whether a call was written, in contrast to the bare name.
    pub called: bool,
}

/// Alternatives, the defaults first.
#[derive(Clone, Debug)]
pub struct Disjunction {
    /// The alternatives.
    pub values: Vec<Term>,
    /// How many of them, from the first, are defaults.
    pub defaults: usize,
    /// Whether any was marked, even when no marked one is left.
    pub marked: bool,
}

/// The payloads of terms.
#[derive(Clone, Debug, Default)]
pub struct Pool {
    pub(crate) numbers: Vec<Number>,
    pub(crate) texts: Vec<Arc<str>>,
    pub(crate) blobs: Vec<Arc<[u8]>>,
    pub(crate) bounds: Vec<Bound>,
    pub(crate) validators: Vec<Validator>,
    pub(crate) functions: Vec<Arc<Function>>,
    pub(crate) conjunctions: Vec<SmallVec<[Term; 4]>>,
    pub(crate) disjunctions: Vec<Disjunction>,
    pub(crate) bottoms: Vec<Bottom>,
}

macro_rules! pool {
    ($field:ident, $add:ident, $read:ident, $id:ident, $type:ty, $datum:ident, $doc:literal) => {
        #[doc = concat!("Adds ", $doc, " and gives the datum that stands for it.")]
        pub fn $add(&mut self, value: $type) -> Datum {
            let id = $id::at(self.$field.len());
            self.$field.push(value);
            Datum::$datum(id)
        }

        #[doc = concat!("Reads ", $doc, ".")]
        pub fn $read(&self, id: $id) -> &$type {
            &self.$field[id.index()]
        }
    };
}

impl Pool {
    pool!(
        numbers, add_number, number, NumberId, Number, Number, "a number"
    );
    pool!(texts, add_text, text, TextId, Arc<str>, String, "a string");
    pool!(blobs, add_blob, blob, BlobId, Arc<[u8]>, Bytes, "bytes");
    pool!(bounds, add_bound, bound, BoundId, Bound, Bound, "a bound");
    pool!(
        validators,
        add_validator,
        validator,
        ValidatorId,
        Validator,
        Validator,
        "a validator"
    );
    pool!(
        functions,
        add_function,
        function,
        FunctionId,
        Arc<Function>,
        Function,
        "a builtin"
    );
    pool!(
        conjunctions,
        add_conjunction,
        conjunction,
        ConjunctionId,
        SmallVec<[Term; 4]>,
        Conjunction,
        "a conjunction"
    );
    pool!(
        disjunctions,
        add_disjunction,
        disjunction,
        DisjunctionId,
        Disjunction,
        Disjunction,
        "a disjunction"
    );
    pool!(
        bottoms, add_bottom, bottom, BottomId, Bottom, Bottom, "an error"
    );
}
