//! Closedness: which fields a definition admits, decided from evidence at the end.
//!
//! Fields are never rejected while conjuncts come in. Instead every conjunct carries, in its
//! [`CloseInfo`], the id of the unification it came by: each reference to a definition, each
//! embedding and each struct literal with embeddings gets an id of its own, and ids that contain
//! others are recorded as [`Replacement`]s. When a node is complete, [`Evaluator::check_closed`]
//! asks for every field and every closed struct that takes part ([`Requirement`]): is there a
//! conjunct of the field whose id lies within the requirement? If not, the field is not allowed.
//!
//! Example: in `x: #A & {a: 1, b: 2}` with `#A: {a: int}` the reference to `#A` gets id 7. Field
//! `a` has a conjunct marked 7 and is allowed; `b` has none, and `x.b` becomes the error.
//!
//! - Embedding a definition is not a requirement of its own, but evidence for what it is embedded
//!   in, and it closes the literal around it (`outer`).
//! - An embedding group (`embed`) separates `#A & #B` inside a struct, where both must admit each
//!   other's fields, from the fields beside them, which they need not.
//! - `_`, `...` and validators of schemas end the check below them.
//!
//! Rules of cue v0.14.1 `internal/core/adt/typocheck.go`.

use crate::bottom::{Bottom, Code, Reason};
use crate::cycle::{CycleKind, RefId};
use crate::eval::Evaluator;
use crate::graph::Flags;
use crate::ir::{ArcKind, Expr};
use crate::kind::Kind;
use crate::label::Label;
use crate::term::{NodeId, Op, Term};
use source_vocab::Span;

/// One unification whose fields may be checked. Zero is none. Ids grow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct DefId(pub(crate) u32);

impl DefId {
    /// No unification.
    pub(crate) const NONE: Self = Self(0);

    /// Whether it is one.
    pub(crate) fn is_some(self) -> bool {
        self != Self::NONE
    }
}

/// How a conjunct came in: which definitions it belongs to, and which references led to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent facts about one conjunct, each asked for by name"
)]
pub(crate) struct CloseInfo {
    /// The unification that it is evidence for.
    pub(crate) def: DefId,
    /// The innermost embedding around it.
    pub(crate) embed: DefId,
    /// The struct literal with embeddings around it.
    pub(crate) outer: DefId,
    /// Whether it comes from a definition.
    pub(crate) from_def: bool,
    /// Whether it is embedded.
    pub(crate) from_embed: bool,
    /// Whether it is to be treated as a definition although no reference says so.
    pub(crate) top_def: bool,
    /// Which cycle it is on.
    pub(crate) cycle: CycleKind,
    /// Whether it or what it came from refers to itself.
    pub(crate) is_cyclic: bool,
    /// The references that led here, the last one first.
    pub(crate) refs: Option<RefId>,
}

impl CloseInfo {
    /// The same for a field of the struct.
    #[must_use]
    pub(crate) fn of_field(mut self) -> Self {
        self.from_embed = false;
        self
    }

    /// The same for something that need not be there.
    #[must_use]
    pub(crate) fn optional(mut self) -> Self {
        if self.cycle == CycleKind::None {
            self.cycle = CycleKind::Optional;
        }
        self
    }

    /// The same without taking part in closedness.
    #[must_use]
    pub(crate) fn without_closedness(mut self) -> Self {
        self.def = DefId::NONE;
        self.embed = DefId::NONE;
        self.outer = DefId::NONE;
        self
    }
}

/// What an id stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DefKind {
    /// An embedding.
    Embedding,
    /// A reference.
    Reference,
    /// A struct literal with embeddings.
    Struct,
}

/// An id that was given out at a node.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DefInfo {
    /// What the reference led to.
    pub(crate) target: Option<NodeId>,
    /// The id.
    pub(crate) id: DefId,
    /// The enclosing literal, for references; the enclosing id, for the others.
    pub(crate) parent: DefId,
    /// The embedding around it.
    pub(crate) embed: DefId,
    /// Whether fields are not checked against it.
    pub(crate) ignore: bool,
    /// What it stands for.
    pub(crate) kind: DefKind,
    /// Whether it closes all levels below.
    pub(crate) recursive: bool,
}

/// `from` counts as evidence for whatever `to` is evidence for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Replacement {
    /// The containing id.
    pub(crate) from: DefId,
    /// The contained one.
    pub(crate) to: DefId,
}

/// Facts about the conjuncts of one id.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Traits(u8);

impl Traits {
    /// Nothing special.
    pub(crate) const NONE: Self = Self(0);
    /// Has `...`.
    pub(crate) const ELLIPSIS: Self = Self(1);
    /// Has `_` or a type.
    pub(crate) const TOP: Self = Self(2);
    /// Has a struct literal.
    pub(crate) const STRUCT: Self = Self(4);
    /// Has a validator that decides itself which fields are fine.
    pub(crate) const OPEN_VALIDATOR: Self = Self(8);

    fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Both.
    pub(crate) fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }
}

/// The evidence of one id at a node.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Evidence {
    /// The id.
    pub(crate) id: DefId,
    /// The embedding around it.
    pub(crate) embed: DefId,
    /// Facts.
    pub(crate) traits: Traits,
}

/// A closed struct that the fields of a node are checked against.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Requirement {
    id: DefId,
    parent: DefId,
    embed: DefId,
    kind: DefKind,
    /// Whether it closes only one level.
    once: bool,
    /// Whether it is only kept to know a scope.
    ignored: bool,
    /// Whether something opened it for good.
    removed: bool,
}

impl Evaluator<'_> {
    fn next_def(&mut self) -> DefId {
        let id = DefId(u32::try_from(self.containments.len()).unwrap_or(u32::MAX));
        self.containments.push(DefId::NONE);
        id
    }

    fn contained_in(&self, id: DefId) -> DefId {
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
    /// that is no definition gets one too, but is no requirement.
    pub(crate) fn enter_reference(
        &mut self,
        node: NodeId,
        target: NodeId,
        mut info: CloseInfo,
        is_definition: bool,
    ) -> CloseInfo {
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

    /// Checks the fields of a complete node. Fields that are not allowed become errors.
    pub(crate) fn check_closed(&mut self, node: NodeId) {
        let target = self.g.deref_value(node);
        if self.g.node(target).arcs.len() == 0 {
            return;
        }
        if let Some(bottom) = self.g.node(target).base.and_then(Term::bottom)
            && !self.g.bottom(bottom).close_check
        {
            return;
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
            if is_allowed_in_closed(label) || self.has_all_evidence(arc, &required) {
                continue;
            }
            if self.g.node(arc).arc == ArcKind::Pending || self.frame.errs.is_some() {
                continue;
            }
            let mut bottom = Bottom::new(Code::Eval, Reason::NotAllowed { label }, Span::DETACHED);
            for conjunct in &self.g.node(arc).conjuncts {
                bottom.also_at(self.g.elem_span(conjunct.elem));
            }
            bottom.node = Some(arc);
            bottom.close_check = true;
            let datum = self.g.pool.add_bottom(bottom);
            let term = Term::detached(datum);
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

    fn has_all_evidence(&mut self, arc: NodeId, all: &[Requirement]) -> bool {
        (0..all.len()).all(|at| {
            let one = all[at];
            one.ignored || one.removed || self.has_evidence(arc, all, one)
        })
    }

    fn has_evidence(&mut self, arc: NodeId, all: &[Requirement], one: Requirement) -> bool {
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

/// Whether a field of this label is allowed in every closed struct.
pub(crate) fn is_allowed_in_closed(label: Label) -> bool {
    label.is_hidden() || label.is_definition() || label.is_let()
}
