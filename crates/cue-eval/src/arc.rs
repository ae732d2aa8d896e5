//! Arcs: fields of a node, made when the first conjunct for them comes in.
//!
//! A conjunct is added to an arc once; an equal one (same element, same environment) only adds its
//! evidence. A new arc gets the constraints of the patterns that match its label. Whoever took
//! the conjuncts of an arc before all were there listens to it and is handed the later ones.

use crate::bottom::{Code, Reason};
use crate::closed::{CloseInfo, DefId};
use crate::eval::Evaluator;
use crate::graph::{Conjunct, Env, Flags, Node, Status};
use crate::ir::ArcKind;
use crate::label::Label;
use crate::sched::Facts;
use crate::term::{BottomId, NodeId};

impl Evaluator<'_> {
    /// The arc of a label, made if need be. True when it is new.
    pub(crate) fn arc(&mut self, v: NodeId, label: Label, kind: ArcKind) -> (NodeId, bool) {
        if let Some(arc) = self.g.node(v).arcs.find(label) {
            if label.is_let() {
                self.g.node_mut(arc).flags.set(Flags::MULTI_LET);
            }
            self.update_arc(arc, kind);
            return (arc, false);
        }
        let parent = self.g.node(v);
        let mut node = Node::new(Some(v), Some(label), kind);
        if parent.flags.has(Flags::DYNAMIC) || parent.flags.has(Flags::NON_ROOTED) {
            node.flags.set(Flags::NON_ROOTED);
        }
        if parent.flags.has(Flags::ANONYMOUS) || parent.is_let() {
            node.flags.set(Flags::ANONYMOUS);
        }
        if self.work(v).frozen.has_any(Facts::FIELD_SET) {
            self.fail(Code::Eval, Reason::FieldAfterUse { label });
            node.arc = ArcKind::Absent;
        }
        let arc = self.new_node(node);
        self.g.node_mut(v).arcs.push(label, arc);
        (arc, true)
    }

    /// Makes an arc more definite.
    pub(crate) fn update_arc(&mut self, arc: NodeId, kind: ArcKind) {
        let known = self.g.node(arc).arc;
        if kind >= known || known == ArcKind::Absent {
            return;
        }
        let parent = self.g.node(arc).parent;
        if self.has_work(arc)
            && self.g.node(self.g.deref_value(arc)).status == Status::Final
            && self.work(arc).frozen.has_all(Facts::ARC_KIND)
        {
            if let (Some(parent), Some(label)) = (parent, self.g.node(arc).label) {
                self.field_cycle(parent, label);
            }
            return;
        }
        if let Some(parent) = parent
            && self.g.node(parent).arc == ArcKind::Pending
            && self.has_work(parent)
        {
            self.unshare(parent);
        }
        self.g.node_mut(arc).arc = kind;
    }

    /// Records that a field depends on itself being there.
    pub(crate) fn field_cycle(&mut self, v: NodeId, label: Label) -> BottomId {
        let code = if self.accepts(v, label) {
            Code::Incomplete
        } else {
            Code::Eval
        };
        let id = self.error(code, Reason::FieldAfterUse { label });
        self.g.pool.bottoms[id.index()].node = Some(v);
        self.record(id);
        id
    }

    fn find_conjunct(&self, v: NodeId, conjunct: Conjunct) -> Option<Conjunct> {
        let Env { up, node, .. } = self.env(conjunct.env);
        self.g
            .node(v)
            .conjuncts
            .iter()
            .find(|known| {
                known.elem == conjunct.elem && {
                    let env = self.env(known.env);
                    env.up == up && env.node == node
                }
            })
            .copied()
    }

    /// Adds a conjunct to an arc, and to whoever listens to it.
    fn insert_conjunct(
        &mut self,
        arc: NodeId,
        conjunct: Conjunct,
        info: CloseInfo,
        kind: ArcKind,
        check: bool,
    ) -> bool {
        if !self.bare_state(arc) {
            return false;
        }
        self.mark_non_cyclic(arc, info);
        self.update_arc(arc, kind);
        self.charge_scan(self.g.node(arc).conjuncts.len());
        if !self.g.node(arc).conjuncts.is_empty() {
            self.charge_memory(size_of::<Conjunct>());
        }
        let known = if check {
            self.find_conjunct(arc, conjunct)
        } else {
            None
        };
        match known {
            None => self.g.node_mut(arc).conjuncts.push(conjunct),
            Some(known) => {
                if known.info.def != DefId::NONE {
                    self.add_replacement(arc, info.def, known.info.def);
                }
            }
        }
        if self.is_in_progress(arc) {
            self.schedule_conjunct(arc, conjunct, info);
        }
        let mut at = 0;
        while let Some(&(listener, info)) = self.work(arc).notify.get(at) {
            at += 1;
            if self.has_work(listener) && self.g.node(listener).status != Status::Final {
                self.schedule_conjunct(listener, conjunct, info);
            }
        }
        known.is_none()
    }

    /// Adds a conjunct to the field of a label, with the constraints of matching patterns.
    pub(crate) fn insert_arc(
        &mut self,
        v: NodeId,
        label: Label,
        kind: ArcKind,
        conjunct: Conjunct,
        info: CloseInfo,
        check: bool,
    ) -> NodeId {
        let (arc, is_new) = self.arc(v, label, kind);
        let saved = self.frame.vertex.replace(arc);
        let added = self.insert_conjunct(arc, conjunct, info, kind, check);
        if added && is_new {
            let mut at = 0;
            while let Some(&pattern) = self.g.node(v).patterns.get(at) {
                at += 1;
                if self.pattern_matches(pattern.filter, label) {
                    let mut which = 0;
                    while let Some(&constraint) =
                        self.g.node(pattern.constraint).conjuncts.get(which)
                    {
                        self.add_constraint(v, label, kind, constraint, check);
                        which += 1;
                    }
                }
            }
        }
        self.frame.vertex = saved;
        arc
    }

    /// Adds the constraint of a pattern to the field it matched.
    pub(crate) fn add_constraint(
        &mut self,
        v: NodeId,
        label: Label,
        kind: ArcKind,
        mut constraint: Conjunct,
        check: bool,
    ) {
        let mut env = self.env(constraint.env);
        env.label = Some(label);
        constraint.env = self.new_env(env);
        let (arc, _) = self.arc(v, label, kind);
        self.insert_conjunct(arc, constraint, constraint.info, kind, check);
    }
}
