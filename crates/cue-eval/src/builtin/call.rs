//! A call as the body of a builtin sees it: arguments by kind, and what it may ask for.
//!
//! A body never holds the evaluator. It reads its arguments through [`Call`], which evaluates them
//! as far as the question needs, takes defaults, and turns what is missing into the right
//! [`Failure`]: incomplete while more information may help, an error for good otherwise. Behind it
//! is [`Machine`], the part of the evaluator that bodies need; everything they make goes through it
//! and is counted there.

use super::{Check, Failure};
use crate::data::{Data, NoData, Number};
use crate::kind::Kind;
use crate::number::Decimal;
use crate::term::{BottomId, Datum, ListEnd, Term};
use crate::value::{Shape, Value};
use num_bigint::BigInt;
use smallvec::SmallVec;
use source_vocab::Span;
use std::fmt;
use std::sync::Arc;

/// What a running builtin may ask of the evaluator.
pub(crate) trait Machine {
    /// A readable view.
    fn view(&self, term: Term) -> Value<'_>;
    /// Takes a concrete value in.
    fn insert(&mut self, data: Data, span: Span) -> Term;
    /// Evaluates a value to the end.
    fn finish(&mut self, term: Term) -> Result<(), Failure>;
    /// Unifies values in a node of their own.
    fn unify(&mut self, terms: &[Term]) -> Result<Term, Failure>;
    /// Looks a regular field up in a finished value.
    fn field(&mut self, term: Term, name: &str) -> Option<Term>;
    /// The first failure that a check finds.
    fn validate(&mut self, term: Term, check: Check) -> Option<BottomId>;
    /// The default of a disjunction, or the value itself.
    fn default_of(&mut self, term: Term) -> Term;
    /// A list of values.
    fn list_of(&mut self, terms: &[Term], end: ListEnd) -> Term;
    /// A struct of values.
    fn struct_of(&mut self, fields: &[(Arc<str>, Term)]) -> Term;
    /// A struct literal `template & {name: value, ...}` evaluated to the end.
    fn equal(&mut self, left: Term, right: Term) -> bool;
    /// Charges text against the budget.
    fn charge(&mut self, bytes: usize) -> Result<(), Failure>;
}

/// A call of a builtin: its arguments, and what the body may do with the evaluator.
pub struct Call<'a> {
    pub(crate) machine: &'a mut dyn Machine,
    pub(crate) args: SmallVec<[Term; 4]>,
    pub(crate) span: Span,
    pub(crate) validates: bool,
}

impl fmt::Debug for Call<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call").field("args", &self.args).finish()
    }
}

impl Call<'_> {
    /// The number of arguments, defaults included.
    pub fn len(&self) -> usize {
        self.args.len()
    }

    /// Whether there is no argument.
    pub fn is_empty(&self) -> bool {
        self.args.is_empty()
    }

    /// Where the call stands.
    pub fn span(&self) -> Span {
        self.span
    }

    /// Whether the body runs as a validator.
    pub fn is_validation(&self) -> bool {
        self.validates
    }

    /// The argument at `index` as the evaluator knows it; `_` beyond the last.
    pub fn term(&self, index: usize) -> Term {
        self.args.get(index).copied().unwrap_or(Term::TOP)
    }

    /// A view of the argument at `index`.
    pub fn value(&self, index: usize) -> Value<'_> {
        self.machine.view(self.term(index))
    }

    /// A view of any term.
    pub fn view(&self, term: Term) -> Value<'_> {
        self.machine.view(term)
    }

    /// The kinds of the argument at `index`.
    pub fn kind(&self, index: usize) -> Kind {
        self.value(index).kind()
    }

    /// Counts `bytes` of text that the body is about to make against the budget.
    pub fn charge(&mut self, bytes: usize) -> Result<(), Failure> {
        self.machine.charge(bytes)
    }

    /// A string argument.
    pub fn string(&mut self, index: usize) -> Result<Arc<str>, Failure> {
        let term = self.term(index);
        self.string_of(term)
    }

    /// Bytes, or the UTF-8 of a string.
    pub fn bytes(&mut self, index: usize) -> Result<Arc<[u8]>, Failure> {
        let term = self.term(index);
        match self.known(term, Kind::BYTES | Kind::STRING)? {
            Data::Bytes(bytes) => Ok(bytes),
            Data::String(text) => Ok(text.as_bytes().into()),
            other => Err(unexpected(&other, "bytes")),
        }
    }

    /// A boolean argument.
    pub fn boolean(&mut self, index: usize) -> Result<bool, Failure> {
        let term = self.term(index);
        match self.known(term, Kind::BOOL)? {
            Data::Bool(value) => Ok(value),
            other => Err(unexpected(&other, "bool")),
        }
    }

    /// A number argument.
    pub fn number(&mut self, index: usize) -> Result<Number, Failure> {
        let term = self.term(index);
        match self.known(term, Kind::NUMBER)? {
            Data::Number(number) => Ok(number),
            other => Err(unexpected(&other, "number")),
        }
    }

    /// The value of a number argument.
    pub fn decimal(&mut self, index: usize) -> Result<Decimal, Failure> {
        Ok(self.number(index)?.decimal)
    }

    /// An integer argument of any size.
    pub fn integer(&mut self, index: usize) -> Result<BigInt, Failure> {
        let number = self.number(index)?;
        number
            .decimal
            .to_bigint()
            .ok_or_else(|| Failure::eval(format!("`{}` is not an integer", number.decimal)))
    }

    /// An integer argument that fits 64 bits.
    pub fn i64(&mut self, index: usize) -> Result<i64, Failure> {
        let decimal = self.number(index)?.decimal;
        // a number of 64 bits whose sign has no room is taken for the nearest that fits, as in cue
        let nearest = || {
            let value = decimal.to_bigint().filter(|value| value.bits() <= 64)?;
            Some(if value.sign() == num_bigint::Sign::Minus {
                i64::MIN
            } else {
                i64::MAX
            })
        };
        let fits = decimal.to_i64().or_else(nearest);
        fits.ok_or_else(|| Failure::eval(format!("`{decimal}` does not fit an int64")))
    }

    /// A float argument rounded to 64 bits.
    pub fn f64(&mut self, index: usize) -> Result<f64, Failure> {
        Ok(self.number(index)?.decimal.to_f64())
    }

    /// The elements of a list argument, evaluated, their defaults taken.
    pub fn list(&mut self, index: usize) -> Result<Vec<Term>, Failure> {
        let term = self.term(index);
        self.elements_of(term)
    }

    /// The elements of a list argument, all strings.
    pub fn strings(&mut self, index: usize) -> Result<Vec<Arc<str>>, Failure> {
        let items = self.list(index)?;
        items.into_iter().map(|item| self.string_of(item)).collect()
    }

    /// The regular fields of a struct argument, evaluated, in output order.
    pub fn fields(&mut self, index: usize) -> Result<Vec<(Arc<str>, Term)>, Failure> {
        let term = self.term(index);
        self.machine.finish(term)?;
        let term = self.machine.default_of(term);
        let view = self.machine.view(term);
        // a validator says nothing of errors that are reported anyway
        if !self.validates
            && let Some(id) = view.hard_error_below()
        {
            return Err(Failure::Bottom(id));
        }
        match view.shape() {
            Shape::Struct => Ok(view
                .fields()
                .into_iter()
                .map(|(name, value)| (name, value.term()))
                .collect()),
            Shape::Error(id) => Err(Failure::Bottom(id)),
            _ => Err(Failure::eval("expected a struct")),
        }
    }

    /// The argument at `index` as a concrete tree.
    pub fn data(&mut self, index: usize) -> Result<Data, Failure> {
        let term = self.term(index);
        self.data_of(term)
    }

    /// Any value as a concrete tree; incomplete when some part is not concrete.
    pub fn data_of(&mut self, term: Term) -> Result<Data, Failure> {
        self.machine.finish(term)?;
        if let Some(bottom) = self.machine.validate(term, Check::Concrete) {
            return Err(Failure::Bottom(bottom));
        }
        match self.machine.view(term).to_data() {
            Ok(data) => Ok(data),
            Err(NoData::NotConcrete) => Err(Failure::incomplete("the value is not concrete")),
            Err(too_large) => Err(Failure::eval(too_large.to_string())),
        }
    }

    /// Any value as a string.
    pub fn string_of(&mut self, term: Term) -> Result<Arc<str>, Failure> {
        match self.known(term, Kind::STRING)? {
            Data::String(text) => Ok(text),
            other => Err(unexpected(&other, "string")),
        }
    }

    /// Any value as a number.
    pub fn number_of(&mut self, term: Term) -> Result<Number, Failure> {
        match self.known(term, Kind::NUMBER)? {
            Data::Number(number) => Ok(number),
            other => Err(unexpected(&other, "number")),
        }
    }

    /// The elements of any list value, evaluated, their defaults taken.
    pub fn elements_of(&mut self, term: Term) -> Result<Vec<Term>, Failure> {
        self.machine.finish(term)?;
        let term = self.machine.default_of(term);
        let view = self.machine.view(term);
        match view.shape() {
            Shape::List(_) => {}
            Shape::Error(id) => return Err(Failure::Bottom(id)),
            Shape::Incomplete(kind) if kind.meets(Kind::LIST) => {
                return Err(Failure::incomplete("the list is not known yet"));
            }
            _ => return Err(Failure::eval("expected a list")),
        }
        // a validator says nothing of errors that are reported anyway
        if !self.validates
            && let Some(id) = view.hard_error_below()
        {
            return Err(Failure::Bottom(id));
        }
        let items: Vec<Term> = view.elements().into_iter().map(Value::term).collect();
        Ok(items
            .into_iter()
            .map(|item| self.machine.default_of(item))
            .collect())
    }

    /// A scalar as data, its default taken.
    fn known(&mut self, term: Term, wanted: Kind) -> Result<Data, Failure> {
        let term = match term.datum {
            Datum::Node(_) => {
                self.machine.finish(term)?;
                self.machine.default_of(term)
            }
            _ => term,
        };
        let view = self.machine.view(term);
        match view.shape() {
            Shape::Error(id) => Err(Failure::Bottom(id)),
            Shape::Incomplete(kind) if !kind.meets(wanted) => Err(Failure::eval(format!(
                "cannot use a value of type {kind} as {wanted}"
            ))),
            Shape::Incomplete(kind) => Err(Failure::incomplete(format!(
                "non-concrete value of type {kind}"
            ))),
            Shape::Struct => Err(Failure::eval("expected a scalar, found a struct")),
            Shape::List(_) => Err(Failure::eval("expected a scalar, found a list")),
            _ => view
                .data()
                .ok_or_else(|| Failure::incomplete("non-concrete value")),
        }
    }

    /// Evaluates a value to the end.
    pub fn finish(&mut self, term: Term) -> Result<(), Failure> {
        self.machine.finish(term)
    }

    /// Unifies values; the result is evaluated to the end and may be an error.
    pub fn unify(&mut self, terms: &[Term]) -> Result<Term, Failure> {
        self.machine.unify(terms)
    }

    /// The regular field `name` of an evaluated struct.
    pub fn lookup(&mut self, term: Term, name: &str) -> Option<Term> {
        self.machine.field(term, name)
    }

    /// The first failure that a check of the whole value finds.
    pub fn validate(&mut self, term: Term, check: Check) -> Option<Failure> {
        self.machine.validate(term, check).map(Failure::Bottom)
    }

    /// Whether two values are the same data.
    pub fn equal(&mut self, left: Term, right: Term) -> bool {
        self.machine.equal(left, right)
    }

    /// The default of a value, or the value itself.
    pub fn default_of(&mut self, term: Term) -> Term {
        self.machine.default_of(term)
    }

    /// Takes a concrete value into the graph.
    pub fn insert(&mut self, data: Data) -> Term {
        let span = self.span;
        self.machine.insert(data, span)
    }

    /// A closed list of values.
    pub fn list_of(&mut self, terms: &[Term]) -> Term {
        self.machine.list_of(terms, ListEnd::Closed)
    }

    /// A struct of values.
    pub fn struct_of(&mut self, fields: &[(Arc<str>, Term)]) -> Term {
        self.machine.struct_of(fields)
    }
}

fn unexpected(found: &Data, wanted: &str) -> Failure {
    let name = match found {
        Data::Null => "null",
        Data::Bool(_) => "bool",
        Data::Number(_) => "number",
        Data::String(_) => "string",
        Data::Bytes(_) => "bytes",
        Data::List(_) => "list",
        Data::Struct(_) => "struct",
    };
    Failure::eval(format!("cannot use a {name} as {wanted}"))
}
