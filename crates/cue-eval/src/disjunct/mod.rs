//! Disjunctions: trying alternatives, and the lattice of defaults.
//!
//! All disjunctions of a node wait for one task, which runs after all others. It starts with the
//! node as it is and, for each disjunction, forks every survivor once per alternative, unifies, and
//! drops what fails or equals another. One survivor becomes the base of the node; several become a
//! disjunction as value. Before forking, alternatives whose kind cannot fit, or whose scalar fields
//! contradict known ones (a discriminator), are dropped without a fork.
//!
//! Defaults: a disjunct is a default when every disjunction that marked any chose a marked one
//! for it. [`enum@Default`] is this lattice: `Maybe < Is < Not`, combined by maximum.
//!
//! - `fork.rs`: copying the open subtree of a node;
//! - `../equal.rs`: when two disjuncts are the same.
//!
//! As cue v0.14.1 `internal/core/adt/disjunct2.go`.

mod filter;
mod fork;

use crate::bottom::{Bottom, Code, Reason};
use crate::budget::Limit;
use crate::closed::CloseInfo;
use crate::eval::{Eval, Evaluator, Overlay};
use crate::graph::{Conjunct, Elem, EnvId, Flags, Status};
use crate::ir::ArcKind;
use crate::label::Label;
use crate::sched::{Facts, Job, Mode, TaskId};
use crate::term::{BottomId, Datum, Disjunction, NodeId, Term};
use source_vocab::Span;

/// Whether a disjunct is a default. Ordered: the greater wins when two are combined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Default {
    /// Nothing was marked.
    Maybe,
    /// Marked.
    Is,
    /// Something else was marked.
    Not,
}

/// One alternative that is to be tried.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PendingAlternative {
    pub(crate) elem: Elem,
    pub(crate) default: Default,
    pub(crate) err: Option<BottomId>,
}

impl PendingAlternative {
    /// An alternative of a disjunction in which some are marked or none is.
    pub(crate) fn new(elem: Elem, any_marked: bool, is_marked: bool) -> Self {
        let default = match (any_marked, is_marked) {
            (false, _) => Default::Maybe,
            (true, true) => Default::Is,
            (true, false) => Default::Not,
        };
        Self {
            elem,
            default,
            err: None,
        }
    }
}

/// A disjunction that waits for its turn.
#[derive(Clone, Debug)]
pub(crate) struct PendingDisjunction {
    pub(crate) env: EnvId,
    pub(crate) info: CloseInfo,
    pub(crate) alternatives: Vec<PendingAlternative>,
}

fn combine(left: Default, right: Default, drops_left: bool, drops_right: bool) -> Default {
    let left = if drops_left { Default::Maybe } else { left };
    let right = if drops_right { Default::Maybe } else { right };
    left.max(right)
}

impl Evaluator<'_> {
    /// Adds a disjunction to a node.
    pub(crate) fn schedule_disjunction(&mut self, v: NodeId, disjunction: PendingDisjunction) {
        if self.work(v).disjunctions.is_empty() {
            let nothing = Elem::Term(Term::TOP);
            self.schedule(v, Job::Disjunctions, None, nothing, CloseInfo::default());
        }
        let work = self.work_mut(v);
        work.disjunctions.push(disjunction);
        work.has_disjunction = true;
    }

    /// Schedules everything below a node. False when some field is in error.
    fn init_arcs(&mut self, v: NodeId) -> bool {
        let mut at = 0;
        while let Some(arc) = self.g.node(v).arcs.get(at) {
            at += 1;
            let has_state = self.state(arc);
            if has_state && self.work(arc).errs.is_some() {
                if self.g.node(arc).arc == ArcKind::Member {
                    return false;
                }
            } else if !self.init_arcs(arc) {
                return false;
            }
        }
        true
    }

    pub(crate) fn process_disjunctions(&mut self, id: TaskId) -> Eval<()> {
        let v = self.task(id).node;
        let err = self.fork_all(v)?;
        let combined = self.combine(self.task(id).err, err);
        self.task_mut(id).err = combined;
        Ok(())
    }

    fn fork_all(&mut self, v: NodeId) -> Eval<Option<BottomId>> {
        let mut pending = std::mem::take(&mut self.work_mut(v).disjunctions);
        if !self.init_arcs(v) {
            return Ok(self.own_error(v));
        }
        let outer = self.enclosing_mode(v);
        let mut survivors = vec![v];
        let count = pending.len();
        for (at, disjunction) in pending.iter_mut().enumerate() {
            let is_last = at + 1 == count;
            let mode = match outer {
                Some(mode) if is_last => mode,
                None if is_last => Mode::Finalize,
                _ => Mode::Attempt,
            };
            let results = self.cross(&survivors, disjunction, mode, v)?;
            if results.is_empty() {
                return Ok(Some(self.no_alternative(v, disjunction)));
            }
            survivors = results;
        }
        if let [only] = survivors[..] {
            self.g.node_mut(v).base = Some(Term::detached(Datum::Node(only)));
            let default = self.work(only).default;
            if self.work(v).default == Default::Maybe {
                self.work_mut(v).default = default;
            }
            if self.work(v).default_used_by.is_some() && self.work(v).default != Default::Is {
                let id = self.error(Code::Cycle, Reason::CyclicDefault);
                self.g.node_mut(v).base = Some(Self::bottom_term(id));
                return Ok(Some(id));
            }
        } else {
            self.work_mut(v).disjuncts.extend_from_slice(&survivors);
        }
        let disjuncts = self.work(v).disjuncts.clone();
        let defaults: Vec<NodeId> = disjuncts
            .iter()
            .copied()
            .filter(|&one| self.work(one).default == Default::Is)
            .collect();
        let known = match (&disjuncts[..], &defaults[..]) {
            ([only], _) | (_, [only]) => Some(*only),
            _ => None,
        };
        if let Some(only) = known {
            let completed = self.work(only).completed;
            self.signal(v, completed);
        }
        Ok(None)
    }

    /// Forks every survivor for every alternative.
    fn cross(
        &mut self,
        survivors: &[NodeId],
        disjunction: &mut PendingDisjunction,
        mode: Mode,
        original: NodeId,
    ) -> Eval<Vec<NodeId>> {
        let saved = self.mark_depth(original);
        let result = self.cross_inner(survivors, disjunction, mode, original);
        self.work_mut(original).eval_depth = saved;
        result
    }

    fn cross_inner(
        &mut self,
        survivors: &[NodeId],
        disjunction: &mut PendingDisjunction,
        mode: Mode,
        original: NodeId,
    ) -> Eval<Vec<NodeId>> {
        let mut forks = Vec::with_capacity(survivors.len());
        let mut drops_left = true;
        let mut drops_right = true;
        for &survivor in survivors {
            self.init_arcs(survivor);
            for at in 0..disjunction.alternatives.len() {
                let alternative = disjunction.alternatives[at];
                let conjunct = Conjunct {
                    env: disjunction.env,
                    elem: alternative.elem,
                    info: disjunction.info,
                };
                if let Some(err) = self.cannot_fit(survivor, conjunct) {
                    disjunction.alternatives[at].err = Some(err);
                    continue;
                }
                match self.try_alternative(
                    survivor,
                    conjunct,
                    alternative.default,
                    mode,
                    original,
                )? {
                    Ok(fork) => {
                        forks.push(fork);
                        let work = self.work(survivor);
                        if work.default == Default::Is || work.own_default == Default::Is {
                            drops_left = false;
                        }
                        if alternative.default == Default::Is {
                            drops_right = false;
                        }
                    }
                    Err(err) => disjunction.alternatives[at].err = Some(err),
                }
            }
        }
        let mut results: Vec<NodeId> = Vec::new();
        let mut has_definite = false;
        if let Some(limit) = self.exhausted {
            self.fail_for(limit);
            return Ok(Vec::new());
        }
        for fork in forks {
            let nested = self.work(fork).disjuncts.clone();
            let (default, own) = (self.work(fork).default, self.work(fork).own_default);
            if nested.is_empty() {
                self.work_mut(fork).default = combine(default, own, drops_left, drops_right);
                self.append(&mut results, fork);
                continue;
            }
            for one in nested {
                let inner = own.max(self.work(one).default);
                let default = combine(default, inner, drops_left, false);
                self.work_mut(one).default = default;
                has_definite |= default != Default::Maybe;
                self.append(&mut results, one);
            }
        }
        if has_definite {
            for &one in &results {
                if self.work(one).default == Default::Maybe {
                    self.work_mut(one).default = Default::Not;
                }
            }
        }
        Ok(results)
    }

    /// Adds a disjunct unless an equal one is there.
    fn append(&mut self, results: &mut Vec<NodeId>, one: NodeId) {
        for &known in results.iter() {
            if known == one || self.exhausted.is_some() {
                return;
            }
            if self.equal_disjuncts(known, one) {
                if self.work(one).default == Default::Is {
                    self.work_mut(known).default = Default::Is;
                }
                self.merge_evidence(known, one);
                return;
            }
        }
        results.push(one);
    }

    /// Unifies a fork of a node with one alternative.
    fn try_alternative(
        &mut self,
        v: NodeId,
        mut conjunct: Conjunct,
        default: Default,
        mode: Mode,
        original: NodeId,
    ) -> Eval<Result<NodeId, BottomId>> {
        self.g.stats.disjuncts += 1;
        if self.g.stats.disjuncts > u64::from(self.budget.disjuncts) {
            self.exhaust(Limit::Disjuncts);
        }
        if let Some(limit) = self.exhausted {
            let id = self.error(Code::Eval, Reason::Limit(limit));
            return Ok(Err(id));
        }
        self.complete_tasks(v, mode)?;
        self.work_mut(v).blocking.clear();
        let blocking = std::mem::take(&mut self.blocking);
        let is_nested = self.g.node(original).flags.has(Flags::DISJUNCT);
        let original_base = self.g.node(original).base;

        let (fork, copies) = self.fork(v);
        if !is_nested {
            self.g.node_mut(original).base = Some(Term::detached(Datum::Node(fork)));
        }
        self.overlays.push(Overlay {
            root: v,
            copies: std::rc::Rc::clone(&copies),
        });
        self.work_mut(fork).mode = Some(mode);
        conjunct.env = self.forked_env(conjunct.env, &copies);
        let base = self.g.node(v).base;
        self.g.node_mut(v).base = Some(Term::detached(Datum::Node(fork)));
        self.g.node_mut(fork).status = Status::New;
        self.schedule_conjunct(fork, conjunct, conjunct.info);
        let before = self.work(v).default;
        let work = self.work_mut(fork);
        work.default = before;
        work.own_default = default;
        let result = self.unify(fork, Facts::ALL, mode, true);

        self.g.node_mut(v).base = base;
        self.overlays.pop();
        if !is_nested {
            self.g.node_mut(original).base = original_base;
        }
        self.blocking = blocking;
        result?;
        if let Some(err) = self.any_error(fork) {
            self.drop_failed(fork);
            return Ok(Err(err));
        }
        let own = self.work(fork).own_default;
        let chosen = self.g.deref_disjunct(fork);
        if self.has_work(chosen) {
            self.work_mut(chosen).own_default = own;
        }
        Ok(Ok(chosen))
    }

    fn no_alternative(&mut self, v: NodeId, disjunction: &PendingDisjunction) -> BottomId {
        let mut bottom = Bottom::new(Code::Eval, Reason::NoAlternative, self.frame.src);
        bottom.node = Some(v);
        let mut raised = false;
        for alternative in &disjunction.alternatives {
            let Some(err) = alternative.err else { continue };
            let code = self.code(err);
            bottom.code = bottom.code.max(code);
            if code == Code::User {
                if !raised {
                    bottom.causes.clear();
                }
                raised = true;
            } else if raised {
                continue;
            }
            bottom.causes.push(err);
        }
        for &cause in &bottom.causes.clone() {
            for &span in &self.g.bottom(cause).spans.clone() {
                bottom.also_at(span);
            }
        }
        let causes = bottom.causes.clone();
        self.work_mut(v).disjunct_errors.extend(causes);
        self.store_bottom(bottom)
    }

    /// Makes the disjuncts that are left the value of the node.
    pub(crate) fn fold_disjuncts(&mut self, v: NodeId) {
        let disjuncts = self.work(v).disjuncts.clone();
        if disjuncts.is_empty() {
            return;
        }
        let mut failed = 0;
        for &one in &disjuncts {
            if let Some(err) = self.collect_errs_of(one) {
                self.work_mut(v).disjunct_errors.push(err);
                failed += 1;
            }
        }
        if failed == disjuncts.len() {
            let mut bottom = Bottom::new(Code::Eval, Reason::NoAlternative, Span::DETACHED);
            for &err in &self.work(v).disjunct_errors {
                bottom.code = bottom.code.max(self.code(err));
                bottom.causes.push(err);
            }
            bottom.node = Some(v);
            let id = self.store_bottom(bottom);
            self.g.node_mut(v).base = Some(Self::bottom_term(id));
            return;
        }
        let mut values: Vec<Term> = Vec::with_capacity(disjuncts.len());
        let mut defaults = 0;
        let mut marked = false;
        for &one in &disjuncts {
            let term = Term::detached(Datum::Node(one));
            match self.work(one).default {
                Default::Is => {
                    values.push(term);
                    let last = values.len() - 1;
                    values.swap(defaults, last);
                    defaults += 1;
                    marked = true;
                }
                Default::Not => {
                    marked = true;
                    values.push(term);
                }
                Default::Maybe => values.push(term),
            }
        }
        if self.work(v).default_used_by.is_none() || defaults == 1 {
            let datum = self.g.pool.add_disjunction(Disjunction {
                values,
                defaults,
                marked,
            });
            self.g.node_mut(v).base = Some(Term::detached(datum));
        } else {
            let id = self.error(Code::Cycle, Reason::CyclicDefault);
            self.g.node_mut(v).base = Some(Self::bottom_term(id));
        }
        let node = self.g.node_mut(v);
        node.arcs.clear();
        node.child_errors = None;
    }

    fn collect_errs_of(&mut self, v: NodeId) -> Option<BottomId> {
        if self.has_work(v) {
            self.collect_errs(v)
        } else {
            None
        }
    }

    /// The error of a node, or of a field at any depth.
    fn any_error(&mut self, v: NodeId) -> Option<BottomId> {
        if let Some(err) = self.own_error(v) {
            return Some(err);
        }
        let arcs: Vec<(Label, NodeId)> = self.g.node(v).arcs.iter().collect();
        for (label, arc) in arcs {
            if self.g.node(arc).arc > ArcKind::Required || label.is_let() {
                return None;
            }
            if self.state(arc)
                && let Some(err) = self.any_error(arc)
            {
                return Some(err);
            }
        }
        None
    }

    fn own_error(&self, v: NodeId) -> Option<BottomId> {
        if let Some(id) = self.g.error_of(v)
            && !Self::is_in_progress_bottom(id)
        {
            return Some(id);
        }
        self.g
            .node(v)
            .child_errors
            .or(self.work(v).errs)
            .or(self.frame.errs)
    }
}
