//! Expressions and literals.

use super::Lowering;
use super::scope::Frame;
use crate::bottom::{Bottom, Code, Reason};
use crate::data::Number;
use crate::ir::{Alternative, Alternatives, Decl, Element, Expr, ExprId, ListLit};
use crate::kind::Kind;
use crate::number::Literal;
use crate::term::{Datum, Op};
use cue_syntax::ast::{self, BinaryOp, LitKind, UnaryOp};
use cue_syntax::literal::{Fragments, Unquoted, decode_interpolation, unquote};
use source_vocab::Span;

/// The value of a string literal.
pub(super) fn string_of(basic: &ast::BasicLit) -> Option<String> {
    match unquote(&basic.text) {
        Ok(Unquoted::String(text)) => Some(text),
        Ok(Unquoted::Bytes(_)) | Err(_) => None,
    }
}

impl Lowering<'_> {
    /// An expression.
    pub(super) fn expr(&mut self, expr: &ast::Expr) -> ExprId {
        let span = expr.span();
        match expr {
            ast::Expr::Bad(_) => self.bad(
                "cue/invalid-expression",
                "invalid expression".to_owned(),
                span,
            ),
            ast::Expr::Bottom(_) => {
                let span = self.span(span);
                let bottom = Bottom::new(Code::Literal, Reason::Explicit, span);
                let datum = self.program.pool.add_bottom(bottom);
                self.add_value(datum, span)
            }
            ast::Expr::Ident(ident) => self.resolve(ident),
            ast::Expr::Basic(basic) => self.literal(basic),
            ast::Expr::Interpolation(interpolation) => self.interpolation(interpolation),
            ast::Expr::Struct(lit) => self.struct_lit(lit),
            ast::Expr::List(list) => self.list(list),
            ast::Expr::Paren(paren) => self.expr(&paren.expr),
            ast::Expr::Selector(selector) => {
                let of = self.expr(&selector.base);
                let (label, at) = match &selector.selector {
                    ast::Selector::Ident(ident) => {
                        let at = ident.meta.span;
                        (self.identifier(&ident.name, at), at)
                    }
                    ast::Selector::String(basic) => match string_of(basic) {
                        Some(name) => {
                            let at = basic.meta.span;
                            (self.string_label(&name, at), at)
                        }
                        None => {
                            return self.bad(
                                "cue/invalid-label",
                                format!("`{}` is no label", basic.text),
                                basic.meta.span,
                            );
                        }
                    },
                };
                let at = self.span(at);
                self.add_expr(Expr::Select { of, label, at }, span)
            }
            ast::Expr::Index(index) => {
                let of = self.expr(&index.base);
                let index = self.expr(&index.index);
                self.add_expr(Expr::Index { of, index }, span)
            }
            ast::Expr::Slice(slice) => {
                let of = self.expr(&slice.base);
                let low = slice.low.as_ref().map(|low| self.expr(low));
                let high = slice.high.as_ref().map(|high| self.expr(high));
                self.add_expr(Expr::Slice { of, low, high }, span)
            }
            ast::Expr::Call(call) => {
                let function = self.expr(&call.function);
                let args: Vec<ExprId> = call.args.iter().map(|arg| self.expr(arg)).collect();
                let args = self.add_args(&args);
                self.add_expr(Expr::Call { function, args }, span)
            }
            ast::Expr::Unary(unary) => self.unary(unary),
            ast::Expr::Binary(binary) => self.binary(binary),
            ast::Expr::Alias(_) | ast::Expr::Ellipsis(_) | ast::Expr::Comprehension(_) => self.bad(
                "cue/invalid-expression",
                "this may not stand here".to_owned(),
                span,
            ),
        }
    }

    fn literal(&mut self, basic: &ast::BasicLit) -> ExprId {
        let span = basic.meta.span;
        let datum = match basic.kind {
            LitKind::Null => Datum::Null,
            LitKind::True => Datum::Bool(true),
            LitKind::False => Datum::Bool(false),
            LitKind::Int | LitKind::Float => match Literal::parse(&basic.text) {
                Ok(literal) => self.program.pool.add_number(Number {
                    kind: literal.kind,
                    decimal: literal.value,
                }),
                Err(error) => {
                    return self.bad(
                        "cue/invalid-number",
                        format!(
                            "`{}` is no number: {error}",
                            crate::label::cut(&basic.text, 40)
                        ),
                        span,
                    );
                }
            },
            LitKind::String => match unquote(&basic.text) {
                Ok(Unquoted::String(text)) => self.program.pool.add_text(text.into()),
                Ok(Unquoted::Bytes(bytes)) => self.program.pool.add_blob(bytes.into()),
                Err(error) => {
                    return self.bad("cue/invalid-string", error.to_string(), span);
                }
            },
        };
        self.add_value(datum, span)
    }

    /// A string or bytes with expressions in it.
    pub(super) fn interpolation(&mut self, interpolation: &ast::Interpolation) -> ExprId {
        let span = interpolation.meta.span;
        let fragments = match decode_interpolation(interpolation) {
            Ok(fragments) => fragments,
            Err(error) => return self.bad("cue/invalid-string", error.to_string(), span),
        };
        let (kind, texts): (Kind, Vec<ExprId>) = match fragments {
            Fragments::String(texts) => (
                Kind::STRING,
                texts
                    .into_iter()
                    .map(|text| {
                        let datum = self.program.pool.add_text(text.into());
                        self.add_value(datum, Span::DETACHED)
                    })
                    .collect(),
            ),
            Fragments::Bytes(blobs) => (
                Kind::BYTES,
                blobs
                    .into_iter()
                    .map(|blob| {
                        let datum = self.program.pool.add_blob(blob.into());
                        self.add_value(datum, Span::DETACHED)
                    })
                    .collect(),
            ),
        };
        let mut parts: Vec<ExprId> = Vec::with_capacity(texts.len() * 2);
        let mut exprs = interpolation.steps.iter();
        for text in texts {
            parts.push(text);
            if let Some(step) = exprs.next() {
                parts.push(self.expr(&step.expr));
            }
        }
        let parts = self.add_args(&parts);
        self.add_expr(Expr::Interpolation { kind, parts }, span)
    }

    fn list(&mut self, list: &ast::ListLit) -> ExprId {
        let span = list.meta.span;
        self.push_frame(Frame::new(1));
        let mut elements: Vec<Element> = Vec::with_capacity(list.elts.len());
        for (at, element) in list.elts.iter().enumerate() {
            match element {
                ast::Expr::Ellipsis(ellipsis) => {
                    if at + 1 != list.elts.len() {
                        self.error(
                            "cue/invalid-list",
                            "`...` must be the last element of a list".to_owned(),
                            ellipsis.meta.span,
                        );
                        continue;
                    }
                    let value = ellipsis.element.as_ref().map(|element| self.expr(element));
                    let id = self.add_decl(Decl::Ellipsis { value }, ellipsis.meta.span);
                    elements.push(Element::Ellipsis(id));
                }
                ast::Expr::Comprehension(comprehension) => {
                    if let Some(id) = self.comprehension(comprehension) {
                        elements.push(Element::Comprehension(id));
                    }
                }
                other => elements.push(Element::Expr(self.expr(other))),
            }
        }
        self.pop_frame();
        let lit_span = self.span(span);
        let id = self.add_list(ListLit {
            elements: elements.into(),
            span: lit_span,
        });
        self.add_expr(Expr::List(id), span)
    }

    fn unary(&mut self, unary: &ast::UnaryExpr) -> ExprId {
        let span = unary.meta.span;
        let op = match unary.op {
            UnaryOp::Plus => Op::Add,
            UnaryOp::Minus => Op::Subtract,
            UnaryOp::Not => Op::Not,
            UnaryOp::Default => {
                return self.bad(
                    "cue/misplaced-default",
                    "a default may only be marked in a disjunction".to_owned(),
                    span,
                );
            }
            UnaryOp::Less => Op::Less,
            UnaryOp::LessEqual => Op::LessEqual,
            UnaryOp::Greater => Op::Greater,
            UnaryOp::GreaterEqual => Op::GreaterEqual,
            UnaryOp::NotEqual => Op::NotEqual,
            UnaryOp::Equal => Op::Equal,
            UnaryOp::Match => Op::Match,
            UnaryOp::NotMatch => Op::NotMatch,
        };
        let operand = self.expr(&unary.operand);
        let expr = match op {
            Op::Add | Op::Subtract | Op::Not => Expr::Unary { op, operand },
            _ => Expr::Bound { op, operand },
        };
        self.add_expr(expr, span)
    }

    fn binary(&mut self, binary: &ast::BinaryExpr) -> ExprId {
        if binary.op == BinaryOp::Or {
            return self.disjunction(binary);
        }
        // chains lean to the left and may be long: no recursion on the left side
        let mut chain = vec![binary];
        let mut leftmost = &binary.left;
        while let ast::Expr::Binary(left) = leftmost {
            if left.op == BinaryOp::Or {
                break;
            }
            chain.push(left);
            leftmost = &left.left;
        }
        let mut left = self.expr(leftmost);
        let mut left_span = leftmost.span();
        for binary in chain.into_iter().rev() {
            let right = self.expr(&binary.right);
            left = self.operation(binary, left, left_span, right);
            left_span = binary.meta.span;
        }
        left
    }

    fn operation(
        &mut self,
        binary: &ast::BinaryExpr,
        left: ExprId,
        left_span: Span,
        right: ExprId,
    ) -> ExprId {
        let op = match binary.op {
            BinaryOp::And => Op::And,
            BinaryOp::LogicalOr => Op::BoolOr,
            BinaryOp::LogicalAnd => Op::BoolAnd,
            BinaryOp::Equal => Op::Equal,
            BinaryOp::NotEqual => Op::NotEqual,
            BinaryOp::Less => Op::Less,
            BinaryOp::LessEqual => Op::LessEqual,
            BinaryOp::Greater => Op::Greater,
            BinaryOp::GreaterEqual => Op::GreaterEqual,
            BinaryOp::Match => Op::Match,
            BinaryOp::NotMatch => Op::NotMatch,
            BinaryOp::Add => Op::Add,
            BinaryOp::Subtract => Op::Subtract,
            BinaryOp::Multiply => Op::Multiply,
            BinaryOp::Divide => Op::Divide,
            BinaryOp::IntQuo | BinaryOp::IntRem | BinaryOp::IntDiv | BinaryOp::IntMod => {
                return self.integer_division(binary, left, right);
            }
            BinaryOp::Or => {
                return self.bad(
                    "cue/invalid-operator",
                    format!("the operator `{}` may not stand here", binary.op.as_str()),
                    binary.meta.span,
                );
            }
        };
        if op != Op::And {
            self.must_be_concrete(left, op, left_span);
            self.must_be_concrete(right, op, binary.right.span());
        }
        self.add_expr(Expr::Binary { op, left, right }, binary.meta.span)
    }

    /// `a div b` and its like are calls of the predeclared functions of the same names.
    fn integer_division(
        &mut self,
        binary: &ast::BinaryExpr,
        left: ExprId,
        right: ExprId,
    ) -> ExprId {
        let name = binary.op.as_str();
        let Some(function) = self.predeclared(name, binary.meta.span) else {
            let message = format!("the operator `{name}` has no function");
            return self.bad("cue/invalid-operator", message, binary.meta.span);
        };
        let args = self.add_args(&[left, right]);
        self.add_expr(Expr::Call { function, args }, binary.meta.span)
    }

    /// Reports an operand that can never be concrete.
    fn must_be_concrete(&mut self, id: ExprId, op: Op, span: Span) {
        let never = match self.program.exprs[id.index()] {
            Expr::Bound { .. } => true,
            Expr::Value(term) => matches!(term.datum, Datum::Kind(_) | Datum::Conjunction(_)),
            _ => false,
        };
        if never {
            self.error(
                "cue/invalid-operand",
                format!("an operand of `{}` must be a concrete value", op.symbol()),
                span,
            );
        }
    }

    fn disjunction(&mut self, binary: &ast::BinaryExpr) -> ExprId {
        let mut items: Vec<Alternative> = Vec::new();
        let mut marked = false;
        let mut pending: Vec<(&ast::Expr, bool)> =
            vec![(&binary.right, false), (&binary.left, false)];
        while let Some((expr, is_default)) = pending.pop() {
            match expr {
                ast::Expr::Binary(inner) if inner.op == BinaryOp::Or => {
                    pending.push((&inner.right, is_default));
                    pending.push((&inner.left, is_default));
                }
                ast::Expr::Unary(unary) if unary.op == UnaryOp::Default => {
                    marked = true;
                    pending.push((&unary.operand, true));
                }
                other => {
                    let value = self.expr(other);
                    items.push(Alternative {
                        value,
                        default: is_default,
                    });
                }
            }
        }
        let index = u32::try_from(self.program.disjunctions.len()).unwrap_or(u32::MAX);
        self.program.disjunctions.push(Alternatives {
            items: items.into(),
            marked,
        });
        self.add_expr(Expr::Disjunction { index }, binary.meta.span)
    }
}
