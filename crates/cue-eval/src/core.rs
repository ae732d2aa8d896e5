//! The builtins of the language: `error`, `len`, `close`, `and`, `or`, the integer divisions, and
//! the validators `matchN` and `matchIf`.
//!
//! These need what no host function may have: unevaluated arguments, nodes that are closed but not
//! definitions, unification of a value with a schema without the schema's scope.
//! As cue v0.14.1 `internal/core/compile/builtin.go` and `validator.go`.

use crate::bottom::{Code, Reason};
use crate::builtin::{Arguments, Check, Core, Function, Implementation, Param};
use crate::closed::CloseInfo;
use crate::data::Number;
use crate::eval::{Eval, Evaluator};
use crate::graph::{Conjunct, Elem, EnvId, Flags, Node, Status};
use crate::ir::{ArcKind, Expr, ExprRange};
use crate::kind::Kind;
use crate::label::Label;
use crate::number::{Decimal, NumberKind};
use crate::sched::{Facts, Mode, Need};
use crate::term::{BottomId, Bound, Datum, Disjunction, NodeId, Op, Term};

impl Core {
    /// Whether the builtin takes its arguments unevaluated.
    pub(crate) fn is_raw(self) -> bool {
        matches!(self, Self::Error | Self::And)
    }

    /// The builtin as a function.
    pub(crate) fn function(self) -> Function {
        let sized = Kind::STRUCT | Kind::BYTES | Kind::STRING | Kind::LIST;
        let (name, params, result, arguments): (&str, &[Kind], Kind, Arguments) = match self {
            Self::Error => ("error", &[Kind::STRING], Kind::BOTTOM, Arguments::Concrete),
            Self::Len => ("len", &[sized], Kind::INT, Arguments::Concrete),
            Self::Close => ("close", &[Kind::STRUCT], Kind::STRUCT, Arguments::Concrete),
            Self::And => ("and", &[Kind::LIST], Kind::INT, Arguments::Concrete),
            Self::Or => ("or", &[Kind::LIST], Kind::INT, Arguments::Any),
            Self::Div => ("div", &[Kind::INT; 2], Kind::INT, Arguments::Concrete),
            Self::Mod => ("mod", &[Kind::INT; 2], Kind::INT, Arguments::Concrete),
            Self::Quo => ("quo", &[Kind::INT; 2], Kind::INT, Arguments::Concrete),
            Self::Rem => ("rem", &[Kind::INT; 2], Kind::INT, Arguments::Concrete),
            Self::MatchN => (
                "matchN",
                &[Kind::TOP, Kind::INT, Kind::LIST],
                Kind::BOOL,
                Arguments::Any,
            ),
            Self::MatchIf => ("matchIf", &[Kind::TOP; 4], Kind::BOOL, Arguments::Any),
        };
        Function {
            package: String::new(),
            name: name.to_owned(),
            params: params
                .iter()
                .map(|&kind| Param {
                    kind,
                    default: None,
                })
                .collect(),
            result,
            arguments,
            implementation: Implementation::Core(self),
        }
    }

    /// The builtin of a predeclared name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "error" => Self::Error,
            "len" => Self::Len,
            "close" => Self::Close,
            "and" => Self::And,
            "or" => Self::Or,
            "div" => Self::Div,
            "mod" => Self::Mod,
            "quo" => Self::Quo,
            "rem" => Self::Rem,
            "matchN" => Self::MatchN,
            "matchIf" => Self::MatchIf,
            _ => return None,
        })
    }
}

impl Evaluator<'_> {
    /// Calls a builtin that evaluates its arguments itself.
    pub(crate) fn call_raw(&mut self, core: Core, args: ExprRange) -> Eval<Option<Term>> {
        let Some(&arg) = self.p.args(args).first() else {
            return Ok(None);
        };
        match core {
            Core::And => {
                let value = self.evaluate_keeping_cycles(arg)?;
                let Some(list) = self.list_node(value) else {
                    return Ok(None);
                };
                let elements = self.elements(list);
                if elements.is_empty() {
                    return Ok(Some(Term::TOP));
                }
                let all = elements
                    .into_iter()
                    .map(|element| Term::detached(Datum::Node(element)))
                    .collect();
                let datum = self.g.pool.add_conjunction(all);
                Ok(Some(Term::new(datum, self.frame.src)))
            }
            _ => self.raise(arg),
        }
    }

    /// Evaluates an argument, leaving in the frame how it came about.
    fn evaluate_keeping_cycles(&mut self, arg: crate::ir::ExprId) -> Eval<Option<Term>> {
        let (value, info) = self.eval_expr_info(arg, Need::new(Facts::SCALAR, Mode::Finalize))?;
        self.frame.info = info;
        Ok(value)
    }

    /// `error("...")`: parts of the message that have no value are left out of it.
    fn raise(&mut self, arg: crate::ir::ExprId) -> Eval<Option<Term>> {
        let mut text = String::new();
        if let Expr::Interpolation { parts, .. } = self.p.expr(arg) {
            let p = self.p;
            for &part in p.args(parts) {
                let saved = self.frame.errs.take();
                let value = self.eval_expr(part, Need::new(Facts::SCALAR, Mode::Finalize))?;
                self.frame.errs = saved;
                text.push_str(&self.shown(value));
            }
        } else {
            let value = self.eval_expr(arg, Need::new(Facts::SCALAR, Mode::Finalize))?;
            let inner = self.unwrap(value);
            match inner.map(|term| term.datum) {
                Some(Datum::String(id)) => text.push_str(self.g.pool.text(id)),
                Some(Datum::Bottom(_)) | None => return Ok(value),
                Some(_) => {
                    if let Some(inner) = inner {
                        self.type_error(inner, Kind::STRING, "an error message");
                    }
                    return Ok(None);
                }
            }
        }
        let id = self.error(Code::User, Reason::Raised(text.into()));
        Ok(Some(Self::bottom_term(id)))
    }

    fn shown(&self, value: Option<Term>) -> String {
        match self.unwrap(value).map(|term| term.datum) {
            Some(Datum::String(id)) => self.g.pool.text(id).to_string(),
            Some(Datum::Number(id)) => self.g.pool.number(id).decimal.to_string(),
            Some(Datum::Bool(value)) => value.to_string(),
            _ => "_|_".to_owned(),
        }
    }

    /// The node of a list, or an error.
    fn list_node(&mut self, value: Option<Term>) -> Option<NodeId> {
        let (value, ok) = self.take_default(value);
        let inner = self.unwrap(value);
        if let Some(node) = inner.and_then(Term::node)
            && matches!(
                self.g.node(node).base.map(|base| base.datum),
                Some(Datum::ListMark(_))
            )
        {
            return Some(node);
        }
        if ok && let Some(inner) = inner {
            self.type_error(inner, Kind::LIST, "an argument");
        }
        None
    }

    /// Calls a builtin with evaluated arguments.
    pub(crate) fn call_core(&mut self, core: Core, args: &[Term]) -> Eval<Option<Term>> {
        let arg = |at: usize| args.get(at).copied().unwrap_or(Term::TOP);
        match core {
            Core::Len => Ok(Some(self.length(arg(0)))),
            Core::Close => Ok(Some(self.closed(arg(0)))),
            Core::Or => self.any_of(arg(0)),
            Core::Div | Core::Mod | Core::Quo | Core::Rem => Ok(self.divide(core, arg(0), arg(1))),
            Core::MatchN => Ok(self.match_count(arg(0), arg(1), arg(2))),
            Core::MatchIf => Ok(Some(self.match_if(arg(0), arg(1), arg(2), arg(3)))),
            Core::Error | Core::And => Ok(None),
        }
    }

    fn length(&mut self, value: Term) -> Term {
        let count = match value.datum {
            Datum::String(id) => Some(self.g.pool.text(id).len()),
            Datum::Bytes(id) => Some(self.g.pool.blob(id).len()),
            Datum::Node(node) => match self.g.node(node).base.map(|base| base.datum) {
                Some(Datum::ListMark(_)) => Some(self.elements(node).len()),
                Some(Datum::StructMark) => {
                    let arcs: Vec<(Label, NodeId)> = self.g.node(node).arcs.iter().collect();
                    let mut count = 0;
                    for (label, arc) in arcs {
                        if !label.is_regular() {
                            continue;
                        }
                        if self.g.node(arc).arc == ArcKind::Pending {
                            self.finalize(arc);
                        }
                        count += usize::from(self.g.node(arc).arc == ArcKind::Member);
                    }
                    Some(count)
                }
                _ => None,
            },
            _ => None,
        };
        match count {
            Some(count) => {
                let number = Number::from(i64::try_from(count).unwrap_or(i64::MAX));
                let datum = self.g.pool.add_number(number);
                Term::new(datum, self.frame.src)
            }
            None => {
                let id = self.error(
                    Code::Incomplete,
                    Reason::NonConcrete {
                        value: Some(value),
                        needed_by: "`len`",
                    },
                );
                Self::bottom_term(id)
            }
        }
    }

    fn closed(&mut self, value: Term) -> Term {
        let Some(node) = value.node() else {
            let id = self.error(
                Code::Eval,
                Reason::NonConcrete {
                    value: Some(value),
                    needed_by: "`close`",
                },
            );
            return Self::bottom_term(id);
        };
        let conjuncts = self.g.node(node).conjuncts.clone();
        let wrapper = self.inline_node(&conjuncts);
        if self.state(wrapper) {
            let conjunct = Conjunct {
                env: EnvId::at(0),
                elem: Elem::Term(value),
                info: CloseInfo::default(),
            };
            if !self.work(wrapper).is_shared {
                let info = self.frame.info;
                self.share(wrapper, conjunct, node, info);
            }
        }
        self.g.node_mut(wrapper).flags.set(Flags::CLOSED_ONCE);
        self.node_term(wrapper)
    }

    fn any_of(&mut self, value: Term) -> Eval<Option<Term>> {
        let Some(list) = self.list_node(Some(value)) else {
            return Ok(None);
        };
        let values: Vec<Term> = self
            .elements(list)
            .into_iter()
            .map(|element| Term::detached(Datum::Node(element)))
            .collect();
        if values.is_empty() {
            let id = self.error(Code::Incomplete, Reason::Text("`or` of an empty list"));
            return Ok(Some(Self::bottom_term(id)));
        }
        let datum = self.g.pool.add_disjunction(Disjunction {
            values,
            defaults: 0,
            marked: false,
        });
        let mut node = Node::new(None, None, ArcKind::Member);
        node.conjuncts.push(Conjunct {
            env: EnvId::at(0),
            elem: Elem::Term(Term::detached(datum)),
            info: self.frame.info,
        });
        let node = self.new_node(node);
        self.unify(node, Facts::ALL, Mode::Finalize, true)?;
        Ok(Some(self.node_term(node)))
    }

    fn divide(&mut self, core: Core, left: Term, right: Term) -> Option<Term> {
        let mut numbers: Vec<Decimal> = Vec::with_capacity(2);
        for term in [left, right] {
            match self.unwrap(Some(term)).map(|term| term.datum) {
                Some(Datum::Number(id)) => {
                    numbers.push(self.g.pool.number(id).decimal.clone());
                }
                _ => {
                    self.type_error(term, Kind::INT, "an integer division");
                    return None;
                }
            }
        }
        let [one, other] = numbers.as_slice() else {
            return None;
        };
        let result = match core {
            Core::Div => one.int_div(other),
            Core::Mod => one.int_mod(other),
            Core::Quo => one.int_quo(other),
            _ => one.int_rem(other),
        };
        Some(self.number_term(result, NumberKind::Int))
    }

    // ---- validators with schemas ----

    /// The value as data: without its constraints, closedness and other defaults.
    fn stripped(&mut self, term: Term) -> Term {
        let Datum::Node(node) = term.datum else {
            return term;
        };
        self.finalize(node);
        let copy = self.strip_node(node, 0);
        Term::new(Datum::Node(copy), term.span)
    }

    fn strip_node(&mut self, node: NodeId, depth: u32) -> NodeId {
        let view = self.g.view(Term::detached(Datum::Node(node))).default();
        let source = view
            .term()
            .node()
            .map_or(node, |node| self.g.deref_value(node));
        let mut copy = Node::new(None, self.g.node(node).label, ArcKind::Member);
        copy.flags.set(Flags::DATA);
        copy.flags.set(Flags::DYNAMIC);
        copy.status = Status::Final;
        copy.base = self.g.node(source).base;
        if copy.base.is_some_and(|base| base.bottom().is_some()) {
            copy.under = self.g.node(source).under;
        }
        let copy = self.new_node(copy);
        if depth > 1000 {
            return copy;
        }
        let arcs: Vec<(Label, NodeId)> = self.g.node(source).arcs.iter().collect();
        for (label, arc) in arcs {
            if !label.is_regular() || self.g.node(arc).arc != ArcKind::Member {
                continue;
            }
            let inner = self.strip_node(arc, depth + 1);
            self.g.node_mut(inner).parent = Some(copy);
            self.g.node_mut(copy).arcs.push(label, inner);
        }
        copy
    }

    /// Unifies a value with a schema in a node of its own.
    fn against(&mut self, value: Term, schema: Term) -> NodeId {
        let info = CloseInfo {
            from_def: false,
            ..self.frame.info
        };
        let mut node = Node::new(None, None, ArcKind::Member);
        if let Some(vertex) = self.frame.vertex {
            node.parent = self.g.node(vertex).parent;
            node.label = self.g.node(vertex).label;
        }
        let node = self.new_node(node);
        if self.bare_state(node) {
            self.work_mut(node).drops_parent_requirements = true;
            if let Some(vertex) = self.frame.vertex
                && self.has_work(vertex)
            {
                let has = self.work(vertex).has_non_cyclic;
                self.work_mut(node).has_non_cyclic = has;
            }
        }
        for term in [value, schema] {
            let mut info = info;
            if let Datum::Node(source) = term.datum {
                info = self.enter_scope(node, info);
                let mut at = Some(source);
                while let Some(up) = at {
                    if self.g.node(up).label.is_some_and(Label::is_definition) {
                        info.top_def = true;
                        break;
                    }
                    at = self.g.node(up).parent;
                }
            }
            self.g.node_mut(node).conjuncts.push(Conjunct {
                env: EnvId::at(0),
                elem: Elem::Term(term),
                info,
            });
        }
        self.finalize(node);
        node
    }

    fn failure_against(&mut self, value: Term, schema: Term) -> Option<BottomId> {
        let node = self.against(value, schema);
        self.first_failure(Term::detached(Datum::Node(node)), Check::Final)
    }

    fn match_count(&mut self, value: Term, wanted: Term, schemas: Term) -> Option<Term> {
        if !self.validates {
            let id = self.error(
                Code::Eval,
                Reason::Text("`matchN` is a validator and cannot be called as a function"),
            );
            return Some(Self::bottom_term(id));
        }
        let subject = self.stripped(value);
        if self
            .unwrap(Some(subject))
            .is_some_and(|term| term.bottom().is_some())
        {
            return Some(Term::detached(Datum::Bool(false)));
        }
        let list = self.list_node(Some(schemas))?;
        self.finalize(list);
        let (mut count, mut possible) = (0_i64, 0_i64);
        let mut failures: Vec<BottomId> = Vec::new();
        for schema in self.elements(list) {
            match self.failure_against(subject, Term::detached(Datum::Node(schema))) {
                None => count += 1,
                Some(failure) => {
                    possible += i64::from(self.code(failure).is_incomplete());
                    failures.push(failure);
                }
            }
        }
        if self.count_fits(wanted, count) {
            return Some(Term::detached(Datum::Bool(true)));
        }
        let may_fit = self.count_may_fit(wanted, count, count + possible);
        let code = if may_fit {
            Code::Incomplete
        } else {
            Code::Eval
        };
        let id = self.error(
            code,
            Reason::Text("the number of schemas that match is not the expected one"),
        );
        self.g.pool.bottoms[id.index()].causes.extend(failures);
        Some(Self::bottom_term(id))
    }

    fn int_term(&mut self, value: i64) -> Term {
        Term::detached(self.g.pool.add_number(Number::from(value)))
    }

    fn unified(&mut self, terms: &[Term]) -> NodeId {
        let conjuncts: Vec<Conjunct> = terms
            .iter()
            .map(|&term| Conjunct {
                env: EnvId::at(0),
                elem: Elem::Term(term),
                info: CloseInfo::default(),
            })
            .collect();
        let node = self.inline_node(&conjuncts);
        self.finalize(node);
        node
    }

    fn count_fits(&mut self, wanted: Term, count: i64) -> bool {
        let count = self.int_term(count);
        let node = self.unified(&[wanted, count]);
        self.g.error_of(node).is_none()
    }

    fn count_may_fit(&mut self, wanted: Term, count: i64, most: i64) -> bool {
        match self.unwrap(Some(wanted)).map(|term| term.datum) {
            Some(Datum::Number(id)) => self
                .g
                .pool
                .number(id)
                .decimal
                .to_i64()
                .is_some_and(|wanted| wanted > count && wanted <= most),
            Some(Datum::Bound(_)) => {
                let (low, high) = (self.int_term(count), self.int_term(most));
                let low = self.g.pool.add_bound(Bound {
                    op: Op::GreaterEqual,
                    operand: low,
                });
                let high = self.g.pool.add_bound(Bound {
                    op: Op::LessEqual,
                    operand: high,
                });
                let node = self.unified(&[wanted, Term::detached(low), Term::detached(high)]);
                self.g.error_of(node).is_none()
            }
            _ => true,
        }
    }

    fn match_if(&mut self, value: Term, condition: Term, then: Term, otherwise: Term) -> Term {
        if !self.validates {
            let id = self.error(
                Code::Eval,
                Reason::Text("`matchIf` is a validator and cannot be called as a function"),
            );
            return Self::bottom_term(id);
        }
        let subject = self.stripped(value);
        if self
            .unwrap(Some(subject))
            .is_some_and(|term| term.bottom().is_some())
        {
            return Term::detached(Datum::Bool(false));
        }
        let schema = match self.failure_against(subject, condition) {
            None => then,
            Some(_) => otherwise,
        };
        match self.failure_against(subject, schema) {
            None => Term::detached(Datum::Bool(true)),
            Some(failure) => Self::bottom_term(failure),
        }
    }
}
