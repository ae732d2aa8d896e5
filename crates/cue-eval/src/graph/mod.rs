//! The graph: one arena of nodes, and what they are made of.
//!
//! A [`Node`] is a place in a configuration: a field, an element, or a value without a path made
//! while evaluating an expression. It has a base (its scalar, a mark that it is a struct or list,
//! an error, or another node that stands for it), arcs to its fields, and the conjuncts that made
//! it. Everything that only matters while the node is being evaluated is in its
//! [`crate::work::Work`], beside the graph, and gone at the end.
//!
//! Nodes refer to each other by [`NodeId`]; parents, cycles and sharing are plain numbers, there is
//! one owner and nothing to free but the whole. The shape follows `Vertex` of cue v0.14.1
//! `internal/core/adt/composite.go`, as do the names of its flags.
//!
//! Indirection: the base of a node may be another node, in this order:
//! a chosen disjunct → a shared or computed node → data. The `deref_*` family follows it.

use crate::bottom::Bottom;
use crate::closed::CloseInfo;
use crate::ir::{ArcKind, ComprehensionId, Decl, DeclId, ExprId, Program, StructId};
use crate::kind::Kind;
use crate::label::{Interner, Label};
use crate::term::{BottomId, Datum, ListEnd, NodeId, Pool, Term, id};
use crate::work::WorkId;
use rustc_hash::FxHashMap;
use smallvec::SmallVec;
use std::sync::Arc;

id!(
    /// An environment.
    pub(crate) EnvId
);
id!(
    /// A comprehension as applied to a node.
    pub(crate) PartialId
);
id!(
    /// The results of a comprehension.
    pub(crate) YieldId
);

/// The error that every node holds as base while it is being evaluated.
pub(crate) const IN_PROGRESS: usize = 0;

/// A frame in which references are resolved: the node at this level and the enclosing frames.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Env {
    /// The enclosing frame.
    pub(crate) up: Option<EnvId>,
    /// The node whose fields this level has; absent for the outermost.
    pub(crate) node: Option<NodeId>,
    /// The label that a pattern matched on the way here.
    pub(crate) label: Option<Label>,
}

/// What a conjunct is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Elem {
    /// A declaration whose value it is.
    Decl(DeclId),
    /// An expression.
    Expr(ExprId),
    /// A value.
    Term(Term),
    /// A part of a comprehension.
    Partial(PartialId),
}

/// One contribution to a node.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Conjunct {
    /// Where its references are resolved.
    pub(crate) env: EnvId,
    /// What it is.
    pub(crate) elem: Elem,
    /// How it came in.
    pub(crate) info: CloseInfo,
}

/// A comprehension as applied to a node: the whole, or one field of its body handed to an arc.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PartialComprehension {
    /// The comprehension as written.
    pub(crate) source: ComprehensionId,
    /// What it contributes: a field of the body, or what is left of the body.
    pub(crate) value: Elem,
    /// How definitely the field is there once the comprehension yields.
    pub(crate) arc: ArcKind,
    /// What the body of this level makes of the node.
    pub(crate) kind: Kind,
    /// The results, shared by all parts; none for a comprehension not yet applied.
    pub(crate) results: Option<YieldId>,
    /// The comprehension it was split from.
    pub(crate) parent: Option<PartialId>,
    /// The node it was split at.
    pub(crate) at: Option<NodeId>,
}

/// The results of a comprehension, computed once for all of its parts.
#[derive(Clone, Debug)]
pub(crate) struct Yields {
    /// The comprehension itself.
    pub(crate) of: PartialId,
    /// The node it stands in.
    pub(crate) node: NodeId,
    /// One environment a result.
    pub(crate) envs: Vec<EnvId>,
    /// Whether it has been computed.
    pub(crate) done: bool,
}

/// A struct literal that takes part in a node. Kept for the order of fields.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StructInfo {
    /// The literal; absent for a struct without one.
    pub(crate) lit: StructId,
    /// Its environment.
    pub(crate) env: EnvId,
    /// Whether it counts: a part of a comprehension counts once that has a result.
    pub(crate) from: Option<YieldId>,
}

/// A constraint on all fields whose label matches a pattern.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pattern {
    /// The pattern.
    pub(crate) filter: Term,
    /// A node that collects the constraints; it has no path.
    pub(crate) constraint: NodeId,
}

/// How far a node has been evaluated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Status {
    /// Not at all.
    New,
    /// In the middle of it.
    Evaluating,
    /// To the end.
    Final,
}

/// Yes-or-no facts about a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(crate) struct Flags(u16);

impl Flags {
    /// Closed, and everything below it.
    pub(crate) const CLOSED_RECURSIVE: Self = Self(1);
    /// Closed on this level only, by `close`.
    pub(crate) const CLOSED_ONCE: Self = Self(1 << 1);
    /// Has `...`.
    pub(crate) const ELLIPSIS: Self = Self(1 << 2);
    /// A `let` with several values.
    pub(crate) const MULTI_LET: Self = Self(1 << 3);
    /// Made while evaluating an expression; has no path.
    pub(crate) const DYNAMIC: Self = Self(1 << 4);
    /// Collects the constraints of a pattern.
    pub(crate) const PATTERN: Self = Self(1 << 5);
    /// Lies below a dynamic node.
    pub(crate) const NON_ROOTED: Self = Self(1 << 6);
    /// Must not be given a path later.
    pub(crate) const ANONYMOUS: Self = Self(1 << 7);
    /// A copy made for an alternative.
    pub(crate) const DISJUNCT: Self = Self(1 << 8);
    /// Its base is a node of another path.
    pub(crate) const SHARED: Self = Self(1 << 9);
    /// Is data only: conjuncts do not matter.
    pub(crate) const DATA: Self = Self(1 << 10);
    /// A copy that counts as what it evaluated to, made by an inspector.
    pub(crate) const EVALUATED: Self = Self(1 << 11);

    /// Whether `flag` is set.
    pub(crate) fn has(self, flag: Self) -> bool {
        self.0 & flag.0 != 0
    }

    /// Sets `flag`.
    pub(crate) fn set(&mut self, flag: Self) {
        self.0 |= flag.0;
    }

    /// Clears `flag`.
    pub(crate) fn clear(&mut self, flag: Self) {
        self.0 &= !flag.0;
    }
}

/// From this many arcs on a node has an index of them.
const INDEXED_FROM: usize = 12;

/// The arcs of a node, in the order of their appearance.
#[derive(Clone, Debug, Default)]
pub(crate) struct Arcs {
    list: Vec<(Label, NodeId)>,
    index: Option<Box<FxHashMap<Label, u32>>>,
}

impl Arcs {
    /// How many.
    pub(crate) fn len(&self) -> usize {
        self.list.len()
    }

    /// The arc at a position.
    pub(crate) fn get(&self, position: usize) -> Option<NodeId> {
        self.list.get(position).map(|&(_, node)| node)
    }

    /// All arcs with their labels.
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = (Label, NodeId)> + '_ {
        self.list.iter().copied()
    }

    /// The arc of a label.
    pub(crate) fn find(&self, label: Label) -> Option<NodeId> {
        match &self.index {
            Some(index) => index
                .get(&label)
                .and_then(|&at| self.list.get(at as usize))
                .map(|&(_, node)| node),
            None => self
                .list
                .iter()
                .find(|(name, _)| *name == label)
                .map(|&(_, node)| node),
        }
    }

    /// Adds an arc whose label is new.
    pub(crate) fn push(&mut self, label: Label, node: NodeId) {
        let at = u32::try_from(self.list.len()).unwrap_or(u32::MAX);
        self.list.push((label, node));
        if let Some(index) = &mut self.index {
            index.entry(label).or_insert(at);
        } else if self.list.len() >= INDEXED_FROM {
            self.reindex();
        }
    }

    fn reindex(&mut self) {
        self.index = (self.list.len() >= INDEXED_FROM).then(|| {
            let mut index = FxHashMap::default();
            for (at, (label, _)) in self.list.iter().enumerate() {
                index
                    .entry(*label)
                    .or_insert(u32::try_from(at).unwrap_or(u32::MAX));
            }
            Box::new(index)
        });
    }

    /// Puts other nodes in the place of the arcs, label by label.
    pub(crate) fn replace(&mut self, mut with: impl FnMut(NodeId) -> NodeId) {
        for (_, node) in &mut self.list {
            *node = with(*node);
        }
    }

    /// Keeps only some arcs.
    pub(crate) fn retain(&mut self, mut keep: impl FnMut(NodeId) -> bool) {
        let before = self.list.len();
        self.list.retain(|&(_, node)| keep(node));
        if self.list.len() != before {
            self.reindex();
        }
    }

    /// Drops all arcs.
    pub(crate) fn clear(&mut self) {
        self.list.clear();
        self.index = None;
    }
}

/// A place in a configuration.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    /// The node it is a field or element of.
    pub(crate) parent: Option<NodeId>,
    /// Its name there.
    pub(crate) label: Option<Label>,
    /// How definitely it is there.
    pub(crate) arc: ArcKind,
    /// How far it has been evaluated.
    pub(crate) status: Status,
    /// Facts about it.
    pub(crate) flags: Flags,
    /// Its value, or what stands for it.
    pub(crate) base: Option<Term>,
    /// What the base was before an error of a field took its place.
    pub(crate) under: Option<Datum>,
    /// The errors of its fields.
    pub(crate) child_errors: Option<BottomId>,
    /// Its fields and elements.
    pub(crate) arcs: Arcs,
    /// Its pattern constraints.
    pub(crate) patterns: Vec<Pattern>,
    /// What made it.
    pub(crate) conjuncts: SmallVec<[Conjunct; 1]>,
    /// The struct literals that take part.
    pub(crate) structs: SmallVec<[StructInfo; 1]>,
    /// What is needed while it is evaluated; [`WorkId::NONE`] before and after.
    pub(crate) work: WorkId,
}

impl Node {
    /// An empty node.
    pub(crate) fn new(parent: Option<NodeId>, label: Option<Label>, arc: ArcKind) -> Self {
        Self {
            parent,
            label,
            arc,
            status: Status::New,
            flags: Flags::default(),
            base: None,
            under: None,
            child_errors: None,
            arcs: Arcs::default(),
            patterns: Vec::new(),
            conjuncts: SmallVec::new(),
            structs: SmallVec::new(),
            work: WorkId::NONE,
        }
    }

    /// Whether the label is that of a `let`.
    pub(crate) fn is_let(&self) -> bool {
        self.label.is_some_and(Label::is_let)
    }

    /// Whether there is a path to it.
    pub(crate) fn is_rooted(&self) -> bool {
        !self.flags.has(Flags::NON_ROOTED) && !self.flags.has(Flags::DYNAMIC) && !self.is_let()
    }

    /// Whether only its value counts.
    pub(crate) fn is_data(&self) -> bool {
        self.flags.has(Flags::DATA) || self.conjuncts.is_empty()
    }
}

/// A configuration, evaluated.
#[derive(Clone, Debug)]
pub struct Graph {
    pub(crate) program: Arc<Program>,
    pub(crate) nodes: Vec<Node>,
    pub(crate) envs: Vec<Env>,
    pub(crate) references: Vec<crate::cycle::Reference>,
    pub(crate) partials: Vec<PartialComprehension>,
    pub(crate) yields: Vec<Yields>,
    pub(crate) pool: Pool,
    pub(crate) labels: Interner,
    pub(crate) root: NodeId,
    /// Errors that nodes would have if others had not come first: for people, not for values.
    pub(crate) remarks: Vec<(NodeId, BottomId)>,
    /// The nodes of the packages of the program, as far as something refers to them.
    pub(crate) packages: Vec<Option<NodeId>>,
    pub(crate) stats: Stats,
    /// The types of further elements of open lists, as far as they were asked for.
    pub(crate) elements: FxHashMap<NodeId, NodeId>,
}

/// How much work an evaluation was. The same for the same input.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Nodes made.
    pub nodes: u64,
    /// Tasks run.
    pub tasks: u64,
    /// Disjuncts tried.
    pub disjuncts: u64,
    /// Steps taken, as [`crate::Budget::steps`] counts them.
    pub steps: u64,
    /// Whether a value is missing only because the stack was used up. The one figure that depends
    /// on the thread and the build.
    pub stack_ran_out: bool,
}

impl Graph {
    /// How much work it was.
    pub fn stats(&self) -> Stats {
        self.stats
    }

    /// The names.
    pub fn labels(&self) -> &Interner {
        &self.labels
    }

    /// The payloads of terms.
    pub fn pool(&self) -> &Pool {
        &self.pool
    }

    /// An error.
    pub fn bottom(&self, id: BottomId) -> &Bottom {
        self.pool.bottom(id)
    }

    pub(crate) fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.index()]
    }

    pub(crate) fn node_mut(&mut self, id: NodeId) -> &mut Node {
        &mut self.nodes[id.index()]
    }

    /// The expression that a conjunct's element stands for, when it is one.
    pub(crate) fn expr_of(&self, elem: Elem) -> Option<ExprId> {
        match elem {
            Elem::Expr(id) => Some(id),
            Elem::Decl(id) => match self.program.decl(id) {
                Decl::Field { value, .. }
                | Decl::Let { value, .. }
                | Decl::Pattern { value, .. }
                | Decl::Dynamic { value, .. } => Some(value),
                Decl::Ellipsis { value } => value,
                Decl::Embed(value) => Some(value),
                Decl::Comprehension(_) => None,
            },
            Elem::Partial(id) => self.expr_of(self.partials[id.index()].value),
            Elem::Term(_) => None,
        }
    }

    /// The node that the base refers to.
    pub(crate) fn base_node(&self, id: NodeId) -> Option<NodeId> {
        match self.node(id).base?.datum {
            Datum::Node(next) => Some(next),
            _ => None,
        }
    }

    /// Follows every indirection.
    pub(crate) fn deref_value(&self, mut id: NodeId) -> NodeId {
        while let Some(next) = self.base_node(id) {
            id = next;
        }
        id
    }

    /// Follows indirections to chosen disjuncts only.
    pub(crate) fn deref_disjunct(&self, mut id: NodeId) -> NodeId {
        while let Some(next) = self.base_node(id) {
            if !self.node(next).flags.has(Flags::DISJUNCT) {
                break;
            }
            id = next;
        }
        id
    }

    /// Follows indirections up to a chosen disjunct.
    pub(crate) fn deref_non_disjunct(&self, mut id: NodeId) -> NodeId {
        while let Some(next) = self.base_node(id) {
            if self.node(next).flags.has(Flags::DISJUNCT) {
                break;
            }
            id = next;
        }
        id
    }

    /// Whether `id` is the error of a node in progress.
    pub(crate) fn is_in_progress_mark(term: Option<Term>) -> bool {
        matches!(
            term,
            Some(Term {
                datum: Datum::Bottom(id),
                ..
            }) if id.index() == IN_PROGRESS
        )
    }

    /// The error that a node holds.
    pub(crate) fn error_of(&self, id: NodeId) -> Option<BottomId> {
        let id = self.deref_value(id);
        self.node(id).base.and_then(Term::bottom)
    }

    /// The kinds of a term that is not a node under evaluation.
    pub(crate) fn kind_of(&self, term: Term) -> Kind {
        match term.datum {
            Datum::Null => Kind::NULL,
            Datum::Bool(_) => Kind::BOOL,
            Datum::Number(id) => self.pool.number(id).mask(),
            Datum::String(_) => Kind::STRING,
            Datum::Bytes(_) => Kind::BYTES,
            Datum::Kind(kind) => kind,
            Datum::Bound(id) => {
                let bound = self.pool.bound(id);
                let kind = self.kind_of(bound.operand);
                if kind.meets(Kind::NUMBER) {
                    Kind::NUMBER
                } else if kind == Kind::NULL && bound.op == crate::term::Op::NotEqual {
                    Kind::TOP.without(Kind::NULL)
                } else {
                    kind
                }
            }
            Datum::Validator(id) => {
                let function = self.pool.validator(id).function;
                self.pool
                    .function(function)
                    .params
                    .first()
                    .map_or(Kind::TOP, |param| param.kind)
            }
            Datum::Function(_) => Kind::FUNC,
            Datum::Conjunction(id) => self
                .pool
                .conjunction(id)
                .iter()
                .fold(Kind::TOP, |kind, &term| kind & self.kind_of(term)),
            Datum::Disjunction(id) => self
                .pool
                .disjunction(id)
                .values
                .iter()
                .fold(Kind::BOTTOM, |kind, &term| kind | self.kind_of(term)),
            Datum::Bottom(_) => Kind::BOTTOM,
            Datum::StructMark => Kind::STRUCT,
            Datum::ListMark(_) => Kind::LIST,
            Datum::Node(id) => match self.node(id).base {
                Some(base) => self.kind_of(base),
                None => Kind::TOP,
            },
        }
    }

    /// Whether a list is known to have no further elements.
    pub(crate) fn is_closed_list(&self, id: NodeId) -> bool {
        matches!(
            self.node(id).base.map(|base| base.datum),
            Some(Datum::ListMark(ListEnd::Closed))
        )
    }
}
