//! Pattern constraints: `[string]: int`, `[=~"^a"]: {...}`, and the element type of open lists.
//!
//! A node keeps its patterns as pairs of a filter (a value, often a type or bound) and a node that
//! collects the constraints under this filter. A pattern and a field meet once: when a field
//! appears, the known patterns are matched against its label; when a pattern appears, the known
//! fields are.

use crate::bottom::{Code, Reason};
use crate::closed::DefId;
use crate::eval::{Eval, Evaluator};
use crate::graph::{Conjunct, Elem, Env, Flags, Node, Pattern};
use crate::ir::{ArcKind, Decl};
use crate::kind::Kind;
use crate::label::Label;
use crate::sched::{Facts, Mode, Need, TaskId};
use crate::term::{Datum, NodeId, Op, Term};

impl Evaluator<'_> {
    pub(crate) fn process_pattern(&mut self, id: TaskId) -> Eval<()> {
        let task = *self.task(id);
        let (Elem::Decl(decl), Some(env)) = (task.elem, task.env) else {
            return Ok(());
        };
        let Decl::Pattern { filter, .. } = self.p.decl(decl) else {
            return Ok(());
        };
        // a disjunction is kept as it is: each of its alternatives may match
        let filter = self.eval_expr(filter, Need::new(Facts::SCALAR_VALUE, Mode::Yield))?;
        if let Some(filter) = filter {
            let conjunct = Conjunct {
                env,
                elem: task.elem,
                info: task.info,
            };
            self.insert_pattern(task.node, filter, conjunct);
        }
        Ok(())
    }

    /// Adds a constraint under a filter and applies it to the fields that match.
    pub(crate) fn insert_pattern(&mut self, v: NodeId, filter: Term, conjunct: Conjunct) {
        if !self.collect_constraint(v, filter, conjunct) {
            return;
        }
        let mut at = 0;
        while let Some(arc) = self.g.node(v).arcs.get(at) {
            at += 1;
            let (label, kind) = (self.g.node(arc).label, self.g.node(arc).arc);
            if let Some(label) = label
                && self.pattern_matches(filter, label)
            {
                self.add_constraint(v, label, kind, conjunct, true);
            }
        }
    }

    /// Puts a constraint beside others of an equal filter. False when it is there already.
    fn collect_constraint(&mut self, v: NodeId, filter: Term, conjunct: Conjunct) -> bool {
        let mut at = 0;
        while let Some(&known) = self.g.node(v).patterns.get(at) {
            at += 1;
            if !self.equal_patterns(known.filter, filter) {
                continue;
            }
            let Env { up, node, .. } = self.env(conjunct.env);
            let same = self
                .g
                .node(known.constraint)
                .conjuncts
                .iter()
                .find(|known| {
                    known.elem == conjunct.elem && {
                        let env = self.env(known.env);
                        env.up == up && env.node == node
                    }
                })
                .copied();
            if let Some(same) = same {
                let (from, to): (DefId, DefId) = (conjunct.info.def, same.info.def);
                self.add_replacement(v, from, to);
                return false;
            }
            self.g.node_mut(known.constraint).conjuncts.push(conjunct);
            return true;
        }
        let mut node = Node::new(None, None, ArcKind::Member);
        node.flags.set(Flags::PATTERN);
        node.conjuncts.push(conjunct);
        let constraint = self.new_node(node);
        self.g
            .node_mut(v)
            .patterns
            .push(Pattern { filter, constraint });
        true
    }

    /// Whether a label matches a filter.
    pub(crate) fn pattern_matches(&mut self, filter: Term, label: Label) -> bool {
        if !label.is_regular() {
            return false;
        }
        let name = label.is_string().then(|| self.label_term(label));
        self.filter_matches(filter, label, name)
    }

    fn filter_matches(&mut self, filter: Term, label: Label, name: Option<Term>) -> bool {
        if let Datum::Node(node) = filter.datum {
            let _: Eval<bool> = self.unify(node, Facts::SCALAR, Mode::Finalize, false);
        }
        let Some(filter) = self.unwrap(Some(filter)) else {
            return false;
        };
        let kind = if label.is_string() {
            Kind::STRING
        } else {
            Kind::INT
        };
        match filter.datum {
            Datum::Bottom(id) => {
                if Self::is_in_progress_bottom(id) {
                    self.fail(Code::Eval, Reason::ReferenceCycle);
                } else if self.frame.errs.is_none() {
                    self.record(id);
                }
                false
            }
            Datum::Kind(kinds) => kinds.meets(kind),
            _ if !self.kind(filter).meets(kind) => false,
            Datum::String(id) => {
                let text = self.g.pool.text(id);
                self.g
                    .labels
                    .shared_text(label)
                    .is_some_and(|name| name == text)
            }
            Datum::Number(id) => label.index().is_some_and(|index| {
                self.g.pool.number(id).decimal.to_i64() == i64::try_from(index).ok()
            }),
            Datum::Bound(id) => {
                let bound = *self.g.pool.bound(id);
                if let (Op::Match | Op::NotMatch, Datum::String(pattern), Some(text)) = (
                    bound.op,
                    bound.operand.datum,
                    self.g.labels.shared_text(label).cloned(),
                ) {
                    // a bad expression is an error of the struct, not just no match
                    let pattern = std::sync::Arc::clone(self.g.pool.text(pattern));
                    let found = self
                        .regex(&pattern)
                        .is_some_and(|regex| regex.is_match(text.as_bytes()));
                    return found == (bound.op == Op::Match);
                }
                let subject = match name {
                    Some(name) => name,
                    None => self.label_term(label),
                };
                self.satisfies(id, subject)
            }
            Datum::Conjunction(id) => {
                let all = self.g.pool.conjunction(id).clone();
                all.into_iter()
                    .all(|one| self.filter_matches(one, label, name))
            }
            Datum::Disjunction(id) => {
                let all = self.g.pool.disjunction(id).values.clone();
                all.into_iter()
                    .any(|one| self.filter_matches(one, label, name))
            }
            _ => {
                let subject = match name {
                    Some(name) => name,
                    None => self.label_term(label),
                };
                let env = self.frame.env;
                let info = self.frame.info;
                let conjunct = |term| Conjunct {
                    env,
                    elem: Elem::Term(term),
                    info,
                };
                let node = self.inline_node(&[conjunct(filter), conjunct(subject)]);
                self.finalize(node);
                self.g.error_of(node).is_none()
            }
        }
    }
}
