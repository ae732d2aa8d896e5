//! Comprehensions: `for`, `if` and `let` clauses that yield structs or elements.
//!
//! In a struct, a comprehension is split before it is evaluated. Every field of its body with a
//! fixed name becomes an arc that is *pending*: the arc holds a part of the comprehension, and only
//! whoever needs that field makes the clauses run. So
//!
//! ```cue
//! a?: int
//! if a == _|_ { b: 2 }
//! if b == 2 { c: 3 }
//! ```
//!
//! works although both conditions look at fields of the struct they add to. The clauses run once
//! ([`Yields`]) for all parts; an arc whose comprehension yields nothing turns out absent. What is
//! left of the body (embeddings, dynamic fields, patterns) is inserted as a whole.
//!
//! As cue v0.14.1 `internal/core/adt/comprehension.go`.

use crate::bottom::{Code, Reason};
use crate::closed::CloseInfo;
use crate::eval::{Eval, Evaluator, Suspend};
use crate::graph::{
    Conjunct, Elem, EnvId, Flags, Node, PartialComprehension, PartialId, Status, YieldId, Yields,
};
use crate::ir::{ArcKind, Clause, ComprehensionId, Decl, Expr, ExprId};
use crate::kind::Kind;
use crate::label::Label;
use crate::sched::{Facts, Job, Mode, Need, TaskId, TaskState};
use crate::term::{BottomId, Datum, NodeId, Term};

impl Evaluator<'_> {
    /// A comprehension as written, to be applied to a node.
    pub(crate) fn new_partial(&mut self, source: ComprehensionId) -> PartialId {
        let value = self.p.comprehension(source).value;
        self.add_partial(PartialComprehension {
            source,
            value: Elem::Expr(value),
            arc: ArcKind::Member,
            kind: Kind::BOTTOM,
            results: None,
            parent: None,
            at: None,
        })
    }

    fn add_partial(&mut self, partial: PartialComprehension) -> PartialId {
        let id = PartialId::at(self.g.partials.len());
        self.g.partials.push(partial);
        id
    }

    /// Applies a comprehension, or a part of one, to a node.
    pub(crate) fn insert_comprehension(
        &mut self,
        v: NodeId,
        env: EnvId,
        id: PartialId,
        info: CloseInfo,
    ) {
        let mut info = info.optional();
        let partial = self.g.partials[id.index()];
        let results = match partial.results {
            Some(results) => results,
            None => {
                let results = YieldId::at(self.g.yields.len());
                self.g.yields.push(Yields {
                    of: id,
                    node: v,
                    envs: Vec::new(),
                    done: false,
                });
                self.g.partials[id.index()].results = Some(results);
                results
            }
        };
        let node = self.g.deref_disjunct(v);
        let mut elem = partial.value;
        let p = self.p;
        if let Some(expr) = self.g.expr_of(elem)
            && let Expr::Struct(lit) = p.expr(expr)
            && let Some(split) = &p.struct_lit(lit).split
        {
            info = self.enter_struct(v, info, false);
            for &decl in &split.fixed {
                let (label, arc, is_let) = match p.decl(decl) {
                    Decl::Field { label, arc, .. } => (label, arc, false),
                    Decl::Let { label, .. } => (label, ArcKind::Member, true),
                    _ => continue,
                };
                let part = self.add_partial(PartialComprehension {
                    source: partial.source,
                    value: Elem::Decl(decl),
                    arc,
                    kind: Kind::BOTTOM,
                    results: Some(results),
                    parent: Some(id),
                    at: Some(node),
                });
                let conjunct = Conjunct {
                    env,
                    elem: Elem::Partial(part),
                    info,
                };
                let kind = if is_let {
                    ArcKind::Member
                } else {
                    ArcKind::Pending
                };
                let arc = self.insert_arc(v, label, kind, conjunct, info, false);
                if is_let {
                    self.g.node_mut(arc).flags.set(Flags::MULTI_LET);
                }
            }
            if let Some(part) = split.fixed_part {
                self.add_struct(node, part, env, Some(results));
                let yields = &self.g.yields[results.index()];
                if yields.done
                    && !yields.envs.is_empty()
                    && (split.kind == Kind::STRUCT || split.kind == Kind::LIST)
                {
                    self.narrow(v, split.kind, None, info);
                }
            }
            self.g.partials[id.index()].kind = split.kind;
            match split.rest {
                None => return,
                Some(rest) => elem = Elem::Expr(rest),
            }
        }
        let task = self.schedule(v, Job::Comprehension, Some(env), elem, info);
        let task = self.task_mut(task);
        task.yields = Some(results);
        task.leaf = Some(id);
    }

    pub(crate) fn process_comprehension(&mut self, id: TaskId) -> Eval<()> {
        let task = *self.task(id);
        let v = task.node;
        let (Some(results), Some(leaf), Some(env)) = (task.yields, task.leaf, task.env) else {
            return Ok(());
        };
        let owner = self.g.yields[results.index()].node;
        let err = self.run_comprehension(id, v, results, leaf, env)?;
        let combined = self.combine(self.task(id).err, err);
        self.task_mut(id).err = combined;
        if self.has_work(owner) {
            self.add_bottom(owner, err);
        }
        Ok(())
    }

    fn run_comprehension(
        &mut self,
        id: TaskId,
        v: NodeId,
        results: YieldId,
        leaf: PartialId,
        env: EnvId,
    ) -> Eval<Option<BottomId>> {
        let task = *self.task(id);
        let Yields { of, node, done, .. } = self.g.yields[results.index()];
        if !done {
            let source = self.g.partials[of.index()].source;
            let mut envs = Vec::new();
            if let Some(err) = self.yield_all(Some(node), env, source, &mut envs)? {
                if self.code(err).is_incomplete() {
                    return Ok(Some(err));
                }
                self.g.yields[results.index()].done = true;
                if self.has_work(node) {
                    self.add_bottom(node, Some(err));
                }
                return Ok(None);
            }
            let yields = &mut self.g.yields[results.index()];
            yields.envs = envs;
            yields.done = true;
        }
        let envs = self.g.yields[results.index()].envs.clone();
        if envs.is_empty() {
            // the arc stays pending: something else may still decide that it is there
            return Ok(None);
        }
        let source = self.g.partials[of.index()].source;
        let span = self.p.comprehension(source).span;
        let mut at = v;
        let mut part = leaf;
        while let Some(parent) = self.g.partials[part.index()].parent {
            let partial = self.g.partials[part.index()];
            at = self.overlaid(at);
            self.update_arc(at, partial.arc);
            if self.g.node(at).arc == ArcKind::Absent {
                if let (Some(up), Some(label)) = (self.g.node(at).parent, self.g.node(at).label) {
                    self.frame.src = span;
                    let err = self.field_cycle(up, label);
                    if self.has_work(node) {
                        self.add_bottom(node, Some(err));
                    }
                    self.task_mut(id).err = Some(err);
                    self.task_mut(id).state = TaskState::Failed;
                }
                return Ok(None);
            }
            if partial.kind == Kind::STRUCT || partial.kind == Kind::LIST {
                let target = self.g.deref_disjunct(at);
                if self.bare_state(target) {
                    self.narrow(target, partial.kind, None, task.info);
                }
            }
            if let Some(up) = partial.at {
                at = up;
            }
            part = parent;
        }
        for env in envs {
            if self.g.node(v).arc == ArcKind::Absent {
                if let Some(label) = self.g.node(v).label {
                    self.frame.src = span;
                    let err = self.field_cycle(v, label);
                    self.task_mut(id).err = Some(err);
                }
                return Err(Suspend);
            }
            if self.exhausted.is_some() {
                break;
            }
            let env = self.link(env, leaf);
            let conjunct = Conjunct {
                env,
                elem: task.elem,
                info: task.info,
            };
            self.schedule_conjunct(v, conjunct, task.info);
        }
        Ok(None)
    }

    /// The environment of a result extended by the nodes that the part was split at.
    pub(crate) fn link(&mut self, env: EnvId, id: PartialId) -> EnvId {
        let partial = self.g.partials[id.index()];
        match (partial.parent, partial.at) {
            (Some(parent), Some(at)) => {
                let env = self.link(env, parent);
                self.spawn(env, at)
            }
            _ => env,
        }
    }

    /// The copy of a node in the forks at hand.
    pub(crate) fn overlaid(&self, v: NodeId) -> NodeId {
        self.overlays
            .iter()
            .rev()
            .filter(|overlay| overlay.root != v)
            .find_map(|overlay| overlay.copies.get(&v).copied())
            .unwrap_or(v)
    }

    /// Runs the clauses and collects one environment a result. Gives the error, if any.
    pub(crate) fn yield_all(
        &mut self,
        node: Option<NodeId>,
        env: EnvId,
        source: ComprehensionId,
        envs: &mut Vec<EnvId>,
    ) -> Eval<Option<BottomId>> {
        let span = self.p.comprehension(source).span;
        let saved = self.push_frame(env, span);
        if node.is_some() {
            self.frame.vertex = node;
        }
        let result = self.run_clause(source, 0, envs);
        let err = self.frame.errs;
        let vertex = saved.vertex;
        self.frame = saved;
        self.frame.vertex = vertex;
        result?;
        Ok(err)
    }

    /// Continues with the next clause in a new environment. False when that failed.
    fn next_clause(
        &mut self,
        source: ComprehensionId,
        at: usize,
        env: EnvId,
        envs: &mut Vec<EnvId>,
    ) -> Eval<bool> {
        if at >= self.p.comprehension(source).clauses.len() {
            envs.push(env);
            self.charge_memory(size_of::<EnvId>());
            return Ok(self.charge(1));
        }
        let saved = self.push_frame(env, self.frame.src);
        let result = self.run_clause(source, at, envs);
        let err = self.frame.errs;
        self.frame = saved;
        result?;
        if let Some(err) = err {
            self.record(err);
            return Ok(false);
        }
        Ok(self.frame.errs.is_none() && self.exhausted.is_none())
    }

    fn run_clause(
        &mut self,
        source: ComprehensionId,
        at: usize,
        envs: &mut Vec<EnvId>,
    ) -> Eval<()> {
        let env = self.frame.env;
        match self.p.comprehension(source).clauses[at] {
            Clause::If { condition } => {
                self.frame.src = self.p.expr_span(condition);
                let value = self.value(condition, Need::SCALAR)?;
                if self.boolean(value, "a condition") {
                    self.next_clause(source, at + 1, env, envs)?;
                }
            }
            Clause::Let { label, value } => {
                let holder = self.new_node(Node::new(None, None, ArcKind::Member));
                let mut node = Node::new(None, Some(label), ArcKind::Member);
                node.flags.set(Flags::DYNAMIC);
                node.flags.set(Flags::ANONYMOUS);
                node.conjuncts.push(Conjunct {
                    env,
                    elem: Elem::Expr(value),
                    info: self.frame.info,
                });
                let node = self.new_node(node);
                self.g.node_mut(holder).arcs.push(label, node);
                let inner = self.spawn(env, holder);
                self.next_clause(source, at + 1, inner, envs)?;
            }
            Clause::For {
                key,
                value,
                source: over,
            } => {
                self.frame.src = self.p.expr_span(over);
                let subject = self.iterate_over(over)?;
                if self.state(subject) {
                    self.freeze(subject, Facts::FIELD_SET);
                }
                let arcs: Vec<(Label, NodeId)> = self.g.node(subject).arcs.iter().collect();
                for (label, arc) in arcs {
                    if !label.is_regular() {
                        continue;
                    }
                    if self.state(arc) {
                        self.process(arc, Facts::ARC_KIND, Mode::Attempt)?;
                    }
                    match self.g.node(arc).arc {
                        ArcKind::Member => {}
                        ArcKind::Required => {
                            self.fail(Code::Incomplete, Reason::RequiredField { label });
                            continue;
                        }
                        _ => continue,
                    }
                    let inner = self.bind(env, key, value, label, arc);
                    if !self.next_clause(source, at + 1, inner, envs)? {
                        break;
                    }
                }
            }
        }
        Ok(())
    }

    /// An environment in which the variables of a `for` are bound.
    fn bind(
        &mut self,
        env: EnvId,
        key: Option<Label>,
        value: Option<Label>,
        label: Label,
        arc: NodeId,
    ) -> EnvId {
        let parent = self.env(env).node;
        let mut holder = Node::new(parent, None, ArcKind::Member);
        holder.status = Status::Final;
        holder.flags.set(Flags::DYNAMIC);
        holder.flags.set(Flags::ANONYMOUS);
        let holder = self.new_node(holder);
        if let Some(name) = value {
            let mut node = Node::new(None, Some(name), ArcKind::Pending);
            node.base = Some(Term::detached(Datum::Node(arc)));
            node.flags.set(Flags::DYNAMIC);
            node.flags.set(Flags::ANONYMOUS);
            let node = self.new_node(node);
            self.g.node_mut(holder).arcs.push(name, node);
        }
        if let Some(name) = key {
            let term = self.label_term(label);
            let mut node = Node::new(None, Some(name), ArcKind::Member);
            node.flags.set(Flags::DYNAMIC);
            node.flags.set(Flags::ANONYMOUS);
            node.conjuncts.push(Conjunct {
                env,
                elem: Elem::Term(term),
                info: CloseInfo::default(),
            });
            node.base = Some(term);
            node.status = Status::Final;
            let node = self.new_node(node);
            self.g.node_mut(holder).arcs.push(name, node);
        }
        self.spawn(env, holder)
    }

    /// The struct or list that a `for` ranges over; an empty one after an error.
    fn iterate_over(&mut self, expr: ExprId) -> Eval<NodeId> {
        self.in_detached += 1;
        let value = self.unify_expr(expr, Need::new(Facts::NEED_FIELD_SET, Mode::Attempt));
        self.in_detached -= 1;
        let value = value?;
        if let Some(node) = value.and_then(Term::node) {
            self.unify(node, Facts::NEED_FIELD_SET, Mode::Finalize, true)?;
        }
        let span = self.p.expr_span(expr);
        let Some((value, node)) = self.look_into(value, true) else {
            return Ok(self.empty);
        };
        let Some(term) = value else {
            return Ok(self.no_subject(value, true, "`for`", span));
        };
        if let Datum::Bottom(id) = term.datum {
            self.record(id);
            return Ok(self.empty);
        }
        let kind = self.kind(term);
        let may_come = kind.meets(Kind::COMPOSITE);
        let is_node = term.node().is_some() && node.is_some();
        let is_either = may_come && kind != Kind::STRUCT && kind != Kind::LIST;
        if is_either || (!is_node && (may_come || node.is_none())) {
            return Ok(self.no_subject(value, may_come, "`for`", span));
        }
        Ok(node.unwrap_or(self.empty))
    }
}
