//! Taking values apart: what they are written as, or, for what was computed, what they evaluated to.
//!
//! `#A & {x: 1} | *"a"` is a choice of two, the first of them a unification of two; each operand is evaluated alone, in
//! the place of the whole. As `Value.Expr` of cue v0.14.1 `cue/types.go`.

use super::{Inspector, Profile, is_embedding};
use crate::bottom::{Code, Reason};
use crate::eval::Evaluator;
use crate::graph::{Conjunct, Elem, Env, EnvId, Flags, Node, Status};
use crate::ir::{ArcKind, Decl, Expr, ExprId, StructId};
use crate::kind::Kind;
use crate::label::Label;
use crate::term::{Datum, NodeId, Op, Term};
use crate::value::Value;
use source_vocab::Span;

/// How a value is put together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Not at all: the one operand is the value itself.
    None,
    /// The operands are unified.
    And,
    /// One of the operands holds.
    Or,
    /// A bound: this operator and one operand.
    Bound(Op),
    /// An operator that computes.
    Computed(Op),
    /// A call or a validator: the function's qualified name; the operands are its arguments.
    Call(String),
    /// A reference to a field.
    Selector,
    /// An element of a list or a field by a computed name.
    Index,
    /// A part of a list or string.
    Slice,
    /// A string with expressions inside.
    Interpolation,
}

impl Operation {
    /// The operator as it is written, for messages.
    pub fn symbol(&self) -> &str {
        match self {
            Self::None => "",
            Self::And => "&",
            Self::Or => "|",
            Self::Bound(op) | Self::Computed(op) => op.symbol(),
            Self::Call(_) => "()",
            Self::Selector => ".",
            Self::Index => "[]",
            Self::Slice => "[:]",
            Self::Interpolation => "\\()",
        }
    }
}

/// A value taken apart.
#[derive(Clone, Debug)]
pub struct Split {
    /// How it is put together.
    pub operation: Operation,
    /// From what.
    pub operands: Vec<Term>,
}

impl Split {
    fn whole(term: Term) -> Self {
        Self {
            operation: Operation::None,
            operands: vec![term],
        }
    }

    fn new(operation: Operation, operands: Vec<Term>) -> Self {
        Self {
            operation,
            operands,
        }
    }
}

impl Inspector<'_> {
    /// Takes a value apart: what was written, or, for a computed value, what it evaluated to.
    pub fn split(&mut self, term: Term) -> Split {
        let Some(node) = term.node() else {
            return self.split_value(term);
        };
        if self.is_data(node) {
            let value = self.e.value_of_node(self.e.g.deref_value(node));
            return match value {
                Some(value) if value.node().is_none() => {
                    let mut split = self.split_value(value);
                    self.mark_default(node, value, &mut split);
                    split
                }
                _ => Split::whole(term),
            };
        }
        let conjuncts: Vec<Conjunct> = self.conjuncts(node).to_vec();
        let conjuncts: Vec<Conjunct> = conjuncts
            .into_iter()
            .map(|conjunct| self.yielded(conjunct))
            .collect();
        let [conjunct] = conjuncts.as_slice() else {
            let (parent, label) = {
                let node = self.e.g.node(node);
                (node.parent, node.label)
            };
            let operands = conjuncts
                .iter()
                .map(|&conjunct| self.made(parent, label, &[conjunct]))
                .collect();
            return Split::new(Operation::And, operands);
        };
        match conjunct.elem {
            Elem::Term(inner) if inner.node().is_some() => self.split(inner),
            Elem::Term(inner) => self.split_value(inner),
            elem => match self.e.g.expr_of(elem) {
                Some(expr) => self.split_expr(term, node, conjunct.env, expr),
                None => Split::whole(term),
            },
        }
    }

    /// The only default of a field stands for the whole disjunction as it was written, when the field came by a
    /// comprehension or the mark of the default stands further inside: cue v0.14.1 (`Vertex.Default`) puts the conjuncts of
    /// the field on its default and takes the other alternatives out of plain disjunctions only. It shows in schemas, where
    /// the other alternatives come twice.
    fn mark_default(&mut self, node: NodeId, value: Term, split: &mut Split) {
        let conjunct = match *self.e.g.node(node).conjuncts {
            [conjunct] if self.keeps_alternatives(conjunct) => conjunct,
            _ => return,
        };
        let Datum::Disjunction(id) = value.datum else {
            return;
        };
        let choice = self.e.g.pool.disjunction(id);
        let (1, Some(&default), Some(first)) = (
            choice.defaults,
            choice.values.first(),
            split.operands.first_mut(),
        ) else {
            return;
        };
        // the default of a list is a copy without its open end, and the copy is forgotten
        if *first != default || self.e.kind(default) == Kind::LIST {
            return;
        }
        let mut copy = match default.datum {
            Datum::Node(node) => self.e.g.node(self.e.g.deref_value(node)).clone(),
            _ => {
                let mut node = Node::new(None, None, ArcKind::Member);
                node.base = Some(default);
                node
            }
        };
        copy.flags.clear(Flags::DISJUNCT);
        copy.flags.clear(Flags::EVALUATED);
        copy.status = Status::Final;
        copy.conjuncts = [conjunct].into_iter().collect();
        let made = self.e.new_node(copy);
        *first = Term::new(Datum::Node(made), default.span);
    }

    fn keeps_alternatives(&self, conjunct: Conjunct) -> bool {
        if matches!(conjunct.elem, Elem::Partial(_)) {
            return true;
        }
        match self
            .e
            .g
            .expr_of(conjunct.elem)
            .map(|expr| self.e.p.expr(expr))
        {
            Some(Expr::Disjunction { index }) => {
                let items = &self.e.p.alternatives(index).items;
                items.iter().all(|item| !item.default)
            }
            _ => false,
        }
    }

    /// A value that is no node.
    fn split_value(&mut self, term: Term) -> Split {
        match term.datum {
            Datum::Bound(id) => {
                let bound = *self.e.g.pool.bound(id);
                Split::new(Operation::Bound(bound.op), vec![bound.operand])
            }
            Datum::Conjunction(id) => {
                let all = self.e.g.pool.conjunction(id).to_vec();
                Split::new(Operation::And, all)
            }
            Datum::Disjunction(id) => {
                let choice = self.e.g.pool.disjunction(id).clone();
                let (defaults, others) = choice.values.split_at(choice.defaults);
                let mut operands = Vec::new();
                for &value in defaults {
                    let is_included = others
                        .iter()
                        .any(|&other| self.subsumes(other, value, Profile::SIMPLIFY));
                    if !is_included {
                        operands.push(value);
                    }
                }
                operands.extend_from_slice(others);
                Split::new(alternatives(&operands), operands)
            }
            Datum::Validator(id) => {
                let validator = self.e.g.pool.validator(id);
                let name = self.e.g.pool.function(validator.function).qualified_name();
                Split::new(Operation::Call(name), validator.args.to_vec())
            }
            _ => Split::whole(term),
        }
    }

    fn split_expr(&mut self, term: Term, node: NodeId, env: EnvId, expr: ExprId) -> Split {
        let p = self.e.p;
        let (operation, parts) = match p.expr(expr) {
            Expr::Value(value) if value.node().is_none() => return self.split_value(value),
            Expr::Value(value) => return self.split(value),
            Expr::Binary {
                op: Op::And,
                left,
                right,
            } => (Operation::And, vec![left, right]),
            Expr::Binary { op, left, right } => (Operation::Computed(op), vec![left, right]),
            Expr::Unary { op, operand } => (Operation::Computed(op), vec![operand]),
            Expr::Bound { op, operand } => (Operation::Bound(op), vec![operand]),
            Expr::Disjunction { index } => return self.split_choice(node, env, index),
            Expr::Interpolation { parts, .. } => (Operation::Interpolation, p.args(parts).to_vec()),
            Expr::Field { .. } => (Operation::Selector, Vec::new()),
            Expr::Select { of, .. } => (Operation::Selector, vec![of]),
            Expr::Index { of, index } => (Operation::Index, vec![of, index]),
            Expr::Slice { of, low, high } => {
                let bounds = low.into_iter().chain(high);
                (
                    Operation::Slice,
                    std::iter::once(of).chain(bounds).collect(),
                )
            }
            Expr::Call { function, args } => {
                return self.split_call(node, env, function, p.args(args));
            }
            Expr::Struct(lit) => return self.split_struct(term, node, env, lit),
            Expr::List(_)
            | Expr::ValueAlias { .. }
            | Expr::LabelAlias { .. }
            | Expr::DynamicField { .. }
            | Expr::Let { .. }
            | Expr::Import(_) => return Split::whole(term),
        };
        let operands = parts
            .into_iter()
            .map(|part| self.part(node, env, part))
            .collect();
        Split::new(operation, operands)
    }

    /// The alternatives as written, without defaults that another alternative includes.
    fn split_choice(&mut self, node: NodeId, env: EnvId, index: u32) -> Split {
        let items = self.e.p.alternatives(index).items.to_vec();
        let values: Vec<Term> = items
            .iter()
            .map(|item| self.part(node, env, item.value))
            .collect();
        let mut operands = Vec::new();
        for (item, &value) in items.iter().zip(&values) {
            let is_included = item.default && {
                !self.is_allowed(node, value)
                    || items.iter().zip(&values).any(|(other, &included)| {
                        !other.default
                            && self.is_allowed(node, included)
                            && self.subsumes(included, value, Profile::SIMPLIFY)
                    })
            };
            if !is_included {
                operands.push(value);
            }
        }
        Split::new(alternatives(&operands), operands)
    }

    /// Whether a closed struct takes the fields of a value.
    fn is_allowed(&mut self, parent: NodeId, value: Term) -> bool {
        let parent = self.e.g.deref_value(parent);
        let is_closed = self.e.g.is_closed_list(parent) || self.is_closed_struct(parent);
        let Some(value) = value.node().filter(|_| is_closed) else {
            return true;
        };
        let value = self.e.g.deref_value(value);
        let labels: Vec<Label> = self
            .e
            .g
            .node(value)
            .arcs
            .iter()
            .map(|(label, _)| label)
            .collect();
        labels
            .into_iter()
            .all(|label| self.e.accepts(parent, label))
    }

    fn split_call(&mut self, node: NodeId, env: EnvId, function: ExprId, args: &[ExprId]) -> Split {
        let callee = self.part(node, env, function);
        let name = match self.e.unwrap(Some(callee)).map(|term| term.datum) {
            Some(Datum::Function(id)) => self.e.g.pool.function(id).qualified_name(),
            _ => String::new(),
        };
        let mut operands: Vec<Term> = args.iter().map(|&arg| self.part(node, env, arg)).collect();
        if let ("and" | "or", [list]) = (name.as_str(), operands.as_slice()) {
            let elements = self.view(*list).default().elements();
            let elements: Vec<Term> = elements.into_iter().map(Value::term).collect();
            let is_empty = elements.is_empty();
            return match (name.as_str(), is_empty) {
                ("and", true) => Split::whole(Term::TOP),
                ("and", false) => Split::new(Operation::And, elements),
                (_, false) => Split::new(Operation::Or, elements),
                (_, true) => {
                    let reason = Reason::Text("the list of alternatives is empty");
                    let id = self.e.new_bottom(Code::Incomplete, reason, Span::DETACHED);
                    operands = vec![Evaluator::bottom_term(id)];
                    Split::new(Operation::None, operands)
                }
            };
        }
        Split::new(Operation::Call(name), operands)
    }

    /// A struct is the unification of what it embeds and of its own declarations.
    fn split_struct(&mut self, term: Term, node: NodeId, env: EnvId, lit: StructId) -> Split {
        let Some(&rest) = self.rest.get(&lit) else {
            return Split::whole(term);
        };
        let own = rest.map(|rest| self.part(node, env, rest));
        let inner = self.e.new_env(Env {
            up: Some(env),
            node: Some(own.and_then(Term::node).unwrap_or(node)),
            label: None,
        });
        let decls = self.e.p.struct_lit(lit).decls.clone();
        let mut operands = Vec::new();
        for decl in decls {
            if is_embedding(self.e.p, decl)
                && let Decl::Embed(expr) = self.e.p.decl(decl)
            {
                operands.push(self.part(node, inner, expr));
            }
        }
        operands.extend(own);
        match operands.as_slice() {
            [only] => self.split(*only),
            _ => Split::new(Operation::And, operands),
        }
    }
}

/// Several operands are alternatives, one is the value itself.
fn alternatives(operands: &[Term]) -> Operation {
    if operands.len() > 1 {
        Operation::Or
    } else {
        Operation::None
    }
}
