//! Equality of values, three ways.
//!
//! - [`Comparison::Data`]: regular fields only, defaults taken: `==` on lists.
//! - [`Comparison::Structure`]: all fields, optional ones and closedness too: finished disjuncts,
//!   arguments of validators.
//! - [`Evaluator::equal_disjuncts`]: also disjuncts that still have work, compared by what has come
//!   in so far and by the tasks that are left.
//!
//! As cue v0.14.1 `internal/core/adt/equality.go` and `disjunct2.go`.

use crate::eval::Evaluator;
use crate::graph::{Elem, Flags, Graph, Status};
use crate::ir::ArcKind;
use crate::kind::Kind;
use crate::label::Label;
use crate::term::{Datum, NodeId, Term};

/// What counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Comparison {
    /// Regular fields, defaults taken.
    Data,
    /// Everything, closedness too.
    Structure,
}

impl Evaluator<'_> {
    /// Whether two scalars are equal, with nothing recorded when their kinds differ.
    pub(crate) fn equal_scalars(&mut self, left: Term, right: Term) -> bool {
        match (left.datum, right.datum) {
            (Datum::Null, Datum::Null) => true,
            (Datum::Bool(one), Datum::Bool(other)) => one == other,
            (Datum::Number(one), Datum::Number(other)) => {
                one == other || {
                    let (one, other) = (self.g.pool.number(one), self.g.pool.number(other));
                    one.decimal.compare(&other.decimal).is_eq()
                }
            }
            (Datum::String(one), Datum::String(other)) => {
                self.g.pool.text(one) == self.g.pool.text(other)
            }
            (Datum::Bytes(one), Datum::Bytes(other)) => {
                self.g.pool.blob(one) == self.g.pool.blob(other)
            }
            (Datum::Function(one), Datum::Function(other)) => one == other,
            _ => false,
        }
    }

    fn default_term(&self, term: Term) -> Term {
        self.g.view(term).default().term()
    }

    /// Whether two values are equal.
    pub(crate) fn equal(&mut self, left: Term, right: Term, how: Comparison) -> bool {
        let (mut left, mut right) = (left, right);
        if how == Comparison::Data {
            left = self.default_term(left);
            right = self.default_term(right);
        }
        match (left.datum, right.datum) {
            (Datum::Node(one), Datum::Node(other)) => self.equal_nodes(one, other, how),
            (Datum::Node(_), _) | (_, Datum::Node(_)) => {
                // a node that is a scalar equals the scalar
                let (one, other) = (self.unwrap(Some(left)), self.unwrap(Some(right)));
                match (one, other) {
                    (Some(one), Some(other)) if one.node().is_none() && other.node().is_none() => {
                        how == Comparison::Data && self.equal_terminal(one, other, how)
                    }
                    _ => false,
                }
            }
            _ => self.equal_terminal(left, right, how),
        }
    }

    fn equal_nodes(&mut self, one: NodeId, other: NodeId, how: Comparison) -> bool {
        if self.g.node(one).arc != self.g.node(other).arc {
            return false;
        }
        let (one, other) = (self.g.deref_value(one), self.g.deref_value(other));
        if one == other {
            return true;
        }
        // what was not compared to the end does not count as equal
        if !self.charge(2) || self.too_deep().is_some() {
            return false;
        }
        if self.node_kind(one) != self.node_kind(other) {
            return false;
        }
        let structural = how == Comparison::Structure;
        if structural {
            let closed = |evaluator: &Self, v: NodeId| {
                let flags = evaluator.g.node(v).flags;
                flags.has(Flags::CLOSED_RECURSIVE) || flags.has(Flags::CLOSED_ONCE)
            };
            let is_struct = |evaluator: &Self, v: NodeId| {
                matches!(
                    evaluator.g.node(v).base.map(|base| base.datum),
                    Some(Datum::StructMark)
                )
            };
            if is_struct(self, one) && closed(self, one) != closed(self, other)
                || self.g.is_closed_list(one) != self.g.is_closed_list(other)
            {
                return false;
            }
        }
        let most = if structural {
            ArcKind::Optional
        } else {
            ArcKind::Required
        };
        let counts = |evaluator: &Self, (label, arc): (Label, NodeId)| {
            (structural || label.is_regular()) && evaluator.g.node(arc).arc <= most
        };
        let left: Vec<(Label, NodeId)> = self
            .g
            .node(one)
            .arcs
            .iter()
            .filter(|&arc| counts(self, arc))
            .collect();
        let right = self
            .g
            .node(other)
            .arcs
            .iter()
            .filter(|&arc| counts(self, arc))
            .count();
        if left.len() != right {
            return false;
        }
        for (label, arc) in left {
            let Some(twin) = self.g.node(other).arcs.find(label) else {
                return false;
            };
            if self.g.node(arc).arc != self.g.node(twin).arc {
                return false;
            }
            let (arc, twin) = (
                Term::detached(Datum::Node(arc)),
                Term::detached(Datum::Node(twin)),
            );
            if !self.equal(arc, twin, how) {
                return false;
            }
        }
        match (self.g.node(one).base, self.g.node(other).base) {
            (Some(one), Some(other)) => {
                let mark =
                    |term: Term| matches!(term.datum, Datum::StructMark | Datum::ListMark(_));
                (mark(one) && mark(other)) || self.equal_terminal(one, other, how)
            }
            (None, None) => true,
            _ => false,
        }
    }

    fn equal_terminal(&mut self, left: Term, right: Term, how: Comparison) -> bool {
        if left.datum == right.datum {
            return true;
        }
        match (left.datum, right.datum) {
            (Datum::Bottom(_), Datum::Bottom(_)) => true,
            (Datum::Bound(one), Datum::Bound(other)) => {
                let (one, other) = (*self.g.pool.bound(one), *self.g.pool.bound(other));
                one.op == other.op && self.equal(one.operand, other.operand, how)
            }
            (Datum::Conjunction(one), Datum::Conjunction(other)) => {
                let one = self.g.pool.conjunction(one).clone();
                let other = self.g.pool.conjunction(other).clone();
                one.len() == other.len()
                    && one
                        .into_iter()
                        .zip(other)
                        .all(|(one, other)| self.equal(one, other, how))
            }
            (Datum::Disjunction(one), Datum::Disjunction(other)) => {
                let one = self.g.pool.disjunction(one).values.clone();
                let other = self.g.pool.disjunction(other).values.clone();
                one.len() == other.len()
                    && one
                        .into_iter()
                        .zip(other)
                        .all(|(one, other)| self.equal(one, other, how))
            }
            _ => self.equal_scalars(left, right),
        }
    }

    /// Whether two filters of patterns are the same.
    pub(crate) fn equal_patterns(&mut self, left: Term, right: Term) -> bool {
        let left = self.default_term(left);
        let right = self.default_term(right);
        self.equal(left, right, Comparison::Data)
    }

    /// Whether two validators check the same.
    pub(crate) fn equal_validators(&mut self, left: Term, right: Term) -> bool {
        let (Datum::Validator(one), Datum::Validator(other)) = (left.datum, right.datum) else {
            return false;
        };
        if one == other {
            return true;
        }
        let one = self.g.pool.validator(one).clone();
        let other = self.g.pool.validator(other).clone();
        if one.function != other.function || one.args.len() != other.args.len() {
            return false;
        }
        one.args.iter().zip(&other.args).all(|(&one, &other)| {
            for term in [one, other] {
                if let Datum::Node(node) = term.datum {
                    self.finalize(node);
                }
            }
            self.equal(one, other, Comparison::Structure)
        })
    }

    /// Whether two disjuncts are the same, finished or not.
    pub(crate) fn equal_disjuncts(&mut self, known: NodeId, new: NodeId) -> bool {
        let (one, other) = (self.g.deref_value(known), self.g.deref_value(new));
        if self.g.node(one).status == Status::Final && self.g.node(other).status == Status::Final {
            return self.equal_nodes(one, other, Comparison::Structure);
        }
        if !self.equal_partial(new, known) || !self.equal_tasks(known, new) {
            return false;
        }
        let mut base = |v: NodeId| match self.g.node(v).base {
            Some(base) if !Graph::is_in_progress_mark(Some(base)) => Some(base),
            _ => Some(self.validators(v)),
        };
        let (x, y) = (base(other), base(one));
        let mark = |term: Term| matches!(term.datum, Datum::StructMark | Datum::ListMark(_));
        match (x, y) {
            (Some(x), Some(y)) if !mark(x) && !mark(y) => self.equal(x, y, Comparison::Structure),
            _ => true,
        }
    }

    fn open_tasks(&self, v: NodeId) -> Vec<Elem> {
        let work = self.work(v);
        work.tasks
            .iter()
            .skip(work.next_task)
            .map(|&task| self.task(task).elem)
            .collect()
    }

    fn equal_tasks(&self, one: NodeId, other: NodeId) -> bool {
        self.open_tasks(one) == self.open_tasks(other)
    }

    fn equal_partial(&mut self, one: NodeId, other: NodeId) -> bool {
        match (self.has_work(one), self.has_work(other)) {
            (false, false) => return self.equal_nodes(one, other, Comparison::Structure),
            (true, true) => {}
            _ => return false,
        }
        if !self.charge(4) || self.too_deep().is_some() {
            return false;
        }
        if !self.equal_known(one, other) {
            return false;
        }
        let (x, y) = (
            self.g.node(one).patterns.clone(),
            self.g.node(other).patterns.clone(),
        );
        if x.len() != y.len() {
            return false;
        }
        for (x, y) in x.iter().zip(&y) {
            self.finalize(x.constraint);
            self.finalize(y.constraint);
            if !self.equal_nodes(x.constraint, y.constraint, Comparison::Structure) {
                return false;
            }
        }
        if self.g.node(one).arcs.len() != self.g.node(other).arcs.len() {
            return false;
        }
        let arcs: Vec<(Label, NodeId)> = self.g.node(one).arcs.iter().collect();
        arcs.into_iter()
            .all(|(label, arc)| match self.g.node(other).arcs.find(label) {
                Some(twin) => self.equal_partial(arc, twin),
                None => false,
            })
    }

    /// Whether what has come in so far is the same.
    fn equal_known(&mut self, one: NodeId, other: NodeId) -> bool {
        let (x, y) = (self.work(one), self.work(other));
        let kind = |work: &crate::work::Work| {
            if work.a_struct {
                work.kind & Kind::STRUCT
            } else {
                work.kind
            }
        };
        if kind(x) != kind(y)
            || x.has_top != y.has_top
            || x.checks.len() != y.checks.len()
            || self.open_tasks(one) != self.open_tasks(other)
        {
            return false;
        }
        let same = |x: Option<Term>, y: Option<Term>, evaluator: &mut Self| match (x, y) {
            (None, None) => true,
            (Some(x), Some(y)) => evaluator.equal(x, y, Comparison::Structure),
            _ => false,
        };
        let pairs = [
            (x.scalar, y.scalar),
            (x.lower.map(|(_, term)| term), y.lower.map(|(_, term)| term)),
            (x.upper.map(|(_, term)| term), y.upper.map(|(_, term)| term)),
        ];
        let checks: Vec<(Elem, Elem)> = x
            .checks
            .iter()
            .zip(&y.checks)
            .map(|(x, y)| (x.elem, y.elem))
            .collect();
        pairs.into_iter().all(|(x, y)| same(x, y, self))
            && checks.into_iter().all(|(x, y)| match (x, y) {
                (Elem::Term(x), Elem::Term(y)) => {
                    self.equal_validators(x, y) || self.equal(x, y, Comparison::Structure)
                }
                _ => x == y,
            })
    }
}
