//! Origins: by which references a value came to where it clashes, and whether a host put it there.
//!
//! A node only records the conjuncts that were written at it or handed down to it. To say where a
//! value of a conflict comes from, [`Origins::trace`] follows the conjuncts again: through `&`, and
//! through each reference to the node that it led to, until it finds the literal. In
//! `base: "three"`, `n: int`, `n: base` the trace of `"three"` at `n` is the reference `base`.
//!
//! References are found in the evaluation's record of them, by expression and node; the record
//! holds those of forks too, so a reference that led to several places counts only where all agree.

use crate::cycle::RefId;
use crate::graph::{Conjunct, Elem, Graph};
use crate::ir::{Expr, ExprId};
use crate::term::{Datum, NodeId, Op, Term};
use rustc_hash::{FxHashMap, FxHashSet};
use source_vocab::Span;

/// How many conjuncts one trace may look at.
const MOST_STEPS: usize = 2_000;

/// Where a value came from.
#[derive(Clone, Debug, Default)]
pub(super) struct Trace {
    /// The references on the way, the first one in front, with what each led to.
    pub(super) references: Vec<(Span, NodeId)>,
    /// The node into which a host injected it.
    pub(super) injected: Option<NodeId>,
}

impl Trace {
    /// How likely it is that a person has to look there first: data that was given from outside,
    /// what is written at the place itself, what was referred to.
    pub(super) fn rank(&self) -> u8 {
        if self.injected.is_some() {
            0
        } else {
            1 + u8::from(!self.references.is_empty())
        }
    }
}

/// What the references of an evaluation led to.
pub(super) struct Origins<'g> {
    graph: &'g Graph,
    targets: FxHashMap<ExprId, Vec<(NodeId, NodeId)>>,
}

struct Search<'o> {
    origins: &'o Origins<'o>,
    wanted: Term,
    seen: FxHashSet<NodeId>,
    steps: usize,
    way: Vec<(Span, NodeId)>,
}

impl<'g> Origins<'g> {
    /// Indexes the references of a graph.
    pub(super) fn new(graph: &'g Graph) -> Self {
        let mut targets: FxHashMap<ExprId, Vec<(NodeId, NodeId)>> = FxHashMap::default();
        for reference in &graph.references {
            targets
                .entry(reference.expr)
                .or_default()
                .push((reference.node, reference.named));
        }
        Self { graph, targets }
    }

    fn target(&self, expr: ExprId, node: NodeId) -> Option<NodeId> {
        let known = self.targets.get(&expr)?;
        if let Some((_, target)) = known.iter().find(|(at, _)| *at == node) {
            return Some(*target);
        }
        let (_, first) = known.first()?;
        known
            .iter()
            .all(|(_, target)| target == first)
            .then_some(*first)
    }

    /// The references by which a conjunct was handed down, the first one in front.
    pub(super) fn handed_down(&self, refs: Option<RefId>) -> Vec<(Span, NodeId)> {
        let mut way = Vec::new();
        let mut at = refs;
        while let Some(id) = at {
            let reference = self.graph.reference(id);
            let span = self.graph.program.expr_span(reference.expr);
            if !span.is_detached() {
                way.push((span, reference.named));
            }
            at = reference.next;
        }
        way.reverse();
        way
    }

    /// How a value came to a node; `None` when no conjunct of it holds the value as it is written.
    pub(super) fn trace(&self, node: NodeId, wanted: Term) -> Option<Trace> {
        let mut search = Search {
            origins: self,
            wanted,
            seen: FxHashSet::default(),
            steps: 0,
            way: Vec::new(),
        };
        search.node(node)
    }
}

impl Search<'_> {
    fn node(&mut self, node: NodeId) -> Option<Trace> {
        if !self.seen.insert(node) {
            return None;
        }
        let graph = self.origins.graph;
        graph.node(node).conjuncts.iter().find_map(|conjunct| {
            let before = self.way.len();
            let handed_down = self.origins.handed_down(conjunct.info.refs);
            self.way.extend(handed_down);
            let found = self.conjunct(node, *conjunct);
            self.way.truncate(before);
            found
        })
    }

    fn conjunct(&mut self, node: NodeId, conjunct: Conjunct) -> Option<Trace> {
        self.steps += 1;
        if self.steps > MOST_STEPS {
            return None;
        }
        let graph = self.origins.graph;
        match conjunct.elem {
            Elem::Term(term) => match term.datum {
                Datum::Node(inner) => self.node(inner),
                _ => (term == self.wanted).then(|| self.found(node, conjunct.elem)),
            },
            elem => {
                let expr = graph.expr_of(elem)?;
                self.expr(node, elem, expr)
            }
        }
    }

    fn expr(&mut self, node: NodeId, elem: Elem, expr: ExprId) -> Option<Trace> {
        let graph = self.origins.graph;
        match graph.program.expr(expr) {
            Expr::Value(term) => {
                let is_it = term.datum == self.wanted.datum && term.span == self.wanted.span;
                is_it.then(|| self.found(node, elem))
            }
            Expr::Binary {
                op: Op::And,
                left,
                right,
            } => self
                .expr(node, elem, left)
                .or_else(|| self.expr(node, elem, right)),
            Expr::Field { .. }
            | Expr::Let { .. }
            | Expr::ValueAlias { .. }
            | Expr::Select { .. }
            | Expr::Index { .. }
            | Expr::Import(_) => {
                let span = graph.program.expr_span(expr);
                let target = self.origins.target(expr, node)?;
                self.way.push((span, target));
                let found = self.node(target);
                self.way.pop();
                found
            }
            _ => {
                let (whole, part) = (graph.program.expr_span(expr), self.wanted.span);
                let is_within = !part.is_detached() && whole.lo <= part.lo && part.hi <= whole.hi;
                is_within.then(|| self.found(node, elem))
            }
        }
    }

    fn found(&self, node: NodeId, elem: Elem) -> Trace {
        Trace {
            references: self.way.clone(),
            injected: self.origins.graph.program.is_injected(elem).then_some(node),
        }
    }
}
