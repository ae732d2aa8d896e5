//! Values as CUE: what `cue eval` and `cue def` print.
//!
//! A value becomes a syntax tree, which the formatter of cue-syntax prints. Concrete parts are
//! literals; what is not concrete is written as the types, bounds, validators and alternatives
//! that are left. As cue v0.14.1 `internal/core/export`, final mode.

use crate::data_file::{as_float, expr_of_data};
use cue_eval::number::NumberKind;
use cue_eval::{ArcKind, Data, Datum, Graph, Kind, ListEnd, Op, Shape, Term, Value};
use cue_syntax::ast;
use source_vocab::Span;

/// Which fields are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "four independent flags of the command line"
)]
pub struct Shown {
    /// `#x`.
    pub definitions: bool,
    /// `_x`.
    pub hidden: bool,
    /// `x?` and `x!`.
    pub optional: bool,
    /// Attributes of fields.
    pub attributes: bool,
}

/// How deep values are printed.
const MAX_DEPTH: u32 = 2_000;

/// The value as an expression.
pub fn expr(value: Value<'_>, shown: Shown) -> ast::Expr {
    build(value, shown, 0)
}

/// The value as the declarations of a file, formatted, ending in a line feed.
pub fn text(value: Value<'_>, shown: Shown) -> String {
    let options = cue_syntax::format::Options::default();
    match expr(value, shown) {
        ast::Expr::Struct(fields) => {
            let text = cue_syntax::format_decls(&fields.elts, options);
            if text.is_empty() || text.ends_with('\n') {
                text
            } else {
                text + "\n"
            }
        }
        other => cue_syntax::format_expr(&other, options) + "\n",
    }
}

fn build(value: Value<'_>, shown: Shown, depth: u32) -> ast::Expr {
    let value = value.default();
    if depth > MAX_DEPTH {
        return ast::Expr::bottom();
    }
    let scalar = |data: Data| expr_of_data(&data, Span::DETACHED);
    let core = match value.shape() {
        Shape::Null => scalar(Data::Null),
        Shape::Bool(flag) => scalar(Data::Bool(flag)),
        Shape::Number(number) => scalar(Data::Number(number.clone())),
        Shape::String(text) => scalar(Data::String(text.clone())),
        Shape::Bytes(bytes) => scalar(Data::Bytes(bytes.clone())),
        Shape::Struct => return ast::Expr::structure(fields(value, shown, depth)),
        Shape::List(end) => {
            let mut items: Vec<ast::Expr> = value
                .elements()
                .into_iter()
                .map(|item| build(item, shown, depth + 1))
                .collect();
            if end == ListEnd::Open {
                items.push(ast::Expr::ellipsis(None));
            }
            ast::Expr::list(items)
        }
        Shape::Incomplete(kind) => match value.base_term() {
            Some(term) => incomplete(value.graph(), term, kind, shown, depth),
            None => kinds(kind),
        },
        Shape::Error(id) => {
            let bottom = value.graph().bottom(id);
            if bottom.code.is_incomplete() {
                let inner = fields(value, shown, depth);
                if !inner.is_empty() {
                    let mut inner = inner;
                    inner.insert(0, ast::Decl::embed(ast::Expr::bottom()));
                    return ast::Expr::structure(inner);
                }
            }
            return ast::Expr::bottom();
        }
    };
    let extra = match value.shape() {
        Shape::List(_) | Shape::Incomplete(_) => Vec::new(),
        _ => fields(value, shown, depth),
    };
    if extra.is_empty() {
        return core;
    }
    let mut decls = vec![ast::Decl::embed(core)];
    decls.extend(extra);
    ast::Expr::structure(decls)
}

fn fields(value: Value<'_>, shown: Shown, depth: u32) -> Vec<ast::Decl> {
    let labels = value.graph().labels();
    value
        .arcs()
        .into_iter()
        .filter(|field| !field.label.is_int() && !field.label.is_let())
        .filter(|field| shown.hidden || !field.label.is_hidden())
        .filter(|field| shown.definitions || !field.label.is_definition())
        .filter(|field| {
            shown.optional || field.kind == ArcKind::Member || field.kind == ArcKind::Required
        })
        .map(|field| {
            let text = labels.text(field.label);
            let label = if field.label.is_string() {
                ast::Label::regular(&text)
            } else {
                ast::Label::Ident(ast::Ident::new(text.as_ref()))
            };
            let constraint = match field.kind {
                ArcKind::Required => Some(ast::Constraint::Required),
                ArcKind::Optional => Some(ast::Constraint::Optional),
                _ => None,
            };
            let mut made = ast::Field::new(label, build(field.value, shown, depth + 1))
                .with_constraint(constraint);
            if shown.attributes {
                made.attrs = field
                    .value
                    .attributes()
                    .into_iter()
                    .map(|text| ast::Attribute {
                        meta: ast::Meta::default(),
                        text: text.as_ref().into(),
                    })
                    .collect();
            }
            ast::Decl::Field(Box::new(made))
        })
        .collect()
}

/// A set of kinds as types joined by `|`.
pub fn kinds(kind: Kind) -> ast::Expr {
    if Kind::TOP.without(Kind::FUNC).is_within(kind) {
        return ast::Expr::ident("_");
    }
    let mut parts = Vec::new();
    let number = Kind::NUMBER.is_within(kind);
    for (single, name) in [
        (Kind::NULL, "null"),
        (Kind::BOOL, "bool"),
        (Kind::STRING, "string"),
        (Kind::BYTES, "bytes"),
        (Kind::INT, "int"),
        (Kind::FLOAT, "float"),
    ] {
        let part_of_number = number && (single == Kind::INT || single == Kind::FLOAT);
        if single.is_within(kind) && !part_of_number {
            parts.push(ast::Expr::ident(name));
        }
    }
    if number {
        parts.push(ast::Expr::ident("number"));
    }
    if Kind::LIST.is_within(kind) {
        parts.push(ast::Expr::list(vec![ast::Expr::ellipsis(None)]));
    }
    if Kind::STRUCT.is_within(kind) {
        parts.push(ast::Expr::structure(vec![ast::Decl::ellipsis()]));
    }
    ast::Expr::joined(ast::BinaryOp::Or, parts).unwrap_or_else(ast::Expr::bottom)
}

fn incomplete(graph: &Graph, term: Term, kind: Kind, shown: Shown, depth: u32) -> ast::Expr {
    let pool = graph.pool();
    let of = |term: Term| -> ast::Expr {
        match term.datum {
            Datum::Node(_) => build(graph.view(term), shown, depth + 1),
            _ => incomplete(graph, term, graph.view(term).kind(), shown, depth + 1),
        }
    };
    match term.datum {
        Datum::Kind(kind) => kinds(kind),
        Datum::Null => ast::Expr::Basic(ast::BasicLit::null()),
        Datum::Bool(flag) => ast::Expr::Basic(ast::BasicLit::boolean(flag)),
        Datum::Number(id) => {
            let number = pool.number(id);
            let text = number.decimal.to_string();
            match number.kind {
                NumberKind::Int => expr_of_data(&Data::Number(number.clone()), Span::DETACHED),
                NumberKind::Float if text.starts_with('-') => {
                    expr_of_data(&Data::Number(number.clone()), Span::DETACHED)
                }
                NumberKind::Float => ast::Expr::float(as_float(&text)),
            }
        }
        Datum::String(id) => ast::Expr::string(pool.text(id)),
        Datum::Bytes(id) => ast::Expr::Basic(ast::BasicLit::bytes(pool.blob(id))),
        Datum::Bound(id) => {
            let bound = pool.bound(id);
            let op = match bound.op {
                Op::NotEqual => ast::UnaryOp::NotEqual,
                Op::Less => ast::UnaryOp::Less,
                Op::LessEqual => ast::UnaryOp::LessEqual,
                Op::Greater => ast::UnaryOp::Greater,
                Op::GreaterEqual => ast::UnaryOp::GreaterEqual,
                Op::Match => ast::UnaryOp::Match,
                Op::NotMatch => ast::UnaryOp::NotMatch,
                _ => return kinds(kind),
            };
            ast::Expr::unary(op, of(bound.operand))
        }
        Datum::Validator(id) => {
            let validator = pool.validator(id);
            let name = pool.function(validator.function).qualified_name();
            let function = builtin(&name);
            if validator.args.is_empty() && !validator.called {
                return function;
            }
            ast::Expr::call(
                function,
                validator.args.iter().map(|arg| of(*arg)).collect(),
            )
        }
        Datum::Function(id) => builtin(&pool.function(id).qualified_name()),
        Datum::Conjunction(id) => {
            let parts: Vec<ast::Expr> = pool.conjunction(id).iter().map(|part| of(*part)).collect();
            ast::Expr::joined(ast::BinaryOp::And, parts).unwrap_or_else(|| kinds(kind))
        }
        Datum::Disjunction(id) => {
            let choice = pool.disjunction(id);
            let parts: Vec<ast::Expr> = choice
                .values
                .iter()
                .enumerate()
                .map(|(at, part)| {
                    let part = of(*part);
                    if at < choice.defaults {
                        ast::Expr::unary(ast::UnaryOp::Default, part)
                    } else {
                        part
                    }
                })
                .collect();
            ast::Expr::joined(ast::BinaryOp::Or, parts).unwrap_or_else(|| kinds(kind))
        }
        Datum::Node(_) => build(graph.view(term), shown, depth + 1),
        Datum::Bottom(_) => ast::Expr::bottom(),
        Datum::StructMark | Datum::ListMark(_) => kinds(kind),
    }
}

/// `pkg.Name` of a builtin's qualified name `path/to/pkg.Name`.
fn builtin(qualified: &str) -> ast::Expr {
    let short = qualified.rsplit('/').next().unwrap_or(qualified);
    match short.split_once('.') {
        Some((package, name)) => ast::Expr::selector(ast::Expr::ident(package), name),
        None => ast::Expr::ident(short),
    }
}
