//! Forking: a copy of a node and everything below it, with its unfinished work.
//!
//! The copy gets the pending tasks of the original (which become defunct there), and every
//! environment that leads to the original is rewritten to lead to the copy, so that references
//! inside a disjunct see the disjunct. Nodes outside of the subtree are not copied.

use crate::eval::Evaluator;
use crate::graph::{Env, EnvId, Flags, PartialId, YieldId, Yields};
use crate::sched::{Job, TaskState};
use crate::term::NodeId;
use rustc_hash::FxHashMap;
use std::rc::Rc;

type Copies = FxHashMap<NodeId, NodeId>;

fn follow(copies: &Copies, mut v: NodeId) -> NodeId {
    let mut left = copies.len() + 1;
    while let Some(&next) = copies.get(&v) {
        v = next;
        left -= 1;
        if left == 0 {
            break;
        }
    }
    v
}

impl Evaluator<'_> {
    /// Copies a node for an alternative. Gives the copy and which node became which.
    pub(super) fn fork(&mut self, v: NodeId) -> (NodeId, Rc<Copies>) {
        let mut copies: Copies = self.work(v).copies.as_deref().cloned().unwrap_or_default();
        let mut copied = Vec::new();
        let fork = self.fork_node(v, &mut copies, &mut copied);
        self.g.node_mut(fork).flags.set(Flags::DISJUNCT);
        let copies = Rc::new(copies);
        self.work_mut(fork).copies = Some(Rc::clone(&copies));
        let mut yields: FxHashMap<YieldId, YieldId> = FxHashMap::default();
        for &copy in &copied {
            if !self.has_work(copy) {
                continue;
            }
            for at in 0..self.g.node(copy).conjuncts.len() {
                let env = self.g.node(copy).conjuncts[at].env;
                let env = self.forked_env(env, &copies);
                self.g.node_mut(copy).conjuncts[at].env = env;
            }
            for at in 0..self.work(copy).tasks.len() {
                let id = self.work(copy).tasks[at];
                let mut task = *self.task(id);
                if let Some(env) = task.env {
                    task.env = Some(self.forked_env(env, &copies));
                }
                task.yields = task.yields.map(|of| self.forked_yields(of, &mut yields));
                task.leaf = task.leaf.map(|leaf| self.forked_partial(leaf, &mut yields));
                task.node = follow(&copies, task.node);
                if let Some(on) = task.blocked_on {
                    let after = follow(&copies, on);
                    if after != on {
                        task.blocked_on = Some(after);
                        let needs = task.blocked_by;
                        let work = self.work_mut(after);
                        work.blocking.push(id);
                        work.needs |= needs;
                        self.blocking.push(id);
                    }
                }
                *self.task_mut(id) = task;
            }
        }
        (fork, copies)
    }

    fn fork_node(&mut self, v: NodeId, copies: &mut Copies, copied: &mut Vec<NodeId>) -> NodeId {
        let node = self.g.node(v).clone();
        let copy = self.new_node(node);
        copies.insert(v, copy);
        copied.push(copy);
        let mut arcs: Vec<NodeId> = Vec::with_capacity(self.g.node(v).arcs.len());
        for at in 0..self.g.node(v).arcs.len() {
            if let Some(arc) = self.g.node(v).arcs.get(at) {
                let arc = self.fork_node(arc, copies, copied);
                self.g.node_mut(arc).parent = Some(copy);
                arcs.push(arc);
            }
        }
        let mut next = arcs.into_iter();
        self.g
            .node_mut(copy)
            .arcs
            .replace(|arc| next.next().unwrap_or(arc));
        for at in 0..self.g.node(v).patterns.len() {
            let constraint = self.g.node(v).patterns[at].constraint;
            let constraint = self.fork_node(constraint, copies, copied);
            self.g.node_mut(copy).patterns[at].constraint = constraint;
        }
        if self.has_work(v) {
            self.fork_work(v, copy, copies);
        }
        copy
    }

    fn fork_work(&mut self, v: NodeId, copy: NodeId, copies: &Copies) {
        self.state(v);
        let mut work = self.work(v).clone();
        // the copied node may have been scheduled by the call above
        let (base, status) = (self.g.node(v).base, self.g.node(v).status);
        {
            let node = self.g.node_mut(copy);
            node.base = base;
            node.status = status;
        }
        work.cyclic_conjuncts.clear();
        work.notify.clear();
        work.post_checks.clear();
        work.disjuncts.clear();
        work.disjunct_errors.clear();
        work.has_disjunction = false;
        work.blocking.clear();
        work.next_task = 0;
        work.active = 0;
        work.frozen = crate::sched::Facts::NONE;
        work.requirements = None;
        for disjunction in &mut work.disjunctions {
            disjunction.env = self.forked_env(disjunction.env, copies);
        }
        let tasks = std::mem::take(&mut work.tasks);
        self.work_mut(v).blocking.clear();
        for id in tasks {
            let task = *self.task(id);
            let state = match task.state {
                TaskState::Waiting => TaskState::Waiting,
                TaskState::Ready => TaskState::Ready,
                TaskState::Running if task.job == Job::Disjunctions => continue,
                TaskState::Running => TaskState::Ready,
                TaskState::Done | TaskState::Failed | TaskState::Cancelled => continue,
            };
            self.task_mut(id).defunct = true;
            let mut forked = task;
            forked.state = state;
            forked.defunct = false;
            forked.err = None;
            let new = crate::sched::TaskId::at(self.tasks.len());
            self.charge_memory(size_of::<crate::sched::Task>());
            self.tasks.push(forked);
            work.tasks.push(new);
        }
        let id = self.add_work(work);
        self.g.node_mut(copy).work = id;
    }

    /// An environment in which copied nodes are replaced by their copies.
    pub(super) fn forked_env(&mut self, id: EnvId, copies: &Copies) -> EnvId {
        let Env { up, node, label } = self.env(id);
        let new_up = up.map(|up| self.forked_env(up, copies));
        let new_node = node.map(|node| follow(copies, node));
        if new_up == up && new_node == node {
            return id;
        }
        self.new_env(Env {
            up: new_up,
            node: new_node,
            label,
        })
    }

    fn forked_yields(&mut self, id: YieldId, known: &mut FxHashMap<YieldId, YieldId>) -> YieldId {
        if let Some(&known) = known.get(&id) {
            return known;
        }
        let Yields { of, node, .. } = self.g.yields[id.index()];
        let node = self.overlaid(node);
        let new = YieldId::at(self.g.yields.len());
        self.g.yields.push(Yields {
            of,
            node,
            envs: Vec::new(),
            done: false,
        });
        known.insert(id, new);
        new
    }

    fn forked_partial(
        &mut self,
        id: PartialId,
        yields: &mut FxHashMap<YieldId, YieldId>,
    ) -> PartialId {
        let mut partial = self.g.partials[id.index()];
        partial.results = partial
            .results
            .map(|results| self.forked_yields(results, yields));
        partial.at = partial.at.map(|at| self.overlaid(at));
        partial.parent = partial
            .parent
            .map(|parent| self.forked_partial(parent, yields));
        let new = PartialId::at(self.g.partials.len());
        self.g.partials.push(partial);
        new
    }
}
