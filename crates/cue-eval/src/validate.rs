//! Validation: the errors of an evaluated value, after the fact.
//!
//! Walks the value and gives the first error that a [`Check`] counts: hard errors always; with
//! `Final` or `Concrete` also incomplete ones and required fields that nobody gave; with `Concrete`
//! values that are not concrete, definitions and hidden fields excepted. As cue v0.14.1
//! `internal/core/adt/validate.go`.

use crate::bottom::{Bottom, Code, Reason};
use crate::budget::Limit;
pub(crate) use crate::builtin::Check;
use crate::data::MOST_LEVELS;
use crate::eval::Evaluator;
use crate::graph::Graph;
use crate::ir::ArcKind;
use crate::kind::Kind;
use crate::label::Label;
use crate::term::{BottomId, Datum, NodeId, Term};
use crate::value::{Shape, Value};
use rustc_hash::{FxHashMap, FxHashSet};
use source_vocab::Span;

/// How many errors one validation gives: nobody reads more.
const MOST_FINDINGS: usize = 10_000;

/// What a validation found.
#[derive(Clone, Debug)]
pub enum Finding {
    /// An error in the graph.
    Bottom(BottomId),
    /// An error that only the check makes one.
    Made(Box<Bottom>),
}

struct Walk<'g> {
    graph: &'g Graph,
    check: Check,
    definitions: u32,
    visited: FxHashSet<NodeId>,
    found: Vec<(Finding, NodeId)>,
    all: bool,
    remarks: FxHashMap<NodeId, BottomId>,
}

impl Walk<'_> {
    fn visit(&mut self, id: NodeId, depth: usize) {
        let graph = self.graph;
        if self.found.len() >= MOST_FINDINGS {
            return;
        }
        if depth > MOST_LEVELS {
            let reason = Reason::Limit(Limit::Depth);
            let span = graph.view(Term::detached(Datum::Node(id))).span();
            let made = Bottom::new(Code::Eval, reason, span);
            self.found.push((Finding::Made(Box::new(made)), id));
            return;
        }
        let node = graph.deref_value(id);
        if node != id && (self.definitions > 0 || !self.visited.insert(node)) {
            return;
        }
        if let Some(&remark) = self.remarks.get(&id) {
            self.found.push((Finding::Bottom(remark), id));
            return;
        }
        let counts = self.definitions == 0;
        let is_final = self.check != Check::Valid && counts;
        let mut target = node;
        if let Some(bottom) = graph.node(node).base.and_then(Term::bottom) {
            let known = graph.bottom(bottom);
            if known.of_child {
                // the field below says it
            } else {
                if !known.code.is_incomplete() || is_final {
                    self.found.push((Finding::Bottom(bottom), id));
                }
                // nobody asks what else is wrong with a field that must not be there
                if matches!(known.reason, Reason::NotAllowed { .. }) {
                    return;
                }
                if graph.node(node).arcs.len() == 0 || !self.all {
                    return;
                }
            }
        } else if self.check == Check::Concrete && counts {
            let view = graph.view(Term::detached(Datum::Node(node))).default();
            match view.shape() {
                Shape::Incomplete(_) => {
                    let mut made = Bottom::new(
                        Code::Incomplete,
                        Reason::NonConcrete {
                            value: Some(view.term()),
                            needed_by: "export",
                        },
                        view.span(),
                    );
                    made.node = Some(id);
                    self.found.push((Finding::Made(Box::new(made)), id));
                }
                Shape::Error(bottom) => self.found.push((Finding::Bottom(bottom), id)),
                _ => {}
            }
            if let Some(chosen) = view.node() {
                target = chosen;
            }
        }
        let arcs: Vec<(Label, NodeId)> = graph.node(target).arcs.iter().collect();
        for (label, arc) in arcs {
            if !self.all && !self.found.is_empty() {
                break;
            }
            let kind = graph.node(arc).arc;
            if kind == ArcKind::Required && is_final {
                let span = graph
                    .node(arc)
                    .conjuncts
                    .first()
                    .map_or(Span::DETACHED, |conjunct| graph.elem_span(conjunct.elem));
                let mut made = Bottom::new(Code::Incomplete, Reason::RequiredField { label }, span);
                made.node = Some(arc);
                self.found.push((Finding::Made(Box::new(made)), arc));
                continue;
            }
            if label.is_let() || kind != ArcKind::Member {
                continue;
            }
            if label.is_regular() {
                self.visit(arc, depth + 1);
            } else {
                self.definitions += 1;
                self.visit(arc, depth + 1);
                self.definitions -= 1;
            }
        }
    }
}

fn walk(graph: &Graph, id: NodeId, check: Check, all: bool) -> Vec<(Finding, NodeId)> {
    let mut walk = Walk {
        graph,
        check,
        definitions: 0,
        visited: FxHashSet::default(),
        found: Vec::new(),
        all,
        remarks: if all {
            graph.remarks.iter().copied().collect()
        } else {
            FxHashMap::default()
        },
    };
    walk.visit(id, 0);
    walk.found
}

impl<'g> Value<'g> {
    /// Every error that counts for a check, each with the value it is found at, in the order of
    /// the fields.
    pub fn findings(self, check: Check) -> Vec<(Bottom, Value<'g>)> {
        let graph = self.graph();
        let Some(id) = self.term().node() else {
            return match self.term().datum {
                Datum::Bottom(id) => vec![(graph.bottom(id).clone(), self)],
                _ => Vec::new(),
            };
        };
        walk(graph, id, check, true)
            .into_iter()
            .map(|(finding, at)| {
                let bottom = match finding {
                    Finding::Bottom(id) => graph.bottom(id).clone(),
                    Finding::Made(bottom) => *bottom,
                };
                (bottom, graph.view(Term::detached(Datum::Node(at))))
            })
            .collect()
    }

    /// Whether a check finds nothing.
    pub fn passes(self, check: Check) -> bool {
        match self.term().node() {
            Some(id) => walk(self.graph(), id, check, false).is_empty(),
            None => match self.shape() {
                Shape::Error(id) => {
                    check == Check::Valid && self.graph().bottom(id).code.is_incomplete()
                }
                Shape::Incomplete(_) => check != Check::Concrete,
                _ => true,
            },
        }
    }
}

impl Evaluator<'_> {
    /// The first error that a check of a value finds, the value evaluated to the end before.
    pub(crate) fn first_failure(&mut self, value: Term, check: Check) -> Option<BottomId> {
        match value.datum {
            Datum::Bottom(id) => Some(id),
            Datum::Node(node) => {
                if self.kind(value).meets(Kind::COMPOSITE) || check != Check::Concrete {
                    self.finalize(node);
                }
                let (finding, at) = walk(&self.g, node, check, false).into_iter().next()?;
                Some(match finding {
                    Finding::Bottom(id) => id,
                    Finding::Made(mut bottom) => {
                        bottom.node = Some(at);
                        self.store_bottom(*bottom)
                    }
                })
            }
            _ if check == Check::Concrete && !self.is_concrete(value) => Some(self.new_bottom(
                Code::Incomplete,
                Reason::NonConcrete {
                    value: Some(value),
                    needed_by: "an operation",
                },
                Span::DETACHED,
            )),
            _ => None,
        }
    }
}
