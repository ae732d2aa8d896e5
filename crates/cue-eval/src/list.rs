//! Lists: literals, comprehensions in them, their lengths and openness.
//!
//! Elements are arcs with integer labels; the element type of `[...T]` is a pattern constraint on
//! the indices from the literal's length on. A node remembers the greatest length it must have and
//! whether some literal closed it, and two lengths that cannot be the same are an error of the list.

use crate::bottom::{Code, Reason};
use crate::closed::CloseInfo;
use crate::data::Number;
use crate::eval::{Eval, Evaluator};
use crate::graph::{Conjunct, Elem, EnvId};
use crate::ir::{ArcKind, Element, Expr};
use crate::kind::Kind;
use crate::label::Label;
use crate::sched::{Mode, TaskId};
use crate::term::{Bound, Datum, ListEnd, NodeId, Op, Term};
use source_vocab::Span;

impl Evaluator<'_> {
    pub(crate) fn process_list(&mut self, id: TaskId, _mode: Mode) -> Eval<()> {
        let task = *self.task(id);
        let (v, info) = (task.node, task.info);
        let (Some(expr), Some(env)) = (self.g.expr_of(task.elem), task.env) else {
            return Ok(());
        };
        let Expr::List(list) = self.p.expr(expr) else {
            return Ok(());
        };
        let p = self.p;
        let lit = p.list_lit(list);
        self.update_cyclic(v, info);
        let mut count = 0;
        let mut end = ListEnd::Closed;
        let mut has_comprehension = false;
        for &element in &lit.elements {
            if self.exhausted.is_some() {
                break;
            }
            match element {
                Element::Expr(expr) => {
                    let conjunct = Conjunct {
                        env,
                        elem: Elem::Expr(expr),
                        info,
                    };
                    self.insert_element(v, count, conjunct);
                    count += 1;
                }
                Element::Comprehension(source) => {
                    has_comprehension = true;
                    let mut envs: Vec<EnvId> = Vec::new();
                    let err = self.yield_all(None, env, source, &mut envs)?;
                    let value = p.comprehension(source).value;
                    for env in envs {
                        if self.exhausted.is_some() {
                            break;
                        }
                        let conjunct = Conjunct {
                            env,
                            elem: Elem::Expr(value),
                            info,
                        };
                        self.insert_element(v, count, conjunct);
                        count += 1;
                    }
                    if err.is_some() {
                        self.add_bottom(v, err);
                        return Ok(());
                    }
                }
                Element::Ellipsis(decl) => {
                    end = ListEnd::Open;
                    let number = i64::try_from(count).unwrap_or(i64::MAX);
                    let operand = Term::detached(self.g.pool.add_number(Number::from(number)));
                    let bound = self.g.pool.add_bound(Bound {
                        op: Op::GreaterEqual,
                        operand,
                    });
                    let conjunct = Conjunct {
                        env,
                        elem: Elem::Decl(decl),
                        info: info.optional(),
                    };
                    self.insert_pattern(v, Term::detached(bound), conjunct);
                }
            }
            let work = self.work(v);
            if work.list_is_closed && count > work.list_len {
                self.bad_length(v, (lit.elements.len(), lit.span));
                return Ok(());
            }
        }
        let known = self.work(v).list_len;
        let closes = end == ListEnd::Closed;
        if count < known {
            if closes {
                self.bad_length(v, (count, lit.span));
                return Ok(());
            }
        } else {
            let work = self.work_mut(v);
            if count > known
                || (closes && !work.list_is_closed)
                || (closes == work.list_is_closed && !has_comprehension)
            {
                work.list_len = count;
                work.list_is_closed = closes;
                work.list_by = lit.span;
            }
        }
        self.mark_list(v, info, end, lit.span);
        Ok(())
    }

    fn insert_element(&mut self, v: NodeId, index: usize, conjunct: Conjunct) {
        if let Some(label) = Label::int(index) {
            self.insert_arc(v, label, ArcKind::Member, conjunct, conjunct.info, true);
        }
    }

    pub(crate) fn process_list_value(&mut self, id: TaskId) {
        let task = *self.task(id);
        let (v, info) = (task.node, task.info);
        let Elem::Term(Term {
            datum: Datum::Node(list),
            span,
        }) = task.elem
        else {
            return;
        };
        let elements = self.elements(list);
        let end = if self.g.is_closed_list(list) {
            ListEnd::Closed
        } else {
            ListEnd::Open
        };
        let closes = end == ListEnd::Closed;
        let known = self.work(v).list_len;
        if elements.len() < known {
            if closes {
                self.bad_length(v, (elements.len(), span));
                return;
            }
        } else if elements.len() > known {
            if self.work(v).list_is_closed {
                self.bad_length(v, (elements.len(), span));
                return;
            }
            let work = self.work_mut(v);
            work.list_is_closed = closes;
            work.list_len = elements.len();
            work.list_by = span;
        } else if closes {
            let work = self.work_mut(v);
            work.list_is_closed = true;
            work.list_by = span;
        }
        for element in elements {
            if self.exhausted.is_some() {
                break;
            }
            let Some(label) = self.g.node(element).label else {
                continue;
            };
            if self.g.node(element).conjuncts.is_empty() {
                let conjunct = Conjunct {
                    env: EnvId::at(0),
                    elem: Elem::Term(Term::detached(Datum::Node(element))),
                    info: CloseInfo::default(),
                };
                self.insert_arc(v, label, ArcKind::Member, conjunct, conjunct.info, true);
                continue;
            }
            let is_data = self.g.node(list).flags.has(crate::graph::Flags::DATA);
            let mut at = 0;
            while let Some(&conjunct) = self.g.node(element).conjuncts.get(at) {
                // the elements of a list that a builtin made came in with the list
                let conjunct = if is_data {
                    Conjunct { info, ..conjunct }
                } else {
                    conjunct
                };
                self.insert_arc(v, label, ArcKind::Member, conjunct, info, true);
                at += 1;
            }
        }
        self.mark_list(v, info, end, span);
    }

    fn mark_list(&mut self, v: NodeId, info: CloseInfo, end: ListEnd, span: Span) {
        if self.work(v).kind.is_bottom() {
            self.g.node_mut(v).status = crate::graph::Status::Final;
            return;
        }
        let known = match self.g.node(v).base.map(|base| base.datum) {
            Some(Datum::ListMark(known)) => known,
            _ => ListEnd::Open,
        };
        let both = if known == ListEnd::Open && end == ListEnd::Open {
            ListEnd::Open
        } else {
            ListEnd::Closed
        };
        self.g.node_mut(v).base = Some(Term::detached(Datum::ListMark(both)));
        if self.work(v).kind != Kind::LIST {
            let by = Term::new(Datum::Kind(Kind::LIST), span);
            self.narrow(v, Kind::LIST, Some(by), info);
        }
    }

    /// Records that a list has not the length that is known.
    fn bad_length(&mut self, v: NodeId, right: (usize, Span)) {
        let work = self.work(v);
        let left = (work.list_len, work.list_by);
        let id = self.new_bottom(Code::Eval, Reason::ListLength { left, right }, left.1);
        let bottom = &mut self.g.pool.bottoms[id.index()];
        bottom.also_at(right.1);
        bottom.node = Some(v);
        self.add_bottom(v, Some(id));
    }
}
