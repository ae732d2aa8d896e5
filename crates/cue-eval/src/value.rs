//! Reading a finished graph.
//!
//! A [`Value`] is a term with the graph it lives in, `Copy`, and never changes anything. It hides
//! indirection (shared nodes, chosen disjuncts): what it shows is what the configuration means.
//! [`Value::shape`] says what a value is on its own level; a struct that only holds an error of one
//! of its fields is still a struct, and [`Value::error_below`] says so. Defaults are applied on
//! request, by [`Value::default`], as cue v0.14.1 does before export.

use crate::bottom::Bottom;
use crate::data::Number;
use crate::graph::{Flags, Graph};
use crate::ir::ArcKind;
use crate::kind::Kind;
use crate::label::Label;
use crate::order;
use crate::term::{BottomId, Datum, ListEnd, NodeId, Term};
use source_vocab::Span;
use std::sync::Arc;

/// What a value is.
#[derive(Clone, Copy, Debug)]
pub enum Shape<'g> {
    /// `null`
    Null,
    /// A boolean.
    Bool(bool),
    /// A number.
    Number(&'g Number),
    /// A string.
    String(&'g Arc<str>),
    /// Bytes.
    Bytes(&'g Arc<[u8]>),
    /// A struct.
    Struct,
    /// A list.
    List(ListEnd),
    /// Not concrete: one of these kinds.
    Incomplete(Kind),
    /// An error at this very value.
    Error(BottomId),
}

/// A value in a graph.
#[derive(Clone, Copy, Debug)]
pub struct Value<'g> {
    graph: &'g Graph,
    term: Term,
}

/// A field of a struct or list as a reader finds it.
#[derive(Clone, Copy, Debug)]
pub struct Field<'g> {
    /// Its name.
    pub label: Label,
    /// How definitely it is there: [`ArcKind::Member`], `Required` or `Optional`.
    pub kind: ArcKind,
    /// Its value.
    pub value: Value<'g>,
}

impl Graph {
    /// The value of the whole configuration.
    pub fn root(&self) -> Value<'_> {
        self.view(Term::detached(Datum::Node(self.root)))
    }

    /// A view of a term of this graph.
    pub fn view(&self, term: Term) -> Value<'_> {
        Value { graph: self, term }
    }
}

impl<'g> Value<'g> {
    /// The term.
    pub fn term(self) -> Term {
        self.term
    }

    /// The graph.
    pub fn graph(self) -> &'g Graph {
        self.graph
    }

    /// The node that the value has its fields in.
    pub(crate) fn node(self) -> Option<NodeId> {
        self.term.node().map(|id| self.graph.deref_value(id))
    }

    fn with(self, term: Term) -> Self {
        Self {
            graph: self.graph,
            term,
        }
    }

    /// The base of the node, or the term itself when it is no node.
    fn base(self) -> Option<Term> {
        match self.node() {
            Some(id) => self.graph.node(id).base,
            None => Some(self.term),
        }
    }

    /// What stands for the value at its node: the types, bounds or alternatives that are left.
    pub fn base_term(self) -> Option<Term> {
        self.base()
    }

    /// The kinds that the value has or may have.
    pub fn kind(self) -> Kind {
        match self.shape() {
            Shape::Null => Kind::NULL,
            Shape::Bool(_) => Kind::BOOL,
            Shape::Number(number) => number.mask(),
            Shape::String(_) => Kind::STRING,
            Shape::Bytes(_) => Kind::BYTES,
            Shape::Struct => Kind::STRUCT,
            Shape::List(_) => Kind::LIST,
            Shape::Incomplete(kind) => kind,
            Shape::Error(_) => Kind::BOTTOM,
        }
    }

    /// What the value is on its own level.
    pub fn shape(self) -> Shape<'g> {
        let Some(base) = self.base() else {
            return Shape::Incomplete(Kind::TOP);
        };
        let pool = &self.graph.pool;
        match base.datum {
            Datum::Null => Shape::Null,
            Datum::Bool(value) => Shape::Bool(value),
            Datum::Number(id) => Shape::Number(pool.number(id)),
            Datum::String(id) => Shape::String(pool.text(id)),
            Datum::Bytes(id) => Shape::Bytes(pool.blob(id)),
            Datum::StructMark => Shape::Struct,
            Datum::ListMark(end) => Shape::List(end),
            Datum::Bottom(id) => self.shape_of_error(id),
            Datum::Disjunction(id) => {
                let choice = pool.disjunction(id);
                let kinds = choice
                    .values
                    .iter()
                    .fold(Kind::BOTTOM, |kinds, &term| kinds | self.with(term).kind());
                Shape::Incomplete(kinds)
            }
            Datum::Node(_)
            | Datum::Kind(_)
            | Datum::Bound(_)
            | Datum::Validator(_)
            | Datum::Function(_)
            | Datum::Conjunction(_) => Shape::Incomplete(self.graph.kind_of(base)),
        }
    }

    /// A node whose error is that of a field is still a struct or list.
    fn shape_of_error(self, id: BottomId) -> Shape<'g> {
        let Some(node) = self.node() else {
            return Shape::Error(id);
        };
        let node = self.graph.node(node);
        if !self.graph.bottom(id).of_child || node.arcs.len() == 0 {
            return Shape::Error(id);
        }
        match node.under {
            Some(Datum::ListMark(end)) => Shape::List(end),
            _ if node.arcs.iter().any(|(label, _)| label.is_int()) => Shape::List(ListEnd::Closed),
            _ => Shape::Struct,
        }
    }

    /// The error at this very value.
    pub fn error(self) -> Option<&'g Bottom> {
        match self.shape() {
            Shape::Error(id) => Some(self.graph.bottom(id)),
            _ => None,
        }
    }

    /// The error that the node holds, be it its own or that of a field.
    pub fn error_below(self) -> Option<&'g Bottom> {
        self.base()
            .and_then(Term::bottom)
            .map(|id| self.graph.bottom(id))
    }

    /// The error that the node holds, when more information cannot mend it.
    pub(crate) fn hard_error_below(self) -> Option<BottomId> {
        self.base()
            .and_then(Term::bottom)
            .filter(|id| !self.graph.bottom(*id).code.is_incomplete())
    }

    /// The value that counts: the default of a disjunction that has exactly one, followed to the
    /// end. With several different defaults, the disjunction of these.
    #[must_use]
    pub fn default(self) -> Self {
        let Some(Term {
            datum: Datum::Disjunction(id),
            ..
        }) = self.base()
        else {
            return self;
        };
        let choice = self.graph.pool.disjunction(id);
        match choice.values.first() {
            Some(&only) if choice.defaults == 1 => self.with(only).default(),
            _ => self,
        }
    }

    /// The kinds that are left after defaults have been taken: of a disjunction with several
    /// defaults, only those of the defaults.
    pub fn default_kind(self) -> Kind {
        if let Some(Term {
            datum: Datum::Disjunction(id),
            ..
        }) = self.default().base()
        {
            let choice = self.graph.pool.disjunction(id);
            let count = if choice.defaults == 0 {
                choice.values.len()
            } else {
                choice.defaults
            };
            return choice
                .values
                .iter()
                .take(count)
                .fold(Kind::BOTTOM, |kinds, &term| {
                    kinds | self.with(term).default_kind()
                });
        }
        self.default().kind()
    }

    /// All arcs that are or may be there, `let`s excepted, in output order.
    pub fn arcs(self) -> Vec<Field<'g>> {
        let Some(id) = self.node() else {
            return Vec::new();
        };
        order::arcs(self.graph, id)
            .into_iter()
            .map(|(label, arc)| Field {
                label,
                kind: self.graph.node(arc).arc,
                value: self.with(Term::detached(Datum::Node(arc))),
            })
            .collect()
    }

    /// The regular fields of a struct, in output order.
    pub fn fields(self) -> Vec<(Arc<str>, Self)> {
        self.arcs()
            .into_iter()
            .filter(|arc| arc.kind == ArcKind::Member && arc.label.is_string())
            .filter_map(|arc| {
                let text = self.graph.labels.shared_text(arc.label)?;
                Some((Arc::clone(text), arc.value))
            })
            .collect()
    }

    /// The elements of a list.
    pub fn elements(self) -> Vec<Self> {
        let Some(id) = self.node() else {
            return Vec::new();
        };
        self.graph
            .node(id)
            .arcs
            .iter()
            .filter(|(label, _)| label.is_int())
            .map(|(_, arc)| self.with(Term::detached(Datum::Node(arc))))
            .collect()
    }

    /// The field or element of this label, if it is there.
    pub fn get(self, label: Label) -> Option<Self> {
        let id = self.node()?;
        let arc = self.graph.node(id).arcs.find(label)?;
        (self.graph.node(arc).arc == ArcKind::Member)
            .then(|| self.with(Term::detached(Datum::Node(arc))))
    }

    /// The regular field of this name.
    pub fn field(self, name: &str) -> Option<Self> {
        self.get(self.graph.labels.find_string(name)?)
    }

    /// The labels from the root down to the value; empty for the root and for what has no path.
    pub fn path(self) -> Vec<Label> {
        let mut path = Vec::new();
        let mut at = self.term.node();
        while let Some(id) = at {
            let node = self.graph.node(id);
            path.extend(node.label);
            at = node.parent;
        }
        path.reverse();
        path
    }

    /// The place of what made the value: that of a scalar, or of the first conjunct.
    pub fn span(self) -> Span {
        if let Some(base) = self.base()
            && !base.span.is_detached()
        {
            return base.span;
        }
        if !self.term.span.is_detached() {
            return self.term.span;
        }
        self.node().map_or(Span::DETACHED, |id| {
            self.graph
                .node(id)
                .conjuncts
                .first()
                .map_or(Span::DETACHED, |conjunct| {
                    self.graph.elem_span(conjunct.elem)
                })
        })
    }

    /// Where the field of the value is declared: an empty span before its name, of the first declaration that has one. Of a
    /// value that is referred to, that is the place of the reference's own field.
    pub fn declared(self) -> Span {
        let Some(id) = self.term.node() else {
            return Span::DETACHED;
        };
        let conjuncts = self.graph.node(id).conjuncts.iter();
        let mut spans = conjuncts.filter_map(|conjunct| {
            let decl = order::decl_of(self.graph, conjunct.elem)?;
            let span = self.graph.program.decl_span(decl);
            (!span.is_detached()).then(|| span.start())
        });
        spans.next().unwrap_or(Span::DETACHED)
    }

    /// The attributes of the declarations that made the value.
    pub fn attributes(self) -> Vec<Arc<str>> {
        let mut found: Vec<Arc<str>> = Vec::new();
        let Some(id) = self.term.node() else {
            return found;
        };
        for conjunct in &self.graph.node(id).conjuncts {
            if let crate::graph::Elem::Decl(decl) = conjunct.elem {
                for text in self.graph.program.attributes(decl) {
                    if !found.contains(text) {
                        found.push(Arc::clone(text));
                    }
                }
            }
        }
        found
    }

    /// The documentation comments of the declarations that made the value, each once, in the order of the declarations.
    pub fn docs(self) -> Vec<Arc<str>> {
        let mut found: Vec<Arc<str>> = Vec::new();
        let Some(id) = self.term.node() else {
            return found;
        };
        for conjunct in &self.graph.node(id).conjuncts {
            let Some(decl) = order::decl_of(self.graph, conjunct.elem) else {
                continue;
            };
            for text in self.graph.program.docs(decl) {
                if !found.contains(text) {
                    found.push(Arc::clone(text));
                }
            }
        }
        found
    }

    /// What an open list says about elements that it does not have, when the evaluation was asked for it (see
    /// [`crate::eval_with_elements`]).
    pub fn element_type(self) -> Option<Self> {
        let element = *self.graph.elements.get(&self.node()?)?;
        Some(self.with(Term::detached(Datum::Node(element))))
    }

    /// The alternatives that are left, those marked as defaults first, and how many these are; `None` when the value is no
    /// disjunction.
    pub fn alternatives(self) -> Option<(Vec<Self>, usize)> {
        let Datum::Disjunction(id) = self.base()?.datum else {
            return None;
        };
        let choice = self.graph.pool.disjunction(id);
        let values = choice.values.iter().map(|&term| self.with(term)).collect();
        Some((values, choice.defaults))
    }

    /// Whether no further fields are admitted: a struct that is closed, or a list without `...`.
    pub fn is_closed(self) -> bool {
        let Some(id) = self.node() else {
            return true;
        };
        let flags = self.graph.node(id).flags;
        match self.shape() {
            Shape::List(end) => end == ListEnd::Closed,
            _ => flags.has(Flags::CLOSED_RECURSIVE) || flags.has(Flags::CLOSED_ONCE),
        }
    }

    /// Whether the value has pattern constraints.
    pub fn has_patterns(self) -> bool {
        self.node()
            .is_some_and(|id| !self.graph.node(id).patterns.is_empty())
    }

    /// Whether more information cannot change the value: a scalar, an error, or a closed struct or
    /// list whose fields are final.
    pub fn is_final(self) -> bool {
        match self.shape() {
            Shape::Incomplete(_) => false,
            Shape::Error(id) => !self.graph.bottom(id).code.is_incomplete(),
            Shape::Struct | Shape::List(_) => {
                self.is_closed()
                    && self
                        .arcs()
                        .into_iter()
                        .filter(|field| field.label.is_regular())
                        .all(|field| {
                            let wrong = matches!(field.value.shape(), Shape::Error(_));
                            (field.kind == ArcKind::Member || wrong) && field.value.is_final()
                        })
            }
            _ => true,
        }
    }
}

impl Graph {
    /// The text of a conjunct.
    pub(crate) fn elem_span(&self, elem: crate::graph::Elem) -> Span {
        use crate::graph::Elem;
        match elem {
            Elem::Decl(id) => self.program.decl_span(id),
            Elem::Expr(id) => self.program.expr_span(id),
            Elem::Term(term) => term.span,
            Elem::Partial(id) => {
                let partial = &self.partials[id.index()];
                self.program.comprehension(partial.source).span
            }
        }
    }
}
