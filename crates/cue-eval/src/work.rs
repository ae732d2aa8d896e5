//! Work: everything about a node that matters only while it is being evaluated.
//!
//! Works live beside the graph, one for each node under evaluation. When a struct is final and
//! checked, those of its fields are dropped and their places used again; so are those of a disjunct
//! that failed. Entry 0 is a dummy for nodes without work, so that reading never fails; nodes that
//! are final get none ([`Evaluator::state`] says so).
//!
//! The content corresponds to `nodeContext` of cue v0.14.1 `internal/core/adt/eval.go`.

use crate::closed::{CloseInfo, DefInfo, Evidence, Replacement, Requirement};
use crate::cycle::CycleKind;
use crate::disjunct::{Default, PendingDisjunction};
use crate::eval::Evaluator;
use crate::graph::{Conjunct, EnvId, Flags, Status};
use crate::ir::ExprId;
use crate::kind::Kind;
use crate::sched::{Facts, Mode, TaskId};
use crate::term::{BottomId, BoundId, NodeId, Term, id};
use rustc_hash::FxHashMap;
use source_vocab::Span;
use std::rc::Rc;

id!(
    /// The work of a node.
    pub(crate) WorkId
);

impl WorkId {
    /// No work.
    pub(crate) const NONE: Self = Self(0);
}

/// A conjunct that refers to itself and waits for one that does not.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CyclicConjunct {
    pub(crate) conjunct: Conjunct,
    /// What the reference led to, when that is known.
    pub(crate) target: Option<NodeId>,
}

/// A condition whose outcome must not change.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PostCheck {
    pub(crate) env: EnvId,
    pub(crate) expr: ExprId,
    pub(crate) expects_error: bool,
}

/// The state of a node's evaluation.
#[derive(Clone, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent facts that come in one by one"
)]
pub(crate) struct Work {
    // scheduling
    pub(crate) has_run: bool,
    pub(crate) completed: Facts,
    pub(crate) needs: Facts,
    pub(crate) provided: Facts,
    pub(crate) frozen: Facts,
    pub(crate) counters: [u32; 10],
    pub(crate) tasks: Vec<TaskId>,
    pub(crate) next_task: usize,
    pub(crate) blocking: Vec<TaskId>,

    // identity
    /// The node that this one is a copy of, or itself.
    pub(crate) underlying: NodeId,
    /// The node that will be the parent once sharing is final.
    pub(crate) attach_to: Option<NodeId>,

    // progress
    /// How many evaluations and tasks of the node are on the stack: it must not be dropped then.
    pub(crate) active: u32,
    pub(crate) is_initialized: bool,
    pub(crate) to_complete: bool,
    pub(crate) is_completing: bool,
    pub(crate) mode: Option<Mode>,
    pub(crate) eval_depth: i64,
    pub(crate) depth: u32,

    // cycles
    pub(crate) has_any_cyclic: bool,
    pub(crate) has_ancestor_cycle: bool,
    pub(crate) has_non_cycle: bool,
    pub(crate) has_non_cyclic: bool,
    pub(crate) has_field_value: bool,
    pub(crate) cyclic_conjuncts: Vec<CyclicConjunct>,

    // what has come in
    pub(crate) has_top: bool,
    pub(crate) has_struct: bool,
    pub(crate) is_def: bool,
    pub(crate) kind: Kind,
    pub(crate) kind_by: Option<Term>,
    pub(crate) scalar: Option<Term>,
    pub(crate) a_struct: bool,
    pub(crate) a_struct_info: CloseInfo,
    pub(crate) list_is_closed: bool,
    pub(crate) list_len: usize,
    /// The list that has this length.
    pub(crate) list_by: Span,
    pub(crate) lower: Option<(BoundId, Term)>,
    pub(crate) upper: Option<(BoundId, Term)>,
    pub(crate) checks: Vec<Conjunct>,
    pub(crate) post_checks: Vec<PostCheck>,
    pub(crate) errs: Option<BottomId>,
    pub(crate) seen: Vec<NodeId>,
    pub(crate) notify: Vec<(NodeId, CloseInfo)>,

    // sharing
    pub(crate) is_shared: bool,
    pub(crate) no_sharing: bool,
    pub(crate) shared: Option<Conjunct>,
    pub(crate) share_cycle: CycleKind,
    pub(crate) share_base: Option<Term>,
    pub(crate) share_noted: bool,
    pub(crate) shared_infos: Vec<CloseInfo>,

    // disjunctions
    pub(crate) has_disjunction: bool,
    pub(crate) disjunctions: Vec<PendingDisjunction>,
    pub(crate) disjuncts: Vec<NodeId>,
    pub(crate) disjunct_errors: Vec<BottomId>,
    pub(crate) default: Default,
    pub(crate) own_default: Default,
    pub(crate) default_used_by: Option<NodeId>,
    pub(crate) copies: Option<Rc<FxHashMap<NodeId, NodeId>>>,

    // closedness
    pub(crate) drops_parent_requirements: bool,
    pub(crate) defs: Vec<DefInfo>,
    pub(crate) replacements: Vec<Replacement>,
    pub(crate) evidence: Vec<Evidence>,
    pub(crate) requirements: Option<Vec<Requirement>>,
}

impl Work {
    /// The work of a new node.
    pub(crate) fn new(node: NodeId) -> Self {
        Self {
            has_run: false,
            completed: Facts::NONE,
            needs: Facts::NONE,
            provided: Facts::NONE,
            frozen: Facts::NONE,
            counters: [0; 10],
            tasks: Vec::new(),
            next_task: 0,
            blocking: Vec::new(),
            underlying: node,
            attach_to: None,
            active: 0,
            is_initialized: false,
            to_complete: false,
            is_completing: false,
            mode: None,
            eval_depth: 0,
            depth: 0,
            has_any_cyclic: false,
            has_ancestor_cycle: false,
            has_non_cycle: false,
            has_non_cyclic: false,
            has_field_value: false,
            cyclic_conjuncts: Vec::new(),
            has_top: false,
            has_struct: false,
            is_def: false,
            kind: Kind::TOP,
            kind_by: None,
            scalar: None,
            a_struct: false,
            a_struct_info: CloseInfo::default(),
            list_is_closed: false,
            list_len: 0,
            list_by: Span::DETACHED,
            lower: None,
            upper: None,
            checks: Vec::new(),
            post_checks: Vec::new(),
            errs: None,
            seen: Vec::new(),
            notify: Vec::new(),
            is_shared: false,
            no_sharing: false,
            shared: None,
            share_cycle: CycleKind::None,
            share_base: None,
            share_noted: false,
            shared_infos: Vec::new(),
            has_disjunction: false,
            disjunctions: Vec::new(),
            disjuncts: Vec::new(),
            disjunct_errors: Vec::new(),
            default: Default::Maybe,
            own_default: Default::Maybe,
            default_used_by: None,
            copies: None,
            drops_parent_requirements: false,
            defs: Vec::new(),
            replacements: Vec::new(),
            evidence: Vec::new(),
            requirements: None,
        }
    }
}

impl Evaluator<'_> {
    /// Whether the node has work.
    pub(crate) fn has_work(&self, node: NodeId) -> bool {
        self.g.node(node).work != WorkId::NONE
    }

    /// The work of a node; a dummy for a node without.
    pub(crate) fn work(&self, node: NodeId) -> &Work {
        &self.works[self.g.node(node).work.index()]
    }

    /// The work of a node, to change it. What is written for a node without is forgotten.
    pub(crate) fn work_mut(&mut self, node: NodeId) -> &mut Work {
        let id = self.g.node(node).work;
        if id == WorkId::NONE {
            self.works[id.index()] = Work::new(node);
        }
        &mut self.works[id.index()]
    }

    /// Adds work to the arena, in the place of one that was dropped where there is any.
    pub(crate) fn add_work(&mut self, work: Work) -> WorkId {
        if let Some(id) = self.free_works.pop() {
            self.works[id.index()] = work;
            return id;
        }
        self.charge_memory(size_of::<Work>() + 128);
        let id = WorkId::at(self.works.len());
        self.works.push(work);
        id
    }

    /// Drops the works of the fields of a node that is final and has been checked: nobody asks
    /// any more how their values came about. In a disjunct they are kept, because it may still be
    /// compared with others; they go with the field that the disjunct was chosen for.
    pub(crate) fn drop_field_works(&mut self, node: NodeId) {
        if !self.overlays.is_empty() {
            return;
        }
        let mut pending: Vec<NodeId> = self.g.node(node).arcs.iter().map(|(_, arc)| arc).collect();
        while let Some(at) = pending.pop() {
            if self.g.node(at).status != Status::Final {
                continue;
            }
            self.drop_work(at);
            let chosen = self.g.base_node(at);
            pending.extend(chosen.filter(|&next| self.g.node(next).flags.has(Flags::DISJUNCT)));
            if self.g.node(at).flags.has(Flags::DISJUNCT) {
                pending.extend(self.g.node(at).arcs.iter().map(|(_, arc)| arc));
            }
        }
    }

    /// Drops the works of a disjunct that failed and of everything that was copied for it.
    pub(crate) fn drop_failed(&mut self, fork: NodeId) {
        let mut pending = vec![fork];
        while let Some(at) = pending.pop() {
            if !self.has_work(at) {
                continue;
            }
            self.drop_work(at);
            let node = self.g.node(at);
            let own = |id: NodeId| self.g.node(id).parent == Some(at);
            pending.extend(node.arcs.iter().map(|(_, arc)| arc).filter(|&arc| own(arc)));
            if let Some(next) = self.g.base_node(at)
                && self.g.node(next).flags.has(Flags::DISJUNCT)
            {
                pending.push(next);
            }
        }
    }

    fn drop_work(&mut self, node: NodeId) {
        let id = self.g.node(node).work;
        if id != WorkId::NONE && self.works[id.index()].active == 0 {
            self.works[id.index()] = Work::new(node);
            self.g.node_mut(node).work = WorkId::NONE;
            self.free_works.push(id);
        }
    }

    /// Makes sure that a node that is not final has work, without looking at its conjuncts.
    /// False for a final node.
    pub(crate) fn bare_state(&mut self, node: NodeId) -> bool {
        if self.g.node(node).status == Status::Final {
            return false;
        }
        if self.has_work(node) {
            return true;
        }
        let id = self.add_work(Work::new(node));
        self.g.node_mut(node).work = id;
        let parent = self.g.node(node).parent;
        if let Some(parent) = parent
            && self.has_work(parent)
        {
            let depth = self.work(parent).depth + 1;
            let work = self.work_mut(node);
            work.depth = depth;
            work.provided |= Facts::ANCESTORS;
        }
        self.work_mut(node).provided |= Facts::SCALAR | Facts::ARC_KIND;
        let is_definition = self
            .g
            .node(node)
            .label
            .is_some_and(crate::label::Label::is_definition);
        let parent_is_closed =
            parent.is_some_and(|parent| self.g.node(parent).flags.has(Flags::CLOSED_RECURSIVE));
        if is_definition || parent_is_closed {
            self.g.node_mut(node).flags.set(Flags::CLOSED_RECURSIVE);
        }
        true
    }

    /// As [`Self::bare_state`], and schedules the conjuncts once.
    pub(crate) fn state(&mut self, node: NodeId) -> bool {
        if !self.bare_state(node) {
            return false;
        }
        if !self.work(node).is_initialized {
            self.schedule_conjuncts(node);
        }
        true
    }

    fn schedule_conjuncts(&mut self, node: NodeId) {
        self.work_mut(node).is_initialized = true;
        self.g.node_mut(node).base = Some(Self::in_progress());
        let saved = self.frame.vertex.replace(node);
        let mut at = 0;
        while let Some(&conjunct) = self.g.node(node).conjuncts.get(at) {
            let mut info = conjunct.info;
            if self.frame.info.is_cyclic {
                info.cycle = self.frame.info.cycle;
                info.is_cyclic = true;
                info.refs = self.frame.info.refs;
            }
            self.schedule_conjunct(node, conjunct, info);
            at += 1;
        }
        self.frame.vertex = saved;
    }

    /// Whether the conjuncts have been looked at but the node is not final.
    pub(crate) fn is_in_progress(&self, node: NodeId) -> bool {
        self.g.node(node).status != Status::Final
            && self.has_work(node)
            && self.work(node).is_initialized
    }

    /// Adds an error to a node under evaluation.
    pub(crate) fn add_bottom(&mut self, node: NodeId, bottom: Option<BottomId>) {
        let Some(bottom) = bottom else { return };
        let combined = self.combine(self.work(node).errs, Some(bottom));
        self.work_mut(node).errs = combined;
    }
}
