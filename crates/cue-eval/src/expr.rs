//! Expressions other than references: what they evaluate to.
//!
//! Struct and list literals, conjunctions and disjunctions inside expressions become nodes without
//! a path; everything else becomes a scalar. An operand that is not known makes the expression
//! incomplete; one of a wrong kind makes it an error.

use crate::bottom::{Code, Reason};
use crate::closed::CloseInfo;
use crate::eval::{Eval, Evaluator};
use crate::graph::{Conjunct, Elem, EnvId, Flags, Node, Status};
use crate::ir::{ArcKind, Expr, ExprId, ExprRange};
use crate::kind::Kind;
use crate::label::Label;
use crate::sched::{Facts, Mode, Need};
use crate::term::{Bound, Datum, ListEnd, NodeId, Op, Term};
use crate::work::PostCheck;
use std::sync::Arc;

impl Evaluator<'_> {
    /// Evaluates an expression that is neither a literal nor a reference.
    pub(crate) fn compute(&mut self, id: ExprId, expr: Expr, need: Need) -> Eval<Option<Term>> {
        match expr {
            Expr::Value(term) => Ok(Some(term)),
            Expr::Struct(_) | Expr::List(_) => {
                let node = self.inline_expr(id, self.frame.info);
                self.complete_arcs_only(node)?;
                Ok(Some(self.node_term(node)))
            }
            Expr::Disjunction { .. } => {
                let node = self.inline_expr(id, self.frame.info);
                self.finalize(node);
                Ok(Some(self.node_term(node)))
            }
            Expr::Binary { op: Op::And, .. } => {
                let info = CloseInfo {
                    refs: self.frame.info.refs,
                    ..CloseInfo::default()
                };
                let node = self.inline_expr(id, info);
                let in_dynamic = self
                    .env(self.frame.env)
                    .node
                    .is_some_and(|around| self.g.node(around).flags.has(Flags::DYNAMIC));
                if (self.in_detached == 0 && in_dynamic) || self.in_validator > 0 {
                    self.finalize(node);
                } else {
                    self.complete_arcs_only(node)?;
                }
                Ok(Some(self.node_term(node)))
            }
            Expr::Binary { op, left, right } => self.compute_binary(op, left, right),
            Expr::Unary { op, operand } => self.compute_unary(op, operand),
            Expr::Bound { op, operand } => self.compute_bound(op, operand),
            Expr::Interpolation { kind, parts } => self.interpolate(kind, parts),
            Expr::Slice { of, low, high } => self.slice(of, low, high),
            Expr::LabelAlias { up } => {
                let env = self.env_up(up);
                Ok(Some(match self.env(env).label {
                    Some(label) => self.label_term(label),
                    None => Term::new(Datum::Kind(Kind::STRING), self.frame.src),
                }))
            }
            Expr::Call { function, args } => self.call(id, function, args, need),
            Expr::Field { .. }
            | Expr::ValueAlias { .. }
            | Expr::DynamicField { .. }
            | Expr::Let { .. }
            | Expr::Import(_)
            | Expr::Select { .. }
            | Expr::Index { .. } => Ok(None),
        }
    }

    fn inline_expr(&mut self, id: ExprId, info: CloseInfo) -> NodeId {
        let conjunct = Conjunct {
            env: self.frame.env,
            elem: Elem::Expr(id),
            info,
        };
        self.inline_node(&[conjunct])
    }

    pub(crate) fn node_term(&self, node: NodeId) -> Term {
        Term::new(Datum::Node(node), self.frame.src)
    }

    /// Whether an operand can ever be concrete. Records an error when not.
    fn may_be_concrete(&mut self, id: ExprId, needed_by: &'static str) -> bool {
        let value = match self.p.expr(id) {
            Expr::Bound { .. } => None,
            Expr::Value(term) if term.bottom().is_none() && !self.is_concrete(term) => Some(term),
            _ => return true,
        };
        self.fail(Code::Eval, Reason::NonConcrete { value, needed_by });
        false
    }

    fn is_literal_bottom(&self, id: ExprId) -> bool {
        matches!(self.p.expr(id), Expr::Value(term)
            if term.bottom().is_some_and(|id| self.code(id) == Code::Literal))
    }

    fn compute_binary(&mut self, op: Op, left: ExprId, right: ExprId) -> Eval<Option<Term>> {
        if !self.may_be_concrete(left, op.symbol()) || !self.may_be_concrete(right, op.symbol()) {
            return Ok(None);
        }
        if matches!(op, Op::Equal | Op::NotEqual) {
            if self.is_literal_bottom(left) {
                return self.compare_to_bottom(right, op);
            }
            if self.is_literal_bottom(right) {
                return self.compare_to_bottom(left, op);
            }
        }
        let one = self.operand(left, op)?;
        let other = self.operand(right, op)?;
        let failed = self.combine(one.and_then(Term::bottom), other.and_then(Term::bottom));
        if let Some(id) = failed {
            return Ok(Some(Self::bottom_term(id)));
        }
        if let Some(errs) = self.take_errs() {
            return Ok(Some(Self::bottom_term(errs)));
        }
        match (one, other) {
            (Some(one), Some(other)) => Ok(Some(self.binary(op, one, other))),
            _ => Ok(None),
        }
    }

    /// A concrete operand, or an error.
    fn operand(&mut self, id: ExprId, op: Op) -> Eval<Option<Term>> {
        let saved = self.push_frame(self.frame.env, self.p.expr_span(id));
        let result = self.eval_expr(id, Need::SCALAR);
        let errs = saved.errs;
        let mut restored = saved;
        restored.errs = errs;
        self.frame = restored;
        let value = result?;
        let (value, ok) = self.take_default(value);
        if !ok {
            return Ok(value);
        }
        let inner = self.unwrap(value);
        match inner {
            Some(inner) if self.is_concrete(inner) => Ok(Some(inner)),
            _ => {
                let id = self.error(
                    Code::Incomplete,
                    Reason::NonConcrete {
                        value: value.or(inner),
                        needed_by: op.symbol(),
                    },
                );
                Ok(Some(Self::bottom_term(id)))
            }
        }
    }

    /// `x == _|_` and `x != _|_`: whether x has a value at all.
    fn compare_to_bottom(&mut self, id: ExprId, op: Op) -> Eval<Option<Term>> {
        let env = self.frame.env;
        let saved = self.push_frame(env, self.frame.src);
        self.in_validator += 1;
        let result = self.compare_to_bottom_inner(env, id, op, saved);
        self.in_validator -= 1;
        result
    }

    fn compare_to_bottom_inner(
        &mut self,
        env: EnvId,
        id: ExprId,
        op: Op,
        saved: crate::eval::Frame,
    ) -> Eval<Option<Term>> {
        let mut matches = op != Op::Equal;
        let value = self.eval_expr(id, Need::new(Facts::NEED_TASKS, Mode::Finalize))?;
        let (inner, _) = self.take_default(value);
        let mut inner = self.unwrap(inner);
        if let Some(term) = inner
            && self.kind(term).meets(Kind::COMPOSITE)
        {
            inner = value;
        }
        match inner.map(|term| (term, term.datum)) {
            None => {}
            Some((_, Datum::Bottom(bottom))) => {
                match self.code(bottom) {
                    Code::Cycle => {
                        self.frame = saved;
                        self.record(bottom);
                        return Ok(None);
                    }
                    Code::Incomplete => {
                        self.eval_expr(id, Need::new(Facts::ALL, Mode::Ignore))?;
                        self.check_later(env, id, true);
                    }
                    _ => {}
                }
                matches = op == Op::Equal;
            }
            Some((_, Datum::Node(node))) => {
                if self.has_depth_cycle(node) {
                    self.check_later(env, id, true);
                    matches = op == Op::Equal;
                } else {
                    self.finalize(node);
                    if !self.is_defined(node) {
                        self.check_later(env, id, true);
                        matches = op == Op::Equal;
                    } else {
                        let target = self.g.deref_value(node);
                        let value = self.unwrap(Some(self.node_term(target)));
                        if let Some(bottom) = value.and_then(Term::bottom)
                            && !self.code(bottom).is_incomplete()
                        {
                            matches = op == Op::Equal;
                        }
                    }
                }
            }
            Some((term, _)) => {
                let concrete = self.is_concrete(term);
                if self.kind(term).meets(Kind::COMPOSITE) && !concrete {
                    self.frame = saved;
                    let mark = Self::in_progress();
                    if let Some(id) = mark.bottom() {
                        self.record(id);
                    }
                    return Ok(None);
                }
                self.check_later(env, id, false);
                if !concrete {
                    matches = op == Op::Equal;
                }
                self.eval_expr(id, Need::new(Facts::NEED_TASKS, Mode::Yield))?;
            }
        }
        self.frame = saved;
        Ok(Some(Term::new(Datum::Bool(matches), self.frame.src)))
    }

    fn is_defined(&mut self, v: NodeId) -> bool {
        if self.g.node(v).arc == ArcKind::Member {
            return true;
        }
        if let Some(parent) = self.g.node(v).parent
            && self.g.node(parent).status == Status::Final
        {
            return false;
        }
        self.finalize(v);
        self.g.node(v).arc == ArcKind::Member
    }

    /// Has the outcome of a condition verified when the struct around it is complete.
    fn check_later(&mut self, env: EnvId, expr: ExprId, expects_error: bool) {
        if let Some(node) = self.env(env).node
            && self.has_work(node)
        {
            self.work_mut(node).post_checks.push(PostCheck {
                env,
                expr,
                expects_error,
            });
        }
    }

    fn compute_unary(&mut self, op: Op, operand: ExprId) -> Eval<Option<Term>> {
        if !self.may_be_concrete(operand, op.symbol()) {
            return Ok(None);
        }
        let value = self.value(operand, Need::SCALAR)?;
        let Some(term) = value else { return Ok(None) };
        let src = self.frame.src;
        match (op, term.datum) {
            (_, Datum::Bottom(_)) => return Ok(value),
            (Op::Subtract, Datum::Number(id)) => {
                let mut number = self.g.pool.number(id).clone();
                number.decimal = number.decimal.negated();
                return Ok(Some(Term::new(self.g.pool.add_number(number), src)));
            }
            (Op::Add, Datum::Number(_)) => return Ok(value),
            (Op::Not, Datum::Bool(known)) => {
                return Ok(Some(Term::new(Datum::Bool(!known), src)));
            }
            _ => {}
        }
        let wanted = if op == Op::Not {
            Kind::BOOL
        } else {
            Kind::NUMBER
        };
        if self.kind(term).meets(wanted) {
            self.fail(
                Code::Incomplete,
                Reason::NonConcrete {
                    value,
                    needed_by: op.symbol(),
                },
            );
            return Ok(None);
        }
        let id = self.error(
            Code::Eval,
            Reason::Operands {
                op,
                left: term,
                right: None,
            },
        );
        Ok(Some(Self::bottom_term(id)))
    }

    fn compute_bound(&mut self, op: Op, operand: ExprId) -> Eval<Option<Term>> {
        let value = self.value(operand, Need::SCALAR)?;
        let Some(term) = value else { return Ok(None) };
        if term.bottom().is_some() {
            return Ok(value);
        }
        let equality = matches!(op, Op::NotEqual | Op::Equal);
        let simple = Kind::NUMBER | Kind::STRING | Kind::BYTES;
        let any = simple | Kind::NULL | Kind::COMPOSITE;
        let kind = self.kind(term);
        let is_simple = kind == Kind::INT
            || kind == Kind::FLOAT
            || kind == Kind::NUMBER
            || kind == Kind::STRING
            || kind == Kind::BYTES;
        let is_other = kind == Kind::NULL || kind == Kind::STRUCT || kind == Kind::LIST;
        if !(is_simple || is_other && equality) {
            let mask = if equality { any } else { simple };
            if !is_other && kind.meets(mask) {
                self.fail(
                    Code::Incomplete,
                    Reason::NonConcrete {
                        value,
                        needed_by: "a bound",
                    },
                );
                return Ok(None);
            }
            let id = self.error(
                Code::Eval,
                Reason::WrongKind {
                    value: term,
                    wanted: mask,
                    needed_by: "a bound",
                },
            );
            return Ok(Some(Self::bottom_term(id)));
        }
        if !self.is_concrete(term) {
            let fixed = matches!(self.p.expr(operand), Expr::Value(_));
            let code = if fixed { Code::Eval } else { Code::Incomplete };
            let id = self.error(
                code,
                Reason::NonConcrete {
                    value,
                    needed_by: "a bound",
                },
            );
            if fixed {
                return Ok(Some(Self::bottom_term(id)));
            }
            self.record(id);
            return Ok(None);
        }
        let bound = self.g.pool.add_bound(Bound { op, operand: term });
        Ok(Some(Term::new(bound, self.frame.src)))
    }

    fn interpolate(&mut self, kind: Kind, parts: ExprRange) -> Eval<Option<Term>> {
        let mut bytes: Vec<u8> = Vec::new();
        let p = self.p;
        for &part in p.args(parts) {
            let value = self.eval_expr(part, Need::SCALAR)?;
            let (value, _) = self.take_default(value);
            let whole = std::mem::replace(&mut self.frame.src, p.expr_span(part));
            let goes_on = self.append_scalar(&mut bytes, value, kind);
            self.frame.src = whole;
            if !goes_on {
                break;
            }
        }
        if let Some(errs) = self.take_errs() {
            return Ok(Some(Self::bottom_term(errs)));
        }
        let src = self.frame.src;
        let datum = if kind == Kind::BYTES {
            self.g.pool.add_blob(bytes.into())
        } else {
            let text = String::from_utf8_lossy(&bytes).into_owned();
            self.g.pool.add_text(text.into())
        };
        Ok(Some(Term::new(datum, src)))
    }

    /// Appends the text of a scalar inside an interpolation; nothing, with an error, for anything
    /// else. False when the budget of text is used up.
    fn append_scalar(&mut self, bytes: &mut Vec<u8>, value: Option<Term>, kind: Kind) -> bool {
        let Some(term) = self.unwrap(value) else {
            return true;
        };
        let length = match term.datum {
            Datum::String(id) => self.g.pool.text(id).len(),
            Datum::Bytes(id) => self.g.pool.blob(id).len(),
            _ => 0,
        };
        if !self.charge_bytes(length) {
            return false;
        }
        match term.datum {
            Datum::Bottom(_) => {}
            Datum::String(id) => bytes.extend_from_slice(self.g.pool.text(id).as_bytes()),
            Datum::Bytes(id) => {
                let blob = self.g.pool.blob(id);
                if kind == Kind::BYTES {
                    bytes.extend_from_slice(blob);
                } else {
                    bytes.extend_from_slice(String::from_utf8_lossy(blob).as_bytes());
                }
            }
            Datum::Number(id) => {
                let text = self.g.pool.number(id).decimal.to_string();
                if !self.charge_bytes(text.len()) {
                    return false;
                }
                bytes.extend_from_slice(text.as_bytes());
            }
            Datum::Bool(value) => bytes.extend_from_slice(value.to_string().as_bytes()),
            _ => {
                let wanted = Kind::STRING | Kind::NUMBER | Kind::BYTES | Kind::BOOL;
                self.type_error(value.unwrap_or(term), wanted, "an interpolation");
            }
        }
        true
    }

    /// Records that a value has a wrong kind, or is not concrete yet.
    pub(crate) fn type_error(&mut self, term: Term, wanted: Kind, needed_by: &'static str) {
        if term.bottom().is_some() {
            return;
        }
        if !self.is_concrete(term) && self.kind(term).meets(wanted) {
            let id = self.new_bottom(
                Code::Incomplete,
                Reason::NonConcrete {
                    value: Some(term),
                    needed_by,
                },
                self.frame.src,
            );
            self.record(id);
        } else {
            self.fail(
                Code::Eval,
                Reason::WrongKind {
                    value: term,
                    wanted,
                    needed_by,
                },
            );
        }
    }

    /// A boolean; false, with an error, for anything else.
    pub(crate) fn boolean(&mut self, value: Option<Term>, needed_by: &'static str) -> bool {
        match self.unwrap(value) {
            Some(Term {
                datum: Datum::Bool(value),
                ..
            }) => value,
            Some(term) => {
                self.type_error(term, Kind::BOOL, needed_by);
                false
            }
            None => false,
        }
    }

    fn position(&mut self, id: Option<ExprId>, default: usize) -> Eval<Option<usize>> {
        let Some(id) = id else {
            return Ok(Some(default));
        };
        let value = self.value(id, Need::SCALAR)?;
        let Some(term) = self.unwrap(value) else {
            return Ok(None);
        };
        if let Datum::Number(number) = term.datum {
            let index = self
                .g
                .pool
                .number(number)
                .decimal
                .to_i64()
                .and_then(|index| usize::try_from(index).ok());
            if index.is_none() {
                self.fail(Code::Eval, Reason::BadIndex { value: term });
            }
            return Ok(index);
        }
        self.type_error(term, Kind::INT, "a slice index");
        Ok(None)
    }

    fn slice(
        &mut self,
        of: ExprId,
        low: Option<ExprId>,
        high: Option<ExprId>,
    ) -> Eval<Option<Term>> {
        let value = self.value(of, Need::new(Facts::FIELD_SET, Mode::Yield))?;
        let Some(term) = value else {
            self.fail(
                Code::Incomplete,
                Reason::NonConcrete {
                    value,
                    needed_by: "a slice",
                },
            );
            return Ok(None);
        };
        let length = match term.datum {
            Datum::Bottom(_) => return Ok(value),
            Datum::Node(node)
                if matches!(
                    self.g.node(node).base.map(|base| base.datum),
                    Some(Datum::ListMark(_))
                ) =>
            {
                self.elements(node).len()
            }
            Datum::Bytes(id) => self.g.pool.blob(id).len(),
            _ => {
                let id = self.error(
                    Code::Eval,
                    Reason::WrongKind {
                        value: term,
                        wanted: Kind::LIST | Kind::BYTES,
                        needed_by: "a slice",
                    },
                );
                return Ok(Some(Self::bottom_term(id)));
            }
        };
        let from = self.position(low, 0)?;
        let to = self.position(high, length)?;
        let (Some(from), Some(to)) = (from, to) else {
            return Ok(None);
        };
        if to > length || from > to {
            let id = self.error(
                Code::Eval,
                Reason::OutOfRange {
                    index: from.max(to),
                    length,
                },
            );
            return Ok(Some(Self::bottom_term(id)));
        }
        match term.datum {
            Datum::Bytes(id) => {
                let part: Arc<[u8]> = self.g.pool.blob(id)[from..to].into();
                let datum = self.g.pool.add_blob(part);
                Ok(Some(Term::new(datum, self.frame.src)))
            }
            Datum::Node(node) => {
                let parts: Vec<NodeId> = self.elements(node)[from..to].to_vec();
                Ok(Some(self.list_of_nodes(&parts)))
            }
            _ => Ok(None),
        }
    }

    /// A closed list whose elements are copies of these nodes.
    pub(crate) fn list_of_nodes(&mut self, parts: &[NodeId]) -> Term {
        let mut list = Node::new(None, None, ArcKind::Member);
        list.flags.set(Flags::DYNAMIC);
        list.base = Some(Term::detached(Datum::ListMark(ListEnd::Closed)));
        list.status = Status::Final;
        let list = self.new_node(list);
        for (index, &part) in parts.iter().enumerate() {
            let Some(label) = Label::int(index) else {
                break;
            };
            let mut node = self.g.node(part).clone();
            node.parent = Some(list);
            node.label = Some(label);
            let node = self.new_node(node);
            self.g.node_mut(list).arcs.push(label, node);
        }
        self.node_term(list)
    }
}
