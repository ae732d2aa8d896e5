//! What open lists say about elements that they do not have.
//!
//! `[...{name: string}]` is a list without elements, and whoever adds one must respect `{name: string}`. That type is no
//! value of the configuration: nothing is evaluated for it unless an element comes. A reader that takes a list out of the
//! graph to continue it elsewhere has to take the type along; for such readers [`eval_with_elements`] evaluates the types of
//! the lists that they can reach, each in a node of its own beside the graph.
//!
//! As the ellipsis in `listComposite` of cue v0.14.1 `internal/core/export/value.go`.

use crate::budget::Budget;
use crate::eval::{Evaluator, evaluate};
use crate::graph::{Conjunct, Graph};
use crate::ir::{ArcKind, Program};
use crate::term::{Datum, ListEnd, NodeId};
use rustc_hash::FxHashSet;
use std::sync::Arc;

/// Types may have lists with types themselves (`#T: [...#T]` has them without end): how far they are followed.
const MOST_NESTED: u32 = 4;

/// Evaluates a program as [`crate::eval()`] does, and the types of further elements of the lists below the top-level fields of
/// these names (below all of them when no name is given); see [`crate::Value::element_type`].
pub fn eval_with_elements(program: &Arc<Program>, budget: Budget, below: &[&str]) -> Graph {
    let mut evaluator = evaluate(program, budget);
    let root = evaluator.g.deref_value(evaluator.g.root);
    let starts: Vec<NodeId> = evaluator
        .g
        .node(root)
        .arcs
        .iter()
        .filter(|(label, _)| {
            label.is_regular()
                && (below.is_empty()
                    || evaluator
                        .g
                        .labels
                        .shared_text(*label)
                        .is_some_and(|name| below.contains(&&**name)))
        })
        .map(|(_, arc)| arc)
        .collect();
    let mut pending: Vec<(NodeId, u32)> = starts.into_iter().map(|node| (node, 0)).collect();
    if below.is_empty() {
        pending.push((root, 0));
    }
    let mut visited: FxHashSet<NodeId> = FxHashSet::default();
    while let Some((node, nested)) = pending.pop() {
        let node = evaluator.g.deref_value(node);
        if !visited.insert(node) {
            continue;
        }
        if let Some(element) = evaluator.element_type(node)
            && nested < MOST_NESTED
        {
            pending.push((element, nested + 1));
        }
        for (label, arc) in evaluator.g.node(node).arcs.iter() {
            if label.is_regular() && evaluator.g.node(arc).arc == ArcKind::Member {
                pending.push((arc, nested));
            }
        }
    }
    evaluator.g
}

impl Evaluator<'_> {
    /// Evaluates the type of further elements of a node, when it is an open list that has one.
    fn element_type(&mut self, list: NodeId) -> Option<NodeId> {
        let node = self.g.node(list);
        if node.base?.datum != Datum::ListMark(ListEnd::Open) || node.patterns.is_empty() {
            return None;
        }
        let conjuncts: Vec<Conjunct> = node
            .patterns
            .iter()
            .flat_map(|pattern| self.g.node(pattern.constraint).conjuncts.iter().copied())
            .collect();
        let element = self.inline_node(&conjuncts);
        self.finalize(element);
        self.g.elements.insert(list, element);
        Some(element)
    }
}
