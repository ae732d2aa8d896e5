//! Conjuncts: taking contributions into a node.
//!
//! Literal values are inserted at once; struct literals hand their declarations to the arcs; what
//! needs evaluation becomes a task. References lead to nodes whose conjuncts are scheduled in turn
//! ([`Evaluator::schedule_node`]), each node once.
//!
//! Example: for `x: #A & {b: 1}` the node `x` gets a task for `#A` and an arc `b`; the task finds
//! the node `#A` and schedules its conjuncts, marked as evidence for a definition.

use crate::bottom::{Code, Reason};
use crate::closed::{CloseInfo, Traits};
use crate::cycle::CycleKind;
use crate::disjunct::{PendingAlternative, PendingDisjunction};
use crate::eval::{Eval, Evaluator};
use crate::graph::{Conjunct, Elem, EnvId, Flags, Status, StructInfo};
use crate::ir::{ArcKind, Decl, Expr, ExprId, StructId};
use crate::kind::Kind;
use crate::label::Label;
use crate::sched::{Facts, Job, Mode, Need, TaskId};
use crate::term::{Datum, NodeId, Op, Term};
use crate::work::CyclicConjunct;

impl Evaluator<'_> {
    /// Takes a conjunct into a node.
    pub(crate) fn schedule_conjunct(&mut self, v: NodeId, conjunct: Conjunct, info: CloseInfo) {
        self.charge(1);
        if let Some(limit) = self.too_deep() {
            let id = self.new_bottom(Code::Eval, Reason::Limit(limit), self.frame.src);
            self.add_bottom(v, Some(id));
            return;
        }
        if conjunct.info.from_def {
            self.g.node_mut(v).flags.set(Flags::CLOSED_RECURSIVE);
        }
        self.mark_non_cyclic(v, info);
        let env = conjunct.env;
        let expr = match conjunct.elem {
            Elem::Term(term) => {
                self.schedule_term(v, env, term, info);
                return;
            }
            Elem::Partial(partial) => {
                self.insert_comprehension(v, env, partial, info);
                return;
            }
            Elem::Expr(id) => id,
            Elem::Decl(decl) => match self.p.decl(decl) {
                Decl::Comprehension(source) => {
                    let partial = self.new_partial(source);
                    self.insert_comprehension(v, env, partial, info);
                    return;
                }
                Decl::Ellipsis { value: None } => {
                    let span = self.p.decl_span(decl);
                    let top = Term::new(Datum::Kind(Kind::TOP), span);
                    self.schedule_term(v, env, top, info);
                    return;
                }
                _ => match self.g.expr_of(conjunct.elem) {
                    Some(expr) => expr,
                    None => return,
                },
            },
        };
        self.schedule_expr(v, env, expr, info);
    }

    fn schedule_term(&mut self, v: NodeId, env: EnvId, term: Term, info: CloseInfo) {
        match term.datum {
            Datum::Node(node) if !self.g.node(node).is_data() => {
                let conjunct = Conjunct {
                    env,
                    elem: Elem::Term(term),
                    info,
                };
                self.schedule_node(v, conjunct, node, info);
            }
            _ => {
                self.unshare(v);
                self.insert_value(v, env, term, info);
            }
        }
    }

    fn schedule_expr(&mut self, v: NodeId, env: EnvId, id: ExprId, mut info: CloseInfo) {
        let elem = Elem::Expr(id);
        match self.p.expr(id) {
            Expr::Value(term) => self.schedule_term(v, env, term, info),
            Expr::Binary {
                op: Op::And,
                left,
                right,
            } => {
                for side in [left, right] {
                    let conjunct = Conjunct {
                        env,
                        elem: Elem::Expr(side),
                        info,
                    };
                    self.schedule_conjunct(v, conjunct, info);
                }
            }
            Expr::Binary { .. } => {
                self.unshare(v);
                self.schedule(v, Job::Expr, Some(env), elem, info);
            }
            Expr::Struct(lit) => {
                self.unshare(v);
                self.schedule_struct(v, env, lit, info);
            }
            Expr::List(_) => {
                self.unshare(v);
                self.update_cyclic(v, info);
                let inner = self.spawn(env, v);
                let by = Term::new(Datum::Kind(Kind::LIST), self.p.expr_span(id));
                self.narrow(v, Kind::LIST, Some(by), info);
                self.schedule(v, Job::List, Some(inner), elem, info);
            }
            Expr::Disjunction { index } => {
                self.unshare(v);
                info = info.optional();
                let choice = self.p.alternatives(index);
                let alternatives = choice
                    .items
                    .iter()
                    .map(|item| {
                        PendingAlternative::new(Elem::Expr(item.value), choice.marked, item.default)
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
                self.note_evidence(v, info, Traits::NONE);
            }
            Expr::Field { .. }
            | Expr::ValueAlias { .. }
            | Expr::DynamicField { .. }
            | Expr::Let { .. }
            | Expr::Import(_)
            | Expr::Select { .. }
            | Expr::Index { .. } => {
                self.schedule(v, Job::Resolve, Some(env), elem, info);
            }
            Expr::LabelAlias { .. }
            | Expr::Slice { .. }
            | Expr::Interpolation { .. }
            | Expr::Unary { .. }
            | Expr::Bound { .. }
            | Expr::Call { .. } => {
                self.unshare(v);
                let work = self.work_mut(v);
                if info.cycle == CycleKind::Cyclic && !work.has_non_cycle && !work.has_non_cyclic {
                    work.has_ancestor_cycle = true;
                    work.cyclic_conjuncts.push(CyclicConjunct {
                        conjunct: Conjunct { env, elem, info },
                        target: None,
                    });
                    return;
                }
                self.schedule(v, Job::Expr, Some(env), elem, info);
            }
        }
    }

    /// Takes the declarations of a struct literal into a node. References inside see this node.
    fn schedule_struct(&mut self, v: NodeId, env: EnvId, id: StructId, mut info: CloseInfo) {
        self.update_cyclic(v, info);
        self.note_evidence(v, info, Traits::STRUCT);
        let inner = self.spawn(env, v);
        self.work_mut(v).has_struct = true;
        let p = self.p;
        let lit = p.struct_lit(id);
        self.add_struct(v, id, inner, None);
        if lit.embeds && !lit.is_comprehension_part {
            info = self.enter_struct(v, info, lit.is_file);
        }
        let mut embeds = false;
        let mut has_ellipsis = false;
        for &decl in &lit.decls {
            let elem = Elem::Decl(decl);
            match p.decl(decl) {
                Decl::Field { label, arc, .. } => {
                    if label.is_string() && arc == ArcKind::Member {
                        self.mark_struct(v, info);
                    }
                    let mut info = info.of_field();
                    if arc == ArcKind::Optional {
                        info = info.optional();
                    }
                    self.insert_arc(
                        v,
                        label,
                        arc,
                        Conjunct {
                            env: inner,
                            elem,
                            info,
                        },
                        info,
                        true,
                    );
                }
                Decl::Let { label, .. } => {
                    let info = info.of_field();
                    let conjunct = Conjunct {
                        env: inner,
                        elem,
                        info,
                    };
                    self.insert_arc(v, label, ArcKind::Member, conjunct, info, true);
                }
                Decl::Comprehension(source) => {
                    let info = self.enter_embedding(v, None, info);
                    let partial = self.new_partial(source);
                    self.insert_comprehension(v, inner, partial, info);
                    embeds = true;
                }
                Decl::Ellipsis { .. } => has_ellipsis = true,
                Decl::Dynamic { arc, .. } => {
                    let info = info.of_field();
                    if arc == ArcKind::Member {
                        self.mark_struct(v, info);
                    }
                    self.schedule(v, Job::Dynamic, Some(inner), elem, info);
                }
                Decl::Pattern { .. } => {
                    let info = info.of_field().optional();
                    self.schedule(v, Job::Pattern, Some(inner), elem, info);
                }
                Decl::Embed(expr) => {
                    let info = self.enter_embedding(v, Some(p.expr(expr)), info);
                    let conjunct = Conjunct {
                        env: inner,
                        elem: Elem::Expr(expr),
                        info,
                    };
                    self.schedule_conjunct(v, conjunct, info);
                    embeds = true;
                }
            }
        }
        if has_ellipsis {
            self.g.node_mut(v).flags.set(Flags::ELLIPSIS);
            self.note_evidence(v, info, Traits::ELLIPSIS);
        }
        if !embeds {
            self.mark_struct(v, info);
        }
    }

    fn mark_struct(&mut self, v: NodeId, info: CloseInfo) {
        let work = self.work_mut(v);
        work.a_struct = true;
        work.a_struct_info = info;
    }

    /// Records that a struct literal takes part in a node.
    pub(crate) fn add_struct(
        &mut self,
        v: NodeId,
        lit: StructId,
        env: EnvId,
        from: Option<crate::graph::YieldId>,
    ) {
        self.charge_scan(self.g.node(v).structs.len());
        let structs = &mut self.g.node_mut(v).structs;
        if !structs
            .iter()
            .any(|known| known.lit == lit && known.env == env)
        {
            structs.push(StructInfo { lit, env, from });
        }
    }

    /// Takes the conjuncts of another node into a node, each node once.
    pub(crate) fn schedule_node(
        &mut self,
        v: NodeId,
        conjunct: Conjunct,
        target: NodeId,
        mut info: CloseInfo,
    ) {
        let flags = self.g.node(target).flags;
        if flags.has(Flags::DATA) {
            // it has no conjuncts to take over, only its value
            self.unshare(v);
            let value = Term::detached(Datum::Node(target));
            self.insert_value(v, conjunct.env, value, info);
            return;
        }
        if !flags.has(Flags::CLOSED_RECURSIVE)
            && !flags.has(Flags::CLOSED_ONCE)
            && info.embed.is_some()
        {
            info.from_def = false;
        }
        if self.identity(v) == self.identity(target) {
            if self.work(v).is_shared {
                self.add_shared(v, info);
            }
            return;
        }
        if self.share_if_possible(v, conjunct, target, info) {
            self.state(target);
            return;
        }
        let names_definition = self
            .g
            .expr_of(conjunct.elem)
            .is_some_and(|expr| self.names_definition(expr));
        let is_definition = names_definition
            || self.g.node(target).label.is_some_and(Label::is_definition)
            || info.top_def;
        if is_definition {
            self.work_mut(v).is_def = true;
            info.from_def = true;
            info.top_def = false;
        }
        let at = self.g.elem_span(conjunct.elem);
        info = self.enter_reference(v, target, info, is_definition, at);
        self.charge_scan(self.work(v).seen.len());
        if self.work(v).seen.contains(&target) {
            return;
        }
        self.work_mut(v).seen.push(target);

        let node = self.g.node(v);
        let listens = !node.flags.has(Flags::NON_ROOTED) || node.flags.has(Flags::DYNAMIC);
        if let Some(parent) = self.g.node(target).parent
            && listens
        {
            let parent_has = self.state(parent);
            let own_has = self.bare_state(target);
            if parent_has
                && own_has
                && !self.meets(parent, Facts::ANCESTORS | Facts::FIELD_CONJUNCTS)
            {
                self.add_notify(target, v, info);
            }
        }
        let mut at = 0;
        while let Some(&conjunct) = self.g.node(target).conjuncts.get(at) {
            self.schedule_conjunct(v, conjunct, info);
            at += 1;
        }
        if self.bare_state(target) {
            self.work_mut(v).to_complete = true;
        }
    }

    /// Whether a reference goes through the name of a definition.
    fn names_definition(&self, expr: ExprId) -> bool {
        match self.p.expr(expr) {
            Expr::Field { label, .. } => label.is_definition(),
            Expr::Select { of, label, .. } => label.is_definition() || self.names_definition(of),
            Expr::Index { of, .. } => self.names_definition(of),
            _ => false,
        }
    }

    /// Has conjuncts that `v` gets later passed on to `listener`.
    pub(crate) fn add_notify(&mut self, v: NodeId, listener: NodeId, info: CloseInfo) {
        if self.g.node(self.g.deref_value(v)).status == Status::Final
            || (self.is_in_progress(v) && self.meets(v, Facts::ANCESTORS))
        {
            return;
        }
        let notify = &mut self.work_mut(v).notify;
        if !notify.iter().any(|(known, _)| *known == listener) {
            notify.push((listener, info));
        }
    }

    pub(crate) fn process_expr(&mut self, id: TaskId, mode: Mode) -> Eval<()> {
        let task = *self.task(id);
        let Some(expr) = self.g.expr_of(task.elem) else {
            return Ok(());
        };
        let (value, info) = self.eval_expr_info(expr, Need::new(Facts::SCALAR, mode))?;
        if info.cycle == CycleKind::Cyclic && self.g.node(task.node).flags.has(Flags::PATTERN) {
            return Ok(());
        }
        if let (Some(value), Some(env)) = (value, task.env) {
            self.insert_value(task.node, env, value, info);
        }
        Ok(())
    }

    pub(crate) fn process_resolver(&mut self, id: TaskId, mode: Mode) -> Eval<()> {
        let task = *self.task(id);
        let Some(expr) = self.g.expr_of(task.elem) else {
            return Ok(());
        };
        let target = self.resolve(expr, Need::new(Facts::FIELD_SET, mode))?;
        let Some(named) = target.filter(|&target| target != self.empty) else {
            return Ok(());
        };
        let target = self.g.deref_non_disjunct(named);
        let disjunct = self.g.deref_disjunct(target);
        let info = self.frame.info;
        let (info, skip) = self.detect_cycle(task.node, (named, disjunct), task.env, expr, info);
        if skip {
            self.unshare(task.node);
            return Ok(());
        }
        if self.task(id).defunct {
            return Ok(());
        }
        if let Some(bottom) = self.g.node(disjunct).base.and_then(Term::bottom)
            && self.code(bottom) == Code::StructuralCycle
        {
            self.record(bottom);
            return Ok(());
        }
        let Some(env) = task.env else { return Ok(()) };
        let conjunct = Conjunct {
            env,
            elem: task.elem,
            info,
        };
        self.schedule_node(task.node, conjunct, target, info);
        Ok(())
    }

    pub(crate) fn process_dynamic(&mut self, id: TaskId, mode: Mode) -> Eval<()> {
        let task = *self.task(id);
        let (Elem::Decl(decl), Some(env)) = (task.elem, task.env) else {
            return Ok(());
        };
        let Decl::Dynamic { key, arc, .. } = self.p.decl(decl) else {
            return Ok(());
        };
        let Some(value) = self.value(key, Need::new(Facts::SCALAR_VALUE, mode))? else {
            return Ok(());
        };
        let span = self.p.expr_span(key);
        if !self.is_concrete(value) {
            let id = self.new_bottom(
                Code::Incomplete,
                Reason::NonConcrete {
                    value: Some(value),
                    needed_by: "a dynamic field",
                },
                span,
            );
            self.add_bottom(task.node, Some(id));
            return Ok(());
        }
        let Some(label) = self.label_from(value, span) else {
            return Ok(());
        };
        if label.is_int() {
            let id = self.new_bottom(Code::Eval, Reason::BadIndex { value }, span);
            self.add_bottom(task.node, Some(id));
            return Ok(());
        }
        let conjunct = Conjunct {
            env,
            elem: task.elem,
            info: task.info,
        };
        self.insert_arc(task.node, label, arc, conjunct, task.info, true);
        Ok(())
    }
}
