//! The scheduler: tasks, the facts they wait for, and what happens when all of them wait.
//!
//! What needs evaluation is a [`Task`] of the node it contributes to. A task may need a fact about
//! another node (its scalar, its set of fields); when that is not there, the task is put aside
//! ([`Suspend`] unwinds to [`Evaluator::run_task`]) and run again when the fact is signalled. Facts
//! are bits with the meaning of the conditions of cue v0.14.1 `internal/core/adt/states.go`: some
//! are counted (known when every task that may contribute has run), some only signalled.
//!
//! Deadlock: when a node is finalised and tasks still wait, nothing more can come. In this order,
//! so that results do not depend on which task was first:
//! 1. all nodes waited for get the signal that their scalar and kind of arc will not change,
//!    which lets those go on that can live with that;
//! 2. all facts still waited for are frozen, so that adding to them is an error from now on;
//! 3. the remaining tasks run, in the order in which they were put aside, without waiting;
//! 4. whatever that added is processed by the same steps.

use crate::closed::CloseInfo;
use crate::eval::{Eval, Evaluator, Frame, Suspend};
use crate::graph::{Elem, EnvId, PartialId, YieldId};
use crate::ir::ArcKind;
use crate::term::{BottomId, NodeId, id};
use std::ops::{BitAnd, BitOr, BitOrAssign, Not};

id!(
    /// A task.
    pub(crate) TaskId
);

/// Facts about a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(crate) struct Facts(u16);

impl Facts {
    pub(crate) const NONE: Self = Self(0);
    /// All conjuncts that ancestors may add are there.
    pub(crate) const ANCESTORS: Self = Self(1);
    /// Whether the arc is there is known.
    pub(crate) const ARC_KIND: Self = Self(1 << 1);
    /// What kind of value it is is known.
    pub(crate) const VALUE: Self = Self(1 << 2);
    /// The scalar is known, or that there is none.
    pub(crate) const SCALAR: Self = Self(1 << 3);
    /// All conjuncts of all fields are there.
    pub(crate) const FIELD_CONJUNCTS: Self = Self(1 << 4);
    /// All fields are known.
    pub(crate) const FIELD_SET: Self = Self(1 << 5);
    /// All tasks have run.
    pub(crate) const TASKS: Self = Self(1 << 6);
    /// Everything below is evaluated.
    pub(crate) const SUB_FIELDS: Self = Self(1 << 7);
    /// Comprehensions that decide whether the arc is there have run.
    pub(crate) const PENDING: Self = Self(1 << 8);
    /// Disjunctions have been chosen from.
    pub(crate) const DISJUNCTION: Self = Self(1 << 9);
    /// Everything.
    pub(crate) const ALL: Self = Self(0x7fff);
    /// What never holds.
    pub(crate) const NEVER: Self = Self(0x8000);

    /// Facts that are known when all tasks that contribute have run.
    pub(crate) const COUNTED: Self = Self(
        Self::ARC_KIND.0
            | Self::VALUE.0
            | Self::FIELD_CONJUNCTS.0
            | Self::TASKS.0
            | Self::PENDING.0
            | Self::DISJUNCTION.0,
    );
    /// What a deadlock makes known.
    const UNBLOCKED: Self = Self(Self::SCALAR.0 | Self::ARC_KIND.0);
    /// The contribution of a conjunct that may be anything.
    const GENERIC: Self =
        Self(Self::TASKS.0 | Self::SCALAR.0 | Self::VALUE.0 | Self::FIELD_CONJUNCTS.0);
    /// The contribution of a conjunct that only adds fields.
    const FIELDS: Self = Self(Self::TASKS.0 | Self::FIELD_CONJUNCTS.0);
    /// The whole set of fields of a node.
    pub(crate) const NEED_FIELD_SET: Self = Self(Self::FIELD_SET.0 | Self::ANCESTORS.0);
    /// All of a node's own tasks.
    pub(crate) const NEED_TASKS: Self = Self(Self::ANCESTORS.0 | Self::TASKS.0);
    /// A scalar, disjunctions resolved.
    pub(crate) const SCALAR_VALUE: Self = Self(Self::SCALAR.0 | Self::DISJUNCTION.0);

    /// Whether all of `other` hold.
    pub(crate) fn has_all(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether any of `other` holds.
    pub(crate) fn has_any(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    fn bits(self) -> impl Iterator<Item = usize> {
        (0..10).filter(move |bit| self.0 & (1 << bit) != 0)
    }
}

impl BitOr for Facts {
    type Output = Self;
    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl BitOrAssign for Facts {
    fn bitor_assign(&mut self, other: Self) {
        self.0 |= other.0;
    }
}

impl BitAnd for Facts {
    type Output = Self;
    fn bitand(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

impl Not for Facts {
    type Output = Self;
    fn not(self) -> Self {
        Self(!self.0)
    }
}

/// How far an evaluation goes when a fact is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Nothing is done at all.
    Ignore,
    /// As far as it goes without waiting.
    Attempt,
    /// The running task waits.
    Yield,
    /// To the end: what is missing is treated as final.
    Finalize,
}

/// What a caller needs of a value.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Need {
    pub(crate) facts: Facts,
    pub(crate) mode: Mode,
}

impl Need {
    pub(crate) const fn new(facts: Facts, mode: Mode) -> Self {
        Self { facts, mode }
    }

    /// A scalar, waiting for it.
    pub(crate) const SCALAR: Self = Self::new(Facts::SCALAR, Mode::Yield);
}

/// What a task does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Job {
    /// Evaluates an expression and inserts its value.
    Expr,
    /// Resolves a reference and inserts what it leads to.
    Resolve,
    /// Inserts a field with a computed label.
    Dynamic,
    /// Inserts a pattern constraint.
    Pattern,
    /// Runs a comprehension.
    Comprehension,
    /// Inserts the elements of a list literal.
    List,
    /// Inserts the elements of an evaluated list.
    ListValue,
    /// Forks the node over its disjunctions.
    Disjunctions,
}

impl Job {
    fn contributes(self) -> Facts {
        match self {
            Self::Expr | Self::Resolve => Facts::GENERIC,
            Self::Dynamic | Self::Pattern | Self::List | Self::ListValue => Facts::FIELDS,
            Self::Comprehension => {
                Facts::VALUE | Facts::TASKS | Facts::FIELD_CONJUNCTS | Facts::PENDING
            }
            Self::Disjunctions => Facts::GENERIC | Facts::DISJUNCTION,
        }
    }

    /// Disjunctions come after everything else.
    fn priority(self) -> u8 {
        u8::from(self == Self::Disjunctions)
    }
}

/// Where a task stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TaskState {
    Ready,
    Running,
    Waiting,
    Done,
    Failed,
    Cancelled,
}

/// A piece of evaluation.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Task {
    pub(crate) job: Job,
    pub(crate) state: TaskState,
    pub(crate) contributes: Facts,
    /// Copied into a disjunct, where it goes on.
    pub(crate) defunct: bool,
    /// The node whose facts it waits for, and which.
    pub(crate) blocked_on: Option<NodeId>,
    pub(crate) blocked_by: Facts,
    pub(crate) err: Option<BottomId>,
    pub(crate) node: NodeId,
    pub(crate) env: Option<EnvId>,
    pub(crate) elem: Elem,
    pub(crate) info: CloseInfo,
    /// For comprehensions: their results, and the part that this task inserts.
    pub(crate) yields: Option<YieldId>,
    pub(crate) leaf: Option<PartialId>,
}

impl Evaluator<'_> {
    /// The task that is running.
    pub(crate) fn current(&self) -> Option<TaskId> {
        self.stack.last().copied()
    }

    pub(crate) fn task(&self, id: TaskId) -> &Task {
        &self.tasks[id.index()]
    }

    pub(crate) fn task_mut(&mut self, id: TaskId) -> &mut Task {
        &mut self.tasks[id.index()]
    }

    /// Adds a task to a node.
    pub(crate) fn schedule(
        &mut self,
        node: NodeId,
        job: Job,
        env: Option<EnvId>,
        elem: Elem,
        info: CloseInfo,
    ) -> TaskId {
        let contributes = job.contributes();
        self.charge_memory(size_of::<Task>() + 8);
        let id = TaskId::at(self.tasks.len());
        self.tasks.push(Task {
            job,
            state: TaskState::Ready,
            contributes,
            defunct: false,
            blocked_on: None,
            blocked_by: Facts::NEVER,
            err: None,
            node,
            env,
            elem,
            info,
            yields: None,
            leaf: None,
        });
        let work = self.work_mut(node);
        work.provided |= contributes;
        for bit in (contributes & Facts::COUNTED).bits() {
            work.counters[bit] += 1;
        }
        work.tasks.push(id);
        let (mut at, first) = (self.work(node).tasks.len() - 1, self.work(node).next_task);
        while at > first {
            let before = self.task(self.work(node).tasks[at - 1]).job.priority();
            if before <= job.priority() {
                break;
            }
            self.work_mut(node).tasks.swap(at, at - 1);
            at -= 1;
        }
        id
    }

    fn count_down(&mut self, node: NodeId, facts: Facts) {
        let mut known = Facts::NONE;
        let work = self.work_mut(node);
        for bit in (facts & Facts::COUNTED).bits() {
            work.counters[bit] = work.counters[bit].saturating_sub(1);
            if work.counters[bit] == 0 {
                known |= Facts(1 << bit);
            }
        }
        self.signal(node, known);
    }

    /// The facts that follow from those that hold.
    fn conclude(&mut self, node: NodeId) -> Facts {
        let work = self.work(node);
        let mut facts = work.completed;
        if facts.has_all(Facts::ANCESTORS) {
            facts |= Facts::COUNTED & !work.provided;
            // the counter of values, as in cue, although that of arcs is meant
            if work.counters[2] == 0 && facts.has_all(Facts::SUB_FIELDS) {
                facts |= Facts::ARC_KIND;
            }
        }
        let arc = self.g.node(node).arc;
        if matches!(arc, ArcKind::Member | ArcKind::Absent) {
            facts |= Facts::ARC_KIND;
        } else if facts.has_all(Facts::ARC_KIND) && arc == ArcKind::Pending {
            self.g.node_mut(node).arc = ArcKind::Absent;
        }
        if facts.has_all(Facts::VALUE) {
            let arc = self.g.node(node).arc;
            if matches!(arc, ArcKind::Member | ArcKind::Absent) {
                facts |= Facts::SCALAR;
            }
        }
        if facts.has_all(Facts::FIELD_CONJUNCTS | Facts::NEED_TASKS) {
            let pending = !facts.has_all(Facts::SUB_FIELDS)
                && self
                    .g
                    .node(node)
                    .arcs
                    .iter()
                    .any(|(_, arc)| self.g.node(arc).arc == ArcKind::Pending);
            if !pending {
                facts |= Facts::FIELD_SET;
            }
        }
        facts
    }

    /// Makes facts known and runs the tasks that waited for them.
    pub(crate) fn signal(&mut self, node: NodeId, facts: Facts) {
        if !self.has_work(node) {
            return;
        }
        let work = self.work_mut(node);
        let before = work.completed;
        work.completed |= facts;
        if work.completed == before {
            work.frozen |= facts;
            return;
        }
        let concluded = self.conclude(node);
        let work = self.work_mut(node);
        work.completed |= concluded;
        work.frozen |= facts;
        let count = work.blocking.len();
        for at in 0..count {
            let Some(&task) = self.work(node).blocking.get(at) else {
                break;
            };
            let completed = self.work(node).completed;
            let waiting = self.task_mut(task);
            if completed.has_all(waiting.blocked_by) {
                waiting.blocked_by = Facts::NEVER;
                waiting.blocked_on = None;
                self.run_task(task, Mode::Attempt);
            }
        }
    }

    /// Makes facts unchangeable.
    pub(crate) fn freeze(&mut self, node: NodeId, facts: Facts) {
        if !self.has_work(node) {
            return;
        }
        let work = self.work_mut(node);
        work.frozen |= facts;
        work.completed |= facts;
        self.conclude(node);
    }

    /// Whether the facts hold, as far as any task of the node contributes to them.
    pub(crate) fn meets(&self, node: NodeId, mut needs: Facts) -> bool {
        let work = self.work(node);
        if work.has_run {
            needs = needs & work.provided;
        }
        work.completed.has_all(needs)
    }

    /// Puts a task aside until facts are known.
    pub(crate) fn wait_for(&mut self, task: TaskId, node: NodeId, facts: Facts) {
        self.work_mut(node).needs |= facts;
        let waiting = self.task_mut(task);
        waiting.state = TaskState::Waiting;
        waiting.blocked_by = facts;
        waiting.blocked_on = Some(node);
        self.work_mut(node).blocking.push(task);
        self.blocking.push(task);
    }

    /// Runs the tasks of a node. What happens when facts are then missing depends on the mode.
    pub(crate) fn process(&mut self, node: NodeId, needs: Facts, mode: Mode) -> Eval<bool> {
        if !self.has_work(node) {
            return Ok(true);
        }
        let concluded = self.conclude(node);
        self.signal(node, concluded);
        self.work_mut(node).has_run = true;
        loop {
            while let Some(&task) = self.work(node).tasks.get(self.work(node).next_task) {
                self.work_mut(node).next_task += 1;
                if self.task(task).state == TaskState::Ready {
                    self.run_task(task, mode);
                }
            }
            match mode {
                Mode::Finalize => {}
                Mode::Yield => {
                    if self.meets(node, needs) {
                        return Ok(true);
                    }
                    if let Some(task) = self.current() {
                        self.wait_for(task, node, needs);
                        return Err(Suspend);
                    }
                }
                Mode::Ignore | Mode::Attempt => return Ok(self.meets(node, needs)),
            }
            loop {
                let round = self.blocking.len();
                for at in 0..round {
                    let Some(&task) = self.blocking.get(at) else {
                        break;
                    };
                    if let Some(on) = self.task(task).blocked_on {
                        self.signal(on, Facts::UNBLOCKED);
                    }
                }
                let round = self.blocking.len();
                for at in 0..round {
                    let Some(&task) = self.blocking.get(at) else {
                        break;
                    };
                    let Task {
                        blocked_on,
                        blocked_by,
                        ..
                    } = *self.task(task);
                    if let Some(on) = blocked_on {
                        self.freeze(on, blocked_by);
                    }
                }
                let round = self.blocking.len();
                for at in 0..round {
                    let Some(&task) = self.blocking.get(at) else {
                        break;
                    };
                    let waiting = self.task_mut(task);
                    if let Some(on) = waiting.blocked_on
                        && !waiting.defunct
                    {
                        let facts = waiting.blocked_by;
                        waiting.blocked_on = None;
                        waiting.blocked_by = Facts::NEVER;
                        self.signal(on, facts);
                        self.run_task(task, Mode::Attempt);
                    }
                }
                if self.work(node).next_task < self.work(node).tasks.len() {
                    break;
                }
                if round < self.blocking.len() {
                    continue;
                }
                self.blocking.clear();
                return Ok(true);
            }
        }
    }

    /// Runs one task, unless it has run. Never suspends: a task that has to wait is put aside.
    pub(crate) fn run_task(&mut self, id: TaskId, mode: Mode) {
        let task = *self.task(id);
        if task.defunct || !self.has_work(task.node) {
            self.task_mut(id).state = TaskState::Cancelled;
            return;
        }
        if matches!(task.state, TaskState::Done | TaskState::Failed) {
            return;
        }
        if !self.charge_task() {
            return;
        }
        let saved = self.frame;
        self.frame.vertex = Some(task.node);
        self.stack.push(id);
        if let Some(env) = task.env {
            self.frame = Frame {
                env,
                errs: None,
                src: self.g.elem_span(task.elem),
                info: task.info,
                vertex: Some(task.node),
            };
        }
        self.task_mut(id).state = TaskState::Running;
        self.task_mut(id).err = None;
        self.work_mut(task.node).active += 1;
        let result = match task.job {
            Job::Expr => self.process_expr(id, mode),
            Job::Resolve => self.process_resolver(id, mode),
            Job::Dynamic => self.process_dynamic(id, mode),
            Job::Pattern => self.process_pattern(id),
            Job::Comprehension => self.process_comprehension(id),
            Job::List => self.process_list(id, mode),
            Job::ListValue => {
                self.process_list_value(id);
                Ok(())
            }
            Job::Disjunctions => self.process_disjunctions(id),
        };
        let active = &mut self.work_mut(task.node).active;
        *active = active.saturating_sub(1);
        match result {
            Err(Suspend) => {
                let task = self.task_mut(id);
                if task.state == TaskState::Running {
                    task.state = if task.err.is_some() {
                        TaskState::Failed
                    } else {
                        TaskState::Done
                    };
                }
            }
            Ok(()) => {
                if self.task(id).state != TaskState::Waiting {
                    let errs = self.take_errs();
                    let err = self.combine(self.task(id).err, errs);
                    let task = self.task_mut(id);
                    task.blocked_on = None;
                    task.blocked_by = Facts::NEVER;
                    task.err = err;
                    task.state = if err.is_some() {
                        TaskState::Failed
                    } else {
                        TaskState::Done
                    };
                    let (node, contributes) = (task.node, task.contributes);
                    task.contributes = Facts::NONE;
                    self.add_bottom(node, err);
                    self.count_down(node, contributes);
                }
            }
        }
        let errs = self.frame.errs;
        self.frame = saved;
        if task.env.is_none() {
            // a task without an environment works on the errors of its caller
            self.frame.errs = errs;
        }
        self.stack.pop();
        let node = self.task(id).node;
        if self.work(node).to_complete {
            self.work_mut(node).to_complete = false;
            let _: Eval<()> = self.complete_tasks(node, Mode::Attempt);
        }
    }
}
