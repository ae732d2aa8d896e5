//! Ids and evidence: what happens to closedness while conjuncts come in.
//!
//! Each reference, embedding and literal with embeddings that takes part in a node gets a
//! [`DefId`]. An id lies within the one that was current when it was given out: mostly that is one
//! number in `containments`; where an id gets a second container it is a [`Replacement`] of the node.
//! What a conjunct says is kept as [`Evidence`] of its id, one entry an id.

use super::{CloseInfo, DefId, DefInfo, DefKind, Evidence, Replacement, Traits};
use crate::eval::Evaluator;
use crate::graph::Flags;
use crate::ir::Expr;
use crate::label::Label;
use crate::term::{NodeId, Op};
use source_vocab::Span;

impl Evaluator<'_> {
    fn next_def(&mut self) -> DefId {
        let id = DefId(u32::try_from(self.containments.len()).unwrap_or(u32::MAX));
        self.containments.push(DefId::NONE);
        id
    }

    pub(super) fn contained_in(&self, id: DefId) -> DefId {
        self.containments
            .get(id.0 as usize)
            .copied()
            .unwrap_or_default()
    }

    /// Records that `to` lies within `from`.
    pub(crate) fn add_replacement(&mut self, node: NodeId, from: DefId, to: DefId) {
        if from == to {
            return;
        }
        if from < to && !self.contained_in(to).is_some() {
            if let Some(slot) = self.containments.get_mut(to.0 as usize) {
                *slot = from;
            }
            return;
        }
        let work = self.work_mut(node);
        work.requirements = None;
        work.replacements.push(Replacement { from, to });
    }

    /// Notes facts about a conjunct as evidence.
    pub(crate) fn note_evidence(&mut self, node: NodeId, info: CloseInfo, traits: Traits) {
        self.charge_scan(self.work(node).evidence.len());
        let work = self.work_mut(node);
        if let Some(found) = work.evidence.iter_mut().find(|known| known.id == info.def) {
            found.traits = found.traits.with(traits);
            return;
        }
        work.evidence.push(Evidence {
            id: info.def,
            embed: info.embed,
            traits,
        });
    }

    /// Gives the conjuncts that come by a reference to `target` an id. A reference to something
    /// that is no definition gets one too, but is no requirement. `at` is where it is written.
    pub(crate) fn enter_reference(
        &mut self,
        node: NodeId,
        target: NodeId,
        mut info: CloseInfo,
        is_definition: bool,
        at: Span,
    ) -> CloseInfo {
        self.charge_scan(self.work(node).defs.len());
        let flags = self.g.node(target).flags;
        let closed_once = flags.has(Flags::CLOSED_ONCE);
        let recursive = flags.has(Flags::CLOSED_RECURSIVE);
        let close_outer = (info.from_def && info.from_embed) || closed_once;
        if close_outer && is_definition {
            let mut outer = info.outer;
            for known in self.work_mut(node).defs.iter_mut().rev() {
                if outer.is_some() && known.id == outer {
                    known.ignore = false;
                    known.recursive |= recursive;
                    outer = known.parent;
                }
            }
        }
        let ignore = if !is_definition {
            true
        } else if info.embed.is_some() || !info.outer.is_some() {
            !(info.from_def || closed_once)
        } else {
            info.from_embed
        };
        let known = self
            .work(node)
            .defs
            .iter()
            .find(|known| known.target == Some(target))
            .map(|known| known.id);
        let id = match known {
            Some(id) if !info.embed.is_some() => id,
            _ => {
                let next = self.next_def();
                if let Some(known) = known {
                    self.add_replacement(node, next, known);
                }
                let def = DefInfo {
                    target: Some(target),
                    id: next,
                    parent: info.outer,
                    embed: info.embed,
                    ignore,
                    kind: DefKind::Reference,
                    recursive,
                    at,
                };
                self.work_mut(node).defs.push(def);
                next
            }
        };
        let from = info.def;
        info.def = id;
        self.add_replacement(node, from, id);
        info
    }

    fn open_scope(&mut self, node: NodeId, mut info: CloseInfo, kind: DefKind) -> CloseInfo {
        let id = self.next_def();
        self.add_replacement(node, info.def, id);
        let parent = info.def;
        info.def = id;
        match kind {
            DefKind::Embedding => info.embed = id,
            DefKind::Struct | DefKind::Reference => info.outer = id,
        }
        let def = DefInfo {
            target: None,
            id,
            parent,
            embed: info.embed,
            ignore: true,
            kind,
            recursive: info.from_def,
            at: Span::DETACHED,
        };
        self.work_mut(node).defs.push(def);
        info
    }

    /// The info for an embedded expression.
    pub(crate) fn enter_embedding(
        &mut self,
        node: NodeId,
        expr: Option<Expr>,
        mut info: CloseInfo,
    ) -> CloseInfo {
        info.from_embed = true;
        if let Some(Expr::Binary { op, .. }) = expr
            && op != Op::And
        {
            return info;
        }
        self.open_scope(node, info, DefKind::Embedding)
    }

    /// The info for a struct literal that has embeddings; `is_file` for the body of a file, which
    /// is no boundary.
    pub(crate) fn enter_struct(
        &mut self,
        node: NodeId,
        info: CloseInfo,
        is_file: bool,
    ) -> CloseInfo {
        if info.outer.is_some() || info.from_embed || is_file {
            return info;
        }
        self.open_scope(node, info, DefKind::Struct)
    }

    /// The info for a value that is a closed scope of its own.
    pub(crate) fn enter_scope(&mut self, node: NodeId, info: CloseInfo) -> CloseInfo {
        self.open_scope(node, info, DefKind::Struct)
    }

    /// Adds the evidence of a dropped disjunct to the equal one that is kept.
    pub(crate) fn merge_evidence(&mut self, into: NodeId, from: NodeId) {
        if !self.has_work(into) || !self.has_work(from) {
            return;
        }
        let evidence = self.work(from).evidence.clone();
        let replacements = self.work(from).replacements.clone();
        let work = self.work_mut(into);
        for one in evidence {
            if !work.evidence.iter().any(|known| known.id == one.id) {
                work.evidence.push(one);
            }
        }
        for one in replacements {
            if !work.replacements.contains(&one) {
                work.replacements.push(one);
            }
        }
        let arcs: Vec<(Label, NodeId)> = self.g.node(from).arcs.iter().collect();
        for (label, arc) in arcs {
            if let Some(own) = self.g.node(into).arcs.find(label) {
                self.merge_evidence(own, arc);
            }
        }
    }
}
