//! Cycles: values that refer to themselves.
//!
//! Three kinds. A *reference cycle* (`a: b, b: a`) says nothing and is dropped: a node that is met
//! while its own conjunct is resolved adds nothing. A *cycle through an operation* (`a: b-1, b:
//! a+1`) ends because a node in progress has no scalar yet: the task waits, and either some other
//! conjunct brings the scalar or the scheduler's unblocking makes it an incomplete error. A
//! *structural cycle* (`a: b: a`) would unfold for ever and is an error, found per conjunct:
//!
//! - a reference to an ancestor, or to a node under evaluation at a smaller depth, is cyclic;
//! - every conjunct has the list of references that led to it ([`Reference`]); following one a
//!   second time is cyclic;
//! - a node is in error only if no conjunct brings new structure (`has_non_cycle`,
//!   `has_non_cyclic`); a cyclic conjunct waits in `cyclic_conjuncts` until one does;
//! - what stands below something optional (`a?: a`, `[string]: a`, `null | a`) may go round once
//!   more, because it may end ([`CycleKind::Optional`], [`CycleKind::Maybe`]).
//!
//! Rules of cue v0.14.1 `internal/core/adt/cycle.go`.

use crate::bottom::{Code, Reason};
use crate::closed::CloseInfo;
use crate::eval::Evaluator;
use crate::graph::{Conjunct, Elem, EnvId, Flags, Graph, Status};
use crate::ir::ExprId;
use crate::term::{NodeId, Term, id};
use crate::work::CyclicConjunct;

id!(
    /// A reference on the way to a conjunct.
    pub(crate) RefId
);

/// Which cycle a conjunct is on. Ordered: it only grows on the way down.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum CycleKind {
    /// None.
    #[default]
    None,
    /// None, and it stands below something optional.
    Optional,
    /// One that something optional may still end.
    Maybe,
    /// A cycle.
    Cyclic,
}

/// A reference that was followed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reference {
    /// The expression.
    pub(crate) expr: ExprId,
    /// What it referred to, whatever copy of it.
    pub(crate) target: NodeId,
    /// What it named, which may only stand for the target.
    pub(crate) named: NodeId,
    /// The node in which it was evaluated.
    pub(crate) node: NodeId,
    /// The one before.
    pub(crate) next: Option<RefId>,
    /// How deep the node lies.
    pub(crate) depth: u32,
}

impl Graph {
    /// A reference by its id.
    pub(crate) fn reference(&self, id: RefId) -> &Reference {
        &self.references[id.index()]
    }
}

impl Evaluator<'_> {
    /// The node that a node stands for, whatever copy of it.
    pub(crate) fn identity(&self, v: NodeId) -> NodeId {
        let v = self.g.deref_value(v);
        if self.has_work(v) {
            self.work(v).underlying
        } else {
            v
        }
    }

    /// Judges a reference from `v` to `target`, which `named` stands for. True when the conjunct is to be skipped: it waits,
    /// or says nothing.
    pub(crate) fn detect_cycle(
        &mut self,
        v: NodeId,
        (named, target): (NodeId, NodeId),
        env: Option<EnvId>,
        expr: ExprId,
        mut info: CloseInfo,
    ) -> (CloseInfo, bool) {
        if self.has_ancestor(v, target) {
            self.work_mut(v).has_ancestor_cycle = true;
            let waits = !self.work(v).has_non_cycle;
            return self.mark_cyclic(v, target, env, expr, info, waits);
        }
        if self.work(v).has_non_cyclic && info.cycle == CycleKind::Maybe {
            return (info, false);
        }
        let (own, to) = (self.identity(v), self.identity(target));
        let depth = self.work(v).depth;
        let target_non_rooted = self.g.node(target).flags.has(Flags::NON_ROOTED);
        let mut at = info.refs;
        while let Some(id) = at {
            self.charge(1);
            let known = *self.g.reference(id);
            let same_node = self.identity(known.node) == own;
            if self.identity(known.target) == to {
                if same_node {
                    return (info, true);
                }
                let work = self.work(v);
                if info.cycle == CycleKind::Optional && work.has_non_cyclic {
                    info.cycle = CycleKind::Maybe;
                    if known.depth == depth {
                        return (info, true);
                    }
                    info.refs = None;
                    return (info, false);
                }
                if work.has_non_cycle && work.has_non_cyclic && known.depth != depth {
                    return (info, false);
                }
                let waits = !work.has_non_cyclic && !work.has_non_cycle;
                return self.mark_cyclic(v, target, env, expr, info, waits);
            }
            if same_node && known.expr == expr && target_non_rooted {
                let work = self.work(v);
                let waits = !work.has_non_cyclic && !work.has_non_cycle;
                return self.mark_cyclic(v, target, env, expr, info, waits);
            }
            at = known.next;
        }
        self.charge_memory(size_of::<Reference>());
        let id = RefId::at(self.g.references.len());
        self.g.references.push(Reference {
            expr,
            target: to,
            named,
            node: own,
            next: info.refs,
            depth,
        });
        info.refs = Some(id);
        (info, false)
    }

    fn mark_cyclic(
        &mut self,
        v: NodeId,
        target: NodeId,
        env: Option<EnvId>,
        expr: ExprId,
        mut info: CloseInfo,
        waits: bool,
    ) -> (CloseInfo, bool) {
        info.cycle = CycleKind::Cyclic;
        info.is_cyclic = true;
        self.work_mut(v).has_any_cyclic = true;
        if waits && let Some(env) = env {
            self.work_mut(v).cyclic_conjuncts.push(CyclicConjunct {
                conjunct: Conjunct {
                    env,
                    elem: Elem::Expr(expr),
                    info,
                },
                target: Some(target),
            });
            return (info, true);
        }
        (info, false)
    }

    /// Notes that a conjunct brings something that is on no cycle.
    pub(crate) fn mark_non_cyclic(&mut self, v: NodeId, info: CloseInfo) {
        if matches!(info.cycle, CycleKind::None | CycleKind::Optional) {
            self.work_mut(v).has_non_cyclic = true;
        }
    }

    /// Notes that a conjunct brings a value. If it is no cyclic one, those that wait go on.
    pub(crate) fn update_cyclic(&mut self, v: NodeId, info: CloseInfo) {
        self.work_mut(v).has_field_value = true;
        if info.is_cyclic {
            return;
        }
        self.work_mut(v).has_non_cycle = true;
        for waiting in std::mem::take(&mut self.work_mut(v).cyclic_conjuncts) {
            let info = waiting.conjunct.info;
            match waiting.target {
                Some(target) => self.schedule_node(v, waiting.conjunct, target, info),
                None => self.schedule_conjunct(v, waiting.conjunct, info),
            }
        }
    }

    /// Whether a node is under evaluation at a smaller depth.
    pub(crate) fn has_depth_cycle(&self, v: NodeId) -> bool {
        if !self.has_work(v) || self.g.node(v).status == Status::Final {
            return false;
        }
        let depth = self.work(v).eval_depth;
        depth > 0 && depth < self.eval_depth
    }

    /// Whether `target` is above `v`, or under evaluation around it.
    pub(crate) fn has_ancestor(&self, v: NodeId, target: NodeId) -> bool {
        if self.has_depth_cycle(target) {
            return true;
        }
        let to = self.identity(target);
        let mut at = self.g.node(v).parent;
        while let Some(parent) = at {
            if self.identity(parent) == to {
                return true;
            }
            at = self.g.node(parent).parent;
        }
        false
    }

    /// Reports a structural cycle when no conjunct brings anything else.
    pub(crate) fn assert_structural_cycle(&mut self, v: NodeId) -> bool {
        let work = self.work_mut(v);
        work.cyclic_conjuncts.clear();
        let cyclic = (work.has_ancestor_cycle && !work.has_non_cycle)
            || (work.has_any_cyclic && !work.has_non_cyclic);
        if cyclic {
            self.report_cycle(v);
        }
        cyclic
    }

    /// Makes the node a structural cycle error.
    pub(crate) fn report_cycle(&mut self, v: NodeId) {
        let span = self
            .g
            .node(v)
            .conjuncts
            .first()
            .map_or(self.frame.src, |conjunct| {
                match self.g.expr_of(conjunct.elem) {
                    Some(expr) => self.p.expr_span(expr),
                    None => self.g.elem_span(conjunct.elem),
                }
            });
        let id = self.new_bottom(Code::StructuralCycle, Reason::StructuralCycle, span);
        self.g.pool.bottoms[id.index()].node = Some(v);
        let own = self
            .unwrap(self.value_of_node(v))
            .and_then(Term::bottom)
            .filter(|&own| !Self::is_in_progress_bottom(own));
        let id = self.combine(own, Some(id)).unwrap_or(id);
        let term = Self::bottom_term(id);
        let node = self.g.node_mut(v);
        node.base = Some(term);
        node.arcs.clear();
    }
}
