//! Values as expressions: what is known is a literal, what is not is printed as it was written.
//!
//! A node becomes, by its base, a struct of its fields, a list of its elements, a scalar, or the types, bounds and alternatives
//! that are left. A node that has no value yet (its base is an incomplete error) is printed as its conjuncts, joined by `&`,
//! types first. As cue v0.14.1 `internal/core/export/value.go`.

use super::bounds::Range;
use super::exporter::Exporter;
use super::trees;
use crate::data_file::{as_float, expr_of_data};
use cue_eval::number::NumberKind;
use cue_eval::{ArcKind, Data, Datum, Kind, ListEnd, Op, Origin, Shape, Term, Value, ir};
use cue_syntax::ast::{self, Attribute, BinaryOp, Expr, UnaryOp};
use cue_syntax::literal::Form;
use source_vocab::Span;

impl<'a> Exporter<'a> {
    /// A value of the graph.
    pub(super) fn vertex(&mut self, value: Value<'a>) -> Expr {
        if self.too_deep() {
            return Expr::bottom();
        }
        let node = value.followed();
        let attributes = self.literal_attributes(node);
        self.push(Some(node));
        let origins = node.origins();
        for origin in &origins {
            self.mark_lets(*origin);
        }
        let mut composite = false;
        let result = match node.base_term() {
            None => None,
            Some(base) => match base.datum {
                Datum::StructMark => {
                    composite = true;
                    None
                }
                Datum::ListMark(_) => {
                    if self.shows_fields(node) || !attributes.is_empty() {
                        composite = true;
                        None
                    } else {
                        Some(self.list(node))
                    }
                }
                Datum::Bottom(id) => {
                    let bottom = self.graph.bottom(id);
                    if Self::arc_kind(value) == Some(ArcKind::Optional) {
                        None
                    } else if self.profile.show_errors && bottom.of_child {
                        let is_list = matches!(node.shape(), Shape::List(_));
                        if is_list && !self.shows_fields(node) && attributes.is_empty() {
                            Some(self.list(node))
                        } else {
                            composite = true;
                            None
                        }
                    } else if !bottom.code.is_incomplete() || origins.is_empty() {
                        Some(self.bottom(id, Some(node)))
                    } else {
                        None
                    }
                }
                _ => {
                    if self.shows_fields(node) || !attributes.is_empty() {
                        composite = true;
                        None
                    } else {
                        // an element that is a literal keeps its spelling
                        let is_scalar = matches!(
                            base.datum,
                            Datum::Number(_) | Datum::String(_) | Datum::Bytes(_)
                        );
                        let written = origins.iter().find_map(|origin| match origin {
                            Origin::Expr(id) if is_scalar => self.literal_of(*id),
                            _ => None,
                        });
                        Some(written.unwrap_or_else(|| self.term(base)))
                    }
                }
            },
        };
        if composite {
            self.fields_of(node, attributes);
            let items = self.pop();
            return self.structure(items);
        }
        let result = match result {
            Some(result) => result,
            None => self.written(&origins),
        };
        let items = self.pop();
        if self.has_used_lets(&items) {
            // a `let` needs a struct to stand in
            return self.origin_expr_of(node);
        }
        result
    }

    /// The conjuncts of a node joined by `&`.
    fn written(&mut self, origins: &[Origin]) -> Expr {
        let mut sorted: Vec<Origin> = origins.to_vec();
        sorted.sort_by_key(|origin| self.rank(*origin));
        let parts: Vec<Expr> = sorted
            .into_iter()
            .filter_map(|origin| self.origin(origin))
            .collect();
        Expr::joined(BinaryOp::And, parts).unwrap_or_else(|| Expr::ident("_"))
    }

    fn arc_kind(value: Value<'_>) -> Option<ArcKind> {
        let label = value.path().last().copied()?;
        let parent = value.parent()?;
        parent
            .arcs()
            .into_iter()
            .find(|field| field.label == label)
            .map(|field| field.kind)
    }

    /// The attributes that stand in the struct literals of a node.
    fn literal_attributes(&self, node: Value<'a>) -> Vec<Attribute> {
        let mut found = Vec::new();
        if self.profile.show_attributes {
            for lit in node.literals() {
                self.add_body_attributes(lit, &mut found);
            }
        }
        found
    }

    pub(super) fn add_body_attributes(&self, lit: ir::StructId, found: &mut Vec<Attribute>) {
        let span = self.program.struct_lit(lit).span;
        let Some(body) = self.trees.body(span) else {
            return;
        };
        // what stands before the package clause and the imports is about the file
        let head = body
            .iter()
            .rposition(|decl| matches!(decl, ast::Decl::Package(_) | ast::Decl::Import(_)))
            .map_or(0, |at| at + 1);
        let attributes: Vec<&Attribute> = body
            .iter()
            .skip(head)
            .filter_map(|decl| match decl {
                ast::Decl::Attribute(attribute) => Some(&**attribute),
                _ => None,
            })
            .collect();
        trees::add_attributes(found, &attributes);
    }

    fn shows_fields(&self, node: Value<'a>) -> bool {
        node.arcs().into_iter().any(|field| {
            field.label.is_definition() && self.profile.show_definitions
                || field.label.is_hidden() && self.profile.show_hidden
        })
    }

    /// Puts the fields of a node into the innermost scope.
    fn fields_of(&mut self, node: Value<'a>, attributes: Vec<Attribute>) {
        let mut list_at_end = false;
        let mut shows_regular = false;
        match node.base_term().map(|base| base.datum) {
            Some(Datum::StructMark) | None => shows_regular = true,
            Some(Datum::ListMark(_)) => list_at_end = true,
            Some(Datum::Bottom(id)) => {
                if !self.profile.show_errors || !self.graph.bottom(id).of_child {
                    let bottom = self.bottom(id, Some(node));
                    self.place_value(bottom);
                    return;
                }
                shows_regular = true;
                list_at_end = matches!(node.shape(), Shape::List(_));
            }
            Some(_) => {
                if let Some(base) = node.base_term() {
                    let value = self.term(base);
                    self.place_value(value);
                }
            }
        }
        for attribute in attributes {
            self.place(ast::Decl::Attribute(Box::new(attribute)));
        }
        for field in node.arcs() {
            let label = field.label;
            let shown = if label.is_int() || label.is_let() {
                false
            } else if label.is_hidden() {
                self.profile.show_hidden
                    && self.graph.labels().package(label) == Some(self.home.as_str())
                    && !self.is_internal(label)
            } else if label.is_definition() {
                self.profile.show_definitions
            } else {
                shows_regular
            };
            if !shown || field.kind == ArcKind::Optional && !self.profile.show_optional {
                continue;
            }
            if label.is_definition() {
                self.in_definition += 1;
            }
            let value = self.vertex(field.value);
            if label.is_definition() {
                self.in_definition -= 1;
            }
            let mut made = ast::Field::new(self.label(label), value)
                .with_constraint(super::exporter::constraint(field.kind));
            if self.profile.show_attributes {
                made.attrs = self.field_attributes(&field.value.origins());
            }
            if self.profile.show_docs {
                made.meta.comments.set(self.docs(field.value));
            }
            self.place(ast::Decl::Field(Box::new(made)));
        }
        if list_at_end {
            let list = self.list(node);
            self.place_value(list);
        }
    }

    fn list(&mut self, node: Value<'a>) -> Expr {
        let mut items = Vec::new();
        for element in node.elements() {
            let mut made = self.vertex(element);
            if self.profile.show_docs {
                let docs = self.docs(element);
                made.meta_mut().comments.set(docs);
            }
            items.push(made);
        }
        if !self.profile.take_defaults && matches!(node.shape(), Shape::List(ListEnd::Open)) {
            items.push(Expr::ellipsis(None));
        }
        Expr::list(items)
    }

    /// A value that is no node, or the node that it is.
    pub(super) fn term(&mut self, term: Term) -> Expr {
        if self.too_deep() {
            return Expr::bottom();
        }
        let graph = self.graph;
        let pool = graph.pool();
        let tabs = self.stack.len();
        match term.datum {
            Datum::Null => Expr::Basic(ast::BasicLit::null()),
            Datum::Bool(flag) => Expr::Basic(ast::BasicLit::boolean(flag)),
            Datum::Number(id) => number(pool.number(id)),
            Datum::String(id) => {
                let form = Form::STRING.with_optional_tab_indent(tabs);
                let text = cue_syntax::literal::quote(pool.text(id), form);
                Expr::Basic(ast::BasicLit::new(ast::LitKind::String, text))
            }
            Datum::Bytes(id) => {
                let form = Form::STRING.with_optional_tab_indent(tabs);
                let text = cue_syntax::literal::quote_bytes_as(pool.blob(id), form);
                Expr::Basic(ast::BasicLit::new(ast::LitKind::String, text))
            }
            Datum::Kind(kind) => kinds(kind),
            Datum::Bound(id) => {
                let bound = pool.bound(id);
                let operand = self.term(bound.operand);
                match unary(bound.op) {
                    Some(op) => Expr::unary(op, operand),
                    None => kinds(graph.view(term).kind()),
                }
            }
            Datum::Function(id) => {
                let name = pool.function(id).qualified_name();
                self.builtin(&name)
            }
            Datum::Validator(id) => {
                let validator = pool.validator(id);
                let name = pool.function(validator.function).qualified_name();
                let function = self.builtin(&name);
                let args = validator.args.iter().map(|arg| self.term(*arg)).collect();
                Expr::call(function, args)
            }
            Datum::Conjunction(id) => self.conjunction(pool.conjunction(id)),
            Datum::Disjunction(id) => {
                let choice = pool.disjunction(id);
                let mut values = choice.values.as_slice();
                let mut defaults = choice.defaults;
                if self.profile.take_defaults && defaults > 0 {
                    values = values.get(..defaults).unwrap_or(values);
                    defaults = 0;
                }
                if let [only] = values {
                    return self.term(*only);
                }
                let parts: Vec<Expr> = values
                    .iter()
                    .enumerate()
                    .map(|(at, part)| {
                        let part = self.term(*part);
                        if at < defaults {
                            Expr::unary(UnaryOp::Default, part)
                        } else {
                            part
                        }
                    })
                    .collect();
                Expr::joined(BinaryOp::Or, parts).unwrap_or_else(Expr::bottom)
            }
            Datum::Node(_) => self.vertex(graph.view(term)),
            Datum::Bottom(id) => self.bottom(id, None),
            Datum::StructMark => Expr::structure(Vec::new()),
            Datum::ListMark(_) => Expr::list(Vec::new()),
        }
    }

    fn conjunction(&mut self, parts: &[Term]) -> Expr {
        match parts {
            [] => return Expr::ident("_"),
            [only] => return self.term(*only),
            _ => {}
        }
        let mut range = Range::default();
        let mut rest: Vec<Term> = parts
            .iter()
            .copied()
            .filter(|part| !range.add(self.graph, *part))
            .collect();
        let mut out = Vec::new();
        match range.named() {
            Some(named) => {
                out.extend(named.names.into_iter().map(Expr::ident));
                out.extend(named.bounds.into_iter().map(|bound| self.term(bound)));
            }
            None => rest = parts.to_vec(),
        }
        rest.sort_by_key(|part| (term_rank(*part), part.span.lo));
        out.extend(rest.into_iter().map(|part| self.term(part)));
        Expr::joined(BinaryOp::And, out).unwrap_or_else(|| Expr::ident("_"))
    }

    /// An error, with its message as a comment.
    fn bottom(&self, id: cue_eval::term::BottomId, at: Option<Value<'a>>) -> Expr {
        let mut made = Expr::bottom();
        let message = if self.is_nameless {
            super::message::without_path(self.graph, self.graph.bottom(id))
        } else {
            super::message::of(self.graph, self.graph.bottom(id), at)
        };
        if !message.is_empty() {
            made.meta_mut().comments.add(ast::CommentGroup {
                doc: false,
                line: true,
                position: 2,
                list: vec![ast::Comment {
                    pos: ast::Pos::NONE,
                    text: format!("// {message}").into(),
                }],
            });
        }
        made
    }
}

/// How early a part of a conjunction is printed.
fn term_rank(term: Term) -> u32 {
    match term.datum {
        Datum::Kind(Kind::TOP) => 0,
        Datum::Kind(_) => 1,
        Datum::Null | Datum::Bool(_) | Datum::Number(_) | Datum::String(_) | Datum::Bytes(_) => 10,
        Datum::Bound(_) => 20,
        _ => 25,
    }
}

pub(super) fn unary(op: Op) -> Option<UnaryOp> {
    Some(match op {
        Op::NotEqual => UnaryOp::NotEqual,
        Op::Less => UnaryOp::Less,
        Op::LessEqual => UnaryOp::LessEqual,
        Op::Greater => UnaryOp::Greater,
        Op::GreaterEqual => UnaryOp::GreaterEqual,
        Op::Match => UnaryOp::Match,
        Op::NotMatch => UnaryOp::NotMatch,
        Op::Equal => UnaryOp::Equal,
        Op::Add => UnaryOp::Plus,
        Op::Subtract => UnaryOp::Minus,
        Op::Not => UnaryOp::Not,
        _ => return None,
    })
}

fn number(number: &cue_eval::Number) -> Expr {
    let text = number.decimal.to_string();
    match number.kind {
        NumberKind::Float if !text.starts_with('-') => Expr::float(as_float(&text)),
        _ => expr_of_data(&Data::Number(number.clone()), Span::DETACHED),
    }
}

/// A set of kinds as types joined by `|`.
pub fn kinds(kind: Kind) -> Expr {
    if Kind::TOP.without(Kind::FUNC).is_within(kind) {
        return Expr::ident("_");
    }
    let number = Kind::NUMBER.is_within(kind);
    let mut parts = Vec::new();
    for (single, name) in [
        (Kind::NULL, "null"),
        (Kind::BOOL, "bool"),
        (Kind::STRING, "string"),
        (Kind::BYTES, "bytes"),
        (Kind::INT, "int"),
        (Kind::FLOAT, "float"),
    ] {
        if single.is_within(kind) && !(number && single.is_within(Kind::NUMBER)) {
            parts.push(Expr::ident(name));
        }
    }
    if number {
        parts.push(Expr::ident("number"));
    }
    if Kind::LIST.is_within(kind) {
        parts.push(Expr::list(vec![Expr::ellipsis(None)]));
    }
    if Kind::STRUCT.is_within(kind) {
        parts.push(Expr::structure(vec![ast::Decl::ellipsis()]));
    }
    Expr::joined(BinaryOp::Or, parts).unwrap_or_else(Expr::bottom)
}
