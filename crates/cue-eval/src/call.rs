//! Calls of builtins: arguments, validators, results.
//!
//! A call evaluates the function, then each argument as far as the function wants it, and checks
//! their number and kinds. With one argument less than it takes, a function that gives a boolean
//! becomes a validator, which is called again by [`Evaluator::validate_with`] with the value in
//! front. Bodies reach the evaluator through [`Machine`].

use crate::bottom::{Bottom, Code, Reason};
use crate::builtin::{Answer, Arguments, Call, Check, Failure, Function, Implementation, Machine};
use crate::closed::CloseInfo;
use crate::data::Data;
use crate::equal::Comparison;
use crate::eval::{Eval, Evaluator, Suspend};
use crate::graph::{Conjunct, Elem, EnvId, Flags, Node, Status};
use crate::ir::{ArcKind, ExprId, ExprRange};
use crate::kind::Kind;
use crate::label::Label;
use crate::sched::{Facts, Mode, Need};
use crate::term::{BottomId, Datum, FunctionId, ListEnd, Term, Validator, ValidatorId};
use crate::value::Value;
use smallvec::SmallVec;
use source_vocab::Span;
use std::sync::Arc;

type Args = SmallVec<[Term; 4]>;

impl Evaluator<'_> {
    pub(crate) fn call(
        &mut self,
        id: ExprId,
        function: ExprId,
        args: ExprRange,
        need: Need,
    ) -> Eval<Option<Term>> {
        let callee = self.value(function, Need::SCALAR)?;
        let given = args.len();
        let fun = match callee.map(|term| term.datum) {
            Some(Datum::Function(fun)) => fun,
            Some(Datum::Validator(known)) => {
                let validator = self.g.pool.validator(known).clone();
                if validator.called {
                    self.fail(
                        Code::Eval,
                        Reason::Text("a validator that was called already"),
                    );
                } else if self.g.pool.function(validator.function).is_validator(given) {
                    let datum = self.g.pool.add_validator(Validator {
                        called: true,
                        ..validator
                    });
                    return Ok(Some(Term::new(datum, self.frame.src)));
                }
                validator.function
            }
            Some(Datum::Bottom(_)) | None => return Ok(callee),
            Some(_) => {
                if let Some(value) = callee {
                    self.fail(
                        Code::Eval,
                        Reason::WrongKind {
                            value,
                            wanted: Kind::FUNC,
                            needed_by: "a call",
                        },
                    );
                }
                return Ok(None);
            }
        };
        let (from_def, from_embed) = (self.frame.info.from_def, self.frame.info.from_embed);
        let builtin = Arc::clone(self.g.pool.function(fun));
        if let Implementation::Core(core) = builtin.implementation
            && core.is_raw()
        {
            if !self.check_count(&builtin, given) {
                return Ok(None);
            }
            return self.call_raw(core, args);
        }
        self.frame.info.from_def = false;
        self.frame.info.from_embed = false;
        let result = self.call_with(id, fun, &builtin, args, need);
        self.frame.info.from_def = from_def;
        self.frame.info.from_embed = from_embed;
        result
    }

    fn call_with(
        &mut self,
        id: ExprId,
        fun: FunctionId,
        builtin: &Arc<Function>,
        args: ExprRange,
        mut need: Need,
    ) -> Eval<Option<Term>> {
        let p = self.p;
        let mut values = Args::new();
        for &arg in p.args(args) {
            let saved = self.frame.errs.take();
            let value = if builtin.arguments == Arguments::Any {
                self.eval_expr(arg, need)?
            } else {
                need.facts |= Facts::FIELD_SET | Facts::SCALAR;
                if need.mode == Mode::Finalize {
                    need.facts |= Facts::DISJUNCTION;
                }
                self.value(arg, need)?
            };
            match value {
                None => {
                    if self.frame.errs.is_none() {
                        self.fail(
                            Code::Incomplete,
                            Reason::NonConcrete {
                                value: None,
                                needed_by: "an argument",
                            },
                        );
                    }
                }
                Some(term) => match term.bottom() {
                    Some(bottom) => self.record(bottom),
                    None => values.push(term),
                },
            }
            let now = self.frame.errs;
            self.frame.errs = self.combine(saved, now);
        }
        if self.frame.errs.is_some() {
            return Ok(None);
        }
        if builtin.is_validator(values.len()) {
            let datum = self.g.pool.add_validator(Validator {
                function: fun,
                args: values.into_iter().collect(),
                called: true,
            });
            return Ok(Some(Term::new(datum, self.p.expr_span(id))));
        }
        let result = self.invoke(builtin, values, false)?;
        let Some(result) = result else {
            return Ok(None);
        };
        if let Datum::Node(node) = result.datum
            && need.mode != Mode::Ignore
            && self.state(node)
        {
            let mode = if need.mode == Mode::Yield {
                Mode::Attempt
            } else {
                need.mode
            };
            self.unify(node, need.facts, mode, true)?;
        }
        Ok(Some(result))
    }

    fn check_count(&mut self, builtin: &Function, given: usize) -> bool {
        let wanted = builtin.params.len();
        let has_default = builtin
            .params
            .get(given)
            .is_none_or(|param| param.default.is_some());
        if given <= wanted && has_default {
            return true;
        }
        self.fail(
            Code::Eval,
            Reason::ArgumentCount {
                function: builtin.qualified_name().into(),
                given,
                wanted,
            },
        );
        false
    }

    /// Calls a builtin with evaluated arguments.
    fn invoke(
        &mut self,
        builtin: &Arc<Function>,
        mut args: Args,
        validates: bool,
    ) -> Eval<Option<Term>> {
        if !self.check_count(builtin, args.len()) {
            return Ok(None);
        }
        let span = self.frame.src;
        for param in builtin.params.iter().skip(args.len()) {
            if let Some(default) = &param.default {
                let term = self.insert_data(default, span);
                args.push(term);
            }
        }
        for (param, &arg) in builtin.params.iter().zip(&args) {
            if param.kind.is_bottom() {
                continue;
            }
            if let Some(bottom) = self.unwrap(Some(arg)).and_then(Term::bottom) {
                return Ok(Some(Self::bottom_term(bottom)));
            }
            if !param.kind.meets(self.kind(arg)) {
                self.fail(
                    Code::Eval,
                    Reason::WrongKind {
                        value: arg,
                        wanted: param.kind,
                        needed_by: "an argument",
                    },
                );
                return Ok(None);
            }
        }
        match &builtin.implementation {
            Implementation::Core(core) => {
                let saved = std::mem::replace(&mut self.validates, validates);
                let result = self.call_core(*core, &args);
                self.validates = saved;
                result
            }
            Implementation::Native(body) => {
                let body = Arc::clone(body);
                let mut call = Call {
                    machine: self,
                    args,
                    span,
                    validates,
                };
                let answer = body(&mut call);
                match answer {
                    Ok(Answer::Term(term)) => Ok(Some(term)),
                    Ok(Answer::Data(data)) => Ok(Some(self.insert_data(&data, span))),
                    Err(Failure::Suspended) => Err(Suspend),
                    Err(Failure::Bottom(id)) => {
                        let id = self.own_bottom(id);
                        Ok(Some(Self::bottom_term(id)))
                    }
                    Err(Failure::Message { code, text }) => {
                        let id = self.error(
                            code,
                            Reason::Builtin {
                                function: builtin.qualified_name().into(),
                                message: text,
                            },
                        );
                        Ok(Some(Self::bottom_term(id)))
                    }
                }
            }
        }
    }

    /// An error of another value as an error of the one at hand.
    fn own_bottom(&mut self, id: BottomId) -> BottomId {
        let mut bottom = self.g.bottom(id).clone();
        bottom.of_child = false;
        bottom.close_check = false;
        self.store_bottom(bottom)
    }

    /// Calls a validator with a value. Gives the error when the value is rejected.
    pub(crate) fn validate_with(
        &mut self,
        id: ValidatorId,
        term: Term,
        value: Term,
    ) -> Eval<Option<BottomId>> {
        let validator = self.g.pool.validator(id).clone();
        let builtin = Arc::clone(self.g.pool.function(validator.function));
        let mut args = Args::new();
        // scalars are handed over as such, structs and lists as their node
        let subject = match self.unwrap(Some(value)) {
            Some(inner) if inner.node().is_none() && inner.bottom().is_none() => inner,
            _ => value,
        };
        args.push(subject);
        args.extend(validator.args.iter().copied());
        let (from_def, from_embed) = (self.frame.info.from_def, self.frame.info.from_embed);
        self.frame.info.from_def = false;
        self.frame.info.from_embed = false;
        let errs = self.frame.errs.take();
        let result = self.invoke(&builtin, args, true);
        let new = std::mem::replace(&mut self.frame.errs, errs);
        self.frame.info.from_def = from_def;
        self.frame.info.from_embed = from_embed;
        let result = result?;
        let (code, cause) = match (result.map(|term| term.datum), new) {
            (Some(Datum::Bool(true)), None) => return Ok(None),
            (None, None) => return Ok(None),
            (Some(Datum::Bottom(id)), _) => (self.code(id), Some(id)),
            (_, Some(id)) => (self.code(id), Some(id)),
            (Some(_), None) => (Code::Eval, None),
        };
        if let Some(own) = self.unwrap(Some(value)).and_then(Term::bottom) {
            return Ok(Some(own));
        }
        let detail = cause.and_then(|cause| match &self.g.bottom(cause).reason {
            Reason::Builtin { message, .. } => Some(Arc::clone(message)),
            _ => None,
        });
        let span = self.g.view(value).span();
        let mut bottom = Bottom::new(
            code,
            Reason::Rejected {
                value: subject,
                validator: term,
                detail,
            },
            span,
        );
        bottom.also_at(term.span);
        bottom.node = self.frame.vertex;
        bottom.causes.extend(cause);
        Ok(Some(self.store_bottom(bottom)))
    }

    /// Takes a concrete value into the graph.
    pub(crate) fn insert_data(&mut self, data: &Data, span: Span) -> Term {
        if let Some(limit) = self.too_deep() {
            return Self::bottom_term(self.new_bottom(Code::Eval, Reason::Limit(limit), span));
        }
        let datum = match data {
            Data::Null => Datum::Null,
            Data::Bool(value) => Datum::Bool(*value),
            Data::Number(number) => self.g.pool.add_number(number.clone()),
            Data::String(text) => self.g.pool.add_text(Arc::clone(text)),
            Data::Bytes(bytes) => self.g.pool.add_blob(Arc::clone(bytes)),
            Data::List(items) => {
                let list = self.new_node(Self::data_node(Datum::ListMark(ListEnd::Closed)));
                for (index, item) in items.iter().enumerate() {
                    let item = self.insert_data(item, span);
                    if let Some(label) = Label::int(index) {
                        self.adopt(list, label, item);
                    }
                }
                return self.node_term(list);
            }
            Data::Struct(fields) => {
                let strukt = self.new_node(Self::data_node(Datum::StructMark));
                for (name, value) in fields {
                    let value = self.insert_data(value, span);
                    if let Ok(label) = self.g.labels.string(name)
                        && self.g.node(strukt).arcs.find(label).is_none()
                    {
                        self.adopt(strukt, label, value);
                    }
                }
                return self.node_term(strukt);
            }
        };
        Term::new(datum, span)
    }

    fn data_node(mark: Datum) -> Node {
        let mut node = Node::new(None, None, ArcKind::Member);
        node.flags.set(Flags::DYNAMIC);
        node.flags.set(Flags::DATA);
        node.base = Some(Term::detached(mark));
        node.status = Status::Final;
        node
    }

    /// Makes a value that was just inserted a part of another: a node becomes the arc itself.
    fn adopt(&mut self, parent: crate::term::NodeId, label: Label, term: Term) {
        let Datum::Node(part) = term.datum else {
            return self.data_arc(parent, label, term);
        };
        let node = self.g.node_mut(part);
        node.parent = Some(parent);
        node.label = Some(label);
        node.flags.set(Flags::NON_ROOTED);
        self.g.node_mut(parent).arcs.push(label, part);
    }

    fn data_arc(&mut self, parent: crate::term::NodeId, label: Label, term: Term) {
        let mut node = Node::new(Some(parent), Some(label), ArcKind::Member);
        node.flags.set(Flags::NON_ROOTED);
        node.status = Status::Final;
        node.base = Some(term);
        node.conjuncts.push(Conjunct {
            env: EnvId::at(0),
            elem: Elem::Term(term),
            info: CloseInfo::default(),
        });
        let node = self.new_node(node);
        self.g.node_mut(parent).arcs.push(label, node);
    }

    pub(crate) fn new_list(&mut self, terms: &[Term], end: ListEnd) -> Term {
        let node = Self::data_node(Datum::ListMark(end));
        let list = self.new_node(node);
        for (index, &term) in terms.iter().enumerate() {
            if self.exhausted.is_some() {
                break;
            }
            if let Some(label) = Label::int(index) {
                self.data_arc(list, label, term);
            }
        }
        self.node_term(list)
    }

    pub(crate) fn new_struct(&mut self, fields: &[(Arc<str>, Term)]) -> Term {
        let node = Self::data_node(Datum::StructMark);
        let strukt = self.new_node(node);
        for (name, term) in fields {
            if self.exhausted.is_some() {
                break;
            }
            if let Ok(label) = self.g.labels.string(name)
                && self.g.node(strukt).arcs.find(label).is_none()
            {
                self.data_arc(strukt, label, *term);
            }
        }
        self.node_term(strukt)
    }
}

impl Machine for Evaluator<'_> {
    fn view(&self, term: Term) -> Value<'_> {
        self.g.view(term)
    }

    fn insert(&mut self, data: Data, span: Span) -> Term {
        self.insert_data(&data, span)
    }

    fn finish(&mut self, term: Term) -> Result<(), Failure> {
        if let Datum::Node(node) = term.datum {
            self.finalize(node);
        }
        Ok(())
    }

    fn unify(&mut self, terms: &[Term]) -> Result<Term, Failure> {
        let info = self.frame.info.without_closedness();
        let conjuncts: SmallVec<[Conjunct; 4]> = terms
            .iter()
            .map(|&term| Conjunct {
                env: EnvId::at(0),
                elem: Elem::Term(term),
                info,
            })
            .collect();
        let node = self.inline_node(&conjuncts);
        self.finalize(node);
        Ok(self.node_term(node))
    }

    fn field(&mut self, term: Term, name: &str) -> Option<Term> {
        self.finish(term).ok()?;
        self.g.view(term).default().field(name).map(Value::term)
    }

    fn validate(&mut self, term: Term, check: Check) -> Option<BottomId> {
        self.first_failure(term, check)
    }

    fn default_of(&mut self, term: Term) -> Term {
        if let Datum::Node(node) = term.datum {
            self.finalize(node);
        }
        self.g.view(term).default().term()
    }

    fn list_of(&mut self, terms: &[Term], end: ListEnd) -> Term {
        let term = self.new_list(terms, end);
        let Datum::Node(list) = term.datum else {
            return term;
        };
        // elements that refer to what is being evaluated make the list as a whole an error
        self.eval_depth += 1;
        for element in terms.iter().filter_map(|term| term.node()) {
            self.finalize(element);
            if let Some(error) = self.g.error_of(element)
                && !self.code(error).is_incomplete()
            {
                self.add_child_error(list, error);
            }
        }
        self.eval_depth -= 1;
        term
    }

    fn struct_of(&mut self, fields: &[(Arc<str>, Term)]) -> Term {
        self.new_struct(fields)
    }

    fn equal(&mut self, left: Term, right: Term) -> bool {
        for term in [left, right] {
            if let Datum::Node(node) = term.datum {
                self.finalize(node);
            }
        }
        Evaluator::equal(self, left, right, Comparison::Data)
    }

    fn charge(&mut self, bytes: usize) -> Result<(), Failure> {
        if self.charge_bytes(bytes) {
            return Ok(());
        }
        Err(match self.take_errs() {
            Some(id) => Failure::Bottom(id),
            None => Failure::eval("the limit of text is reached"),
        })
    }
}
