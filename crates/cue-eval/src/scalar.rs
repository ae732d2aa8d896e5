//! Values that are inserted as they are: scalars, types, bounds, validators, and evaluated nodes.
//!
//! A node narrows with every value: kinds are intersected, bounds simplified against each other,
//! a second scalar must equal the first, and validators wait in `checks` until the value is
//! concrete. When everything is in, [`Evaluator::settle_value`] decides what the node is, or, when
//! it is not concrete, which constraints are left of it.

use crate::bottom::{Code, Reason};
use crate::bounds::Simplified;
use crate::closed::{CloseInfo, Traits};
use crate::disjunct::{PendingAlternative, PendingDisjunction};
use crate::eval::{Eval, Evaluator};
use crate::graph::{Conjunct, Elem, EnvId, Flags};
use crate::ir::ArcKind;
use crate::kind::Kind;
use crate::label::Label;
use crate::sched::{Facts, Job};
use crate::term::{BottomId, BoundId, Datum, NodeId, Op, Term, Validator};
use smallvec::SmallVec;

impl Evaluator<'_> {
    /// Inserts a value into a node.
    pub(crate) fn insert_value(&mut self, v: NodeId, env: EnvId, term: Term, mut info: CloseInfo) {
        self.note_evidence(v, info, Traits::NONE);
        match term.datum {
            Datum::Node(node) => {
                self.insert_node(v, env, term, node, info);
                return;
            }
            Datum::Bottom(id) => {
                self.add_bottom(v, Some(id));
                return;
            }
            Datum::Function(id) if self.g.pool.function(id).is_bare_validator() => {
                let datum = self.g.pool.add_validator(Validator {
                    function: id,
                    args: SmallVec::new(),
                    called: false,
                });
                self.insert_value(v, env, Term::new(datum, term.span), info);
                return;
            }
            _ => {}
        }
        let kind = self.kind(term);
        if !self.narrow(v, kind, Some(term), info) {
            return;
        }
        match term.datum {
            Datum::Disjunction(id) => {
                self.update_cyclic(v, info);
                info = info.optional();
                let choice = self.g.pool.disjunction(id);
                let alternatives = choice
                    .values
                    .iter()
                    .enumerate()
                    .map(|(at, &value)| {
                        PendingAlternative::new(
                            Elem::Term(value),
                            choice.marked,
                            at < choice.defaults,
                        )
                    })
                    .collect();
                self.schedule_disjunction(
                    v,
                    PendingDisjunction {
                        env,
                        info,
                        alternatives,
                    },
                );
            }
            Datum::Conjunction(id) => {
                for one in self.g.pool.conjunction(id).clone() {
                    self.insert_value(v, env, one, info);
                }
            }
            Datum::Kind(Kind::TOP) => {
                self.update_cyclic(v, info);
                self.work_mut(v).has_top = true;
                self.note_evidence(v, info, Traits::TOP);
            }
            Datum::Kind(_) => {
                self.update_cyclic(v, info);
                self.note_evidence(v, info, Traits::TOP);
            }
            Datum::Bound(id) => {
                self.update_cyclic(v, info);
                if self.insert_bound(v, env, term, id, info) {
                    return;
                }
            }
            Datum::Validator(_) => self.insert_validator(v, env, term, info),
            _ => {
                self.update_cyclic(v, info);
                if let Some(known) = self.work(v).scalar {
                    if !self.equal_scalars(known, term) {
                        let id = self.new_bottom(
                            Code::Eval,
                            Reason::Conflict {
                                left: known,
                                right: term,
                            },
                            known.span,
                        );
                        self.g.pool.bottoms[id.index()].also_at(term.span);
                        self.g.pool.bottoms[id.index()].node = Some(v);
                        self.add_bottom(v, Some(id));
                    }
                } else {
                    self.work_mut(v).scalar = Some(term);
                    self.signal(v, Facts::SCALAR);
                }
            }
        }
        let work = self.work(v);
        if let (Some((lower, low)), Some((upper, high))) = (work.lower, work.upper) {
            let kind = work.kind;
            match self.simplify_bounds(kind, lower, upper) {
                Simplified::Keep => {}
                Simplified::Left => self.work_mut(v).upper = None,
                Simplified::Right => self.work_mut(v).lower = None,
                Simplified::Empty => {
                    let work = self.work_mut(v);
                    work.lower = None;
                    work.upper = None;
                    self.empty_range(v, low, high);
                }
            }
        }
    }

    fn empty_range(&mut self, v: NodeId, left: Term, right: Term) {
        let id = self.new_bottom(Code::Eval, Reason::EmptyRange { left, right }, left.span);
        self.g.pool.bottoms[id.index()].also_at(right.span);
        self.g.pool.bottoms[id.index()].node = Some(v);
        self.add_bottom(v, Some(id));
    }

    /// Inserts a bound. True when it came in as another value.
    fn insert_bound(
        &mut self,
        v: NodeId,
        env: EnvId,
        term: Term,
        id: BoundId,
        info: CloseInfo,
    ) -> bool {
        let op = self.g.pool.bound(id).op;
        let kind = self.work(v).kind;
        let is_upper = matches!(op, Op::Less | Op::LessEqual);
        let is_lower = matches!(op, Op::Greater | Op::GreaterEqual);
        if is_upper || is_lower {
            let known = if is_upper {
                self.work(v).upper
            } else {
                self.work(v).lower
            };
            let kept = match known {
                Some((other, at)) => match self.simplify_bounds(kind, id, other) {
                    Simplified::Right => (other, at),
                    _ => (id, term),
                },
                None => (id, term),
            };
            let work = self.work_mut(v);
            if is_upper {
                work.upper = Some(kept);
            } else {
                work.lower = Some(kept);
            }
            return false;
        }
        let mut kept = Vec::new();
        let mut is_known = false;
        for check in std::mem::take(&mut self.work_mut(v).checks) {
            if let Elem::Term(Term {
                datum: Datum::Bound(other),
                ..
            }) = check.elem
            {
                match self.simplify_bounds(kind, id, other) {
                    Simplified::Right => is_known = true,
                    Simplified::Left => continue,
                    Simplified::Keep | Simplified::Empty => {}
                }
            }
            kept.push(check);
        }
        if !is_known {
            kept.push(Conjunct {
                env,
                elem: Elem::Term(term),
                info,
            });
        }
        self.work_mut(v).checks = kept;
        true
    }

    fn insert_validator(&mut self, v: NodeId, env: EnvId, term: Term, info: CloseInfo) {
        let Datum::Validator(id) = term.datum else {
            return;
        };
        let kind = self.kind(term);
        let function = self.g.pool.validator(id).function;
        let takes_any = self.g.pool.function(function).arguments == crate::builtin::Arguments::Any;
        if kind.meets(Kind::COMPOSITE) {
            let traits = if takes_any {
                Traits::OPEN_VALIDATOR.with(Traits::TOP)
            } else {
                Traits::TOP
            };
            self.note_evidence(v, info, traits);
        }
        let mut at = 0;
        while let Some(&check) = self.work(v).checks.get(at) {
            if let Elem::Term(known) = check.elem
                && self.equal_validators(known, term)
            {
                return;
            }
            at += 1;
        }
        self.work_mut(v).checks.push(Conjunct {
            env,
            elem: Elem::Term(term),
            info,
        });
        if kind == Kind::TOP {
            self.work_mut(v).has_top = true;
        }
        self.narrow(v, kind, Some(term), info);
    }

    /// Inserts the value of another node.
    fn insert_node(
        &mut self,
        v: NodeId,
        env: EnvId,
        term: Term,
        node: NodeId,
        mut info: CloseInfo,
    ) {
        if self.g.node(node).flags.has(Flags::CLOSED_ONCE) {
            self.g.node_mut(v).flags.set(Flags::CLOSED_ONCE);
            if !self.is_from_disjunction(node) {
                info = self.enter_reference(v, node, info, true, term.span);
            }
        }
        let base = self.g.node(node).base;
        let datum = base.map(|base| base.datum);
        if datum == Some(Datum::StructMark) {
            let work = self.work_mut(v);
            work.a_struct = true;
            work.a_struct_info = info;
        }
        if !self.g.node(node).is_data() {
            self.update_cyclic(v, info);
            let conjunct = Conjunct {
                env,
                elem: Elem::Term(term),
                info,
            };
            self.schedule_node(v, conjunct, node, info);
            return;
        }
        match (datum, base) {
            (Some(Datum::ListMark(_)), _) => {
                self.update_cyclic(v, info);
                self.schedule(v, Job::ListValue, Some(env), Elem::Term(term), info);
            }
            (Some(Datum::StructMark), _) => {
                let arcs: Vec<(Label, NodeId)> = self.g.node(node).arcs.iter().collect();
                for (label, arc) in arcs {
                    if self.g.node(arc).arc != ArcKind::Member {
                        continue;
                    }
                    let conjunct = Conjunct {
                        env: EnvId::at(0),
                        elem: Elem::Term(Term::detached(Datum::Node(arc))),
                        info,
                    };
                    self.insert_arc(v, label, ArcKind::Member, conjunct, info, true);
                }
                let structs = self.g.node(node).structs.clone();
                self.g.node_mut(v).structs.extend(structs);
            }
            (_, Some(base)) => self.insert_value(v, env, base, info),
            (_, None) => {}
        }
    }

    /// Whether a node is a disjunction, or what was chosen from one.
    pub(crate) fn is_from_disjunction(&self, mut v: NodeId) -> bool {
        loop {
            if self.g.node(v).flags.has(Flags::DISJUNCT) {
                return true;
            }
            match self.g.node(v).base.map(|base| base.datum) {
                Some(Datum::Disjunction(_)) => return true,
                Some(Datum::Node(next)) => v = next,
                _ => return false,
            }
        }
    }

    /// Decides what a node is, once its conjuncts are in: checks bounds against a concrete value,
    /// marks a struct, or keeps the constraints as the value.
    pub(crate) fn settle_value(&mut self, v: NodeId) {
        let mut is_struct = self.work(v).a_struct;
        if !is_struct && !self.g.node(v).structs.is_empty() {
            let work = self.work(v);
            is_struct = (work.kind.meets(Kind::STRUCT) && !work.has_top)
                || self.g.node(v).arcs.iter().any(|(label, arc)| {
                    label.is_regular() && self.g.node(arc).arc != ArcKind::Optional
                });
        }
        let mut value = self.value_of_node(self.g.deref_value(v));
        if self.g.node(v).base.is_none() && is_struct {
            self.g.node_mut(v).base = Some(Term::detached(Datum::StructMark));
            value = Some(Term::detached(Datum::Node(v)));
        }
        match value {
            Some(value) if self.is_concrete(value) => {
                let bounds = [self.work(v).lower, self.work(v).upper];
                for (id, bound) in bounds.into_iter().flatten() {
                    if let Some(bottom) = self.check_bound(id, bound, value) {
                        self.add_bottom(v, Some(bottom));
                    }
                }
            }
            _ => {
                let left = self.validators(v);
                self.g.node_mut(v).base = Some(left);
            }
        }
    }

    /// Checks a concrete value against a bound.
    fn check_bound(&mut self, id: BoundId, bound: Term, value: Term) -> Option<BottomId> {
        if let Some(errs) = self.take_errs() {
            return Some(errs);
        }
        let known = *self.g.pool.bound(id);
        let result = self.binary(known.op, value, known.operand);
        match result.datum {
            Datum::Bool(true) => None,
            Datum::Bottom(bottom) => Some(bottom),
            _ => {
                let span = self.g.view(value).span();
                let id = self.new_bottom(Code::Eval, Reason::OutOfBound { value, bound }, span);
                self.g.pool.bottoms[id.index()].also_at(bound.span);
                Some(id)
            }
        }
    }

    /// Checks a value against a bound or validator that was put off.
    pub(crate) fn check(&mut self, check: Conjunct, value: Term) -> Eval<Option<BottomId>> {
        let Elem::Term(term) = check.elem else {
            return Ok(None);
        };
        let saved = self.frame;
        self.frame.src = term.span;
        self.frame.info = check.info;
        self.frame.env = check.env;
        let result = match term.datum {
            Datum::Bound(id) => {
                let inner = self.unwrap(Some(value)).unwrap_or(value);
                Ok(self.check_bound(id, term, inner))
            }
            Datum::Validator(id) => self.validate_with(id, term, value),
            _ => Ok(None),
        };
        let errs = self.frame.errs;
        self.frame = saved;
        self.frame.errs = errs;
        result
    }

    /// The constraints that are left of a node that is not concrete.
    pub(crate) fn validators(&mut self, v: NodeId) -> Term {
        let mut all: SmallVec<[Term; 4]> = SmallVec::new();
        let mut kind = Kind::TOP;
        let work = self.work(v);
        let (own, lower, upper) = (work.kind, work.lower, work.upper);
        let checks = work.checks.clone();
        for (_, bound) in [lower, upper].into_iter().flatten() {
            all.push(bound);
            kind &= self.kind(bound);
        }
        for check in checks {
            let Elem::Term(term) = check.elem else {
                continue;
            };
            if let Datum::Bound(id) = term.datum
                && self.g.pool.bound(id).op == Op::NotEqual
                && [upper, lower]
                    .into_iter()
                    .flatten()
                    .any(|(other, _)| self.simplify_bounds(own, other, id) != Simplified::Keep)
            {
                continue;
            }
            all.push(term);
            kind &= self.kind(term);
        }
        let by = self.work(v).kind_by;
        if !kind.without(own).is_bottom() {
            let span = by.map_or(source_vocab::Span::DETACHED, |by| by.span);
            all.push(Term::new(Datum::Kind(own), span));
        }
        match all.as_slice() {
            [] => Term::new(
                Datum::Kind(own),
                by.map_or(source_vocab::Span::DETACHED, |by| by.span),
            ),
            [one] => *one,
            _ => Term::detached(self.g.pool.add_conjunction(all)),
        }
    }
}
