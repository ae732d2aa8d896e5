//! Operators on concrete values: arithmetic, comparison, text.
//!
//! Numbers are decimals of 34 digits; `+`, `-` and `*` of two ints give an int, `/` always a float.
//! Values of different kinds cannot be compared except with `null`. As cue v0.14.1
//! `internal/core/adt/binop.go` and `decimal.go`.

use crate::bottom::{Code, Reason};
use crate::data::Number;
use crate::equal::Comparison;
use crate::eval::Evaluator;
use crate::kind::Kind;
use crate::number::{ArithmeticError, Decimal, NumberKind};
use crate::term::{BoundId, Datum, Op, Term};
use crate::validate::Check;
use std::cmp::Ordering;
use std::rc::Rc;
use std::sync::Arc;

impl Evaluator<'_> {
    fn truth(&self, value: bool) -> Term {
        Term::new(Datum::Bool(value), self.frame.src)
    }

    fn new_text(&mut self, text: Arc<str>) -> Term {
        Term::new(self.g.pool.add_text(text), self.frame.src)
    }

    fn as_text(&self, term: Term) -> Option<Arc<str>> {
        match term.datum {
            Datum::String(id) => Some(Arc::clone(self.g.pool.text(id))),
            _ => None,
        }
    }

    fn as_blob(&self, term: Term) -> Option<Arc<[u8]>> {
        match term.datum {
            Datum::Bytes(id) => Some(Arc::clone(self.g.pool.blob(id))),
            _ => None,
        }
    }

    fn as_number(&self, term: Term) -> Option<&Number> {
        match term.datum {
            Datum::Number(id) => Some(self.g.pool.number(id)),
            _ => None,
        }
    }

    fn bad_operands(&mut self, op: Op, left: Term, right: Term) -> Term {
        let id = self.error(
            Code::Eval,
            Reason::Operands {
                op,
                left,
                right: Some(right),
            },
        );
        for term in [left, right] {
            let span = self.g.view(term).span();
            self.g.pool.bottoms[id.index()].also_at(span);
        }
        Self::bottom_term(id)
    }

    /// `left op right` of values that are no nodes under evaluation.
    pub(crate) fn binary(&mut self, op: Op, left: Term, right: Term) -> Term {
        for side in [left, right] {
            if let Datum::Node(_) = side.datum
                && let Some(bottom) = self.first_failure(side, Check::Concrete)
            {
                let code = self.code(bottom);
                let mut copy = self.g.bottom(bottom).clone();
                copy.code = code;
                copy.of_child = false;
                copy.close_check = false;
                let id = self.store_bottom(copy);
                return Self::bottom_term(id);
            }
        }
        let failed = self.combine(left.bottom(), right.bottom());
        if let Some(id) = failed {
            return Self::bottom_term(id);
        }
        match op {
            Op::Equal | Op::NotEqual => match self.same(left, right) {
                Some(same) => self.truth(same == (op == Op::Equal)),
                None => self.bad_operands(op, left, right),
            },
            Op::Less | Op::LessEqual | Op::Greater | Op::GreaterEqual => {
                match self.order_of(left, right) {
                    Some(order) => self.truth(holds(op, order)),
                    None => self.bad_operands(op, left, right),
                }
            }
            Op::BoolAnd | Op::BoolOr => match (left.datum, right.datum) {
                (Datum::Bool(one), Datum::Bool(other)) => self.truth(if op == Op::BoolAnd {
                    one && other
                } else {
                    one || other
                }),
                _ => self.bad_operands(op, left, right),
            },
            Op::Match | Op::NotMatch => self.match_text(op, left, right),
            Op::Add | Op::Subtract | Op::Multiply | Op::Divide => self.arithmetic(op, left, right),
            Op::And | Op::Not => self.bad_operands(op, left, right),
        }
    }

    /// Whether two values are equal; none when that may not be asked.
    fn same(&mut self, left: Term, right: Term) -> Option<bool> {
        let (one, other) = (self.kind(left), self.kind(right));
        if let (Some(one), Some(other)) = (self.as_number(left), self.as_number(right)) {
            return Some(one.decimal.compare(&other.decimal) == Ordering::Equal);
        }
        if one == Kind::NULL || other == Kind::NULL {
            return Some(one == other);
        }
        if one != other {
            return None;
        }
        match (left.datum, right.datum) {
            (Datum::Bool(one), Datum::Bool(other)) => Some(one == other),
            (Datum::String(_), _) => Some(self.as_text(left) == self.as_text(right)),
            (Datum::Bytes(_), _) => Some(self.as_blob(left) == self.as_blob(right)),
            _ if one == Kind::LIST => Some(self.equal(left, right, Comparison::Data)),
            _ => None,
        }
    }

    fn order_of(&self, left: Term, right: Term) -> Option<Ordering> {
        if let (Some(one), Some(other)) = (self.as_number(left), self.as_number(right)) {
            return Some(one.decimal.compare(&other.decimal));
        }
        match (left.datum, right.datum) {
            (Datum::String(one), Datum::String(other)) => {
                Some(self.g.pool.text(one).cmp(self.g.pool.text(other)))
            }
            (Datum::Bytes(one), Datum::Bytes(other)) => {
                Some(self.g.pool.blob(one).cmp(self.g.pool.blob(other)))
            }
            _ => None,
        }
    }

    /// A compiled regular expression; none, with an error, for a bad one.
    pub(crate) fn regex(&mut self, pattern: &Arc<str>) -> Option<Rc<regex::bytes::Regex>> {
        if let Some(known) = self.regexes.get(pattern).cloned() {
            if known.is_none() {
                self.fail(Code::Eval, Reason::Text("invalid regular expression"));
            }
            return known;
        }
        let compiled = goregexp::compile(pattern).ok().map(Rc::new);
        if compiled.is_none() {
            self.fail(Code::Eval, Reason::Text("invalid regular expression"));
        }
        self.regexes.insert(Arc::clone(pattern), compiled.clone());
        compiled
    }

    fn match_text(&mut self, op: Op, left: Term, right: Term) -> Term {
        let pattern = match right.datum {
            Datum::String(id) => Arc::clone(self.g.pool.text(id)),
            Datum::Bytes(id) => String::from_utf8_lossy(self.g.pool.blob(id)).into(),
            _ => return self.bad_operands(op, left, right),
        };
        let Some(subject) = self.as_text(left) else {
            return self.bad_operands(op, left, right);
        };
        match self.regex(&pattern) {
            Some(regex) => {
                let found = regex.is_match(subject.as_bytes());
                self.truth(found == (op == Op::Match))
            }
            None => match self.take_errs() {
                Some(errs) => Self::bottom_term(errs),
                None => self.truth(false),
            },
        }
    }

    fn arithmetic(&mut self, op: Op, left: Term, right: Term) -> Term {
        if let (Some(one), Some(other)) = (self.as_number(left), self.as_number(right)) {
            let result = match op {
                Op::Add => one.decimal.add(&other.decimal),
                Op::Subtract => one.decimal.sub(&other.decimal),
                Op::Multiply => one.decimal.mul(&other.decimal),
                _ => one.decimal.quo(&other.decimal),
            };
            let kind = if op == Op::Divide || one.kind != other.kind {
                NumberKind::Float
            } else {
                one.kind
            };
            return self.number_term(result, kind);
        }
        match op {
            Op::Add => {
                if let (Some(one), Some(other)) = (self.as_text(left), self.as_text(right)) {
                    if !self.charge_bytes(one.len() + other.len()) {
                        return self.limit_term();
                    }
                    let mut text = String::with_capacity(one.len() + other.len());
                    text.push_str(&one);
                    text.push_str(&other);
                    return self.new_text(text.into());
                }
                if let (Some(one), Some(other)) = (self.as_blob(left), self.as_blob(right)) {
                    if !self.charge_bytes(one.len() + other.len()) {
                        return self.limit_term();
                    }
                    let bytes: Vec<u8> = [&one[..], &other[..]].concat();
                    return Term::new(self.g.pool.add_blob(bytes.into()), self.frame.src);
                }
                self.bad_operands(op, left, right)
            }
            Op::Multiply => {
                let (subject, count) = match (left.datum, right.datum) {
                    (Datum::Number(id), _) => (right, id),
                    (_, Datum::Number(id)) => (left, id),
                    _ => return self.bad_operands(op, left, right),
                };
                let number = self.g.pool.number(count);
                let times = (number.kind == NumberKind::Int)
                    .then(|| number.decimal.to_i64())
                    .flatten()
                    .and_then(|times| usize::try_from(times).ok());
                let Some(times) = times else {
                    return self.bad_operands(op, left, right);
                };
                self.repeat(op, left, right, subject, times)
            }
            _ => self.bad_operands(op, left, right),
        }
    }

    fn repeat(&mut self, op: Op, left: Term, right: Term, subject: Term, times: usize) -> Term {
        if let Some(text) = self.as_text(subject) {
            if !self.charge_bytes(text.len().saturating_mul(times)) {
                return self.limit_term();
            }
            return self.new_text(text.repeat(times).into());
        }
        if let Some(bytes) = self.as_blob(subject) {
            if !self.charge_bytes(bytes.len().saturating_mul(times)) {
                return self.limit_term();
            }
            let all = bytes.repeat(times);
            return Term::new(self.g.pool.add_blob(all.into()), self.frame.src);
        }
        self.bad_operands(op, left, right)
    }

    fn limit_term(&mut self) -> Term {
        match self.take_errs() {
            Some(errs) => Self::bottom_term(errs),
            None => Self::in_progress(),
        }
    }

    /// The result of arithmetic as a term.
    pub(crate) fn number_term(
        &mut self,
        result: Result<Decimal, ArithmeticError>,
        kind: NumberKind,
    ) -> Term {
        match result {
            Ok(decimal) => {
                let datum = self.g.pool.add_number(Number { kind, decimal });
                Term::new(datum, self.frame.src)
            }
            Err(error) => {
                let reason = match error {
                    ArithmeticError::DivisionByZero => "division by zero",
                    ArithmeticError::ExponentOutOfRange => {
                        "the result is out of the range of numbers"
                    }
                    ArithmeticError::Invalid => "the operation has no result",
                };
                let id = self.error(Code::Eval, Reason::Text(reason));
                Self::bottom_term(id)
            }
        }
    }

    /// Whether a concrete value satisfies a bound.
    pub(crate) fn satisfies(&mut self, id: BoundId, value: Term) -> bool {
        let bound = *self.g.pool.bound(id);
        let result = self.binary(bound.op, value, bound.operand);
        result.datum == Datum::Bool(true)
    }
}

/// Whether a comparison holds for an order.
pub(crate) fn holds(op: Op, order: Ordering) -> bool {
    match op {
        Op::Less => order == Ordering::Less,
        Op::LessEqual => order != Ordering::Greater,
        Op::Equal => order == Ordering::Equal,
        Op::NotEqual => order != Ordering::Equal,
        Op::GreaterEqual => order != Ordering::Less,
        Op::Greater => order == Ordering::Greater,
        _ => false,
    }
}
