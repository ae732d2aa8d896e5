//! Dropping alternatives before they are tried.
//!
//! A fork costs a copy of the node. An alternative that is a literal of a kind the node cannot have,
//! or a struct literal with a field whose literal value differs from the one the node already has
//! there (`kind: "a"` against `kind: "b"`), fails for certain, and is dropped at once.

use crate::bottom::{Code, Reason};
use crate::eval::Evaluator;
use crate::graph::Conjunct;
use crate::ir::{ArcKind, Decl, Expr, ExprId, StructId};
use crate::kind::Kind;
use crate::term::{BottomId, Datum, NodeId, Term};

impl Evaluator<'_> {
    /// The error of an alternative that cannot fit a node, if that is certain without trying.
    pub(super) fn cannot_fit(&mut self, v: NodeId, conjunct: Conjunct) -> Option<BottomId> {
        let expr = self.g.expr_of(conjunct.elem)?;
        let known = self.work(v).kind;
        match self.p.expr(expr) {
            Expr::Value(term) => self.scalar_cannot_fit(v, term),
            Expr::List(_) if !known.meets(Kind::LIST) => Some(self.wrong_kind(v, Kind::LIST, expr)),
            Expr::Struct(lit) if known.meets(Kind::STRUCT) => self.struct_cannot_fit(v, lit),
            _ => None,
        }
    }

    fn wrong_kind(&mut self, v: NodeId, kind: Kind, expr: ExprId) -> BottomId {
        let (left, left_kind) = (self.work(v).kind_by, self.work(v).kind);
        let span = self.p.expr_span(expr);
        let id = self.new_bottom(
            Code::Eval,
            Reason::Mismatch {
                left,
                left_kind,
                right: None,
                right_kind: kind,
            },
            left.map_or(span, |left| left.span),
        );
        self.g.pool.bottoms[id.index()].also_at(span);
        self.g.pool.bottoms[id.index()].node = Some(v);
        id
    }

    fn is_plain(term: Term) -> bool {
        matches!(
            term.datum,
            Datum::Null | Datum::Bool(_) | Datum::Number(_) | Datum::String(_) | Datum::Bytes(_)
        )
    }

    fn scalar_cannot_fit(&mut self, v: NodeId, term: Term) -> Option<BottomId> {
        if !Self::is_plain(term) {
            return None;
        }
        let kind = self.kind(term);
        let (left, left_kind) = (self.work(v).kind_by, self.work(v).kind);
        if !left_kind.meets(kind) {
            let id = self.new_bottom(
                Code::Eval,
                Reason::Mismatch {
                    left,
                    left_kind,
                    right: Some(term),
                    right_kind: kind,
                },
                left.map_or(term.span, |left| left.span),
            );
            self.g.pool.bottoms[id.index()].also_at(term.span);
            self.g.pool.bottoms[id.index()].node = Some(v);
            return Some(id);
        }
        let known = self.work(v).scalar?;
        if !Self::is_plain(known) || self.equal_scalars(known, term) {
            return None;
        }
        Some(self.conflict(v, known, term))
    }

    fn conflict(&mut self, v: NodeId, left: Term, right: Term) -> BottomId {
        let id = self.new_bottom(Code::Eval, Reason::Conflict { left, right }, left.span);
        self.g.pool.bottoms[id.index()].also_at(right.span);
        self.g.pool.bottoms[id.index()].node = Some(v);
        id
    }

    fn struct_cannot_fit(&mut self, v: NodeId, lit: StructId) -> Option<BottomId> {
        let p = self.p;
        for &decl in &p.struct_lit(lit).decls {
            let Decl::Field { label, arc, value } = p.decl(decl) else {
                continue;
            };
            if arc != ArcKind::Member {
                continue;
            }
            let Expr::Value(term) = p.expr(value) else {
                continue;
            };
            let Some(field) = self.g.node(v).arcs.find(label) else {
                continue;
            };
            if !Self::is_plain(term) || !self.has_work(field) {
                continue;
            }
            if self.g.node(field).arc != ArcKind::Member {
                continue;
            }
            let known = self.work(field).scalar;
            if let Some(known) = known
                && Self::is_plain(known)
                && !self.equal_scalars(known, term)
            {
                return Some(self.conflict(field, known, term));
            }
        }
        None
    }
}
