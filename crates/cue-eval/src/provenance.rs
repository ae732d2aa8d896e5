//! What made a value: the reader's way from a finished node back to what was written.
//!
//! Whoever prints a value as the expression it came from (`cue def`, `cue eval` of what is not concrete) needs the conjuncts of
//! its node. An [`Origin`] is one of them: a declaration or expression of the program, or a value that was made while evaluating.
//! Conjuncts of comprehensions are told apart by whether the comprehension has a result.
//!
//! A [`Value`] may stand for a node that is shared or a chosen alternative; [`Value::followed`] gives the node that holds the
//! content, [`Value::origins`] speaks of the node at hand.

use crate::graph::{Elem, EnvId, Flags, Graph};
use crate::ir::{Decl, DeclId, ExprId, PackageId, Program, StructId};
use crate::label::Label;
use crate::term::{Datum, NodeId, Term};
use crate::value::Value;

/// One contribution to a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The value of a declaration.
    Decl(DeclId),
    /// An expression.
    Expr(ExprId),
    /// A value.
    Term(Term),
    /// A declaration in the body of a comprehension that has a result.
    Yielded(DeclId),
    /// What is left of the body of a comprehension that has a result.
    YieldedExpr(ExprId),
    /// A part of a comprehension that has no result, or not yet.
    Undecided,
}

/// Where the references of a contribution are resolved: the chain of structs around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scope(EnvId);

impl Origin {
    /// The expression that contributes, when it is written.
    pub fn expr(self, program: &Program) -> Option<ExprId> {
        match self {
            Self::Expr(id) | Self::YieldedExpr(id) => Some(id),
            Self::Decl(id) | Self::Yielded(id) => match program.decl(id) {
                Decl::Field { value, .. }
                | Decl::Let { value, .. }
                | Decl::Pattern { value, .. }
                | Decl::Dynamic { value, .. }
                | Decl::Embed(value) => Some(value),
                Decl::Ellipsis { value } => value,
                Decl::Comprehension(_) => None,
            },
            Self::Term(_) | Self::Undecided => None,
        }
    }
}

impl Graph {
    fn origin(&self, elem: Elem) -> Origin {
        match elem {
            Elem::Decl(id) => match self.program.decl(id) {
                Decl::Comprehension(_) => Origin::Undecided,
                _ => Origin::Decl(id),
            },
            Elem::Expr(id) => Origin::Expr(id),
            Elem::Term(term) => Origin::Term(term),
            Elem::Partial(id) => {
                let partial = &self.partials[id.index()];
                let yields = partial
                    .results
                    .map(|results| &self.yields[results.index()])
                    .is_some_and(|yields| yields.done && !yields.envs.is_empty());
                if !yields {
                    return Origin::Undecided;
                }
                match self.origin(partial.value) {
                    Origin::Decl(id) => Origin::Yielded(id),
                    Origin::Expr(id) => Origin::YieldedExpr(id),
                    other => other,
                }
            }
        }
    }

    /// The program that was evaluated.
    pub fn program(&self) -> &Program {
        &self.program
    }

    /// The value of an imported package; none when nothing that was evaluated refers to it.
    pub fn package(&self, id: PackageId) -> Option<Value<'_>> {
        let node = *self.packages.get(id.index())?;
        node.map(|node| self.at(node))
    }

    /// The struct so many levels up from a scope.
    pub fn enclosing(&self, scope: Scope, up: u32) -> Option<Value<'_>> {
        let mut env = self.envs.get(scope.0.index())?;
        for _ in 0..up {
            env = self.envs.get(env.up?.index())?;
        }
        env.node.map(|node| self.at(node))
    }

    fn at(&self, id: NodeId) -> Value<'_> {
        self.view(Term::detached(Datum::Node(id)))
    }
}

impl Value<'_> {
    /// The value that holds the content: the end of all indirection.
    #[must_use]
    pub fn followed(self) -> Self {
        match self.node() {
            Some(id) => self.graph().at(id),
            None => self,
        }
    }

    /// What contributes to the value at this very node, in the order in which it came in.
    pub fn origins(self) -> Vec<Origin> {
        let Some(id) = self.term().node() else {
            return Vec::new();
        };
        let graph = self.graph();
        graph
            .node(id)
            .conjuncts
            .iter()
            .map(|conjunct| graph.origin(conjunct.elem))
            .collect()
    }

    /// As [`Self::origins`], each with the scope of its references.
    pub fn scoped_origins(self) -> Vec<(Origin, Scope)> {
        let Some(id) = self.term().node() else {
            return Vec::new();
        };
        let conjuncts = &self.graph().node(id).conjuncts;
        let scopes = conjuncts.iter().map(|conjunct| Scope(conjunct.env));
        self.origins().into_iter().zip(scopes).collect()
    }

    /// The struct literals that take part in the value.
    pub fn literals(self) -> Vec<StructId> {
        self.node().map_or_else(Vec::new, |id| {
            let node = self.graph().node(id);
            node.structs.iter().map(|info| info.lit).collect()
        })
    }

    /// The value that this one is a field or element of.
    pub fn parent(self) -> Option<Self> {
        let graph = self.graph();
        let id = self.term().node()?;
        graph.node(id).parent.map(|parent| graph.at(parent))
    }

    /// The field of this name whatever its kind, optional ones and `let`s included.
    pub fn arc(self, label: Label) -> Option<Self> {
        let id = self.node()?;
        let graph = self.graph();
        graph.node(id).arcs.find(label).map(|arc| graph.at(arc))
    }

    /// Whether `close` closed this level.
    pub fn is_closed_once(self) -> bool {
        self.node()
            .is_some_and(|id| self.graph().node(id).flags.has(Flags::CLOSED_ONCE))
    }

    /// Whether a definition closed this and everything below.
    pub fn is_closed_recursively(self) -> bool {
        self.node()
            .is_some_and(|id| self.graph().node(id).flags.has(Flags::CLOSED_RECURSIVE))
    }

    /// Whether the value is made of data, without anything that was written as an expression.
    pub fn is_made_of_data(self) -> bool {
        self.node().is_none_or(|id| self.graph().node(id).is_data())
    }
}
