//! The evaluator: its state, errors, environments, and the entry.
//!
//! One [`Evaluator`] runs one program. It owns the graph under construction, the works of its
//! nodes and the tasks, and has a [`Frame`]: the environment, the errors found so far in the
//! expression at hand, its place, and how the conjunct at hand came in. Frames are saved and
//! restored around whatever evaluates something else.

use crate::bottom::{Bottom, Code, Reason};
use crate::budget::{Budget, Limit};
use crate::closed::{CloseInfo, DefId};
use crate::graph::{Conjunct, Elem, Env, EnvId, Flags, Graph, IN_PROGRESS, Node, Stats, Status};
use crate::ir::{ArcKind, Program};
use crate::kind::Kind;
use crate::label::Label;
use crate::meter;
use crate::sched::{Facts, Mode, Task, TaskId};
use crate::term::{BottomId, Datum, NodeId, Term};
use crate::work::{Work, WorkId};
use rustc_hash::FxHashMap;
use source_vocab::Span;
use std::rc::Rc;
use std::sync::Arc;

/// The running task has to wait: unwinds to the scheduler.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Suspend;

/// A result, unless the task has to wait.
pub(crate) type Eval<T> = Result<T, Suspend>;

/// What is being evaluated.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Frame {
    /// Where references are resolved.
    pub(crate) env: EnvId,
    /// The errors found.
    pub(crate) errs: Option<BottomId>,
    /// The place.
    pub(crate) src: Span,
    /// How the conjunct came in.
    pub(crate) info: CloseInfo,
    /// The node it contributes to.
    pub(crate) vertex: Option<NodeId>,
}

/// A fork of a node for which references into the original lead to the copy.
#[derive(Clone, Debug)]
pub(crate) struct Overlay {
    pub(crate) root: NodeId,
    pub(crate) copies: Rc<FxHashMap<NodeId, NodeId>>,
}

/// The state of an evaluation.
#[derive(Debug)]
pub(crate) struct Evaluator<'p> {
    pub(crate) p: &'p Program,
    pub(crate) g: Graph,
    pub(crate) works: Vec<Work>,
    /// Places in `works` that are free again.
    pub(crate) free_works: Vec<WorkId>,
    pub(crate) tasks: Vec<Task>,
    pub(crate) stack: Vec<TaskId>,
    pub(crate) blocking: Vec<TaskId>,
    pub(crate) frame: Frame,
    pub(crate) eval_depth: i64,
    pub(crate) in_detached: u32,
    pub(crate) in_validator: u32,
    pub(crate) validates: bool,
    pub(crate) containments: Vec<DefId>,
    pub(crate) overlays: Vec<Overlay>,
    pub(crate) lets: FxHashMap<(EnvId, crate::ir::ExprId, NodeId), NodeId>,
    pub(crate) packages: Vec<Option<NodeId>>,
    pub(crate) regexes: FxHashMap<Arc<str>, Option<Rc<regex::bytes::Regex>>>,
    pub(crate) empty: NodeId,
    pub(crate) depth: u32,
    pub(crate) budget: Budget,
    pub(crate) bytes: u64,
    pub(crate) memory: u64,
    /// Where the stack was when the evaluation began.
    pub(crate) stack_base: usize,
    pub(crate) exhausted: Option<Limit>,
    /// Whether a node whose only conjunct is a reference is the node referred to.
    pub(crate) shares: bool,
}

/// Evaluates a program to the end.
///
/// Total: whatever is wrong is an error value in the graph. Runs on the caller's stack and uses no
/// more than [`Budget::stack`] bytes of it; [`Stats::stack_ran_out`] says whether that cut it short.
pub fn eval(program: &Arc<Program>, budget: Budget) -> Graph {
    evaluate(program, budget).g
}

/// As [`eval`], with no node standing for another one: slower, and the same values. It is there
/// for the property that says so.
#[doc(hidden)]
pub fn eval_unshared(program: &Arc<Program>, budget: Budget) -> Graph {
    let mut evaluator = Evaluator::new(program, budget);
    evaluator.shares = false;
    evaluator.run();
    evaluator.g
}

/// An evaluator that has evaluated its program.
pub(crate) fn evaluate(program: &Arc<Program>, budget: Budget) -> Evaluator<'_> {
    let mut evaluator = Evaluator::new(program, budget);
    evaluator.run();
    evaluator
}

impl<'p> Evaluator<'p> {
    /// Evaluates the whole program.
    fn run(&mut self) {
        let root = self.package_node(0);
        self.g.root = root;
        self.finalize(root);
        // what was cut short must not look like a value, wherever the limit was noticed
        if let Some(limit) = self.exhausted
            && self.g.error_of(root).is_none()
        {
            let mut bottom = Bottom::new(Code::Eval, Reason::Limit(limit), Span::DETACHED);
            bottom.node = Some(root);
            let id = self.store_bottom(bottom);
            self.g.node_mut(root).base = Some(Self::bottom_term(id));
        }
        self.g.packages = std::mem::take(&mut self.packages);
        self.g.stats.nodes = self.g.nodes.len() as u64;
    }

    fn new(program: &'p Arc<Program>, budget: Budget) -> Self {
        // lowering has put the error of a node in progress first
        let pool = program.pool.clone();
        debug_assert!(pool.bottoms.len() > IN_PROGRESS, "a pool made by lowering");
        let mut empty = Node::new(None, None, ArcKind::Member);
        empty.status = Status::Final;
        let graph = Graph {
            program: Arc::clone(program),
            nodes: vec![empty],
            envs: vec![Env {
                up: None,
                node: None,
                label: None,
            }],
            references: Vec::new(),
            partials: Vec::new(),
            yields: Vec::new(),
            pool,
            labels: program.labels.clone(),
            root: NodeId::at(0),
            remarks: Vec::new(),
            packages: Vec::new(),
            stats: Stats::default(),
            elements: FxHashMap::default(),
        };
        Self {
            p: program,
            g: graph,
            works: vec![Work::new(NodeId::at(0))],
            free_works: Vec::new(),
            tasks: Vec::new(),
            stack: Vec::new(),
            blocking: Vec::new(),
            frame: Frame {
                env: EnvId::at(0),
                errs: None,
                src: Span::DETACHED,
                info: CloseInfo::default(),
                vertex: None,
            },
            eval_depth: 0,
            in_detached: 0,
            in_validator: 0,
            validates: false,
            containments: vec![DefId::NONE],
            overlays: Vec::new(),
            lets: FxHashMap::default(),
            packages: vec![None; program.packages.len()],
            regexes: FxHashMap::default(),
            empty: NodeId::at(0),
            depth: 0,
            budget,
            bytes: 0,
            memory: 0,
            stack_base: meter::stack_position(),
            exhausted: None,
            shares: true,
        }
    }

    /// An evaluator that goes on with a finished graph. `program` is that of the graph, which may have grown since.
    pub(crate) fn resume(program: &'p Arc<Program>, mut graph: Graph, budget: Budget) -> Self {
        for node in &mut graph.nodes {
            node.work = WorkId::NONE;
        }
        let mut evaluator = Self::new(program, budget);
        graph.program = Arc::clone(program);
        evaluator.g = graph;
        evaluator
    }

    /// The node of a package, its files as conjuncts.
    pub(crate) fn package_node(&mut self, index: usize) -> NodeId {
        if let Some(Some(node)) = self.packages.get(index) {
            return *node;
        }
        let node = self.new_node(Node::new(None, None, ArcKind::Member));
        if let Some(package) = self.p.packages.get(index) {
            for &other in &package.unified {
                let other = self.package_node(other.index());
                // each is a scope of its own: what one embeds closes it against the other
                self.bare_state(node);
                let info = self.enter_scope(node, CloseInfo::default());
                self.g.node_mut(node).conjuncts.push(Conjunct {
                    env: EnvId::at(0),
                    elem: Elem::Term(Term::detached(Datum::Node(other))),
                    info,
                });
            }
            for &file in &package.files {
                self.g.node_mut(node).conjuncts.push(Conjunct {
                    env: EnvId::at(0),
                    elem: Elem::Expr(file),
                    info: CloseInfo::default(),
                });
            }
            self.packages[index] = Some(node);
        }
        node
    }

    /// Adds a node.
    pub(crate) fn new_node(&mut self, node: Node) -> NodeId {
        if self.g.nodes.len() >= self.budget.nodes as usize {
            self.exhaust(Limit::Nodes);
        }
        self.charge(2);
        self.charge_memory(size_of::<Node>() + 32);
        let id = NodeId::at(self.g.nodes.len());
        self.g.nodes.push(node);
        id
    }

    /// A node for the value of an expression.
    pub(crate) fn inline_node(&mut self, conjuncts: &[Conjunct]) -> NodeId {
        let mut node = Node::new(None, None, ArcKind::Member);
        node.flags.set(Flags::DYNAMIC);
        if self.in_detached > 0 {
            node.flags.set(Flags::ANONYMOUS);
        }
        node.conjuncts.extend_from_slice(conjuncts);
        self.new_node(node)
    }

    /// A new environment inside `up`.
    pub(crate) fn spawn(&mut self, up: EnvId, node: NodeId) -> EnvId {
        self.new_env(Env {
            up: Some(up),
            node: Some(node),
            label: None,
        })
    }

    pub(crate) fn new_env(&mut self, env: Env) -> EnvId {
        self.charge_memory(size_of::<Env>());
        let id = EnvId::at(self.g.envs.len());
        self.g.envs.push(env);
        id
    }

    pub(crate) fn env(&self, id: EnvId) -> Env {
        self.g.envs[id.index()]
    }

    /// The environment `count` levels up from the one at hand.
    pub(crate) fn env_up(&self, count: u32) -> EnvId {
        let mut env = self.frame.env;
        for _ in 0..count {
            match self.env(env).up {
                Some(up) => env = up,
                None => break,
            }
        }
        env
    }

    /// The node of the environment `count` levels up.
    pub(crate) fn node_up(&self, count: u32) -> NodeId {
        self.env(self.env_up(count)).node.unwrap_or(self.empty)
    }

    /// The base of a node in progress.
    pub(crate) fn in_progress() -> Term {
        Term::detached(Datum::Bottom(BottomId::at(IN_PROGRESS)))
    }

    /// Whether the base of a node says that it is in progress.
    pub(crate) fn base_in_progress(&self, node: NodeId) -> bool {
        Graph::is_in_progress_mark(self.g.node(node).base)
    }

    pub(crate) fn is_in_progress_bottom(id: BottomId) -> bool {
        id.index() == IN_PROGRESS
    }

    // ---- errors ----

    /// Makes an error at the node at hand.
    pub(crate) fn new_bottom(&mut self, code: Code, reason: Reason, span: Span) -> BottomId {
        let mut bottom = Bottom::new(code, reason, span);
        bottom.node = self.frame.vertex;
        self.store_bottom(bottom)
    }

    pub(crate) fn store_bottom(&mut self, bottom: Bottom) -> BottomId {
        self.charge_memory(size_of::<Bottom>());
        self.charge_scan(bottom.causes.len() + bottom.spans.len());
        let id = BottomId::at(self.g.pool.bottoms.len());
        self.g.pool.bottoms.push(bottom);
        id
    }

    /// Makes an error at the place at hand.
    pub(crate) fn error(&mut self, code: Code, reason: Reason) -> BottomId {
        let src = self.frame.src;
        self.new_bottom(code, reason, src)
    }

    /// Makes an error at the place at hand and records it.
    pub(crate) fn fail(&mut self, code: Code, reason: Reason) -> BottomId {
        let id = self.error(code, reason);
        self.record(id);
        id
    }

    /// Records an error in the frame.
    pub(crate) fn record(&mut self, id: BottomId) {
        self.frame.errs = self.combine(self.frame.errs, Some(id));
    }

    /// Takes the recorded errors.
    pub(crate) fn take_errs(&mut self) -> Option<BottomId> {
        self.frame.errs.take()
    }

    /// A term that is this error.
    pub(crate) fn bottom_term(id: BottomId) -> Term {
        Term::detached(Datum::Bottom(id))
    }

    pub(crate) fn code(&self, id: BottomId) -> Code {
        self.g.bottom(id).code
    }

    /// The error of two errors of one node: the worse code, and a soft one beside a hard one is
    /// dropped.
    pub(crate) fn combine(
        &mut self,
        left: Option<BottomId>,
        right: Option<BottomId>,
    ) -> Option<BottomId> {
        let (mut left, mut right) = match (left, right) {
            (None, other) | (other, None) => return other,
            (Some(left), Some(right)) => (left, right),
        };
        if left == right {
            let known = self.g.bottom(left);
            if Self::is_in_progress_bottom(left) || !(known.close_check || known.of_child) {
                return Some(left);
            }
            let mut same = known.clone();
            same.close_check = false;
            same.of_child = false;
            return Some(self.store_bottom(same));
        }
        let (first, second) = (self.code(left), self.code(right));
        if first != second {
            if first > second {
                std::mem::swap(&mut left, &mut right);
            }
            if self.code(right).is_incomplete() {
                return Some(left);
            }
        }
        if self.g.bottom(left).causes.last() == Some(&right) {
            return Some(left);
        }
        let (one, other) = (self.g.bottom(left), self.g.bottom(right));
        let mut both = Bottom::new(one.code, one.reason.clone(), Span::DETACHED);
        both.spans.clone_from(&one.spans);
        both.node = one.node;
        both.close_check = one.close_check || other.close_check;
        both.causes.push(left);
        both.causes.push(right);
        Some(self.store_bottom(both))
    }

    /// Records the error of a field at its struct.
    pub(crate) fn add_child_error(&mut self, node: NodeId, child: BottomId) {
        let combined = self.combine(self.g.node(node).child_errors, Some(child));
        self.g.node_mut(node).child_errors = combined;
        let (code, close_check) = {
            let bottom = self.g.bottom(child);
            (bottom.code, bottom.close_check)
        };
        if code.is_incomplete() {
            return;
        }
        let base = self.g.node(node).base;
        let own = base.and_then(Term::bottom);
        match own {
            Some(own) if !self.g.bottom(own).close_check => {
                let worse = self.g.bottom(own).code > code;
                if worse && !Self::is_in_progress_bottom(own) {
                    let mut changed = self.g.bottom(own).clone();
                    changed.code = code;
                    let id = self.store_bottom(changed);
                    self.g.node_mut(node).base = Some(Self::bottom_term(id));
                }
            }
            _ => {
                if own.is_none() {
                    self.g.node_mut(node).under = base.map(|base| base.datum);
                }
                let mut bottom = Bottom::new(code, Reason::Below, Span::DETACHED);
                bottom.causes.push(child);
                bottom.of_child = true;
                bottom.close_check = close_check;
                bottom.node = Some(node);
                let id = self.store_bottom(bottom);
                self.g.node_mut(node).base = Some(Self::bottom_term(id));
            }
        }
    }

    // ---- values ----

    /// What a term is worth: nodes are followed to their value; a struct or list is its node.
    pub(crate) fn unwrap(&self, term: Option<Term>) -> Option<Term> {
        let term = term?;
        let Datum::Node(node) = term.datum else {
            return Some(term);
        };
        let node = self.g.deref_value(node);
        if self.has_work(node) && self.base_in_progress(node) {
            let work = self.work(node);
            if let Some(errs) = work.errs
                && !self.code(errs).is_incomplete()
            {
                return Some(Self::bottom_term(errs));
            }
            if let Some(scalar) = work.scalar {
                return Some(scalar);
            }
        }
        self.value_of_node(node)
    }

    /// The value of a node: its base, or the node itself for a struct or list.
    pub(crate) fn value_of_node(&self, node: NodeId) -> Option<Term> {
        let base = self.g.node(node).base?;
        Some(match base.datum {
            Datum::StructMark | Datum::ListMark(_) => Term::detached(Datum::Node(node)),
            _ => base,
        })
    }

    /// The kinds of a term.
    pub(crate) fn kind(&self, term: Term) -> Kind {
        match term.datum {
            Datum::Node(node) => self.node_kind(node),
            Datum::Conjunction(id) => self
                .g
                .pool
                .conjunction(id)
                .iter()
                .fold(Kind::TOP, |kind, &term| kind & self.kind(term)),
            Datum::Disjunction(id) => self
                .g
                .pool
                .disjunction(id)
                .values
                .iter()
                .fold(Kind::BOTTOM, |kind, &term| kind | self.kind(term)),
            _ => self.g.kind_of(term),
        }
    }

    /// The kinds of a node as far as it has been evaluated.
    pub(crate) fn node_kind(&self, node: NodeId) -> Kind {
        if self.has_work(node) && self.work(node).kind.is_bottom() {
            return Kind::BOTTOM;
        }
        match self.g.node(node).base {
            Some(base) if !Graph::is_in_progress_mark(Some(base)) => self.kind(base),
            _ if self.has_work(node) => self.work(node).kind,
            _ => Kind::TOP,
        }
    }

    /// Whether a term is a concrete scalar, a struct, a list, a function, or an error.
    pub(crate) fn is_concrete(&self, term: Term) -> bool {
        let term = match term.datum {
            Datum::Node(node) => match self.g.node(self.g.deref_value(node)).base {
                Some(base) => base,
                None => return true,
            },
            _ => term,
        };
        match term.datum {
            Datum::Kind(_)
            | Datum::Bound(_)
            | Datum::Validator(_)
            | Datum::Conjunction(_)
            | Datum::Disjunction(_) => false,
            Datum::Node(_)
            | Datum::Null
            | Datum::Bool(_)
            | Datum::Number(_)
            | Datum::String(_)
            | Datum::Bytes(_)
            | Datum::Function(_)
            | Datum::Bottom(_)
            | Datum::StructMark
            | Datum::ListMark(_) => true,
        }
    }

    /// The value of a label as a term.
    pub(crate) fn label_term(&mut self, label: Label) -> Term {
        let datum = if let Some(index) = label.index() {
            let number = crate::data::Number::from(i64::try_from(index).unwrap_or(i64::MAX));
            self.g.pool.add_number(number)
        } else {
            let text = match self.g.labels.shared_text(label) {
                Some(text) => Arc::clone(text),
                None => self.g.labels.text(label).into(),
            };
            self.g.pool.add_text(text)
        };
        Term::new(datum, self.frame.src)
    }

    /// Evaluates a node to the end, apart from the errors at hand.
    pub(crate) fn finalize(&mut self, node: NodeId) {
        let errs = self.frame.errs.take();
        let _: Eval<bool> = self.unify(node, Facts::ALL, Mode::Finalize, true);
        self.frame.errs = errs;
    }

    /// Evaluates a node until its fields are known.
    pub(crate) fn complete_arcs_only(&mut self, node: NodeId) -> Eval<()> {
        self.unify(node, Facts::FIELD_SET, Mode::Finalize, true)?;
        Ok(())
    }
}
