//! Unification: what is done to a node, in order, until it is final.
//!
//! [`Evaluator::unify`] brings a node as far as the caller needs, and no further where it cannot
//! or must not go: a node that is met again while it is being evaluated is left as it is, which is
//! how reference cycles end. The steps: run the node's tasks; take over a chosen disjunct or a
//! shared node; settle the value (validators, markers); evaluate the fields; check what was put
//! off (validators, conditions); fold disjunctions; check closedness.
//!
//! Mirrors the order of cue v0.14.1 `internal/core/adt/unify.go`, on which results of cyclic
//! configurations depend.

use crate::bottom::{Code, Reason};
use crate::budget::Limit;
use crate::closed::{CloseInfo, Traits};
use crate::cycle::CycleKind;
use crate::eval::{Eval, Evaluator};
use crate::graph::{Flags, Graph, Status};
use crate::ir::ArcKind;
use crate::kind::Kind;
use crate::label::Label;
use crate::sched::{Facts, Mode, Need};
use crate::term::{Datum, NodeId, Term};
use source_vocab::Span;

impl Evaluator<'_> {
    /// Evaluates a node until the facts hold, as far as the mode goes. Whether they hold then.
    pub(crate) fn unify(
        &mut self,
        v: NodeId,
        needs: Facts,
        mode: Mode,
        check_closed: bool,
    ) -> Eval<bool> {
        if mode == Mode::Ignore {
            return Ok(false);
        }
        self.charge(1);
        if let Some(limit) = self.too_deep() {
            self.give_up(v, limit);
            return Ok(true);
        }
        self.depth += 1;
        let result = self.unify_checked(v, needs, mode, check_closed);
        self.depth -= 1;
        result
    }

    /// Ends the evaluation of a node because a limit has been reached.
    fn give_up(&mut self, v: NodeId, limit: Limit) {
        if self.g.node(v).status != Status::Final {
            let span = self.g.view(Term::detached(Datum::Node(v))).span();
            let id = self.new_bottom(Code::Eval, Reason::Limit(limit), span);
            self.g.node_mut(v).base = Some(Self::bottom_term(id));
            self.g.node_mut(v).status = Status::Final;
        }
    }

    fn unify_checked(
        &mut self,
        v: NodeId,
        needs: Facts,
        mode: Mode,
        check_closed: bool,
    ) -> Eval<bool> {
        if !self.state(v) {
            return Ok(true);
        }
        if !self.g.node(v).is_rooted()
            || mode == Mode::Finalize
            || self.child_conjuncts_known(self.g.node(v).parent)
        {
            self.signal(v, Facts::ANCESTORS);
        }
        let own = needs & !Facts::SUB_FIELDS;
        if self.g.node(v).base.is_none() {
            self.g.node_mut(v).base = Some(Self::in_progress());
        }
        self.update_scalar(v);
        if own == (Facts::SCALAR | Facts::ARC_KIND) && self.meets(v, own) {
            return Ok(true);
        }
        if self.g.node(v).status == Status::Evaluating
            && self.work(v).eval_depth == self.eval_depth
            && !matches!(mode, Mode::Finalize | Mode::Yield)
            && !needs.has_any(Facts::FIELD_SET)
        {
            return Ok(false);
        }
        self.g.node_mut(v).status = Status::Evaluating;
        let saved_depth = self.mark_depth(v);
        let saved_vertex = self.frame.vertex;
        self.work_mut(v).active += 1;
        let result = self.unify_marked(v, needs, mode, check_closed);
        let active = &mut self.work_mut(v).active;
        *active = active.saturating_sub(1);
        self.frame.vertex = saved_vertex;
        self.work_mut(v).eval_depth = saved_depth;
        result
    }

    /// Puts the present depth at a node and gives the one it had.
    pub(crate) fn mark_depth(&mut self, v: NodeId) -> i64 {
        let depth = self.eval_depth;
        std::mem::replace(&mut self.work_mut(v).eval_depth, depth)
    }

    fn unify_marked(
        &mut self,
        v: NodeId,
        needs: Facts,
        mode: Mode,
        check_closed: bool,
    ) -> Eval<bool> {
        let own = needs & !Facts::SUB_FIELDS;
        if self.g.node(v).arc == ArcKind::Pending {
            self.process(v, Facts::PENDING, Mode::Attempt)?;
            if self.g.node(v).arc == ArcKind::Pending {
                let mut at = 0;
                while let Some(arc) = self.g.node(v).arcs.get(at) {
                    self.unify(arc, needs, Mode::Attempt, check_closed)?;
                    at += 1;
                }
            }
        }
        self.process(v, own, mode)?;
        if self.g.node(v).arc != ArcKind::Pending
            && self.meets(v, Facts::ANCESTORS)
            && self.work(v).tasks.len() == self.work(v).next_task
        {
            self.signal(v, Facts::ARC_KIND);
        }
        self.frame.vertex = Some(v);

        let disjunct = self.g.deref_disjunct(v);
        if disjunct != v {
            let flag = self.g.node(disjunct).flags.has(Flags::CLOSED_RECURSIVE);
            let (status, errors) = {
                let node = self.g.node(disjunct);
                (node.status, node.child_errors)
            };
            let combined = self.combine(self.g.node(v).child_errors, errors);
            let node = self.g.node_mut(v);
            if flag {
                node.flags.set(Flags::CLOSED_RECURSIVE);
            } else {
                node.flags.clear(Flags::CLOSED_RECURSIVE);
            }
            node.status = status;
            node.child_errors = combined;
            node.arcs.clear();
            if status == Status::Final {
                return Ok(true);
            }
            return Ok(self.meets(disjunct, needs));
        }
        self.update_scalar(v);
        if self.work(v).a_struct {
            let info = self.work(v).a_struct_info;
            self.narrow(v, Kind::STRUCT, None, info);
        }
        if !self.meets(v, own) && mode != Mode::Finalize {
            return Ok(false);
        }

        if self.work(v).is_shared {
            if Graph::is_in_progress_mark(self.work(v).share_base) {
                self.work_mut(v).share_base = None;
            }
        } else if self.base_in_progress(v) {
            self.g.node_mut(v).base = None;
        }
        if !self.work(v).is_shared {
            self.settle_value(v);
        }
        if let Some(target) = self.g.base_node(v)
            && self.work(v).share_cycle == CycleKind::None
        {
            if self.has_depth_cycle(target) {
                self.report_cycle(v);
                return Ok(true);
            }
            self.unify(target, needs, mode, check_closed)?;
        }

        if self.work(v).completed.has_any(Facts::SUB_FIELDS) {
            // done before
        } else if needs.has_any(Facts::SUB_FIELDS) {
            if !self.assert_structural_cycle(v)
                && self.g.node(v).status != Status::Final
                && !self.work(v).kind.is_bottom()
            {
                self.complete_all_arcs(v, needs, mode, check_closed)?;
            }
            if mode == Mode::Finalize {
                self.signal(v, Facts::SUB_FIELDS);
            }
            if self.g.node(v).base.is_none() {
                let left = self.validators(v);
                self.g.node_mut(v).base = Some(left);
            }
            if let Some(value) = self.value_of_node(v)
                && self.is_concrete(value)
            {
                let checks = std::mem::take(&mut self.work_mut(v).checks);
                for check in checks {
                    let subject = Term::detached(Datum::Node(v));
                    if let Some(bottom) = self.check(check, subject)? {
                        self.add_bottom(v, Some(bottom));
                    }
                }
            }
        } else if needs.has_any(Facts::FIELD_SET) {
            self.settle_arc_kinds(v, mode)?;
        }

        if let Some(err) = self.collect_errs(v) {
            self.work_mut(v).errs = None;
            let err = match self.g.error_of(v) {
                Some(own) => self.combine(Some(own), Some(err)).unwrap_or(err),
                None => err,
            };
            self.g.node_mut(v).base = Some(Self::bottom_term(err));
        }
        self.fold_disjuncts(v);
        if mode == Mode::Attempt {
            return Ok(self.meets(v, needs));
        }
        let known = self.work(v).completed & needs;
        if known != Facts::NONE {
            self.signal(v, known);
        }

        let target = self.g.deref_value(v);
        if target != v {
            self.g.node_mut(v).arcs.clear();
            self.g.node_mut(v).child_errors = None;
            if !self.work(v).completed.has_any(Facts::SUB_FIELDS) {
                if self.g.node(target).status == Status::New {
                    self.unify(target, needs, mode, false)?;
                }
                return Ok(self.meets(v, needs));
            }
            let flags = self.g.node(target).flags;
            let status = self.g.node(target).status;
            let node = self.g.node_mut(v);
            if flags.has(Flags::CLOSED_RECURSIVE) {
                node.flags.set(Flags::CLOSED_RECURSIVE);
            }
            if flags.has(Flags::ELLIPSIS) {
                node.flags.set(Flags::ELLIPSIS);
            }
            node.status = status;
            self.finish_sharing(v);
            if self.has_ancestor(v, target) {
                self.report_cycle(v);
                return Ok(true);
            }
            self.unify(target, needs, mode, check_closed)?;
            self.shorten(v);
            return Ok(true);
        }
        if !self.work(v).completed.has_any(Facts::SUB_FIELDS) {
            return Ok(self.meets(v, needs));
        }
        self.eval_depth += 1;
        let work = self.work(v);
        let opens = work.has_top && !work.has_struct;
        if work.is_def && !opens {
            self.g.node_mut(v).flags.set(Flags::CLOSED_RECURSIVE);
        }
        if check_closed {
            self.check_closed(v);
        }
        self.g.node_mut(v).status = Status::Final;
        self.eval_depth -= 1;
        if check_closed {
            self.drop_field_works(v);
        }
        Ok(self.meets(v, needs))
    }

    /// Whether no ancestor will add conjuncts to the fields of a node.
    pub(crate) fn child_conjuncts_known(&self, v: Option<NodeId>) -> bool {
        let Some(v) = v else { return true };
        let node = self.g.node(self.g.deref_value(v));
        if node.status == Status::Final
            || (!self.has_work(v) && self.g.node(v).status != Status::New)
        {
            return true;
        }
        self.has_work(v) && self.meets(v, Facts::FIELD_CONJUNCTS | Facts::ANCESTORS)
    }

    /// Runs the tasks of a node and, where that matters, those of its parents.
    pub(crate) fn complete_tasks(&mut self, v: NodeId, mode: Mode) -> Eval<()> {
        if self.work(v).is_completing {
            return Ok(());
        }
        self.work_mut(v).is_completing = true;
        let result = self.complete_tasks_inner(v, mode);
        self.work_mut(v).is_completing = false;
        result
    }

    fn complete_tasks_inner(&mut self, v: NodeId, mode: Mode) -> Eval<()> {
        let is_let = self.g.node(v).is_let();
        let is_dynamic = self.g.node(v).flags.has(Flags::DYNAMIC);
        let parent = self.g.node(v).parent;
        if !is_let
            && let Some(parent) = parent
            && self.has_work(parent)
            && !is_dynamic
            && !self.work(v).completed.has_any(Facts::ANCESTORS)
        {
            self.depth += 1;
            let result = match self.too_deep() {
                None => self.complete_tasks(parent, mode),
                Some(_) => Ok(()),
            };
            self.depth -= 1;
            result?;
        }
        if is_dynamic || is_let || self.child_conjuncts_known(parent) {
            self.signal(v, Facts::ANCESTORS);
        }
        if self.work(v).tasks.len() != self.work(v).next_task {
            self.process(v, Facts::VALUE | Facts::FIELD_CONJUNCTS, mode)?;
            self.update_scalar(v);
        }
        Ok(())
    }

    /// Lets the scalar be the base, unless there is an error.
    pub(crate) fn update_scalar(&mut self, v: NodeId) {
        let Some(scalar) = self.work(v).scalar else {
            return;
        };
        if self.g.error_of(v).is_none() || self.base_in_progress(self.g.deref_value(v)) {
            let is_disjunct = self
                .g
                .base_node(v)
                .is_some_and(|target| self.g.node(target).flags.has(Flags::DISJUNCT));
            if !is_disjunct {
                self.g.node_mut(v).base = Some(scalar);
            }
            self.signal(v, Facts::SCALAR);
        }
    }

    fn complete_all_arcs(
        &mut self,
        v: NodeId,
        needs: Facts,
        mode: Mode,
        check_closed: bool,
    ) -> Eval<()> {
        self.complete_tasks(v, Mode::Finalize)?;
        self.eval_depth += 1;
        let result = self.complete_arcs_inner(v, needs, mode, check_closed);
        self.eval_depth -= 1;
        result
    }

    fn complete_arcs_inner(
        &mut self,
        v: NodeId,
        needs: Facts,
        mode: Mode,
        check_closed: bool,
    ) -> Eval<()> {
        let check_closed = check_closed && !self.work(v).has_disjunction;
        let mut at = 0;
        let mut drops = false;
        while let Some(arc) = self.g.node(v).arcs.get(at) {
            at += 1;
            self.unify(arc, needs, mode, check_closed)?;
            if self.g.node(arc).arc == ArcKind::Pending {
                self.g.node_mut(arc).arc = ArcKind::Absent;
                drops = true;
                continue;
            }
            let node = self.g.node(arc);
            drops |= node.arc == ArcKind::Absent;
            if node.arc <= ArcKind::Required
                && node.label.is_some_and(Label::is_string)
                && !self.work(v).kind.meets(Kind::STRUCT)
                && self.g.error_of(v).is_none()
                && self.g.error_of(arc).is_none()
                && let Some(label) = node.label
            {
                let value = self.value_of_node(v);
                let span = self.g.view(Term::detached(Datum::Node(arc))).span();
                let id = self.new_bottom(Code::Eval, Reason::FieldInScalar { label, value }, span);
                if let Some(value) = value {
                    self.g.pool.bottoms[id.index()].also_at(value.span);
                }
                self.add_bottom(v, Some(id));
            }
        }
        if drops {
            let absent: Vec<NodeId> = self
                .g
                .node(v)
                .arcs
                .iter()
                .map(|(_, arc)| arc)
                .filter(|&arc| self.g.node(arc).arc == ArcKind::Absent)
                .collect();
            self.g.node_mut(v).arcs.retain(|arc| !absent.contains(&arc));
        }
        let mut at = 0;
        while let Some(arc) = self.g.node(v).arcs.get(at) {
            at += 1;
            let node = self.g.node(arc);
            if !node.is_let()
                && node.arc <= ArcKind::Required
                && let Some(err) = self.g.error_of(arc)
            {
                self.add_child_error(v, err);
            }
        }
        self.run_post_checks(v)?;
        self.finish_sharing(v);
        let yields: Vec<bool> = self
            .g
            .node(v)
            .structs
            .iter()
            .map(|info| {
                info.from
                    .is_none_or(|from| !self.g.yields[from.index()].envs.is_empty())
            })
            .collect();
        if yields.contains(&false) {
            let mut keep = yields.into_iter();
            self.g
                .node_mut(v)
                .structs
                .retain(|_| keep.next().unwrap_or(true));
        }
        Ok(())
    }

    /// Verifies that conditions decided before still have the same outcome.
    fn run_post_checks(&mut self, v: NodeId) -> Eval<()> {
        let mut at = 0;
        while let Some(&check) = self.work(v).post_checks.get(at) {
            at += 1;
            let saved = self.push_frame(check.env, self.p.expr_span(check.expr));
            let value = self.eval_expr(check.expr, Need::new(Facts::ALL, Mode::Ignore));
            let value = match value {
                Ok(value) => value,
                Err(suspend) => {
                    self.frame = saved;
                    return Err(suspend);
                }
            };
            let (value, _) = self.take_default(value);
            let value = self.unwrap(value);
            let is_error = value.is_some_and(|value| value.bottom().is_some());
            if is_error != check.expects_error {
                let id = self.error(Code::Cycle, Reason::ChangedCondition);
                let own = self.value_of_node(v).and_then(Term::bottom);
                if let Some(id) = self.combine(own, Some(id)) {
                    self.g.node_mut(v).base = Some(Self::bottom_term(id));
                    self.g.node_mut(v).status = Status::Final;
                }
            }
            self.frame = saved;
        }
        Ok(())
    }

    /// Runs what decides whether fields below are there.
    pub(crate) fn complete_pending(&mut self, v: NodeId, mode: Mode) -> Eval<()> {
        if self.too_deep().is_some() {
            return Ok(());
        }
        self.depth += 1;
        let result = self.complete_pending_inner(v, mode);
        self.depth -= 1;
        result
    }

    fn complete_pending_inner(&mut self, v: NodeId, mode: Mode) -> Eval<()> {
        let mut at = 0;
        while let Some(arc) = self.g.node(v).arcs.get(at) {
            at += 1;
            if self.state(arc) {
                self.complete_pending(arc, mode)?;
            }
        }
        self.process(v, Facts::PENDING, mode)?;
        Ok(())
    }

    fn settle_arc_kinds(&mut self, v: NodeId, mode: Mode) -> Eval<()> {
        let mut at = 0;
        while let Some(arc) = self.g.node(v).arcs.get(at) {
            at += 1;
            if self.g.node(arc).arc == ArcKind::Pending {
                self.unify(arc, Facts::ARC_KIND, mode, false)?;
                if self.g.node(arc).arc == ArcKind::Pending {
                    self.g.node_mut(arc).arc = ArcKind::Absent;
                }
            }
        }
        Ok(())
    }

    /// The errors of a node, those at hand included.
    pub(crate) fn collect_errs(&mut self, v: NodeId) -> Option<crate::term::BottomId> {
        let at_hand = self.take_errs();
        let errs = self.combine(self.work(v).errs, at_hand);
        self.work_mut(v).errs = errs;
        errs
    }

    /// Intersects the kinds of a node with those of a conjunct. False when nothing is left.
    pub(crate) fn narrow(
        &mut self,
        v: NodeId,
        kind: Kind,
        by: Option<Term>,
        info: CloseInfo,
    ) -> bool {
        self.note_evidence(v, info, Traits::NONE);
        let known = self.work(v).kind;
        if known.is_bottom() || kind.is_bottom() {
            return false;
        }
        let both = known & kind;
        if both.is_bottom() {
            let left = self.work(v).kind_by;
            let span = by.map_or(Span::DETACHED, |term| term.span);
            let id = self.new_bottom(
                Code::Eval,
                Reason::Mismatch {
                    left,
                    left_kind: known,
                    right: by,
                    right_kind: kind,
                },
                left.map_or(span, |left| left.span),
            );
            self.g.pool.bottoms[id.index()].also_at(span);
            self.g.pool.bottoms[id.index()].node = Some(v);
            self.add_bottom(v, Some(id));
        }
        let work = self.work_mut(v);
        if known != both || work.kind_by.is_none() {
            work.kind_by = by;
        }
        work.kind = both;
        !both.is_bottom()
    }
}
