//! Parts that stand on their own: what they refer to outside of themselves comes along.
//!
//! When a part of a configuration is printed as a definition (`cue def -e x.y`), or imports are to be written out
//! (`--inline-imports`), references lead out of what is printed. All references of the part are resolved first. One that leads
//! out is then replaced by what it leads to if that is a plain scalar or used only once; otherwise it becomes the name of a `let`
//! at the end, which holds the outermost value that is referred to. Definitions are wrapped (`let X = {#x: …}`) to stay closed.
//!
//! Example: with `a: b: {c: d.e}` and `d: e: {f: 1}` the value `a.b` prints as `c: {f: 1}`. As `pivotter` of cue v0.14.1
//! `internal/core/export/self.go`; what counts as a reference is decided in `internal/core/dep`.

use super::exporter::Exporter;
use cue_eval::ir::{
    Clause, ComprehensionId, Decl, Element, Expr as Ir, ExprId, PackageId, StructId,
};
use cue_eval::term::NodeId;
use cue_eval::{Graph, Label, Scope, Shape, Value};
use cue_syntax::ast::{self, CommentGroup, Expr, RelPos};
use rustc_hash::{FxHashMap, FxHashSet};

/// A value that something refers to, or that is part of what is printed.
#[derive(Debug)]
struct Target<'a> {
    value: Value<'a>,
    package: Option<PackageId>,
    /// The outermost value around it that is referred to as well.
    parent: Option<usize>,
    /// How often it is referred to.
    uses: usize,
    /// Whether it lies in the printed value.
    included: bool,
    /// Its name when it comes along: a `let`, and `#x` for definitions.
    path: Vec<String>,
    /// Whether the `let` is needed.
    needed: bool,
}

/// What is known of the references of the printed value; empty when none can lead out.
#[derive(Debug, Default)]
pub(super) struct Pivot<'a> {
    targets: Vec<Target<'a>>,
    by_node: FxHashMap<NodeId, usize>,
    /// The targets that are referred to, in the order in which they were found.
    found: Vec<usize>,
    references: FxHashMap<ExprId, usize>,
}

/// A place among the literals of an expression: a scope, and levels that have no value of their own.
#[derive(Clone, Copy)]
struct At {
    scope: Scope,
    inner: u32,
}

impl At {
    fn deeper(self) -> Self {
        Self {
            inner: self.inner + 1,
            ..self
        }
    }
}

/// What a reference leads to; none for what is no reference, or has no place in the configuration.
fn resolve(graph: &Graph, id: ExprId, at: At) -> Option<Value<'_>> {
    let up = |up: u32| graph.enclosing(at.scope, up.checked_sub(at.inner)?);
    match graph.program().expr(id) {
        Ir::Field { up: levels, label } | Ir::Let { up: levels, label } => up(levels)?.arc(label),
        Ir::ValueAlias { up: levels } => up(levels.checked_sub(1)?),
        Ir::Import(package) => graph.package(package),
        Ir::Select { of, label, .. } => resolve(graph, of, at)?.arc(label),
        Ir::Index { of, index } => {
            let of = resolve(graph, of, at)?;
            let key = match graph.program().expr(index) {
                Ir::Value(term) => graph.view(term),
                _ => resolve(graph, index, at)?.default(),
            };
            match key.shape() {
                Shape::String(name) => of.arc(graph.labels().find_string(name)?),
                Shape::Number(number) => {
                    let index = usize::try_from(number.decimal.to_i64()?).ok()?;
                    of.arc(Label::int(index)?)
                }
                _ => None,
            }
        }
        _ => None,
    }
}

/// The fields and elements of a value itself; those of a value that it stands for are not its own.
fn own_arcs(value: Value<'_>) -> Vec<Value<'_>> {
    if value.followed().term().node() != value.term().node() {
        return Vec::new();
    }
    value.arcs().into_iter().map(|arc| arc.value).collect()
}

/// Whether a value is that of a variable of a comprehension, which has no place in the configuration.
fn is_variable(value: Value<'_>) -> bool {
    let mut top = value;
    while let Some(parent) = top.parent() {
        top = parent;
    }
    top.origins().is_empty()
}

/// What a field whose value is only a reference leads to.
pub(super) fn referred(field: Value<'_>) -> Option<Value<'_>> {
    let origins = field.scoped_origins();
    let [(origin, scope)] = origins.as_slice() else {
        return None;
    };
    let graph = field.graph();
    let at = At {
        scope: *scope,
        inner: 0,
    };
    resolve(graph, origin.expr(graph.program())?, at)
}

/// Finds references and what they lead to.
struct Search<'s, 'a> {
    exporter: &'s Exporter<'a>,
    pivot: Pivot<'a>,
    /// Values whose references are still to be looked at, each with the package it was found in.
    pending: Vec<(Value<'a>, Option<PackageId>)>,
    /// The value whose references are looked at; what they lead to inside of it needs nothing.
    within: Option<NodeId>,
    depth: u32,
}

impl<'a> Search<'_, 'a> {
    fn run(mut self, value: Value<'a>) -> Pivot<'a> {
        self.pending.push((value, None));
        let mut seen: FxHashSet<NodeId> = FxHashSet::default();
        while let Some((value, package)) = self.pending.pop() {
            self.within = value.term().node();
            self.visit(value, package, &mut seen);
        }
        self.include(value);
        self.link();
        self.pivot
    }

    fn visit(
        &mut self,
        value: Value<'a>,
        package: Option<PackageId>,
        seen: &mut FxHashSet<NodeId>,
    ) {
        let mut stack = vec![value];
        while let Some(value) = stack.pop() {
            let Some(id) = value.term().node() else {
                continue;
            };
            if !seen.insert(id) {
                continue;
            }
            for (origin, scope) in value.scoped_origins() {
                if let Some(expr) = origin.expr(self.exporter.program) {
                    self.conjunct(expr, At { scope, inner: 0 }, package);
                }
            }
            stack.extend(own_arcs(value).into_iter().rev());
        }
    }

    /// The references of a conjunct; the fields of its literals are looked at where they have become arcs.
    fn conjunct(&mut self, id: ExprId, at: At, package: Option<PackageId>) {
        let program = self.exporter.program;
        match program.expr(id) {
            Ir::Struct(lit) => self.rest_of(lit, at.deeper(), package),
            Ir::Binary {
                op: cue_eval::Op::And,
                left,
                right,
            } => {
                self.conjunct(left, at, package);
                self.conjunct(right, at, package);
            }
            Ir::List(_) => {}
            _ => self.expr(id, at, package),
        }
    }

    fn rest_of(&mut self, lit: StructId, at: At, package: Option<PackageId>) {
        let program = self.exporter.program;
        for &decl in &program.struct_lit(lit).decls {
            match program.decl(decl) {
                Decl::Field { .. } | Decl::Let { .. } => {}
                Decl::Embed(expr) => self.conjunct(expr, at, package),
                other => self.decl(other, at, package),
            }
        }
    }

    fn decl(&mut self, decl: Decl, at: At, package: Option<PackageId>) {
        match decl {
            Decl::Field { value, .. } | Decl::Let { value, .. } | Decl::Embed(value) => {
                self.expr(value, at, package);
            }
            Decl::Pattern { filter, value } => {
                self.expr(filter, at, package);
                self.expr(value, at, package);
            }
            Decl::Dynamic { key, value, .. } => {
                self.expr(key, at, package);
                self.expr(value, at, package);
            }
            Decl::Ellipsis { value } => {
                if let Some(value) = value {
                    self.expr(value, at, package);
                }
            }
            Decl::Comprehension(id) => self.comprehension(id, at, package),
        }
    }

    fn comprehension(&mut self, id: ComprehensionId, mut at: At, package: Option<PackageId>) {
        let program = self.exporter.program;
        let comprehension = program.comprehension(id);
        for clause in &comprehension.clauses {
            match *clause {
                Clause::For { source, .. } => {
                    self.expr(source, at, package);
                    at = at.deeper();
                }
                Clause::If { condition } => self.expr(condition, at, package),
                Clause::Let { value, .. } => {
                    self.expr(value, at, package);
                    at = at.deeper();
                }
            }
        }
        self.expr(comprehension.value, at, package);
    }

    fn expr(&mut self, id: ExprId, at: At, package: Option<PackageId>) {
        if self.depth > 500 {
            return;
        }
        self.depth += 1;
        let program = self.exporter.program;
        match program.expr(id) {
            Ir::Value(_) | Ir::LabelAlias { .. } => {}
            Ir::Struct(lit) => {
                for &decl in &program.struct_lit(lit).decls {
                    self.decl(program.decl(decl), at.deeper(), package);
                }
            }
            Ir::List(list) => {
                for element in &program.list_lit(list).elements {
                    match *element {
                        Element::Expr(id) => self.expr(id, at.deeper(), package),
                        Element::Comprehension(id) => {
                            self.comprehension(id, at.deeper(), package);
                        }
                        Element::Ellipsis(decl) => {
                            self.decl(program.decl(decl), at.deeper(), package);
                        }
                    }
                }
            }
            Ir::Field { .. }
            | Ir::ValueAlias { .. }
            | Ir::DynamicField { .. }
            | Ir::Let { .. }
            | Ir::Import(_)
            | Ir::Select { .. }
            | Ir::Index { .. } => self.reference(id, at, package),
            Ir::Slice { of, low, high } => {
                for id in [Some(of), low, high].into_iter().flatten() {
                    self.expr(id, at, package);
                }
            }
            Ir::Interpolation { parts, .. } => {
                for &id in program.args(parts) {
                    self.expr(id, at, package);
                }
            }
            Ir::Unary { operand, .. } | Ir::Bound { operand, .. } => {
                self.expr(operand, at, package);
            }
            Ir::Binary { left, right, .. } => {
                self.expr(left, at, package);
                self.expr(right, at, package);
            }
            Ir::Call { function, args } => {
                self.expr(function, at, package);
                for &id in program.args(args) {
                    self.expr(id, at, package);
                }
            }
            Ir::Disjunction { index } => {
                for item in &program.alternatives(index).items {
                    self.expr(item.value, at, package);
                }
            }
        }
        self.depth -= 1;
    }

    fn reference(&mut self, id: ExprId, at: At, package: Option<PackageId>) {
        let program = self.exporter.program;
        // what stands in brackets, and what a selector starts from when it is no reference
        let mut next = id;
        let import = loop {
            match program.expr(next) {
                Ir::Select { of, .. } => next = of,
                Ir::Index { of, index } => {
                    if !matches!(program.expr(index), Ir::Value(_)) {
                        // what a computed index leads to may change; what it is taken of may come along
                        self.expr(index, at, package);
                        self.expr(of, at, package);
                        return;
                    }
                    next = of;
                }
                Ir::Import(package) => break Some(package),
                Ir::Field { .. }
                | Ir::ValueAlias { .. }
                | Ir::DynamicField { .. }
                | Ir::Let { .. } => break package,
                _ => {
                    self.expr(next, at, package);
                    return;
                }
            }
        };
        if self.pivot.references.contains_key(&id) {
            return;
        }
        if let Some(import) = import {
            let inlines = self.exporter.profile.inline_imports
                && self
                    .exporter
                    .import_path(import)
                    .is_some_and(|path| path.contains('.'));
            if !inlines {
                return;
            }
        }
        let Some(value) = resolve(self.exporter.graph, id, at) else {
            return;
        };
        let Some(node) = value.term().node() else {
            return;
        };
        if self.lies_within(value) || is_variable(value) {
            return;
        }
        let known = self.pivot.by_node.get(&node).copied();
        let target = known.unwrap_or_else(|| {
            let target = self.target(value, import);
            self.pivot.found.push(target);
            self.pending.push((value, import));
            target
        });
        if let Some(target) = self.pivot.targets.get_mut(target) {
            target.uses += 1;
        }
        self.pivot.references.insert(id, target);
    }

    fn lies_within(&self, value: Value<'a>) -> bool {
        let mut at = Some(value);
        while let Some(value) = at {
            if value.term().node() == self.within {
                return true;
            }
            at = value.parent();
        }
        false
    }

    fn target(&mut self, value: Value<'a>, package: Option<PackageId>) -> usize {
        let at = self.pivot.targets.len();
        if let Some(node) = value.term().node() {
            self.pivot.by_node.insert(node, at);
        }
        self.pivot.targets.push(Target {
            value,
            package,
            parent: None,
            uses: 0,
            included: false,
            path: Vec::new(),
            needed: false,
        });
        at
    }

    /// Marks all that lies in the printed value.
    fn include(&mut self, value: Value<'a>) {
        let mut stack = vec![value];
        while let Some(value) = stack.pop() {
            let Some(node) = value.term().node() else {
                continue;
            };
            let at = match self.pivot.by_node.get(&node) {
                Some(at) => *at,
                None => self.target(value, None),
            };
            if let Some(target) = self.pivot.targets.get_mut(at) {
                if target.included {
                    continue;
                }
                target.included = true;
            }
            stack.extend(own_arcs(value));
        }
    }

    /// Links each target to the outermost one around it.
    fn link(&mut self) {
        for at in 0..self.pivot.targets.len() {
            let mut outermost = None;
            let mut around = self
                .pivot
                .targets
                .get(at)
                .and_then(|target| target.value.parent());
            while let Some(value) = around {
                if let Some(parent) = value
                    .term()
                    .node()
                    .and_then(|node| self.pivot.by_node.get(&node))
                {
                    outermost = Some(*parent);
                }
                around = value.parent();
            }
            if let Some(target) = self.pivot.targets.get_mut(at) {
                target.parent = outermost;
            }
            if let Some(parent) = outermost.and_then(|parent| self.pivot.targets.get_mut(parent)) {
                parent.uses += 1;
            }
        }
    }
}

impl<'a> Exporter<'a> {
    /// Finds the references that lead out of a value, when there can be any.
    pub(super) fn prepare_pivot(&mut self, value: Value<'a>) {
        let is_part = value.parent().is_some()
            && !value
                .path()
                .last()
                .is_some_and(|label| self.is_internal(*label));
        if !self.profile.inline_imports && !is_part {
            return;
        }
        let search = Search {
            exporter: self,
            pivot: Pivot::default(),
            pending: Vec::new(),
            within: None,
            depth: 0,
        };
        let mut pivot = search.run(value);
        for at in pivot.found.clone() {
            let Some(target) = pivot.targets.get_mut(at) else {
                continue;
            };
            if target.parent.is_some() || target.included || !target.path.is_empty() {
                continue;
            }
            let name = match (target.value.path().last(), target.package) {
                (Some(label), _) => match label.index() {
                    Some(index) => format!("Index{index}"),
                    None => self.label_text(*label),
                },
                (None, Some(package)) => {
                    let path = self.import_path(package).unwrap_or_default();
                    super::exporter::usual_name(&path).to_owned()
                }
                (None, None) => continue,
            };
            let name = if name.starts_with("Index") {
                name
            } else {
                name.trim_start_matches(['_', '#']).to_uppercase()
            };
            target.path.push(self.unique(&name));
            if target.value.is_closed_recursively() {
                target.path.push("#x".to_owned());
            }
        }
        self.pivot = pivot;
    }

    /// What is printed in the place of a reference; none when it can stay.
    pub(super) fn pivoted(&mut self, id: ExprId) -> Option<Expr> {
        let at = *self.pivot.references.get(&id)?;
        let target = self.pivot.targets.get(at)?;
        let value = target.value;
        let uses = match target.parent {
            Some(parent) => self.pivot.targets.get(parent)?.uses,
            None => target.uses,
        };
        let is_concrete = !matches!(
            value.default().shape(),
            Shape::Incomplete(_) | Shape::Error(_)
        );
        let inline = if target.included
            || self.in_definition == 0 && value.is_closed_recursively()
            || uses == 0
            || value.error_below().is_some()
            || !is_concrete && self.in_expression > 0
        {
            false
        } else {
            uses == 1 && self.in_expression == 0 || is_concrete && value.arcs().is_empty()
        };
        if inline {
            return Some(self.deeper(|this| this.origin_expr_of(value)));
        }
        let made = self.alternative(at, id)?;
        if let Some(target) = self.pivot.targets.get_mut(at) {
            target.needed = true;
            if let Some(parent) = target.parent
                && let Some(parent) = self.pivot.targets.get_mut(parent)
            {
                parent.needed = true;
            }
        }
        Some(made)
    }

    /// Another way to refer to a target: through what came along.
    fn alternative(&self, at: usize, id: ExprId) -> Option<Expr> {
        let target = self.pivot.targets.get(at)?;
        let mut names: Vec<ast::Label> = Vec::new();
        let name = |text: &String| ast::Label::Ident(ast::Ident::new(text.as_str()));
        match target.parent {
            None => names.extend(target.path.iter().map(name)),
            Some(parent) => {
                let parent = self.pivot.targets.get(parent)?;
                let path = target.value.path();
                let steps = path.len().saturating_sub(parent.value.path().len());
                let (length, leaves_package) = self.length(id);
                if target.included {
                    if steps > length {
                        return None;
                    }
                } else if !leaves_package && steps >= length {
                    return None;
                }
                names.extend(parent.path.iter().map(name));
                for label in path.iter().skip(path.len() - steps) {
                    names.push(match label.index() {
                        Some(index) => ast::Label::Basic(ast::BasicLit::new(
                            ast::LitKind::Int,
                            index.to_string(),
                        )),
                        None => self.label(*label),
                    });
                }
            }
        }
        let mut names = names.into_iter();
        let mut made = match names.next() {
            Some(ast::Label::Ident(ident)) => Expr::Ident(ident),
            Some(_) => return None,
            None => Expr::ident("ROOT"),
        };
        for label in names {
            made = match label {
                ast::Label::Basic(basic) if basic.kind == ast::LitKind::Int => {
                    Expr::Index(Box::new(ast::IndexExpr {
                        meta: ast::Meta::default(),
                        base: made,
                        lbrack: ast::Pos::NONE,
                        index: Expr::Basic(basic),
                        rbrack: ast::Pos::NONE,
                    }))
                }
                label => Expr::Selector(Box::new(ast::SelectorExpr {
                    meta: ast::Meta::default(),
                    base: made,
                    selector: match label {
                        ast::Label::Basic(basic) => ast::Selector::String(basic),
                        ast::Label::Ident(ident) => ast::Selector::Ident(ident),
                        _ => return None,
                    },
                })),
            };
        }
        Some(made)
    }

    /// How many names a reference has, and whether it goes through an import.
    fn length(&self, id: ExprId) -> (usize, bool) {
        let mut length = 0;
        let mut next = id;
        loop {
            match self.program.expr(next) {
                Ir::Select { of, .. } | Ir::Index { of, .. } => {
                    length += 1;
                    next = of;
                }
                Ir::Import(_) => return (length, true),
                _ => return (length + 1, false),
            }
        }
    }

    /// The declarations that came along.
    pub(super) fn pivoted_decls(&mut self) -> Vec<ast::Decl> {
        let mut decls = Vec::new();
        for at in self.pivot.found.clone() {
            let Some(target) = self.pivot.targets.get(at) else {
                continue;
            };
            let Some(name) = target.path.first().filter(|_| target.needed).cloned() else {
                continue;
            };
            let (value, package) = (target.value, target.package);
            let wrapped = target.path.len() > 1;
            let mut made = self.origin_expr_of(value);
            if wrapped {
                let label = ast::Label::Ident(ast::Ident::new("#x"));
                let mut lit = ast::StructLit::new(vec![ast::Decl::field(label, made)]);
                lit.one_line = true;
                made = Expr::Struct(Box::new(lit));
            }
            let path: Vec<String> = value
                .path()
                .iter()
                .map(|label| self.graph.labels().selector(*label))
                .collect();
            let mut place = path.join(".");
            if let Some(path) = package.and_then(|package| self.import_path(package)) {
                let path = cue_eval::label::quote(&path);
                place = if place.is_empty() {
                    path
                } else {
                    format!("{path}.{place}")
                };
            }
            let mut clause = ast::LetClause {
                meta: ast::Meta::new(source_vocab::Span::DETACHED, RelPos::NewSection),
                ident: ast::Ident::new(name),
                equal: ast::Pos::NONE,
                expr: made,
            };
            clause.meta.comments.add(CommentGroup {
                doc: true,
                line: false,
                position: 0,
                list: vec![ast::Comment {
                    pos: ast::Pos::relative(RelPos::NewSection),
                    text: format!("//cue:path: {place}").into(),
                }],
            });
            decls.push(ast::Decl::Let(Box::new(clause)));
        }
        decls
    }
}
