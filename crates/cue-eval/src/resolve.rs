//! References: from an expression to the node it leads to.
//!
//! [`Evaluator::resolve`] follows a reference as far as a node, evaluating no more than the way
//! there takes; [`Evaluator::eval_expr`] goes on to the value, with what the caller needs of it and
//! whether it may wait ([`Need`]). A value that is still in progress is given as far as it is known,
//! which is what ends reference cycles.
//!
//! As cue v0.14.1 `internal/core/adt/context.go` (`evalStateCI`, `unifyNode`, `node`).

use crate::bottom::{Code, Reason};
use crate::closed::CloseInfo;
use crate::eval::{Eval, Evaluator, Frame, Suspend};
use crate::graph::{Conjunct, Elem, EnvId, Flags, Graph, Node, Status};
use crate::ir::{ArcKind, Expr, ExprId};
use crate::kind::Kind;
use crate::label::Label;
use crate::sched::{Facts, Mode, Need};
use crate::term::{Datum, NodeId, Term};
use source_vocab::Span;

impl Evaluator<'_> {
    /// Starts a frame in another environment; gives the old one, to be restored.
    pub(crate) fn push_frame(&mut self, env: EnvId, src: Span) -> Frame {
        let saved = self.frame;
        self.frame.env = env;
        self.frame.errs = None;
        if !src.is_detached() {
            self.frame.src = src;
        }
        saved
    }

    fn is_reference(expr: Expr) -> bool {
        matches!(
            expr,
            Expr::Field { .. }
                | Expr::ValueAlias { .. }
                | Expr::DynamicField { .. }
                | Expr::Let { .. }
                | Expr::Import(_)
                | Expr::Select { .. }
                | Expr::Index { .. }
        )
    }

    /// The value of an expression, defaults taken and nodes followed. `None` comes with an error
    /// in the frame.
    pub(crate) fn value(&mut self, id: ExprId, need: Need) -> Eval<Option<Term>> {
        let value = self.eval_expr(id, need)?;
        let (value, _) = self.take_default(value);
        Ok(self.unwrap(value))
    }

    /// The value of an expression.
    pub(crate) fn eval_expr(&mut self, id: ExprId, need: Need) -> Eval<Option<Term>> {
        Ok(self.eval_expr_info(id, need)?.0)
    }

    /// The value of an expression, and how it came about.
    pub(crate) fn eval_expr_info(
        &mut self,
        id: ExprId,
        need: Need,
    ) -> Eval<(Option<Term>, CloseInfo)> {
        self.charge(1);
        if let Some(limit) = self.too_deep() {
            let id = self.fail_for(limit);
            return Ok((Some(Self::bottom_term(id)), self.frame.info));
        }
        self.depth += 1;
        let src = self.frame.src;
        let span = self.p.expr_span(id);
        if !span.is_detached() {
            self.frame.src = span;
        }
        let errs = self.frame.errs.take();
        let info = self.frame.info;
        let result = self.eval_inner(id, need);
        self.depth -= 1;
        let (mut value, new_info) = result?;
        let now = self.frame.errs;
        self.frame.errs = self.combine(now, errs);
        if let Some(node) = value.and_then(Term::node)
            && let Some(bottom) = self.g.error_of(node)
            && !self.code(bottom).is_incomplete()
        {
            value = Some(Self::bottom_term(bottom));
        }
        if let Some(bottom) = value.and_then(Term::bottom)
            && self.frame.errs != Some(bottom)
        {
            self.record(bottom);
        }
        if let Some(errs) = self.frame.errs {
            value = Some(Self::bottom_term(errs));
        }
        self.frame.src = src;
        self.frame.info = info;
        Ok((value, new_info))
    }

    fn eval_inner(&mut self, id: ExprId, need: Need) -> Eval<(Option<Term>, CloseInfo)> {
        let expr = self.p.expr(id);
        if let Expr::Value(term) = expr {
            return Ok((Some(term), self.frame.info));
        }
        if !Self::is_reference(expr) {
            let value = self.compute(id, expr, need)?;
            return Ok((value, self.frame.info));
        }
        let target = self.resolve(id, need)?;
        if self.frame.errs.is_some() {
            return Ok((None, self.frame.info));
        }
        let Some(target) = target else {
            return Ok((None, self.frame.info));
        };
        let value = self.eval_target(id, target, need)?;
        Ok((value, self.frame.info))
    }

    /// The value of the node that a reference led to.
    fn eval_target(&mut self, id: ExprId, target: NodeId, need: Need) -> Eval<Option<Term>> {
        let arc = self.deref_non_shared(target);
        if self.state(arc) {
            let info = self.frame.info;
            let (info, _) = self.detect_cycle(arc, (arc, arc), None, id, info);
            self.frame.info = info;
            let needs = need.facts | Facts::ARC_KIND;
            match need.mode {
                Mode::Ignore => {}
                Mode::Finalize => {
                    self.unify(arc, needs, Mode::Attempt, true)?;
                    self.freeze(arc, needs);
                }
                Mode::Attempt => {
                    self.unify(arc, needs, Mode::Attempt, true)?;
                }
                Mode::Yield => {
                    self.unify(arc, needs, Mode::Yield, true)?;
                    let evaluating = self.g.node(arc).status == Status::Evaluating;
                    if evaluating && target != arc && self.g.node(arc).flags.has(Flags::DISJUNCT) {
                        if need.facts == Facts::SCALAR
                            && !self.meets(target, Facts::SCALAR)
                            && let Some(task) = self.current()
                        {
                            let by = self.task(task).node;
                            self.work_mut(target).default_used_by = Some(by);
                            self.wait_for(task, target, needs);
                            return Err(Suspend);
                        }
                        let id = self.error(Code::Cycle, Reason::ReferenceCycle);
                        return Ok(Some(Self::bottom_term(id)));
                    }
                    let breaks = self.work(arc).has_field_value || !self.base_in_progress(arc);
                    if evaluating && !breaks {
                        self.fail(Code::Cycle, Reason::ReferenceCycle);
                    } else {
                        return self.evaluated(arc, need);
                    }
                }
            }
        }
        let arc = self.g.deref_value(arc);
        self.evaluated(arc, need)
    }

    /// The value of a node, as far as it is known.
    fn evaluated(&mut self, v: NodeId, need: Need) -> Eval<Option<Term>> {
        let node = self.g.node(v);
        if node.arc != ArcKind::Member || node.base.is_none() || self.base_in_progress(v) {
            self.unify(v, need.facts, need.mode, true)?;
            if self.g.node(v).arc == ArcKind::Pending {
                if self.g.node(v).status == Status::Evaluating {
                    let mut at = v;
                    while self.g.node(at).arc == ArcKind::Pending
                        && let Some(parent) = self.g.node(at).parent
                    {
                        at = parent;
                    }
                    let id = self.error(Code::Cycle, Reason::ReferenceCycle);
                    let term = Self::bottom_term(id);
                    self.g.node_mut(at).base = Some(term);
                    return Ok(Some(term));
                }
                if let (Some(label), Some(parent)) = (self.g.node(v).label, self.g.node(v).parent) {
                    self.fail(
                        Code::Incomplete,
                        Reason::UndefinedField {
                            label,
                            within: parent,
                        },
                    );
                }
                return Ok(None);
            }
        }
        if self.has_work(v) {
            let work = self.work(v);
            if let Some(errs) = work.errs
                && !self.code(errs).is_incomplete()
            {
                return Ok(Some(Self::bottom_term(errs)));
            }
            if let Some(scalar) = work.scalar
                && self.base_in_progress(v)
            {
                return Ok(Some(scalar));
            }
        }
        match self.g.node(v).base {
            Some(base) => {
                if let Some(id) = base.bottom() {
                    if self.code(id).is_incomplete() {
                        self.record(id);
                        return Ok(None);
                    }
                    return Ok(Some(base));
                }
                Ok(Some(Term::detached(Datum::Node(v))))
            }
            None => {
                if !self.has_work(v) {
                    return Ok(None);
                }
                Ok(Some(self.validators(v)))
            }
        }
    }

    /// The default of a value that is a disjunction. False, with an error, when there is not
    /// exactly one.
    pub(crate) fn take_default(&mut self, value: Option<Term>) -> (Option<Term>, bool) {
        let Some(term) = value else {
            return (None, true);
        };
        let id = match term.datum {
            Datum::Disjunction(id) => id,
            Datum::Node(node) => match self.g.node(node).base.map(|base| base.datum) {
                Some(Datum::Disjunction(id)) => id,
                Some(Datum::Node(next)) => {
                    return self.take_default(Some(Term::new(Datum::Node(next), term.span)));
                }
                _ => return (value, true),
            },
            _ => return (value, true),
        };
        let choice = self.g.pool.disjunction(id);
        if choice.defaults != 1 {
            self.fail(Code::Incomplete, Reason::Ambiguous { value: term });
            return (None, false);
        }
        let only = choice.values.first().copied();
        self.take_default(only)
    }

    /// Evaluates an expression to a node whose fields can be looked at, or another value.
    pub(crate) fn unify_expr(&mut self, id: ExprId, need: Need) -> Eval<Option<Term>> {
        let src = self.frame.src;
        let span = self.p.expr_span(id);
        if !span.is_detached() {
            self.frame.src = span;
        }
        let errs = self.frame.errs.take();
        let expr = self.p.expr(id);
        let result = match expr {
            Expr::Value(term) => {
                self.frame.errs = errs;
                self.frame.src = src;
                return Ok(Some(term));
            }
            _ if Self::is_reference(expr) => self.unify_target(id, need),
            _ => self.compute(id, expr, need),
        };
        let mut value = result?;
        let now = self.frame.errs;
        self.frame.errs = self.combine(now, errs);
        if let Some(node) = value.and_then(Term::node)
            && let Some(bottom) = self.g.error_of(node)
            && !self.code(bottom).is_incomplete()
        {
            value = Some(Self::bottom_term(bottom));
        }
        if let Some(bottom) = value.and_then(Term::bottom) {
            self.record(bottom);
        }
        if let Some(errs) = self.frame.errs {
            value = Some(Self::bottom_term(errs));
        }
        self.frame.src = src;
        Ok(value)
    }

    fn unify_target(&mut self, id: ExprId, need: Need) -> Eval<Option<Term>> {
        let target = self.resolve(id, need)?;
        if self.frame.errs.is_some() {
            return Ok(None);
        }
        let Some(target) = target else {
            return Ok(None);
        };
        let v = self.g.deref_value(target);
        if self.state(v) {
            if !self.frame.info.is_cyclic || self.g.node(v).is_let() {
                self.work_mut(v).has_non_cycle = true;
            }
            self.process(v, Facts::ARC_KIND, Mode::Yield)?;
            if !self.work(v).disjuncts.is_empty() {
                self.unify(v, Facts::ARC_KIND, Mode::Yield, false)?;
            }
        }
        Ok(Some(Term::new(Datum::Node(v), self.frame.src)))
    }

    /// The struct or list that a selector or index looks into; an empty one after an error.
    fn subject(&mut self, of: ExprId, data: bool) -> Eval<NodeId> {
        let from_def = self.frame.info.from_def;
        if !Self::is_reference(self.p.expr(of)) {
            self.frame.info.from_def = false;
        }
        let result = self.subject_inner(of, data);
        self.frame.info.from_def = from_def;
        result
    }

    fn subject_inner(&mut self, of: ExprId, data: bool) -> Eval<NodeId> {
        let need = Need::new(Facts::NEED_FIELD_SET, Mode::Yield);
        let value = self.unify_expr(of, need)?;
        let span = self.p.expr_span(of);
        let Some((value, node)) = self.look_into(value, data) else {
            return Ok(self.empty);
        };
        match value.map(|term| term.datum) {
            Some(Datum::Bottom(id)) => {
                self.record(id);
                return Ok(self.empty);
            }
            Some(Datum::Node(inner)) => {
                if self.g.node(inner).flags.has(Flags::NON_ROOTED) {
                    self.complete_arcs_only(inner)?;
                }
            }
            _ => {
                let may_come = value.is_none_or(|term| self.kind(term).meets(Kind::STRUCT));
                if may_come || node.is_none() {
                    return Ok(self.no_subject(value, may_come, "a selection", span));
                }
            }
        }
        Ok(node.unwrap_or(self.empty))
    }

    /// What a value that is to be looked into is worth, its default taken, and the node that it
    /// is, if it is one. With `data`, what stands for another value gives way to that. `None`
    /// comes with an error.
    pub(crate) fn look_into(
        &mut self,
        value: Option<Term>,
        data: bool,
    ) -> Option<(Option<Term>, Option<NodeId>)> {
        let (mut value, ok) = self.take_default(value);
        if !ok {
            return None;
        }
        if data {
            let inner = self.unwrap(value);
            if !Graph::is_in_progress_mark(inner) {
                value = inner;
            }
        }
        let node = value.and_then(Term::node);
        if let Some(node) = node
            && !self.base_in_progress(node)
        {
            value = self.value_of_node(node);
        }
        Some((value, node))
    }

    /// Records that a value is no struct or list, or not yet (`may_come`); gives the empty struct.
    pub(crate) fn no_subject(
        &mut self,
        value: Option<Term>,
        may_come: bool,
        needed_by: &'static str,
        span: Span,
    ) -> NodeId {
        let (code, reason) = match value {
            Some(value) if !may_come => (
                Code::Eval,
                Reason::WrongKind {
                    value,
                    wanted: Kind::COMPOSITE,
                    needed_by,
                },
            ),
            value => (Code::Incomplete, Reason::NonConcrete { value, needed_by }),
        };
        let id = self.new_bottom(code, reason, span);
        self.record(id);
        self.empty
    }

    /// The node that a reference leads to. `None` comes with an error, or means that the running
    /// task no longer counts.
    pub(crate) fn resolve(&mut self, id: ExprId, need: Need) -> Eval<Option<NodeId>> {
        let span = self.p.expr_span(id);
        match self.p.expr(id) {
            Expr::Field { up, label } => {
                let node = self.node_up(up);
                self.lookup(node, span, label, need)
            }
            Expr::ValueAlias { up: 0 } => Ok(self.frame.vertex),
            Expr::ValueAlias { up } => Ok(Some(self.node_up(up - 1))),
            Expr::DynamicField { up, key } => {
                let env = self.env_up(up);
                let saved = self.push_frame(env, span);
                let result = self.value(key, Need::SCALAR);
                let errs = self.frame.errs;
                self.frame = saved;
                let value = result?;
                let Some(label) = value.and_then(|value| self.label_from(value, span)) else {
                    if self.frame.errs.is_none()
                        && let Some(errs) = errs
                    {
                        self.record(errs);
                    }
                    return Ok(None);
                };
                let node = self.env(env).node.unwrap_or(self.empty);
                self.lookup(node, span, label, need)
            }
            Expr::Let { up, label } => self.resolve_let(up, label, span, need),
            Expr::Import(package) => Ok(Some(self.package_node(package.index()))),
            Expr::Select { of, label, at } => {
                let node = self.subject(of, label.is_regular())?;
                if node == self.empty {
                    return Ok(Some(node));
                }
                self.lookup(node, at, label, need)
            }
            Expr::Index { of, index } => {
                let node = self.subject(of, true)?;
                let value = self.value(index, Need::SCALAR)?;
                if node == self.empty {
                    return Ok(Some(node));
                }
                let span = self.p.expr_span(index);
                let label = value.and_then(|value| self.label_from(value, span));
                if self.frame.errs.is_some() {
                    return Ok(None);
                }
                match label {
                    Some(label) => self.lookup(node, span, label, need),
                    None => Ok(None),
                }
            }
            _ => Ok(None),
        }
    }

    fn resolve_let(
        &mut self,
        up: u32,
        label: Label,
        span: Span,
        need: Need,
    ) -> Eval<Option<NodeId>> {
        let env = self.env_up(up);
        let node = self.env(env).node.unwrap_or(self.empty);
        let Some(arc) = self.lookup(node, span, label, need)? else {
            return Ok(None);
        };
        let bottom = self.g.error_of(arc);
        let fine = bottom.is_none_or(Self::is_in_progress_bottom);
        if !self.g.node(arc).flags.has(Flags::MULTI_LET) && fine {
            return Ok(Some(arc));
        }
        // the value is evaluated once more, in the environment of this reference
        let Some(conjunct) = self.g.node(arc).conjuncts.first().copied() else {
            return Ok(Some(arc));
        };
        let Some(expr) = self.g.expr_of(conjunct.elem) else {
            return Ok(Some(arc));
        };
        if let Some(&known) = self.lets.get(&(env, expr, arc)) {
            return Ok(Some(known));
        }
        let mut copy = Node::new(self.g.node(arc).parent, Some(label), ArcKind::Member);
        if bottom.is_some_and(|bottom| self.code(bottom) == Code::StructuralCycle) {
            copy.flags.set(Flags::DYNAMIC);
        }
        copy.conjuncts.push(Conjunct {
            env,
            elem: Elem::Expr(expr),
            info: conjunct.info,
        });
        let copy = self.new_node(copy);
        self.lets.insert((env, expr, arc), copy);
        Ok(Some(copy))
    }

    /// The label that a concrete value names.
    pub(crate) fn label_from(&mut self, value: Term, span: Span) -> Option<Label> {
        let (value, _) = self.take_default(Some(value));
        let value = value?;
        if value.bottom().is_some() {
            return None;
        }
        let inner = self.unwrap(Some(value)).unwrap_or(value);
        match inner.datum {
            Datum::Number(id) => {
                let number = self.g.pool.number(id);
                let index = (number.mask() == Kind::INT)
                    .then(|| number.decimal.to_i64())
                    .flatten()
                    .and_then(|index| usize::try_from(index).ok())
                    .and_then(Label::int);
                if index.is_none() {
                    let id = self.new_bottom(Code::Eval, Reason::BadIndex { value }, span);
                    self.record(id);
                }
                index
            }
            Datum::String(id) => {
                let text = std::sync::Arc::clone(self.g.pool.text(id));
                match self.g.labels.string(&text) {
                    Ok(label) => Some(label),
                    Err(_) => {
                        self.exhaust(crate::budget::Limit::Nodes);
                        None
                    }
                }
            }
            _ => {
                let kind = self.kind(value);
                let single = kind == Kind::INT || kind == Kind::NUMBER || kind == Kind::STRING;
                let code = if single { Code::Incomplete } else { Code::Eval };
                let id = self.new_bottom(code, Reason::BadIndex { value }, span);
                self.record(id);
                None
            }
        }
    }
}
