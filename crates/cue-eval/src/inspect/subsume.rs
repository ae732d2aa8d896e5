//! Whether one value includes another: every value that the second admits, the first admits too.
//!
//! The answer may be a false *no*, where only more work could tell. As cue v0.14.1 `internal/core/subsume` (the
//! variant of the new evaluator, `verticesDev`).

use super::{Any, Inspector};
use crate::ir::ArcKind;
use crate::kind::Kind;
use crate::term::Op::{Equal, Greater, GreaterEqual, Less, LessEqual, Match, NotEqual, NotMatch};
use crate::term::{BoundId, Datum, ListEnd, NodeId, Op, Term};

/// What counts when values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Profile {
    /// The default of the included value is taken.
    right_default: bool,
    /// The default of the including value is taken.
    left_default: bool,
    /// Closedness counts.
    closedness: bool,
}

impl Profile {
    /// Values as they are.
    pub const EXACT: Self = Self {
        right_default: false,
        left_default: false,
        closedness: true,
    };
    /// To leave out alternatives that another includes.
    pub const SIMPLIFY: Self = Self {
        right_default: false,
        left_default: true,
        closedness: true,
    };
    /// Schemas: closedness does not count.
    pub const SCHEMA: Self = Self {
        right_default: true,
        left_default: false,
        closedness: false,
    };
}

/// Whether a value includes another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inclusion {
    /// It does.
    Yes,
    /// It does not.
    No,
    /// It was not found to, but it may.
    Unknown,
}

struct Run<'i, 'p> {
    i: &'i mut Inspector<'p>,
    profile: Profile,
    inexact: bool,
    depth: u32,
}

/// How deep values are compared before the answer is no.
const MAX_DEPTH: u32 = 256;

impl Inspector<'_> {
    /// Whether `whole` includes `part`.
    pub fn subsumes(&mut self, whole: Term, part: Term, profile: Profile) -> bool {
        self.inclusion(whole, part, profile) == Inclusion::Yes
    }

    /// Whether `whole` includes `part` for all that could be found out.
    pub fn may_subsume(&mut self, whole: Term, part: Term, profile: Profile) -> bool {
        self.inclusion(whole, part, profile) != Inclusion::No
    }

    /// Whether `whole` includes `part`, and how sure that is.
    pub fn inclusion(&mut self, whole: Term, part: Term, profile: Profile) -> Inclusion {
        let mut run = Run {
            i: self,
            profile,
            inexact: false,
            depth: 0,
        };
        if run.values(whole, part) {
            Inclusion::Yes
        } else if run.inexact {
            Inclusion::Unknown
        } else {
            Inclusion::No
        }
    }
}

impl Run<'_, '_> {
    fn deref(&self, term: Term) -> Term {
        match term.datum {
            Datum::Node(node) => Term::new(Datum::Node(self.i.e.g.deref_value(node)), term.span),
            _ => term,
        }
    }

    /// What a node is worth: its base, or itself for a struct or list.
    fn value(&self, node: NodeId) -> Option<Term> {
        self.i.e.value_of_node(node)
    }

    fn values(&mut self, a: Term, b: Term) -> bool {
        self.depth += 1;
        let result = self.depth < MAX_DEPTH && self.values_inner(a, b);
        self.depth -= 1;
        result
    }

    fn values_inner(&mut self, a: Term, b: Term) -> bool {
        let (mut a, mut b) = (self.deref(a), self.deref(b));
        if a.datum == b.datum {
            return true;
        }
        if self.profile.right_default {
            b = self.deref(self.i.view(b).default().term());
        }
        // a node that is no struct or list counts as what stands in it
        if b.node().is_none()
            && let Some(value) = a.node().and_then(|node| self.value(node))
        {
            a = value;
        }
        match (a.datum, b.datum) {
            (_, Datum::Bottom(id)) => return !self.i.e.code(id).is_incomplete(),
            (Datum::Node(x), Datum::Node(y)) => return self.nodes(x, y),
            (_, Datum::Node(y)) => match self.value(y) {
                Some(value) if value.node().is_none() => return self.values(a, value),
                _ => {}
            },
            (Datum::Conjunction(_), Datum::Conjunction(_))
            | (Datum::Disjunction(_), Datum::Disjunction(_)) => {}
            (_, Datum::Conjunction(id)) => {
                let all = self.i.e.g.pool.conjunction(id).clone();
                return all.into_iter().any(|one| self.values(a, one));
            }
            (_, Datum::Disjunction(id)) => {
                let all = self.i.e.g.pool.disjunction(id).values.clone();
                return all.into_iter().all(|one| self.values(a, one));
            }
            _ => {}
        }
        if self.profile.left_default && matches!(a.datum, Datum::Disjunction(_)) {
            let taken = self.i.view(a).default().term();
            if !matches!(taken.datum, Datum::Disjunction(_)) {
                return self.values(taken, b);
            }
            a = taken;
        }
        match a.datum {
            Datum::Kind(kinds) => {
                let kind = self.i.e.kind(b);
                kind.is_within(kinds)
            }
            Datum::Bound(id) => self.bound(id, b),
            Datum::Validator(id) => {
                let result = self.i.e.validate_with(id, a, b);
                self.i.e.frame.errs = None;
                matches!(result, Ok(None))
            }
            Datum::Node(x) => match self.value(x) {
                Some(value) if value.node().is_none() => self.values(value, b),
                _ => false,
            },
            Datum::Conjunction(id) => {
                let all = self.i.e.g.pool.conjunction(id).clone();
                if let Datum::Conjunction(other) = b.datum {
                    let others = self.i.e.g.pool.conjunction(other).clone();
                    return all
                        .into_iter()
                        .all(|one| others.iter().any(|&other| self.values(one, other)));
                }
                all.into_iter().all(|one| self.values(one, b))
            }
            Datum::Disjunction(id) => self.disjunction(id, b),
            Datum::Null
            | Datum::Bool(_)
            | Datum::Number(_)
            | Datum::String(_)
            | Datum::Bytes(_)
            | Datum::Function(_) => {
                self.i.e.kind(b).is_within(self.i.e.kind(a)) && self.i.e.equal_scalars(a, b)
            }
            Datum::Bottom(_) | Datum::StructMark | Datum::ListMark(_) => false,
        }
    }

    fn disjunction(&mut self, id: crate::term::DisjunctionId, b: Term) -> bool {
        let choice = self.i.e.g.pool.disjunction(id).clone();
        let Datum::Disjunction(other) = b.datum else {
            return choice.values.iter().any(|&one| self.values(one, b));
        };
        let other = self.i.e.g.pool.disjunction(other).clone();
        other.values.iter().enumerate().all(|(at, &part)| {
            let is_default = at < other.defaults;
            choice.values.iter().enumerate().any(|(at, &whole)| {
                (at < choice.defaults || !is_default) && self.values(whole, part)
            })
        })
    }

    fn test(&mut self, op: Op, left: Term, right: Term) -> bool {
        self.i.e.binary(op, left, right).datum == Datum::Bool(true)
    }

    fn bound(&mut self, id: BoundId, b: Term) -> bool {
        let x = *self.i.e.g.pool.bound(id);
        let Datum::Bound(other) = b.datum else {
            return match b.datum {
                Datum::Number(_) | Datum::String(_) | Datum::Bool(_) => {
                    self.test(x.op, b, x.operand)
                }
                _ => false,
            };
        };
        let y = *self.i.e.g.pool.bound(other);
        if !self.i.e.is_concrete(y.operand) {
            return false;
        }
        let own = self.i.e.kind(Term::detached(Datum::Bound(id)));
        let its = self.i.e.kind(b);
        if !(own & its).is_within(own) {
            return false;
        }
        let test = match (x.op, y.op) {
            (Greater, GreaterEqual) => Less,
            (Greater | GreaterEqual, Greater | GreaterEqual) => LessEqual,
            (Less, LessEqual) => Greater,
            (Less | LessEqual, Less | LessEqual) => GreaterEqual,
            (NotEqual, NotEqual) | (Match, Match) | (NotMatch, NotMatch) => Equal,
            (NotEqual, GreaterEqual) => Less,
            (NotEqual, Greater) => LessEqual,
            (NotEqual, Less) => GreaterEqual,
            (NotEqual, LessEqual) => Greater,
            _ => return false,
        };
        self.test(test, x.operand, y.operand)
    }

    fn nodes(&mut self, x: NodeId, y: NodeId) -> bool {
        if x == y {
            return true;
        }
        if self.i.e.g.node(x).arc < self.i.e.g.node(y).arc {
            return false;
        }
        let base = |run: &Self, node: NodeId| run.i.e.g.node(node).base.map(|base| base.datum);
        if let Some(Datum::Bottom(id)) = base(self, y) {
            return !self.i.e.code(id).is_incomplete();
        }
        let is_final = self.i.is_data(y);
        match base(self, x) {
            None | Some(Datum::Bottom(_)) => return false,
            Some(Datum::ListMark(end)) => {
                let Some(Datum::ListMark(other)) = base(self, y) else {
                    return false;
                };
                return self.lists((x, end), (y, other), is_final);
            }
            Some(Datum::StructMark) => {
                if base(self, y) != Some(Datum::StructMark) {
                    return false;
                }
            }
            Some(_) => {
                let (Some(own), Some(its)) = (self.value(x), self.value(y)) else {
                    return false;
                };
                if !self.values(own, its) {
                    return false;
                }
                if is_final {
                    return true;
                }
            }
        }
        let x_closed = self.profile.closedness && self.i.is_closed_struct(x);
        let y_closed =
            self.profile.right_default || (self.profile.closedness && self.i.is_closed_struct(y));
        if x_closed && !y_closed {
            return false;
        }
        self.own_fields(x, y) && self.other_fields(x, y) && self.patterns(x, y, is_final)
    }

    /// Every field of `x` is in `y` and includes what is there.
    fn own_fields(&mut self, x: NodeId, y: NodeId) -> bool {
        let arcs: Vec<_> = self.i.e.g.node(x).arcs.iter().collect();
        for (label, a) in arcs {
            if label.is_let() {
                continue;
            }
            let is_constraint = matches!(
                self.i.e.g.node(a).arc,
                ArcKind::Optional | ArcKind::Required
            );
            let a_term = Term::detached(Datum::Node(a));
            if is_constraint && Kind::TOP.without(Kind::FUNC).is_within(self.i.kind(a_term)) {
                continue;
            }
            let b = match self.i.e.g.node(y).arcs.find(label) {
                Some(b) => Term::detached(Datum::Node(b)),
                None if !is_constraint => return false,
                None => {
                    if !self.i.e.accepts(y, label) || self.i.is_data(y) {
                        continue;
                    }
                    match self.i.any(Term::detached(Datum::Node(y)), Any::Field) {
                        Some(any) => any,
                        None => Term::TOP,
                    }
                }
            };
            if !self.values(a_term, b) {
                return false;
            }
        }
        true
    }

    /// Every field of `y` that `x` does not have is allowed by it.
    fn other_fields(&mut self, x: NodeId, y: NodeId) -> bool {
        let arcs: Vec<_> = self.i.e.g.node(y).arcs.iter().collect();
        for (label, b) in arcs {
            if label.is_let() || self.i.e.g.node(x).arcs.find(label).is_some() {
                continue;
            }
            if !self.i.e.accepts(x, label) {
                if !self.profile.closedness {
                    continue;
                }
                return false;
            }
            let constraint = self
                .i
                .any(Term::detached(Datum::Node(x)), Any::Field)
                .filter(|_| label.is_string());
            if let Some(constraint) = constraint
                && !self.values(constraint, Term::detached(Datum::Node(b)))
            {
                return false;
            }
        }
        true
    }

    fn patterns(&mut self, x: NodeId, y: NodeId, is_final: bool) -> bool {
        let own = self.i.e.g.node(x).patterns.clone();
        let its = self.i.e.g.node(y).patterns.clone();
        if own.is_empty() {
            return true;
        }
        if its.is_empty() {
            return is_final || self.i.e.g.is_closed_list(y);
        }
        if own.len() > its.len() {
            self.inexact = true;
            return false;
        }
        for pattern in own {
            let same = its
                .iter()
                .copied()
                .find(|other| self.i.e.equal_patterns(pattern.filter, other.filter));
            let Some(same) = same else {
                self.inexact = true;
                return false;
            };
            for node in [pattern.constraint, same.constraint] {
                self.i.e.finalize(node);
            }
            let whole = Term::detached(Datum::Node(pattern.constraint));
            let part = Term::detached(Datum::Node(same.constraint));
            if !self.values(whole, part) {
                return false;
            }
        }
        true
    }

    fn lists(&mut self, x: (NodeId, ListEnd), y: (NodeId, ListEnd), is_final: bool) -> bool {
        let closed = |end: ListEnd| end == ListEnd::Closed;
        if !is_final && closed(x.1) && !closed(y.1) {
            return false;
        }
        let own = self.i.e.elements(x.0);
        let its = self.i.e.elements(y.0);
        if own.len() > its.len() || (own.len() < its.len() && closed(x.1)) {
            return false;
        }
        if own.len() < its.len()
            && let Some(any) = self.i.any(Term::detached(Datum::Node(x.0)), Any::Element)
        {
            for &element in &its[own.len()..] {
                if !self.values(any, Term::detached(Datum::Node(element))) {
                    return false;
                }
            }
        }
        own.into_iter().zip(its).all(|(one, other)| {
            self.values(
                Term::detached(Datum::Node(one)),
                Term::detached(Datum::Node(other)),
            )
        })
    }
}
