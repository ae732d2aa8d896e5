//! Definitions: the conjuncts of a field as one expression.
//!
//! What several struct literals say is merged into one struct; scalars, types and bounds that refer to nothing are unified;
//! everything else (references, calls, comprehensions) stays as it was written, joined by `&`. A literal with patterns, computed
//! labels or comprehensions cannot be merged and is embedded as it is.
//!
//! Example: `a: int`, `a: >0` and `a: b` give `a: b & >0 & int` in one piece. As `mergeValues` of cue v0.14.1
//! `internal/core/export/expr.go`.

use super::exporter::{Exporter, constraint};
use crate::session::{Evaluation, Package};
use cue_eval::ir::{DeclId, ExprId, StructId};
use cue_eval::{ArcKind, Data, Datum, Kind, Label, Op, Origin, Shape, Term, Value, ir};
use cue_syntax::ast::{self, Attribute, BinaryOp, Expr};
use indexmap::IndexMap;

/// A value among the conjuncts that refers to nothing.
#[derive(Clone, Copy)]
enum Part {
    Term(Term),
    Expr(ExprId),
}

struct Merged<'a> {
    kind: ArcKind,
    arc: Option<Value<'a>>,
    origins: Vec<Origin>,
}

/// The conjuncts of one value, sorted out.
#[derive(Default)]
struct Conjuncts<'a> {
    parts: Vec<Part>,
    embedded: Vec<Expr>,
    joined: Vec<Expr>,
    structs: Vec<StructId>,
    fields: IndexMap<Label, Merged<'a>>,
    attributes: Vec<Attribute>,
    has_ellipsis: bool,
    is_data: bool,
}

impl<'a> Exporter<'a> {
    /// A conjunct as an expression; none for one that says nothing.
    pub(super) fn origin(&mut self, origin: Origin) -> Option<Expr> {
        match origin {
            Origin::Undecided => None,
            Origin::Term(term) => Some(match term.datum {
                Datum::Node(_) => {
                    let value = self.graph.view(term);
                    if value.is_made_of_data() {
                        self.vertex(value)
                    } else {
                        self.origin_expr_of(value)
                    }
                }
                _ => self.term(term),
            }),
            Origin::Yielded(_) | Origin::YieldedExpr(_) => {
                let id = origin.expr(self.program)?;
                Some(match self.program.expr(id) {
                    ir::Expr::Struct(lit) => self.literal(lit),
                    _ => self.expr(id),
                })
            }
            Origin::Decl(_) | Origin::Expr(_) => {
                let id = origin.expr(self.program)?;
                if let ir::Expr::Value(Term {
                    datum: Datum::Kind(Kind::TOP),
                    ..
                }) = self.program.expr(id)
                {
                    return None;
                }
                Some(self.expr(id))
            }
        }
    }

    /// The conjuncts of a node, merged.
    pub(super) fn origin_expr_of(&mut self, node: Value<'a>) -> Expr {
        let origins: Vec<Origin> = node
            .origins()
            .into_iter()
            .filter(|origin| *origin != Origin::Undecided)
            .collect();
        self.merge(Some(node), &origins)
    }

    /// Merges the conjuncts of a value; `src` is the value where it is known.
    pub(super) fn merge(&mut self, src: Option<Value<'a>>, origins: &[Origin]) -> Expr {
        if self.too_deep() {
            return Expr::bottom();
        }
        let src = src.map(Value::followed);
        self.push(src);
        let mut alias: Option<String> = None;
        for origin in origins {
            if let Some(field) = self.field_tree(*origin)
                && let Expr::Alias(found) = &field.value
                && alias.is_none()
            {
                alias = Some(found.ident.name.as_str().to_owned());
            }
            self.mark_lets(*origin);
        }
        let has_lets = self
            .stack
            .last()
            .is_some_and(|frame| !frame.scope.is_empty());
        let mut all = Conjuncts::default();
        for origin in origins {
            self.add_origin(&mut all, src, *origin);
        }
        if let Some(src) = src {
            for found in src.arcs() {
                if let Some(field) = all.fields.get_mut(&found.label) {
                    field.kind = found.kind;
                    field.arc = Some(found.value);
                }
            }
        }
        let made = self.deeper(|this| this.merged(all, src, has_lets));
        match alias {
            Some(name) => Expr::Alias(Box::new(ast::Alias {
                meta: ast::Meta::default(),
                ident: ast::Ident::new(name),
                equal: ast::Pos::NONE,
                expr: made,
            })),
            None => made,
        }
    }

    fn merged(&mut self, mut all: Conjuncts<'a>, src: Option<Value<'a>>, has_lets: bool) -> Expr {
        let has_attributes = !all.attributes.is_empty();
        for attribute in std::mem::take(&mut all.attributes) {
            self.place(ast::Decl::Attribute(Box::new(attribute)));
        }
        if !all.parts.is_empty() {
            let value = self.unified(&all.parts);
            all.embedded.push(value);
        }
        let mut order: Vec<Label> = all.fields.keys().copied().collect();
        super::order::sort(self.program, &all.structs, &mut order);
        if all.fields.is_empty() && !all.has_ellipsis {
            match (all.embedded.len(), all.joined.len()) {
                (0, 0) if has_attributes => {}
                (0, 0) => {
                    let is_struct = !all.structs.is_empty() || all.is_data;
                    let items = self.pop();
                    return if is_struct {
                        let made = self.structure(items);
                        closed(made, src, all.has_ellipsis)
                    } else {
                        Expr::ident("_")
                    };
                }
                (1, 0) | (0, 1) => {
                    let is_joined = !all.joined.is_empty();
                    let only = all.joined.pop().or_else(|| all.embedded.pop());
                    let Some(only) = only else {
                        return Expr::bottom();
                    };
                    if !has_attributes && !has_lets {
                        self.pop();
                        return only;
                    }
                    if let Expr::Struct(lit) = only {
                        for decl in lit.elts {
                            self.place(decl);
                        }
                        let items = self.pop();
                        let made = self.structure(items);
                        return closed(made, src, all.has_ellipsis);
                    }
                    if is_joined {
                        all.joined.push(only);
                    } else {
                        all.embedded.push(only);
                    }
                }
                _ => {}
            }
        }
        for value in std::mem::take(&mut all.embedded) {
            self.place(super::file::embedded(value));
        }
        for label in order {
            if label.is_let() {
                continue;
            }
            let Some(field) = all.fields.get(&label) else {
                continue;
            };
            if self.is_internal(label) {
                continue;
            }
            if label.is_definition() {
                self.in_definition += 1;
            }
            let value = self.merge(field.arc, &field.origins);
            if label.is_definition() {
                self.in_definition -= 1;
            }
            let mut made =
                ast::Field::new(self.label(label), value).with_constraint(constraint(field.kind));
            if self.profile.show_docs {
                let docs = self.docs_of(&field.origins, &mut Vec::new());
                made.meta.comments.set(docs);
            }
            if self.profile.show_attributes {
                made.attrs = self.field_attributes(&field.origins);
            }
            self.place(ast::Decl::Field(Box::new(made)));
        }
        if all.has_ellipsis {
            self.place(ast::Decl::ellipsis());
        }
        let items = self.pop();
        let decls = self.decls(items);
        let is_struct = !all.structs.is_empty() || !decls.is_empty();
        let made = closed(Expr::structure(decls), src, all.has_ellipsis);
        if all.joined.is_empty() {
            return made;
        }
        if is_struct {
            all.joined.push(made);
        }
        Expr::joined(BinaryOp::And, all.joined).unwrap_or_else(Expr::bottom)
    }

    fn add_origin(&mut self, all: &mut Conjuncts<'a>, src: Option<Value<'a>>, origin: Origin) {
        match origin {
            Origin::Term(term) => self.add_term(all, src, term),
            Origin::Decl(_) | Origin::Expr(_) => {
                if let Some(id) = origin.expr(self.program) {
                    self.add_expr(all, src, id, false);
                }
            }
            Origin::Yielded(_) | Origin::YieldedExpr(_) => {
                if let Some(made) = self.origin(origin) {
                    all.joined.push(made);
                }
            }
            Origin::Undecided => {}
        }
    }

    fn add_term(&mut self, all: &mut Conjuncts<'a>, src: Option<Value<'a>>, term: Term) {
        let Datum::Node(_) = term.datum else {
            let is_top = matches!(term.datum, Datum::Kind(Kind::TOP));
            let says_more = src.is_some_and(|src| {
                !matches!(
                    src.base_term().map(|base| base.datum),
                    Some(Datum::Kind(Kind::TOP))
                )
            });
            if !(is_top && says_more) {
                all.parts.push(Part::Term(term));
            }
            return;
        };
        let node = self.graph.view(term).followed();
        if !node.is_made_of_data() {
            for origin in node.origins() {
                self.add_origin(all, Some(node), origin);
            }
            return;
        }
        all.is_data = true;
        if let Some(base) = node.base_term()
            && !matches!(base.datum, Datum::StructMark | Datum::ListMark(_))
        {
            all.parts.push(Part::Term(base));
        }
        for field in node.arcs() {
            add_field(
                &mut all.fields,
                field.label,
                field.kind,
                Origin::Term(field.value.term()),
            );
        }
    }

    fn add_expr(
        &mut self,
        all: &mut Conjuncts<'a>,
        src: Option<Value<'a>>,
        id: ExprId,
        is_embedded: bool,
    ) {
        match self.program.expr(id) {
            ir::Expr::Struct(lit) => self.add_struct(all, src, lit),
            ir::Expr::Value(term) => self.add_term(all, src, term),
            ir::Expr::Binary {
                op: Op::And,
                left,
                right,
            } if !is_embedded => {
                self.add_expr(all, src, left, false);
                self.add_expr(all, src, right, false);
            }
            _ if self.is_self_contained(id) => all.parts.push(Part::Expr(id)),
            _ if is_embedded => {
                let made = self.expr(id);
                all.embedded.push(made);
            }
            _ => {
                let made = self.expr(id);
                all.joined.push(made);
            }
        }
    }

    fn add_struct(&mut self, all: &mut Conjuncts<'a>, src: Option<Value<'a>>, lit: StructId) {
        if self.profile.show_attributes {
            self.add_body_attributes(lit, &mut all.attributes);
        }
        let program = self.program;
        let decls = &program.struct_lit(lit).decls;
        if self.is_complex(decls) {
            self.push(src);
            let made = self.deeper(|this| this.literal(lit));
            self.pop();
            all.embedded.push(made);
            return;
        }
        all.structs.push(lit);
        for &decl in decls {
            match program.decl(decl) {
                ir::Decl::Field { label, arc, .. } => {
                    add_field(&mut all.fields, label, arc, Origin::Decl(decl));
                }
                ir::Decl::Ellipsis { .. } => all.has_ellipsis = true,
                ir::Decl::Embed(expr) => self.deeper(|this| this.add_expr(all, None, expr, true)),
                _ => {}
            }
        }
    }

    /// Whether a literal cannot be merged with others.
    fn is_complex(&self, decls: &[DeclId]) -> bool {
        decls.iter().any(|&decl| match self.program.decl(decl) {
            ir::Decl::Field { .. } => self
                .trees
                .field(self.program.decl_span(decl))
                .is_some_and(|field| field.label.alias().is_some()),
            ir::Decl::Let { .. } | ir::Decl::Embed(_) => false,
            ir::Decl::Ellipsis { value } => value.is_some(),
            ir::Decl::Pattern { .. } | ir::Decl::Dynamic { .. } | ir::Decl::Comprehension(_) => {
                true
            }
        })
    }

    fn is_self_contained(&self, id: ExprId) -> bool {
        let mut pending = vec![id];
        while let Some(id) = pending.pop() {
            match self.program.expr(id) {
                ir::Expr::Value(_) => {}
                ir::Expr::Binary { left, right, .. } => pending.extend([left, right]),
                ir::Expr::Unary { operand, .. } | ir::Expr::Bound { operand, .. } => {
                    pending.push(operand);
                }
                _ => return false,
            }
        }
        true
    }

    /// What is left of values that refer to nothing when they are unified.
    fn unified(&mut self, parts: &[Part]) -> Expr {
        let literal = parts.iter().find_map(|part| self.as_written(*part));
        if let [Part::Term(only)] = parts {
            return match literal {
                Some(literal) => literal,
                None => self.term(*only),
            };
        }
        let operands: Vec<Expr> = parts
            .iter()
            .map(|part| match part {
                Part::Term(term) => self.term(*term),
                Part::Expr(id) => self.expr(*id),
            })
            .map(Expr::paren)
            .collect();
        let Some(joined) = Expr::joined(BinaryOp::And, operands) else {
            return Expr::ident("_");
        };
        let mut package = Package::default();
        package.extend(
            [ast::File {
                meta: ast::Meta::default(),
                decls: vec![ast::Decl::field(ast::Label::regular("x"), joined.clone())],
            }],
            self.session,
        );
        let evaluation: Evaluation = self.session.evaluate(&package);
        let Some(value) = evaluation.root().and_then(|root| root.field("x")) else {
            return joined;
        };
        let concrete = matches!(
            value.shape(),
            Shape::Number(_) | Shape::String(_) | Shape::Bytes(_)
        );
        if concrete && let Some(literal) = literal {
            return literal;
        }
        match value.data() {
            Some(data @ (Data::Bool(_) | Data::Null | Data::Number(_))) => {
                crate::data_file::expr_of_data(&data, source_vocab::Span::DETACHED)
            }
            _ => {
                let mut inner = Exporter::new(
                    self.session,
                    &package,
                    &evaluation,
                    value.graph(),
                    self.profile,
                );
                for _ in &self.stack {
                    inner.push(None);
                }
                inner.is_nameless = true;
                inner.vertex(value)
            }
        }
    }

    /// A scalar literal as the author wrote it.
    fn as_written(&self, part: Part) -> Option<Expr> {
        match part {
            Part::Term(term) => self.literal_at(term),
            Part::Expr(id) => self.literal_of(id),
        }
    }

    /// An expression that is only a scalar literal, as the author wrote it.
    pub(super) fn literal_of(&self, id: ExprId) -> Option<Expr> {
        match self.program.expr(id) {
            ir::Expr::Value(term) => self.literal_at(term),
            _ => None,
        }
    }

    fn literal_at(&self, term: Term) -> Option<Expr> {
        let kind = match term.datum {
            Datum::Number(id) => match self.graph.pool().number(id).kind {
                cue_eval::number::NumberKind::Int => ast::LitKind::Int,
                cue_eval::number::NumberKind::Float => ast::LitKind::Float,
            },
            Datum::String(_) | Datum::Bytes(_) => ast::LitKind::String,
            _ => return None,
        };
        let text = self.snippet(term.span)?;
        let fits = match kind {
            ast::LitKind::String => text.starts_with(['"', '\'', '#']),
            _ => text.starts_with(|c: char| c.is_ascii_digit() || c == '.'),
        };
        fits.then(|| Expr::Basic(ast::BasicLit::new(kind, text)))
    }
}

fn add_field(
    fields: &mut IndexMap<Label, Merged<'_>>,
    label: Label,
    kind: ArcKind,
    origin: Origin,
) {
    let field = fields.entry(label).or_insert(Merged {
        kind: ArcKind::Absent,
        arc: None,
        origins: Vec::new(),
    });
    field.kind = field.kind.min(kind);
    field.origins.push(origin);
}

/// `close(...)` around a struct that `close` closed.
fn closed(made: Expr, src: Option<Value<'_>>, has_ellipsis: bool) -> Expr {
    if !has_ellipsis && src.is_some_and(Value::is_closed_once) {
        return Expr::call(Expr::ident("close"), vec![made]);
    }
    made
}
