//! The order in which fields are shown.
//!
//! The order of a struct follows the source: [`crate::toposort`] sorts the fields by the literals
//! that take part. This file collects, from a finished node, what the sort needs: each literal with
//! the place it counts at, and whether it is an operand of `&`.
//!
//! A literal counts where it stands, unless it came by a reference: then at the reference that was
//! followed first (`c: b` and `c: a` order `b`'s fields before `a`'s wherever these stand).
//! As `analyseStructs` of cue v0.14.1 `internal/core/toposort/vertex.go`.

use crate::cycle::RefId;
use crate::graph::{Elem, Flags, Graph};
use crate::ir::{ArcKind, Decl, DeclId, Expr, ExprId, Program};
use crate::label::Label;
use crate::term::{Datum, NodeId, Op};
use crate::toposort::{Declared, Literal, Position, sort};
use rustc_hash::FxHashMap;
use smallvec::SmallVec;
use source_vocab::Span;

/// The arcs of a node but for `let`s and absent ones, in output order.
pub(crate) fn arcs(graph: &Graph, id: NodeId) -> Vec<(Label, NodeId)> {
    let all: Vec<(Label, NodeId)> = graph
        .node(id)
        .arcs
        .iter()
        .filter(|&(label, arc)| !label.is_let() && graph.node(arc).arc <= ArcKind::Optional)
        .collect();
    if all.len() < 2 || all.iter().all(|(label, _)| label.is_int()) {
        return all;
    }
    let nodes: FxHashMap<Label, NodeId> = all.iter().copied().collect();
    sorted(graph, id)
        .into_iter()
        .filter_map(|label| nodes.get(&label).map(|&arc| (label, arc)))
        .collect()
}

/// What identifies a literal: itself, one of its declarations, or a reference that led to it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Key {
    Decl(DeclId),
    Expr(ExprId),
}

struct Meta {
    span: Span,
    explicit: bool,
}

fn first_reference(graph: &Graph, refs: Option<RefId>) -> Option<ExprId> {
    let mut reference = graph.reference(refs?);
    while let Some(next) = reference.next {
        reference = graph.reference(next);
    }
    Some(reference.expr)
}

/// The declaration that a conjunct stands for, parts of comprehensions included.
pub(crate) fn decl_of(graph: &Graph, elem: Elem) -> Option<DeclId> {
    match elem {
        Elem::Decl(id) => Some(id),
        Elem::Partial(id) => decl_of(graph, graph.partials[id.index()].value),
        Elem::Expr(_) | Elem::Term(_) => None,
    }
}

fn sorted(graph: &Graph, id: NodeId) -> Vec<Label> {
    let program = &*graph.program;
    let node = graph.node(id);
    let mut known: FxHashMap<Key, SmallVec<[usize; 1]>> = FxHashMap::default();
    let mut metas: Vec<Meta> = Vec::with_capacity(node.structs.len());
    for (at, info) in node.structs.iter().enumerate() {
        let lit = program.struct_lit(info.lit);
        let span = if lit.is_comprehension_part {
            Span::DETACHED
        } else {
            lit.span
        };
        metas.push(Meta {
            span,
            explicit: false,
        });
        for &decl in &lit.decls {
            // an embedded reference is a declaration of its literal as well as what led to
            // another: both literals then count at the place of the reference
            let key = match program.decl(decl) {
                Decl::Embed(expr) => Key::Expr(expr),
                _ => Key::Decl(decl),
            };
            known.entry(key).or_default().push(at);
        }
    }
    let fields: Vec<(Label, NodeId)> = node.arcs.iter().collect();
    let mut dynamic: Vec<(u32, Vec<Label>)> = Vec::new();
    for &(label, arc) in &fields {
        for conjunct in &graph.node(arc).conjuncts {
            let Some(decl) = decl_of(graph, conjunct.elem) else {
                continue;
            };
            if let Decl::Dynamic { .. } = program.decl(decl) {
                let number = u32::try_from(decl.index()).unwrap_or(u32::MAX);
                match dynamic.iter_mut().find(|(known, _)| *known == number) {
                    Some((_, labels)) => labels.push(label),
                    None => dynamic.push((number, vec![label])),
                }
            }
            let Some(these) = known.get(&Key::Decl(decl)).cloned() else {
                continue;
            };
            let span = program.decl_span(decl);
            for &at in &these {
                metas[at].span = span;
            }
            let Some(reference) = first_reference(graph, conjunct.info.refs) else {
                continue;
            };
            let by_reference = known.entry(Key::Expr(reference)).or_default();
            for at in these {
                if !by_reference.contains(&at) {
                    by_reference.push(at);
                }
            }
            let span = program.expr_span(reference);
            if !span.is_detached() {
                for at in by_reference.clone() {
                    metas[at].span = span;
                }
            }
        }
    }
    mark_explicit(graph, id, &known, &mut metas);
    let mut literals: Vec<Literal<Label>> = node
        .structs
        .iter()
        .zip(&metas)
        .map(|(info, meta)| Literal {
            position: position(program, meta.span),
            explicit: meta.explicit,
            declared: program
                .struct_lit(info.lit)
                .decls
                .iter()
                .filter_map(|&decl| match program.decl(decl) {
                    Decl::Field { label, .. } => Some(Declared::Field(label)),
                    Decl::Dynamic { .. } => Some(Declared::Dynamic(
                        u32::try_from(decl.index()).unwrap_or(u32::MAX),
                    )),
                    _ => None,
                })
                .collect(),
        })
        .collect();
    literals.extend(data_literals(graph, id, &fields));
    let labels: Vec<Label> = fields.iter().map(|&(label, _)| label).collect();
    sort(&labels, literals, dynamic, |left, right| {
        compare(graph, left, right)
    })
}

/// What builtins made counts as literals that stand nowhere: `json.Unmarshal` keeps the order of
/// its text, also where it is unified with something else.
fn data_literals(graph: &Graph, id: NodeId, fields: &[(Label, NodeId)]) -> Vec<Literal<Label>> {
    let is_data = |id: &NodeId| graph.node(*id).flags.has(Flags::DATA);
    let mut made: SmallVec<[NodeId; 1]> = SmallVec::new();
    if is_data(&id) {
        made.push(id);
    }
    for &(_, arc) in fields {
        for conjunct in &graph.node(arc).conjuncts {
            let Elem::Term(term) = conjunct.elem else {
                continue;
            };
            let Datum::Node(field) = term.datum else {
                continue;
            };
            if let Some(source) = graph.node(field).parent.filter(is_data)
                && !made.contains(&source)
            {
                made.push(source);
            }
        }
    }
    let declared = |id: &NodeId| {
        let arcs = graph.node(*id).arcs.iter();
        arcs.map(|(label, _)| Declared::Field(label)).collect()
    };
    made.iter()
        .map(|id| Literal {
            position: None,
            explicit: false,
            declared: declared(id),
        })
        .collect()
}

/// Names in the order in which the reference compares them: regular fields as they are.
fn compare(graph: &Graph, left: Label, right: Label) -> std::cmp::Ordering {
    match (left.index(), right.index()) {
        (Some(left), Some(right)) => left.cmp(&right),
        (Some(_), None) => std::cmp::Ordering::Less,
        (None, Some(_)) => std::cmp::Ordering::Greater,
        (None, None) => graph.labels.raw(left).cmp(graph.labels.raw(right)),
    }
}

fn position(program: &Program, span: Span) -> Option<Position> {
    (!span.is_detached()).then(|| Position {
        file: program.file_rank(span),
        offset: span.lo,
    })
}

/// Marks the literals that are operands of `&`.
fn mark_explicit(
    graph: &Graph,
    id: NodeId,
    known: &FxHashMap<Key, SmallVec<[usize; 1]>>,
    metas: &mut [Meta],
) {
    let program = &*graph.program;
    let node = graph.node(id);
    let mut pending: Vec<ExprId> = node
        .conjuncts
        .iter()
        .filter_map(|conjunct| graph.expr_of(conjunct.elem))
        .collect();
    for info in &node.structs {
        for &decl in &program.struct_lit(info.lit).decls {
            if let Decl::Embed(expr) = program.decl(decl) {
                pending.push(expr);
            }
        }
    }
    let mut at = 0;
    while let Some(&expr) = pending.get(at) {
        at += 1;
        let Expr::Binary {
            op: Op::And,
            left,
            right,
        } = program.expr(expr)
        else {
            continue;
        };
        for side in [left, right] {
            if let Some(these) = known.get(&Key::Expr(side)) {
                for &at in these {
                    metas[at].explicit = true;
                }
            }
            if let Expr::Struct(lit) = program.expr(side) {
                for (at, info) in node.structs.iter().enumerate() {
                    if info.lit == lit {
                        metas[at].explicit = true;
                    }
                }
            }
            pending.push(side);
        }
    }
}
