//! Looking fields up: what is evaluated to find one, and what it means not to find it.
//!
//! A field that is there is given as soon as it is known to be. One that is not may still come: as
//! long as the struct has tasks, the lookup leaves a *pending* arc behind and waits for it. Once
//! nothing can add it any more it is undefined, which is an error for good in a closed struct or
//! list, and an incomplete one otherwise.

use crate::bottom::{Code, Reason};
use crate::eval::{Eval, Evaluator};
use crate::graph::{Flags, Node, Status};
use crate::ir::ArcKind;
use crate::kind::Kind;
use crate::label::Label;
use crate::sched::{Facts, Mode, Need, TaskState};
use crate::term::{Datum, NodeId, Term};
use source_vocab::Span;

impl Evaluator<'_> {
    /// Looks a field up, evaluating as much of the struct as that takes.
    pub(crate) fn lookup(
        &mut self,
        v: NodeId,
        span: Span,
        label: Label,
        need: Need,
    ) -> Eval<Option<NodeId>> {
        let task = self.current();
        let v = self.g.deref_value(v);
        let has_state = self.state(v);
        if has_state {
            let errs = self.collect_errs_if_any(v);
            if let Some(errs) = errs
                && let Some(at) = self.g.bottom(errs).node
                && self.root_of(at) != self.root_of(v)
            {
                self.record(errs);
            }
            self.complete_tasks(v, Mode::Attempt)?;
        }
        if let Some(task) = task
            && self.task(task).state != TaskState::Running
        {
            return Ok(None);
        }
        let (result, arc) = match self.g.node(v).arcs.find(label) {
            Some(result) => {
                let arc = self.deref_non_rooted(result);
                if self.g.node(arc).arc == ArcKind::Member {
                    return Ok(Some(result));
                }
                (result, arc)
            }
            None if !has_state || self.meets(v, Facts::NEED_TASKS) => {
                self.undefined(v, span, label);
                return Ok(None);
            }
            None => {
                let arc = self.new_node(Node::new(Some(v), Some(label), ArcKind::Pending));
                self.g.node_mut(v).arcs.push(label, arc);
                (arc, arc)
            }
        };
        let has_arc_state = self.state(arc);
        if has_arc_state
            && (!self.meets(arc, Facts::NEED_TASKS) || !self.meets(arc, Facts::ARC_KIND))
        {
            self.complete_pending(arc, Mode::Attempt)?;
            self.complete_tasks(arc, Mode::Yield)?;
            let needs = need.facts | Facts::ARC_KIND;
            match need.mode {
                Mode::Ignore | Mode::Attempt => {
                    if let Some(task) = task {
                        let (node, info) = (self.task(task).node, self.task(task).info);
                        self.add_notify(arc, node, info);
                    }
                    if self.g.node(arc).arc == ArcKind::Pending {
                        return Ok(Some(result));
                    }
                }
                Mode::Yield => {
                    self.process(arc, needs, Mode::Yield)?;
                }
                Mode::Finalize => {
                    if needs == (Facts::ARC_KIND | Facts::FIELD_SET) {
                        self.unify(arc, needs, Mode::Finalize, false)?;
                    } else if !self.unify(arc, needs, Mode::Attempt, false)? {
                        self.process(arc, needs, Mode::Yield)?;
                    }
                    if self.g.node(arc).arc == ArcKind::Pending {
                        self.g.node_mut(arc).arc = ArcKind::Absent;
                    }
                }
            }
        }
        match self.g.node(arc).arc {
            ArcKind::Member | ArcKind::Required => Ok(Some(result)),
            ArcKind::Optional => {
                let id = self.new_bottom(Code::Incomplete, Reason::OptionalField { label }, span);
                self.g.pool.bottoms[id.index()].node = Some(v);
                self.record(id);
                Ok(None)
            }
            ArcKind::Absent | ArcKind::Pending => {
                self.undefined(v, span, label);
                Ok(None)
            }
        }
    }

    fn collect_errs_if_any(&mut self, v: NodeId) -> Option<crate::term::BottomId> {
        let node = self.g.node(v);
        let has = node.child_errors.is_some()
            || (node.status > Status::Evaluating && self.g.error_of(v).is_some())
            || self.frame.errs.is_some()
            || self.work(v).errs.is_some();
        if has { self.collect_errs(v) } else { None }
    }

    fn root_of(&self, mut v: NodeId) -> NodeId {
        while let Some(parent) = self.g.node(v).parent {
            v = parent;
        }
        v
    }

    /// Records that a struct or list has no such field.
    pub(crate) fn undefined(&mut self, v: NodeId, span: Span, label: Label) {
        let code = if self.accepts(v, label) {
            Code::Incomplete
        } else {
            Code::Eval
        };
        let reason = match label.index() {
            Some(index) => Reason::OutOfRange {
                index,
                length: self.elements(v).len(),
            },
            None => Reason::UndefinedField { label, within: v },
        };
        let id = self.new_bottom(code, reason, span);
        self.g.pool.bottoms[id.index()].node = Some(v);
        self.record(id);
    }

    /// Whether more information could still give a node this field.
    pub(crate) fn accepts(&mut self, v: NodeId, label: Label) -> bool {
        if label.is_definition() || label.is_hidden() || label.is_let() {
            return true;
        }
        let v = self.g.deref_value(v);
        let base = self.g.node(v).base;
        if let Some(Term {
            datum: Datum::Disjunction(id),
            ..
        }) = base
        {
            let values = self.g.pool.disjunction(id).values.clone();
            return values
                .into_iter()
                .filter_map(Term::node)
                .any(|value| self.accepts(value, label));
        }
        let kind = self.node_kind(v);
        if let Some(index) = label.index() {
            return match base.map(|base| base.datum) {
                Some(Datum::ListMark(_)) => {
                    index < self.elements(v).len() || !self.g.is_closed_list(v)
                }
                _ => kind.meets(Kind::LIST),
            };
        }
        if !kind.meets(Kind::STRUCT) && (!kind.is_bottom() || self.g.node(v).structs.is_empty()) {
            return false;
        }
        let flags = self.g.node(v).flags;
        if flags.has(Flags::ELLIPSIS) {
            return true;
        }
        // a struct counts as closed once it is known to be a struct
        let closed = matches!(base.map(|base| base.datum), Some(Datum::StructMark))
            && (flags.has(Flags::CLOSED_RECURSIVE) || flags.has(Flags::CLOSED_ONCE));
        if !closed || self.g.node(v).arcs.find(label).is_some() {
            return true;
        }
        (0..self.g.node(v).patterns.len()).any(|at| {
            let filter = self.g.node(v).patterns[at].filter;
            self.pattern_matches(filter, label)
        })
    }

    /// The elements of a list.
    pub(crate) fn elements(&self, v: NodeId) -> Vec<NodeId> {
        self.g
            .node(v)
            .arcs
            .iter()
            .filter(|(label, _)| label.is_int())
            .map(|(_, arc)| arc)
            .collect()
    }
}
