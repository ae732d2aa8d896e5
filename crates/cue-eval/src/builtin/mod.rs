//! Builtins: functions, validators and constants that a host supplies as packages.
//!
//! A host implements [`Builtins`]: for an import path it hands out a [`Package`] of named
//! [`Member`]s. A [`Function`] declares its parameters and result by kind; the evaluator evaluates
//! the arguments, takes defaults, checks kinds and counts, and calls the body with a [`Call`].
//!
//! - A function whose result is a boolean (or nothing) and that is called with one argument less
//!   than it takes is a *validator*: `strings.MinRunes(3)`. The evaluator keeps it beside the value
//!   and calls the body, the value as argument 0, once that is concrete. `false` rejects.
//! - With [`Arguments::Concrete`] (the usual case) the body only sees scalars, lists and structs
//!   whose own shape is known; elements may still be incomplete, and reading them reports so.
//!   With [`Arguments::Any`] arguments come as they are.
//! - A body fails with a [`Failure`]; an incomplete one means that more information may help.
//!
//! ```
//! use cue_eval::builtin::{Answer, Call, Failure, Function};
//! use cue_eval::Kind;
//!
//! fn shout(call: &mut Call<'_>) -> Result<Answer, Failure> {
//!     Ok(call.string(0)?.to_uppercase().into())
//! }
//! let function = Function::new("example.com/loud", "Shout", &[Kind::STRING], Kind::STRING, shout);
//! assert_eq!(function.qualified_name(), "example.com/loud.Shout");
//! ```
//!
//! What a body may do is in `call.rs`.
//!
//! Rules as in cue v0.14.1 `internal/core/adt/expr.go` (`CallExpr`, `Builtin`,
//! `BuiltinValidator`) and `internal/pkg`.

mod call;

use crate::bottom::Code;
use crate::data::Data;
use crate::kind::Kind;
use crate::term::{BottomId, Term};
pub use call::Call;
pub(crate) use call::Machine;
use std::fmt;
use std::sync::Arc;

/// Where packages of builtins come from.
pub trait Builtins: fmt::Debug + Send + Sync {
    /// The package that is imported as `path`.
    fn package(&self, path: &str) -> Option<Arc<Package>>;
}

/// No builtin packages at all.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoBuiltins;

impl Builtins for NoBuiltins {
    fn package(&self, _path: &str) -> Option<Arc<Package>> {
        None
    }
}

/// A package of builtins.
#[derive(Clone, Debug, Default)]
pub struct Package {
    /// The import path.
    pub path: String,
    /// Its members by name.
    pub members: Vec<(String, Member)>,
    /// Further members as the text of a CUE file; empty for none.
    pub cue: String,
}

/// A member of a package.
#[derive(Clone, Debug)]
pub enum Member {
    /// A constant.
    Constant(Data),
    /// A function or validator.
    Function(Arc<Function>),
}

/// Which arguments a function takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arguments {
    /// Values that are known.
    Concrete,
    /// Any value: types, bounds, disjunctions.
    Any,
}

/// A parameter of a function.
#[derive(Clone, Debug)]
pub struct Param {
    /// The kinds that are accepted.
    pub kind: Kind,
    /// What is taken when the argument is left out.
    pub default: Option<Data>,
}

/// The code of a builtin.
pub type Body = Arc<dyn Fn(&mut Call<'_>) -> Result<Answer, Failure> + Send + Sync>;

/// How the evaluator runs a function.
#[derive(Clone)]
pub enum Implementation {
    /// By calling a body.
    Native(Body),
    /// By the evaluator itself: builtins that need unevaluated arguments or control evaluation.
    Core(Core),
}

impl fmt::Debug for Implementation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Native(_) => f.write_str("Native"),
            Self::Core(core) => write!(f, "Core({core:?})"),
        }
    }
}

/// The builtins of the language itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Core {
    /// `error(message)`.
    Error,
    /// `len(x)`.
    Len,
    /// `close(struct)`.
    Close,
    /// `and(list)`.
    And,
    /// `or(list)`.
    Or,
    /// `div(a, b)`, Euclidean.
    Div,
    /// `mod(a, b)`, Euclidean.
    Mod,
    /// `quo(a, b)`, truncated.
    Quo,
    /// `rem(a, b)`, truncated.
    Rem,
    /// `matchN(count, schemas)`.
    MatchN,
    /// `matchIf(if, then, else)`.
    MatchIf,
}

/// A builtin function or validator.
#[derive(Clone, Debug)]
pub struct Function {
    /// The import path of its package; empty for a builtin of the language.
    pub package: String,
    /// Its name in the package.
    pub name: String,
    /// Its parameters.
    pub params: Vec<Param>,
    /// The kinds of its result. A validator has `BOOL` or none.
    pub result: Kind,
    /// Which arguments it takes.
    pub arguments: Arguments,
    /// Its code.
    pub implementation: Implementation,
}

impl Function {
    /// A function of concrete arguments without defaults.
    pub fn new<F>(package: &str, name: &str, params: &[Kind], result: Kind, body: F) -> Self
    where
        F: Fn(&mut Call<'_>) -> Result<Answer, Failure> + Send + Sync + 'static,
    {
        Self {
            package: package.to_owned(),
            name: name.to_owned(),
            params: params
                .iter()
                .map(|&kind| Param {
                    kind,
                    default: None,
                })
                .collect(),
            result,
            arguments: Arguments::Concrete,
            implementation: Implementation::Native(Arc::new(body)),
        }
    }

    /// The same function taking arguments that need not be concrete.
    #[must_use]
    pub fn with_any_arguments(mut self) -> Self {
        self.arguments = Arguments::Any;
        self
    }

    /// The same function with a default for its last parameter.
    #[must_use]
    pub fn with_default(mut self, default: Data) -> Self {
        if let Some(last) = self.params.last_mut() {
            last.default = Some(default);
        }
        self
    }

    /// `package.Name`.
    pub fn qualified_name(&self) -> String {
        if self.package.is_empty() {
            self.name.clone()
        } else {
            format!("{}.{}", self.package, self.name)
        }
    }

    /// Whether a call with so many arguments makes a validator.
    pub fn is_validator(&self, given: usize) -> bool {
        given + 1 == self.params.len()
            && self.result.is_within(Kind::BOOL)
            && self
                .params
                .get(given)
                .is_some_and(|param| param.default.is_none())
    }

    /// Whether the bare name is a validator: `strings.MinRunes` is not, `struct.Empty` would be.
    pub fn is_bare_validator(&self) -> bool {
        self.params.len() == 1 && (self.result == Kind::BOOL || self.result.is_bottom())
    }
}

/// Why a builtin has no result.
#[derive(Clone, Debug)]
pub enum Failure {
    /// A reason of its own.
    Message {
        /// Whether more information may help.
        code: Code,
        /// What is wrong, one lower-case sentence.
        text: Arc<str>,
    },
    /// An error of an argument, or one that came up while evaluating for the builtin.
    Bottom(BottomId),
    /// The evaluation has to wait; to be passed on.
    Suspended,
}

impl Failure {
    /// A definite failure.
    pub fn eval(text: impl Into<Arc<str>>) -> Self {
        Self::Message {
            code: Code::Eval,
            text: text.into(),
        }
    }

    /// A failure that more information may mend.
    pub fn incomplete(text: impl Into<Arc<str>>) -> Self {
        Self::Message {
            code: Code::Incomplete,
            text: text.into(),
        }
    }
}

/// The result of a builtin.
#[derive(Clone, Debug)]
pub enum Answer {
    /// A concrete value.
    Data(Data),
    /// A value of the graph, made by a method of [`Call`].
    Term(Term),
}

impl<T: Into<Data>> From<T> for Answer {
    fn from(value: T) -> Self {
        Self::Data(value.into())
    }
}

impl From<Term> for Answer {
    fn from(term: Term) -> Self {
        Self::Term(term)
    }
}

/// How a value is checked by [`Call::validate`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Check {
    /// No hard error at or below it.
    Valid,
    /// And no required field left open.
    Final,
    /// And every value concrete.
    Concrete,
}
