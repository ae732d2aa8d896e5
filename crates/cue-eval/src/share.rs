//! Structure sharing: a node whose only conjunct is a reference is the node referred to.
//!
//! Instead of copying the conjuncts of what a reference leads to, the referring node takes it as
//! its base. As soon as anything else comes in, sharing is undone ([`Evaluator::unshare`]) and the
//! conjuncts are scheduled after all. This makes a chain of references linear instead of quadratic
//! and shows structural cycles where cue v0.14.1 shows them (`internal/core/adt/share.go`).

use crate::closed::{CloseInfo, Traits};
use crate::cycle::CycleKind;
use crate::eval::Evaluator;
use crate::graph::{Conjunct, Flags, Status};
use crate::sched::Mode;
use crate::term::{Datum, NodeId, Term};

impl Evaluator<'_> {
    /// Ends sharing for good.
    pub(crate) fn unshare(&mut self, v: NodeId) {
        self.work_mut(v).no_sharing = true;
        if !self.work(v).is_shared {
            return;
        }
        self.work_mut(v).is_shared = false;
        self.g.node_mut(v).flags.clear(Flags::SHARED);
        let Some(target) = self.g.base_node(v) else {
            return;
        };
        let work = self.work_mut(v);
        let (base, conjunct) = (work.share_base, work.shared);
        let infos = work.shared_infos.clone();
        self.g.node_mut(v).base = base;
        if let Some(conjunct) = conjunct {
            for info in infos {
                self.schedule_node(v, conjunct, target, info);
            }
        }
        self.note_shared(v);
    }

    /// What has to be done once it is certain that a node is shared.
    pub(crate) fn finish_sharing(&mut self, v: NodeId) {
        self.note_shared(v);
        if !self.work(v).is_shared {
            return;
        }
        let Some(target) = self.g.base_node(v) else {
            return;
        };
        if self.work(v).share_cycle == CycleKind::None {
            self.finalize(target);
        }
        if self.has_work(target)
            && let Some(parent) = self.work(target).attach_to
        {
            self.g.node_mut(target).parent = Some(parent);
            self.work_mut(v).is_shared = false;
        }
    }

    /// Adds another reference to the shared node.
    pub(crate) fn add_shared(&mut self, v: NodeId, info: CloseInfo) {
        let work = self.work_mut(v);
        if work.shared_infos.is_empty() || work.share_cycle < info.cycle {
            work.share_cycle = info.cycle;
        }
        work.shared_infos.push(info);
    }

    fn note_shared(&mut self, v: NodeId) {
        if std::mem::replace(&mut self.work_mut(v).share_noted, true) {
            return;
        }
        for info in self.work(v).shared_infos.clone() {
            self.note_evidence(v, info, Traits::NONE);
        }
    }

    /// Makes `target` the base of `v`.
    pub(crate) fn share(&mut self, v: NodeId, conjunct: Conjunct, target: NodeId, info: CloseInfo) {
        let base = self.g.node(v).base;
        let work = self.work_mut(v);
        work.share_base = base;
        work.is_shared = true;
        work.shared = Some(conjunct);
        let node = self.g.node_mut(v);
        node.base = Some(Term::detached(Datum::Node(target)));
        node.flags.set(Flags::SHARED);
        self.add_shared(v, info);
        let node = self.g.node(target);
        let may_attach = !node.is_let() && !node.flags.has(Flags::ANONYMOUS);
        if may_attach && self.is_detached(target) && self.state(target) {
            self.work_mut(target).attach_to = Some(v);
        }
    }

    /// Lets a finished node at the head of a long chain of shared nodes refer to the last of them
    /// at once, so that following a chain of n references takes n steps and not n².
    pub(crate) fn shorten(&mut self, v: NodeId) {
        let Some(next) = self.g.base_node(v) else {
            return;
        };
        let mut last = next;
        while let Some(target) = self.g.base_node(last) {
            let node = self.g.node(last);
            if !node.flags.has(Flags::SHARED)
                || node.flags.has(Flags::DISJUNCT)
                || node.is_let()
                || node.status != Status::Final
            {
                return;
            }
            last = target;
        }
        let end = self.g.node(last);
        if last != next && !end.flags.has(Flags::DISJUNCT) && !end.is_let() {
            self.g.node_mut(v).base = Some(Term::detached(Datum::Node(last)));
        }
    }

    /// Whether neither the node nor anything above it has a path.
    fn is_detached(&self, mut v: NodeId) -> bool {
        loop {
            let node = self.g.node(v);
            if node.is_rooted() {
                return false;
            }
            let up = self.work(v).attach_to.filter(|_| self.has_work(v));
            match up.or(node.parent) {
                Some(parent) => v = parent,
                None => return true,
            }
        }
    }

    /// Shares `target` where that is possible.
    pub(crate) fn share_if_possible(
        &mut self,
        v: NodeId,
        conjunct: Conjunct,
        target: NodeId,
        info: CloseInfo,
    ) -> bool {
        let node = self.g.node(v);
        let other = self.g.node(target);
        let dynamic = |flags: Flags| flags.has(Flags::NON_ROOTED) || flags.has(Flags::DYNAMIC);
        if !self.shares
            || node.arcs.len() > 0
            || dynamic(other.flags)
            || (info.cycle == CycleKind::Cyclic && dynamic(node.flags))
            || self.work(v).no_sharing
            || self.work(v).is_shared
            || self.frame.errs.is_some()
            || (node.flags.has(Flags::CLOSED_RECURSIVE)
                && !other.flags.has(Flags::CLOSED_RECURSIVE))
            || other.is_let()
        {
            return false;
        }
        self.share(v, conjunct, target, info);
        true
    }

    /// Follows indirections but those of sharing (other than of `let`s) and of disjuncts.
    pub(crate) fn deref_non_rooted(&self, mut v: NodeId) -> NodeId {
        while let Some(next) = self.g.base_node(v) {
            let target = self.g.node(next);
            if target.flags.has(Flags::DISJUNCT)
                || (self.g.node(v).flags.has(Flags::SHARED) && !target.is_let())
            {
                break;
            }
            v = next;
        }
        v
    }

    /// Follows indirections unless the node is shared.
    pub(crate) fn deref_non_shared(&self, v: NodeId) -> NodeId {
        if self.has_work(v) && self.work(v).is_shared {
            return v;
        }
        self.g.deref_value(v)
    }

    /// The mode in which a disjunct around a node runs.
    pub(crate) fn enclosing_mode(&self, v: NodeId) -> Option<Mode> {
        let mut at = Some(v);
        while let Some(id) = at {
            if self.g.node(id).flags.has(Flags::DISJUNCT) {
                return if self.has_work(id) {
                    self.work(id).mode
                } else {
                    Some(Mode::Finalize)
                };
            }
            at = self.g.node(id).parent;
        }
        None
    }
}
