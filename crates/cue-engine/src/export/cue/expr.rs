//! Expressions of the program as they were written.
//!
//! The intermediate form has resolved names and flattened literals; here it becomes syntax again. Names are those that the author
//! used where the text is at hand (an alias keeps its name), the operands of `&` come in a fixed order (types, names, scalars,
//! bounds, the rest, structs), parentheses are left to the formatter. As cue v0.14.1 `internal/core/export/adt.go`.

use super::exporter::{Exporter, constraint};
use super::value::unary;
use cue_eval::ir::{Clause, ComprehensionId, Decl, DeclId, Element, ExprId, StructId};
use cue_eval::{Datum, Kind, Op, Origin, Term, ir};
use cue_syntax::ast::{self, BinaryOp, Expr};
use cue_syntax::literal::{Form, quote, quote_bytes_as};

impl Exporter<'_> {
    /// An expression inside another, where nothing may be inlined that would change what the whole means.
    fn inner(&mut self, id: ExprId) -> Expr {
        self.in_expression += 1;
        let made = self.expr(id);
        self.in_expression -= 1;
        made
    }

    /// An expression.
    pub(super) fn expr(&mut self, id: ExprId) -> Expr {
        if self.too_deep() {
            return Expr::bottom();
        }
        self.deeper(|this| this.expr_here(id))
    }

    fn expr_here(&mut self, id: ExprId) -> Expr {
        if let Some(other) = self.pivoted(id) {
            return other;
        }
        let program = self.program;
        match program.expr(id) {
            ir::Expr::Value(term) => self.term(term),
            ir::Expr::Struct(_) => self.merge(None, &[Origin::Expr(id)]),
            ir::Expr::List(list) => {
                let mut items = Vec::new();
                for element in &program.list_lit(list).elements {
                    items.push(match *element {
                        Element::Expr(id) => self.expr(id),
                        Element::Comprehension(id) => {
                            Expr::Comprehension(Box::new(self.comprehension(id)))
                        }
                        Element::Ellipsis(decl) => Expr::ellipsis(self.ellipsis_type(decl)),
                    });
                }
                Expr::list(items)
            }
            ir::Expr::Field { label, .. } => {
                let text = self.label_text(label);
                Expr::ident(self.name_as_written(id).unwrap_or(text))
            }
            ir::Expr::ValueAlias { .. }
            | ir::Expr::LabelAlias { .. }
            | ir::Expr::DynamicField { .. } => {
                Expr::ident(self.name_as_written(id).unwrap_or_else(|| "X".to_owned()))
            }
            ir::Expr::Let { label, .. } => self.reference_to_let(label),
            ir::Expr::Import(package) => {
                let name = self.name_as_written(id);
                match self.import_path(package) {
                    Some(path) => self.import(&path, name.as_deref()),
                    None => Expr::ident(name.unwrap_or_else(|| "_".to_owned())),
                }
            }
            ir::Expr::Select { of, label, .. } => {
                let base = self.inner(of);
                let selector = match self.label(label) {
                    ast::Label::Basic(basic) => ast::Selector::String(basic),
                    _ => ast::Selector::Ident(ast::Ident::new(self.label_text(label))),
                };
                Expr::Selector(Box::new(ast::SelectorExpr {
                    meta: ast::Meta::default(),
                    base,
                    selector,
                }))
            }
            ir::Expr::Index { of, index } => {
                let base = self.inner(of);
                let index = self.inner(index);
                Expr::Index(Box::new(ast::IndexExpr {
                    meta: ast::Meta::default(),
                    base,
                    lbrack: ast::Pos::NONE,
                    index,
                    rbrack: ast::Pos::NONE,
                }))
            }
            ir::Expr::Slice { of, low, high } => {
                let low = low.map(|low| self.inner(low));
                let high = high.map(|high| self.inner(high));
                let base = self.inner(of);
                Expr::Slice(Box::new(ast::SliceExpr {
                    meta: ast::Meta::default(),
                    base,
                    lbrack: ast::Pos::NONE,
                    low,
                    high,
                    rbrack: ast::Pos::NONE,
                }))
            }
            ir::Expr::Interpolation { kind, parts } => {
                let parts = program.args(parts).to_vec();
                self.interpolation(kind, &parts)
            }
            ir::Expr::Unary { op, operand } | ir::Expr::Bound { op, operand } => {
                let operand = self.inner(operand);
                match unary(op) {
                    Some(op) => Expr::unary(op, operand),
                    None => operand,
                }
            }
            ir::Expr::Binary { op: Op::And, .. } => self.conjunction_of(id),
            ir::Expr::Binary { op, left, right } => {
                let left = self.inner(left);
                let right = self.inner(right);
                match binary(op) {
                    Some(op) => Expr::binary(op, left, right),
                    None => left,
                }
            }
            ir::Expr::Call { function, args } => {
                let args = program.args(args).to_vec();
                let args = args.into_iter().map(|arg| self.inner(arg)).collect();
                let function = self.inner(function);
                Expr::call(function, args)
            }
            ir::Expr::Disjunction { index } => {
                let mut parts = Vec::new();
                for item in &program.alternatives(index).items {
                    let made = self.expr(item.value);
                    parts.push(if item.default {
                        Expr::unary(ast::UnaryOp::Default, made)
                    } else {
                        made
                    });
                }
                Expr::joined(BinaryOp::Or, parts).unwrap_or_else(Expr::bottom)
            }
        }
    }

    /// The identifier at the place of an expression.
    fn name_as_written(&self, id: ExprId) -> Option<String> {
        let text = self.snippet(self.program.expr_span(id))?;
        cue_syntax::literal::is_valid_ident(text).then(|| text.to_owned())
    }

    /// The operands of a chain of `&` in their order.
    fn conjunction_of(&mut self, id: ExprId) -> Expr {
        let mut operands = Vec::new();
        let mut pending = vec![id];
        while let Some(id) = pending.pop() {
            match self.program.expr(id) {
                ir::Expr::Binary {
                    op: Op::And,
                    left,
                    right,
                } => pending.extend([right, left]),
                _ => operands.push(id),
            }
        }
        operands.sort_by_key(|id| self.expr_rank(*id));
        let mut parts = Vec::new();
        for id in operands {
            match self.program.expr(id) {
                ir::Expr::Value(Term {
                    datum: Datum::Kind(Kind::TOP),
                    ..
                }) => {}
                ir::Expr::Value(Term {
                    datum: Datum::Kind(_),
                    ..
                }) => parts.push(self.expr(id)),
                _ => parts.push(self.inner(id)),
            }
        }
        Expr::joined(BinaryOp::And, parts).unwrap_or_else(|| Expr::ident("_"))
    }

    /// Where a conjunct is printed among others.
    pub(super) fn rank(&self, origin: Origin) -> (u32, u32) {
        match origin {
            Origin::Term(term) => match term.datum {
                Datum::Kind(Kind::TOP) => (0, term.span.lo),
                Datum::Kind(_) => (1, term.span.lo),
                Datum::Null
                | Datum::Bool(_)
                | Datum::Number(_)
                | Datum::String(_)
                | Datum::Bytes(_) => (10, term.span.lo),
                Datum::Bound(_) => (20, term.span.lo),
                _ => (25, term.span.lo),
            },
            _ => origin
                .expr(self.program)
                .map_or((100, 0), |id| self.expr_rank(id)),
        }
    }

    fn expr_rank(&self, id: ExprId) -> (u32, u32) {
        let span = self.program.expr_span(id);
        match self.program.expr(id) {
            ir::Expr::Value(term) => self.rank(Origin::Term(term)),
            ir::Expr::Field { .. } => (2, span.lo),
            ir::Expr::Struct(_) | ir::Expr::List(_) => (500, span.lo),
            _ => (25, span.lo),
        }
    }

    fn ellipsis_type(&mut self, decl: DeclId) -> Option<Expr> {
        match self.program.decl(decl) {
            Decl::Ellipsis { value } => value.map(|value| self.expr(value)),
            _ => None,
        }
    }

    fn interpolation(&mut self, kind: Kind, parts: &[ExprId]) -> Expr {
        let texts: Vec<(String, String)> = parts
            .iter()
            .step_by(2)
            .map(|id| {
                let ir::Expr::Value(term) = self.program.expr(*id) else {
                    return (String::new(), String::new());
                };
                let pool = self.graph.pool();
                match term.datum {
                    Datum::String(id) => {
                        let text = pool.text(id);
                        (text.to_string(), quote(text, Form::STRING))
                    }
                    Datum::Bytes(id) => {
                        let bytes = pool.blob(id);
                        let text = String::from_utf8_lossy(bytes).into_owned();
                        (text, quote_bytes_as(bytes, Form::STRING))
                    }
                    _ => (String::new(), String::new()),
                }
            })
            .collect();
        let is_bytes = kind == Kind::BYTES;
        let on_lines = texts.iter().any(|(text, _)| text.contains('\n'));
        let indent = "\t".repeat(if on_lines { self.stack.len() } else { 0 });
        let (open, close) = match (on_lines, is_bytes) {
            (false, false) => ("\"".to_owned(), "\"".to_owned()),
            (false, true) => ("'".to_owned(), "'".to_owned()),
            (true, false) => (format!("\"\"\"\n{indent}"), format!("\n{indent}\"\"\"")),
            (true, true) => (format!("'''\n{indent}"), format!("\n{indent}'''")),
        };
        let last = texts.len().saturating_sub(1);
        let mut literals: Vec<ast::BasicLit> = Vec::new();
        for (at, (text, quoted)) in texts.iter().enumerate() {
            let body = if on_lines {
                text.split('\n')
                    .enumerate()
                    .map(|(line, text)| {
                        let escaped = quote(text, Form::STRING);
                        let escaped = inside(&escaped).replace("\\\"", "\"");
                        if line > 0 && !escaped.is_empty() {
                            format!("{indent}{escaped}")
                        } else if line > 0 && at != last && line + 1 == text.len() {
                            indent.clone()
                        } else {
                            escaped
                        }
                    })
                    .collect::<Vec<_>>()
                    .join("\n")
            } else {
                inside(quoted).to_owned()
            };
            let mut literal = String::new();
            literal.push_str(if at == 0 { &open } else { ")" });
            literal.push_str(&body);
            if at != last && literal.ends_with('\n') {
                literal.push_str(&indent);
            }
            literal.push_str(if at == last { &close } else { "\\(" });
            literals.push(ast::BasicLit::new(ast::LitKind::String, literal));
        }
        let mut literals = literals.into_iter();
        let Some(first) = literals.next() else {
            return Expr::string("");
        };
        let mut steps = Vec::new();
        for (id, text) in parts.iter().skip(1).step_by(2).zip(literals) {
            steps.push(ast::InterpolationStep {
                expr: self.inner(*id),
                text,
            });
        }
        Expr::Interpolation(Box::new(ast::Interpolation {
            meta: ast::Meta::default(),
            first,
            steps,
        }))
    }

    /// A struct literal as it was written.
    pub(super) fn literal(&mut self, lit: StructId) -> Expr {
        let program = self.program;
        let mut decls = Vec::new();
        for &decl in &program.struct_lit(lit).decls {
            if let Some(mut made) = self.decl(decl) {
                if self.profile.show_docs
                    && let Some(meta) = made.meta_mut()
                {
                    let docs = self.decl_docs(decl);
                    meta.comments.set(docs);
                }
                decls.push(made);
            }
        }
        Expr::structure(decls)
    }

    fn decl_docs(&self, decl: DeclId) -> Vec<ast::CommentGroup> {
        let span = self.program.decl_span(decl);
        let comments = match self.program.decl(decl) {
            Decl::Comprehension(_) => self
                .trees
                .comprehension(span)
                .map(|tree| tree.meta.comments.groups()),
            _ => self
                .trees
                .field(span)
                .map(|tree| tree.meta.comments.groups()),
        };
        comments
            .unwrap_or_default()
            .iter()
            .filter(|group| group.doc)
            .cloned()
            .collect()
    }

    /// A declaration; none for a `let`, which has its place already.
    fn decl(&mut self, id: DeclId) -> Option<ast::Decl> {
        let tree = self.trees.field(self.program.decl_span(id));
        let label_alias = tree.and_then(|field| field.label.alias()).cloned();
        let mut field = match self.program.decl(id) {
            Decl::Let { .. } => return None,
            Decl::Embed(expr) => return Some(super::file::embedded(self.expr(expr))),
            Decl::Ellipsis { value } => {
                return Some(ast::Decl::Ellipsis(Box::new(ast::Ellipsis {
                    meta: ast::Meta::default(),
                    element: value.map(|value| self.expr(value)),
                })));
            }
            Decl::Comprehension(source) => {
                return Some(ast::Decl::Comprehension(Box::new(
                    self.comprehension(source),
                )));
            }
            Decl::Field { label, arc, value } => {
                let made = self.field_value(label, value);
                ast::Field::new(self.label(label), made).with_constraint(constraint(arc))
            }
            Decl::Pattern { filter, value } => {
                let filter = self.inner(filter);
                let element = match tree.map(|field| field.label.unaliased()) {
                    Some(ast::Label::List(list)) => match list.elts.first() {
                        Some(Expr::Alias(alias)) => Expr::Alias(Box::new(ast::Alias {
                            meta: ast::Meta::default(),
                            ident: ast::Ident::new(alias.ident.name.as_str()),
                            equal: ast::Pos::NONE,
                            expr: filter,
                        })),
                        _ => filter,
                    },
                    _ => filter,
                };
                let label = ast::Label::List(Box::new(ast::ListLit::new(vec![element])));
                ast::Field::new(label, self.expr(value))
            }
            Decl::Dynamic { key, arc, value } => {
                let label = match self.known_key(id) {
                    Some(name) => ast::Label::Basic(ast::BasicLit::string(&name)),
                    None => match self.inner(key) {
                        Expr::Interpolation(key) => ast::Label::Interpolation(key),
                        Expr::Basic(key) => ast::Label::Basic(key),
                        key => ast::Label::Paren(Box::new(ast::ParenExpr {
                            meta: ast::Meta::default(),
                            expr: key,
                            rparen: ast::Pos::NONE,
                        })),
                    },
                };
                ast::Field::new(label, self.expr(value)).with_constraint(constraint(arc))
            }
        };
        if let Some(alias) = label_alias {
            field.label = ast::Label::Alias(Box::new(ast::LabelAlias {
                meta: ast::Meta::default(),
                ident: ast::Ident::new(alias.name.as_str()),
                equal: ast::Pos::NONE,
                label: field.label,
            }));
        }
        if let Some(Expr::Alias(alias)) = tree.map(|field| &field.value)
            && !matches!(field.value, Expr::Alias(_))
        {
            field.value = Expr::Alias(Box::new(ast::Alias {
                meta: ast::Meta::default(),
                ident: ast::Ident::new(alias.ident.name.as_str()),
                equal: ast::Pos::NONE,
                expr: field.value,
            }));
        }
        if let Some(tree) = tree {
            super::trees::add_attributes(&mut field.attrs, &tree.attrs.iter().collect::<Vec<_>>());
        }
        Some(ast::Decl::Field(Box::new(field)))
    }

    fn field_value(&mut self, label: cue_eval::Label, value: ExprId) -> Expr {
        if let ir::Expr::Struct(_) = self.program.expr(value) {
            let node = self.stack.last().and_then(|frame| frame.node);
            let src = node.and_then(|node| node.arc(label));
            return self.merge(src, &[Origin::Expr(value)]);
        }
        self.expr(value)
    }

    /// The name that a computed label has, when it is known.
    fn known_key(&self, decl: DeclId) -> Option<String> {
        let node = self.stack.last().and_then(|frame| frame.node)?;
        node.arcs().into_iter().find_map(|field| {
            field
                .value
                .origins()
                .contains(&Origin::Decl(decl))
                .then(|| self.label_text(field.label))
        })
    }

    fn comprehension(&mut self, id: ComprehensionId) -> ast::Comprehension {
        let program = self.program;
        let comprehension = program.comprehension(id);
        let tree = self.trees.comprehension(comprehension.span);
        let mut clauses = Vec::new();
        for (at, clause) in comprehension.clauses.iter().enumerate() {
            let written = tree.and_then(|tree| tree.clauses.get(at));
            let mut made = match *clause {
                Clause::For { key, value, source } => {
                    let source = self.inner(source);
                    let name = |label: Option<cue_eval::Label>| {
                        ast::Ident::new(
                            label.map_or("_".to_owned(), |label| self.label_text(label)),
                        )
                    };
                    let has_key = key.is_some()
                        || matches!(written, Some(ast::Clause::For(tree)) if tree.key.is_some());
                    ast::Clause::For(Box::new(ast::ForClause {
                        meta: ast::Meta::default(),
                        key: has_key.then(|| name(key)),
                        comma: ast::Pos::NONE,
                        value: name(value),
                        in_pos: ast::Pos::NONE,
                        source,
                    }))
                }
                Clause::If { condition } => ast::Clause::If(Box::new(ast::IfClause {
                    meta: ast::Meta::default(),
                    condition: self.inner(condition),
                })),
                Clause::Let { label, value } => ast::Clause::Let(Box::new(ast::LetClause {
                    meta: ast::Meta::default(),
                    ident: ast::Ident::new(self.label_text(label)),
                    equal: ast::Pos::NONE,
                    expr: self.inner(value),
                })),
            };
            if let Some(written) = written {
                made.meta_mut().rel = written.meta().rel;
                if self.profile.show_docs {
                    let docs = written.meta().comments.groups().iter();
                    let docs = docs.filter(|group| group.doc).cloned().collect();
                    made.meta_mut().comments.set(docs);
                }
            }
            clauses.push(made);
        }
        let value = match self.expr(comprehension.value) {
            Expr::Struct(lit) => *lit,
            other => ast::StructLit::new(vec![ast::Decl::embed(other)]),
        };
        ast::Comprehension {
            meta: ast::Meta::default(),
            clauses,
            value,
        }
    }
}

/// A single-line literal without its quotes.
fn inside(quoted: &str) -> &str {
    quoted
        .get(1..quoted.len().saturating_sub(1))
        .unwrap_or_default()
}

fn binary(op: Op) -> Option<BinaryOp> {
    Some(match op {
        Op::And => BinaryOp::And,
        Op::BoolAnd => BinaryOp::LogicalAnd,
        Op::BoolOr => BinaryOp::LogicalOr,
        Op::Equal => BinaryOp::Equal,
        Op::NotEqual => BinaryOp::NotEqual,
        Op::Less => BinaryOp::Less,
        Op::LessEqual => BinaryOp::LessEqual,
        Op::Greater => BinaryOp::Greater,
        Op::GreaterEqual => BinaryOp::GreaterEqual,
        Op::Match => BinaryOp::Match,
        Op::NotMatch => BinaryOp::NotMatch,
        Op::Add => BinaryOp::Add,
        Op::Subtract => BinaryOp::Subtract,
        Op::Multiply => BinaryOp::Multiply,
        Op::Divide => BinaryOp::Divide,
        Op::Not => return None,
    })
}
