//! Questions to a finished graph whose answers take further evaluation.
//!
//! A [`Value`] only reads what is there. Exporters of schemas ask for more: the parts that a value was written as, each
//! evaluated alone; what a field of any name would have to be; whether one value includes another. An [`Inspector`]
//! owns a finished graph and adds nodes to it to answer; no node that was there is changed.
//!
//! Example: for `a: #Base & {x: 1}` the value of `a` is one struct, and [`Inspector::split`] gives `&` with two
//! operands, `#Base` and `{x: 1}`, each a value of its own.
//!
//! - `split.rs`: what a value is put together from;
//! - `subsume.rs`: whether a value includes another.
//!
//! As `Value.Expr`, `Eval`, `LookupPath`, `Dereference` and `Subsume` of cue v0.14.1 (`cue/types.go`, `cue/query.go`).

mod split;
mod subsume;

use crate::bottom::{Code, Reason};
use crate::budget::Budget;
use crate::closed::CloseInfo;
use crate::equal::Comparison;
use crate::eval::Evaluator;
use crate::graph::{Conjunct, Elem, Env, EnvId, Flags, Graph, Node, Status};
use crate::ir::{ArcKind, Decl, Expr, ExprId, Program, StructId, StructLit};
use crate::kind::Kind;
use crate::label::Label;
use crate::sched::{Facts, Mode, Need};
use crate::term::{Datum, NodeId, Term};
use crate::value::Value;
use rustc_hash::FxHashMap;
pub use split::{Operation, Split};
use std::sync::Arc;
pub use subsume::{Inclusion, Profile};

/// Which fields an open end stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Any {
    /// A regular field of any name.
    Field,
    /// An element behind the last one.
    Element,
}

/// The program of a graph with one more struct for each that embeds something: its declarations without the embeddings.
#[derive(Debug)]
pub struct Parts {
    program: Arc<Program>,
    /// The expression of the added struct; none when nothing but embeddings stands in it.
    rest: FxHashMap<StructId, Option<ExprId>>,
}

impl Parts {
    /// Prepares the program of a graph.
    pub fn of(graph: &Graph) -> Self {
        let mut program = Program::clone(&graph.program);
        let mut rest = FxHashMap::default();
        for at in 0..program.structs.len() {
            let whole = program.structs[at].clone();
            let decls: Vec<_> = whole
                .decls
                .iter()
                .copied()
                .filter(|&decl| !is_embedding(&program, decl))
                .collect();
            if decls.len() == whole.decls.len() {
                continue;
            }
            let made = (!decls.is_empty()).then(|| {
                let id = StructId::at(program.structs.len());
                program.structs.push(StructLit {
                    decls: decls.into(),
                    split: None,
                    ..whole.clone()
                });
                program.exprs.push(Expr::Struct(id));
                program.expr_spans.push(whole.span);
                ExprId::at(program.exprs.len() - 1)
            });
            rest.insert(StructId::at(at), made);
        }
        Self {
            program: Arc::new(program),
            rest,
        }
    }
}

/// Whether a declaration embeds an expression that is no plain value.
fn is_embedding(program: &Program, decl: crate::ir::DeclId) -> bool {
    match program.decl(decl) {
        Decl::Embed(expr) => !matches!(program.expr(expr), Expr::Value(_)),
        _ => false,
    }
}

/// A finished graph that answers by evaluating further. Values are [`Term`]s of its graph.
#[derive(Debug)]
pub struct Inspector<'p> {
    e: Evaluator<'p>,
    rest: &'p FxHashMap<StructId, Option<ExprId>>,
}

impl<'p> Inspector<'p> {
    /// Takes a graph over; `parts` are those of the same graph.
    pub fn new(parts: &'p Parts, graph: Graph, budget: Budget) -> Self {
        Self {
            e: Evaluator::resume(&parts.program, graph, budget),
            rest: &parts.rest,
        }
    }

    /// The graph, with all that was added.
    pub fn graph(&self) -> &Graph {
        &self.e.g
    }

    /// A view of a value.
    pub fn view(&self, term: Term) -> Value<'_> {
        self.e.g.view(term)
    }

    /// Whether a limit was reached, after which answers say nothing.
    pub fn is_exhausted(&self) -> bool {
        self.e.exhausted.is_some()
    }

    /// The kinds that a value may have; those of all alternatives of a disjunction.
    pub fn kind(&self, term: Term) -> Kind {
        match term.datum {
            Datum::Node(node) => self.e.node_kind(self.e.g.deref_value(node)),
            _ => self.e.kind(term),
        }
    }

    /// The value once more, under the name of a definition (`parameter` as `#parameter`): as such it is closed.
    pub fn as_definition(&mut self, name: &str, term: Term) -> Term {
        let Ok(label) = self.e.g.labels.identifier(&format!("#{name}"), "") else {
            return term;
        };
        let mut root = Node::new(None, None, ArcKind::Member);
        root.base = Some(Term::detached(Datum::StructMark));
        root.status = Status::Final;
        let root = self.e.new_node(root);
        let mut node = Node::new(Some(root), Some(label), ArcKind::Member);
        node.conjuncts.push(Conjunct {
            env: EnvId::at(0),
            elem: Elem::Term(term),
            info: CloseInfo::default(),
        });
        let node = self.e.new_node(node);
        self.e.finalize(node);
        Term::new(Datum::Node(node), term.span)
    }

    /// The documentation comments of the declarations that made the value; none for an alternative.
    pub fn docs(&self, term: Term) -> Vec<Arc<str>> {
        match term.node() {
            Some(node) if self.e.g.node(node).flags.has(Flags::DISJUNCT) => Vec::new(),
            Some(node) => match *self.e.g.node(node).conjuncts {
                [
                    Conjunct {
                        elem: Elem::Term(inner),
                        ..
                    },
                ] => self.docs(inner),
                _ => self.view(term).docs(),
            },
            None => Vec::new(),
        }
    }

    /// The node that holds the value, behind all indirection; two values of one node are the same.
    pub fn followed(&self, term: Term) -> Term {
        match term.datum {
            Datum::Node(node) => Term::new(Datum::Node(self.e.g.deref_value(node)), term.span),
            _ => term,
        }
    }

    /// The value by itself: how it was written is forgotten, its parts are those of what it evaluated to.
    pub fn evaluated(&mut self, term: Term) -> Term {
        let Datum::Node(node) = term.datum else {
            return term;
        };
        let node = self.e.g.deref_value(node);
        let mut copy = self.e.g.node(node).clone();
        copy.flags.set(Flags::EVALUATED);
        copy.status = Status::Final;
        let made = self.e.new_node(copy);
        Term::new(Datum::Node(made), term.span)
    }

    /// What a node was made of. Nothing for an alternative, which is known by its value: its conjuncts are those of the
    /// whole disjunction.
    fn conjuncts(&self, node: NodeId) -> &[Conjunct] {
        let node = self.e.g.node(node);
        let is_value = [Flags::DISJUNCT, Flags::DATA, Flags::EVALUATED]
            .iter()
            .any(|&flag| node.flags.has(flag));
        if is_value { &[] } else { &node.conjuncts }
    }

    /// Whether a value is known by what it evaluated to.
    fn is_data(&self, node: NodeId) -> bool {
        self.conjuncts(node).is_empty()
    }

    /// The only conjunct of a value that was written, as an expression in its environment.
    fn single(&mut self, node: NodeId) -> Option<(EnvId, ExprId)> {
        match *self.conjuncts(node) {
            [conjunct] => {
                let conjunct = self.yielded(conjunct);
                Some((conjunct.env, self.e.g.expr_of(conjunct.elem)?))
            }
            _ => None,
        }
    }

    /// What a conjunct of a comprehension gave at its first result; any other conjunct as it is.
    fn yielded(&mut self, conjunct: Conjunct) -> Conjunct {
        let Elem::Partial(id) = conjunct.elem else {
            return conjunct;
        };
        let partial = self.e.g.partials[id.index()];
        let result = partial
            .results
            .and_then(|results| self.e.g.yields[results.index()].envs.first().copied());
        Conjunct {
            env: self.e.link(result.unwrap_or(conjunct.env), id),
            elem: partial.value,
            info: conjunct.info,
        }
    }

    /// Whether a value is written as a path: a field, a selection, an index.
    pub fn is_path(&mut self, term: Term) -> bool {
        let Some(node) = term.node() else {
            return false;
        };
        self.single(node)
            .is_some_and(|(_, expr)| self.is_path_expr(expr))
    }

    fn is_path_expr(&self, expr: ExprId) -> bool {
        match self.e.p.expr(expr) {
            Expr::Field { .. } | Expr::DynamicField { .. } | Expr::LabelAlias { .. } => true,
            Expr::Select { of, .. } | Expr::Index { of, .. } => {
                matches!(self.e.p.expr(of), Expr::Import(_)) || self.is_path_expr(of)
            }
            _ => false,
        }
    }

    /// What a value that is written as a reference refers to; any other value itself.
    pub fn dereference(&mut self, term: Term) -> Term {
        let Some((env, expr)) = term.node().and_then(|node| self.single(node)) else {
            return term;
        };
        match self.e.p.expr(expr) {
            Expr::Field { .. }
            | Expr::ValueAlias { .. }
            | Expr::DynamicField { .. }
            | Expr::Let { .. }
            | Expr::Import(_)
            | Expr::Select { .. }
            | Expr::Index { .. } => {}
            _ => return term,
        }
        match self.resolve(env, expr) {
            Some(node) => Term::new(Datum::Node(node), term.span),
            None => {
                let id = self.e.new_bottom(
                    Code::Incomplete,
                    Reason::NonConcrete {
                        value: None,
                        needed_by: "a reference",
                    },
                    self.e.p.expr_span(expr),
                );
                Evaluator::bottom_term(id)
            }
        }
    }

    fn resolve(&mut self, env: EnvId, expr: ExprId) -> Option<NodeId> {
        let saved = self.e.push_frame(env, self.e.p.expr_span(expr));
        let need = Need::new(Facts::FIELD_SET, Mode::Finalize);
        let found = self.e.resolve(expr, need).ok().flatten();
        let failed = self.e.frame.errs.is_some();
        self.e.frame = saved;
        let node = found.filter(|&node| !failed && node != self.e.empty)?;
        self.e.finalize(node);
        Some(node)
    }

    /// What a field of any name, or an element behind the last, has to be; `None` when there can be none or nothing is
    /// said of it.
    pub fn any(&mut self, term: Term, any: Any) -> Option<Term> {
        let node = self.e.g.deref_value(term.node()?);
        if any == Any::Element && self.e.g.is_closed_list(node) {
            return None;
        }
        let mut conjuncts = Vec::new();
        for at in 0..self.e.g.node(node).patterns.len() {
            let pattern = self.e.g.node(node).patterns[at];
            if self.admits(pattern.filter, any) {
                conjuncts.extend(self.e.g.node(pattern.constraint).conjuncts.iter().copied());
            }
        }
        if conjuncts.is_empty() {
            if !self.e.g.node(node).flags.has(Flags::ELLIPSIS) {
                return None;
            }
            conjuncts.push(Conjunct {
                env: EnvId::at(0),
                elem: Elem::Term(Term::TOP),
                info: CloseInfo::default(),
            });
        }
        Some(self.made(Some(node), None, &conjuncts))
    }

    /// Whether a filter of a pattern admits a name that is not known.
    fn admits(&mut self, filter: Term, any: Any) -> bool {
        let kind = match any {
            Any::Field => Kind::STRING,
            Any::Element => Kind::INT,
        };
        if let Datum::Node(node) = filter.datum {
            self.e.finalize(node);
        }
        let Some(filter) = self.e.unwrap(Some(filter)) else {
            return false;
        };
        match filter.datum {
            Datum::Kind(kinds) => kinds.meets(kind),
            Datum::Bound(id) if any == Any::Element => {
                let far = crate::data::Number::from(i64::from(u32::MAX));
                let far = Term::detached(self.e.g.pool.add_number(far));
                self.e.satisfies(id, far)
            }
            Datum::Conjunction(id) => {
                let all = self.e.g.pool.conjunction(id).clone();
                all.into_iter().all(|one| self.admits(one, any))
            }
            Datum::Disjunction(id) => {
                let all = self.e.g.pool.disjunction(id).values.clone();
                all.into_iter().any(|one| self.admits(one, any))
            }
            _ => false,
        }
    }

    /// A new value of conjuncts, evaluated.
    fn made(
        &mut self,
        parent: Option<NodeId>,
        label: Option<Label>,
        conjuncts: &[Conjunct],
    ) -> Term {
        let mut node = Node::new(None, label, ArcKind::Member);
        node.conjuncts.extend_from_slice(conjuncts);
        let id = self.e.new_node(node);
        self.e.finalize(id);
        self.e.g.node_mut(id).parent = parent;
        Term::detached(Datum::Node(id))
    }

    /// An expression of a value's environment as a value.
    fn part(&mut self, of: NodeId, env: EnvId, expr: ExprId) -> Term {
        if let Expr::Value(term) = self.e.p.expr(expr) {
            return term;
        }
        let (parent, label) = {
            let node = self.e.g.node(of);
            (node.parent, node.label)
        };
        let conjunct = Conjunct {
            env,
            elem: Elem::Expr(expr),
            info: CloseInfo::default(),
        };
        self.made(parent, label, &[conjunct])
    }

    /// Whether two values hold the same data.
    pub fn is_equal(&mut self, left: Term, right: Term) -> bool {
        self.e.equal(left, right, Comparison::Data)
    }

    /// The nodes that a value refers to where it stands: those whose fields it takes over, not those of its fields.
    pub fn references(&mut self, term: Term) -> Vec<Term> {
        let Some(node) = term.node() else {
            return Vec::new();
        };
        let conjuncts = self.conjuncts(node).to_vec();
        let mut found = Vec::new();
        for conjunct in conjuncts {
            let conjunct = self.yielded(conjunct);
            if let Some(expr) = self.e.g.expr_of(conjunct.elem) {
                self.collect_references(node, conjunct.env, expr, &mut found);
            }
        }
        found
    }

    fn collect_references(
        &mut self,
        node: NodeId,
        env: EnvId,
        expr: ExprId,
        found: &mut Vec<Term>,
    ) {
        let p = self.e.p;
        match p.expr(expr) {
            Expr::Field { .. }
            | Expr::DynamicField { .. }
            | Expr::Let { .. }
            | Expr::Select { .. }
            | Expr::Index { .. } => {
                if let Some(target) = self.resolve(env, expr) {
                    found.push(Term::detached(Datum::Node(target)));
                }
            }
            Expr::Binary { left, right, .. } => {
                self.collect_references(node, env, left, found);
                self.collect_references(node, env, right, found);
            }
            Expr::Unary { operand, .. } | Expr::Bound { operand, .. } => {
                self.collect_references(node, env, operand, found);
            }
            Expr::Disjunction { index } => {
                for item in &p.alternatives(index).items {
                    self.collect_references(node, env, item.value, found);
                }
            }
            Expr::Struct(lit) => {
                let inner = self.e.new_env(Env {
                    up: Some(env),
                    node: Some(node),
                    label: None,
                });
                for &decl in &p.struct_lit(lit).decls {
                    if let Decl::Embed(embedded) = p.decl(decl) {
                        self.collect_references(node, inner, embedded, found);
                    }
                }
            }
            Expr::Value(_)
            | Expr::List(_)
            | Expr::ValueAlias { .. }
            | Expr::LabelAlias { .. }
            | Expr::Import(_)
            | Expr::Slice { .. }
            | Expr::Interpolation { .. }
            | Expr::Call { .. } => {}
        }
    }

    fn is_closed_struct(&self, node: NodeId) -> bool {
        let node = self.e.g.node(node);
        let is_struct = matches!(
            node.base.map(|base| base.datum),
            Some(Datum::StructMark | Datum::Disjunction(_))
        );
        is_struct && (node.flags.has(Flags::CLOSED_RECURSIVE) || node.flags.has(Flags::CLOSED_ONCE))
    }
}
