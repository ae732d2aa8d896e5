//! The check: is there evidence for every field in every closed struct that takes part?
//!
//! A node's requirements are its own ids that close something and those of its ancestors, less what
//! `...`, `_` or a validator of schemas opened. A field needs a conjunct within each of them. One
//! that has none gets the error in place of its value, with the reference to blame: the one whose
//! requirement was not met.

use super::{DefId, DefInfo, DefKind, Replacement, Requirement, Traits, is_allowed_in_closed};
use crate::bottom::{Bottom, Closer, Code, Reason};
use crate::eval::Evaluator;
use crate::graph::Flags;
use crate::ir::ArcKind;
use crate::kind::Kind;
use crate::label::Label;
use crate::term::{BottomId, NodeId, Term};
use source_vocab::Span;

impl Evaluator<'_> {
    /// Checks the fields of a complete node. Fields that are not allowed become errors.
    pub(crate) fn check_closed(&mut self, node: NodeId) {
        let target = self.g.deref_value(node);
        if self.g.node(target).arcs.len() == 0 {
            return;
        }
        // beside another error of a field nothing is judged any more, but people want to know
        let mut is_remark = false;
        if let Some(bottom) = self.g.node(target).base.and_then(Term::bottom)
            && !self.g.bottom(bottom).close_check
        {
            is_remark = self.g.bottom(bottom).of_child && self.overlays.is_empty();
            if !is_remark {
                return;
            }
        }
        let base = self.requirements(node);
        if base.is_empty() {
            return;
        }
        let arcs: Vec<(Label, NodeId)> = self.g.node(target).arcs.iter().collect();
        let mut found = None;
        // the same requirement set is opened or not by the node's own conjuncts, whatever the field
        let mut required = base;
        for requirement in &mut required {
            if self.parent_ellipsis(node, requirement.id, node).is_some() {
                requirement.removed = true;
            }
        }
        for (label, arc) in arcs {
            let arc = self.g.deref_disjunct(arc);
            if !self.has_work(arc) {
                continue;
            }
            if let Some(bottom) = self.g.node(arc).base.and_then(Term::bottom)
                && !self.g.bottom(bottom).close_check
            {
                continue;
            }
            if is_allowed_in_closed(label) {
                continue;
            }
            let Some(unmet) = self.unmet(arc, &required) else {
                continue;
            };
            if self.g.node(arc).arc == ArcKind::Pending || self.frame.errs.is_some() {
                continue;
            }
            let id = self.not_allowed(arc, label, unmet);
            if is_remark {
                self.g.remarks.push((arc, id));
                continue;
            }
            let term = Self::bottom_term(id);
            self.g.node_mut(arc).base = Some(term);
            self.g.node_mut(arc).status = crate::graph::Status::Final;
            self.work_mut(arc).kind = Kind::BOTTOM;
            if self.g.node(arc).arc <= ArcKind::Required {
                found = self.combine(found, term.bottom());
            }
        }
        if let Some(found) = found {
            self.add_child_error(node, found);
        }
    }

    /// The error of a field that a closed struct does not admit.
    fn not_allowed(&mut self, arc: NodeId, label: Label, unmet: Requirement) -> BottomId {
        let closed_by = self.closer(arc, unmet.id);
        let reason = Reason::NotAllowed { label, closed_by };
        let mut bottom = Bottom::new(Code::Eval, reason, Span::DETACHED);
        for conjunct in &self.g.node(arc).conjuncts {
            bottom.also_at(self.g.elem_span(conjunct.elem));
        }
        bottom.node = Some(arc);
        bottom.close_check = true;
        self.store_bottom(bottom)
    }

    /// Which reference or call gave rise to the requirement with this id, which is one of an
    /// ancestor of `arc`. Of a literal that was closed by what it embeds, the embedding.
    fn closer(&self, arc: NodeId, id: DefId) -> Option<Closer> {
        let mut at = self.g.node(arc).parent;
        while let Some(node) = at {
            if self.has_work(node) {
                let defs = &self.work(node).defs;
                if let Some(own) = defs.iter().find(|def| def.id == id) {
                    let def = if own.target.is_some() {
                        own
                    } else {
                        self.closing(defs.iter().filter(|def| def.id > id))?
                    };
                    return self.innermost(def);
                }
            }
            at = self.g.node(node).parent;
        }
        None
    }

    /// The first reference to something closed.
    fn closing<'d>(&'d self, mut defs: impl Iterator<Item = &'d DefInfo>) -> Option<&'d DefInfo> {
        defs.find(|def| {
            def.target.is_some_and(|target| {
                let flags = self.g.node(target).flags;
                flags.has(Flags::CLOSED_RECURSIVE) || flags.has(Flags::CLOSED_ONCE)
            })
        })
    }

    /// What closed the target of a reference when that is no definition itself.
    fn innermost<'d>(&'d self, mut def: &'d DefInfo) -> Option<Closer> {
        for _ in 0..8 {
            let target = self.g.deref_value(def.target?);
            let node = self.g.node(target);
            if node.label.is_some_and(Label::is_definition) || !self.has_work(target) {
                break;
            }
            match self.closing(self.work(target).defs.iter()) {
                Some(inner) => def = inner,
                None => break,
            }
        }
        Some(Closer {
            definition: def.target?,
            at: def.at,
        })
    }

    /// The first requirement that the conjuncts of a field do not meet.
    fn unmet(&mut self, arc: NodeId, all: &[Requirement]) -> Option<Requirement> {
        all.iter()
            .find(|one| !(one.ignored || one.removed || self.has_evidence(arc, all, **one)))
            .copied()
    }

    fn has_evidence(&self, arc: NodeId, all: &[Requirement], one: Requirement) -> bool {
        let evidence = self.work(arc).evidence.clone();
        let redirects = self.redirects(arc);
        if evidence
            .iter()
            .any(|known| self.contains(&redirects, one.id, known.id))
        {
            return true;
        }
        let find = |id: DefId| {
            all.iter()
                .find(|other| id.is_some() && other.id == id)
                .copied()
        };
        let Some(embedding) = find(one.embed) else {
            return false;
        };
        let outer = find(one.parent);
        if outer.is_some_and(|outer| outer.removed) {
            return true;
        }
        for known in &evidence {
            if self.contains(&redirects, embedding.id, known.embed) {
                continue;
            }
            match outer {
                None => return true,
                Some(outer) => {
                    if self.contains(&redirects, outer.id, known.id) {
                        return true;
                    }
                }
            }
        }
        false
    }

    /// The replacements that hold at a node: its own and those of its ancestors.
    fn redirects(&self, node: NodeId) -> Vec<Replacement> {
        let mut all = Vec::new();
        let mut at = Some(node);
        while let Some(id) = at {
            if !self.has_work(id) {
                break;
            }
            all.extend_from_slice(&self.work(id).replacements);
            at = self.g.node(id).parent;
        }
        all
    }

    /// Whether `child` lies within `id`.
    fn contains(&self, redirects: &[Replacement], id: DefId, child: DefId) -> bool {
        self.contains_from(redirects, id, child, child, 0)
    }

    fn contains_from(
        &self,
        redirects: &[Replacement],
        id: DefId,
        child: DefId,
        start: DefId,
        depth: usize,
    ) -> bool {
        if depth > redirects.len() {
            return false;
        }
        let mut at = child;
        while at.is_some() {
            if at == id {
                return true;
            }
            for redirect in redirects {
                if redirect.to == at
                    && redirect.from != child
                    && self.contains_from(redirects, id, redirect.from, start, depth + 1)
                {
                    return true;
                }
            }
            at = self.contained_in(at);
            if at == start {
                return false;
            }
        }
        child == id
    }

    /// The requirements that hold at a node, those of its ancestors included.
    fn requirements(&mut self, node: NodeId) -> Vec<Requirement> {
        if !self.has_work(node) {
            return Vec::new();
        }
        if let Some(known) = &self.work(node).requirements {
            return known.clone();
        }
        let mut all: Vec<Requirement> = Vec::new();
        let parent = self.g.node(node).parent;
        if let Some(parent) = parent
            && !self.work(node).drops_parent_requirements
        {
            all = self.requirements(parent);
            for one in &mut all {
                if one.once {
                    one.ignored = true;
                }
            }
        }
        let inherited = all.len();
        for at in 0..self.work(node).defs.len() {
            let def = self.work(node).defs[at];
            if def.ignore && def.kind == DefKind::Reference {
                continue;
            }
            if all.iter().any(|one| one.id == def.id) {
                continue;
            }
            let mut once = false;
            if def.kind != DefKind::Embedding {
                once = def
                    .target
                    .is_some_and(|target| self.g.node(target).flags.has(Flags::CLOSED_ONCE));
                if !def.ignore && !def.recursive {
                    once = true;
                }
            }
            all.push(Requirement {
                id: def.id,
                parent: def.parent,
                embed: def.embed,
                kind: def.kind,
                once,
                ignored: def.ignore,
                removed: false,
            });
            if def.parent.is_some() && !def.ignore {
                let mut outer = def.parent;
                for one in all[..inherited].iter_mut().rev() {
                    if !outer.is_some() {
                        break;
                    }
                    if one.id == outer {
                        one.once = if one.ignored {
                            !def.recursive
                        } else {
                            one.once && !def.recursive
                        };
                        one.ignored = false;
                        outer = one.parent;
                    }
                }
            }
        }
        let redirects = self.redirects(node);
        if self.g.node(node).label.is_some_and(is_allowed_in_closed) {
            let evidence = self.work(node).evidence.clone();
            all.retain(|one| {
                evidence
                    .iter()
                    .any(|known| self.contains(&redirects, one.id, known.id))
            });
        }
        self.drop_opened(node, parent, &redirects, &mut all);
        self.work_mut(node).requirements = Some(all.clone());
        all
    }

    /// Drops requirements below which everything is allowed.
    fn drop_opened(
        &mut self,
        node: NodeId,
        parent: Option<NodeId>,
        redirects: &[Replacement],
        all: &mut Vec<Requirement>,
    ) {
        let evidence = self.work(node).evidence.clone();
        let mut kept = Vec::with_capacity(all.len());
        for mut one in all.drain(..) {
            let mut traits = Traits::NONE;
            let mut has_any = false;
            for known in &evidence {
                if self.contains(redirects, one.id, known.id) {
                    has_any = true;
                    let mut these = known.traits;
                    if known.id < one.id {
                        these = these.without(Traits::STRUCT);
                    }
                    traits = traits.with(these);
                }
            }
            if (traits.has(Traits::TOP) && !traits.has(Traits::STRUCT))
                || traits.has(Traits::OPEN_VALIDATOR)
            {
                continue;
            }
            if !has_any || one.kind == DefKind::Struct {
                let opened = parent.and_then(|parent| self.parent_ellipsis(node, one.id, parent));
                if let Some(id) = opened {
                    one.removed |= !has_any
                        || (one.kind == DefKind::Struct
                            && !evidence
                                .iter()
                                .any(|known| self.contains(redirects, id, known.id)));
                }
            }
            kept.push(one);
        }
        *all = kept;
    }

    /// The id of a conjunct with `...` that lies within `id`, among the evidence of a node.
    fn parent_ellipsis(&self, node: NodeId, id: DefId, at: NodeId) -> Option<DefId> {
        if !self.has_work(at) {
            return None;
        }
        let evidence = &self.work(at).evidence;
        if !evidence
            .iter()
            .any(|known| known.traits.has(Traits::ELLIPSIS))
        {
            return None;
        }
        let redirects = self.redirects(node);
        evidence
            .iter()
            .filter(|known| known.traits.has(Traits::ELLIPSIS))
            .find(|known| self.contains(&redirects, id, known.id))
            .map(|known| known.id)
    }
}
