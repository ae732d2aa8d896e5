//! What is left of a value that is not concrete, for hosts that have a value and no package to print: types, bounds, validators
//! and alternatives, without references and without what was written.

use super::value::{kinds, unary};
use crate::data_file::expr_of_data;
use cue_eval::{Datum, Graph, Term, Value};
use cue_syntax::ast::{BinaryOp, Expr, UnaryOp};
use source_vocab::Span;

/// The types, bounds, validators and alternatives that a value is still restricted to; its kinds where they have no short form.
///
/// A validator is written as a call of its builtin package, which needs an import where it is used.
pub fn remainder(value: Value<'_>) -> Expr {
    match value.base_term() {
        Some(term) => of(value.graph(), term, 0),
        None => kinds(value.kind()),
    }
}

const MAX_DEPTH: u32 = 200;

fn of(graph: &Graph, term: Term, depth: u32) -> Expr {
    let view = graph.view(term);
    let kind = view.kind();
    if depth > MAX_DEPTH {
        return kinds(kind);
    }
    let pool = graph.pool();
    let inner = |term: Term| of(graph, term, depth + 1);
    match term.datum {
        Datum::Kind(kind) => kinds(kind),
        Datum::Bound(id) => {
            let bound = pool.bound(id);
            unary(bound.op).map_or_else(|| kinds(kind), |op| Expr::unary(op, inner(bound.operand)))
        }
        Datum::Validator(id) => {
            let validator = pool.validator(id);
            let function = builtin(&pool.function(validator.function).qualified_name());
            if validator.args.is_empty() && !validator.called {
                return function;
            }
            let args = validator.args.iter().map(|arg| inner(*arg)).collect();
            Expr::call(function, args)
        }
        Datum::Function(id) => builtin(&pool.function(id).qualified_name()),
        Datum::Conjunction(id) => {
            let parts = pool.conjunction(id).iter().map(|part| inner(*part));
            Expr::joined(BinaryOp::And, parts).unwrap_or_else(|| kinds(kind))
        }
        Datum::Disjunction(id) => {
            let choice = pool.disjunction(id);
            let parts = choice.values.iter().enumerate().map(|(at, part)| {
                let part = inner(*part);
                if at < choice.defaults {
                    Expr::unary(UnaryOp::Default, part)
                } else {
                    part
                }
            });
            Expr::joined(BinaryOp::Or, parts).unwrap_or_else(|| kinds(kind))
        }
        Datum::Null
        | Datum::Bool(_)
        | Datum::Number(_)
        | Datum::String(_)
        | Datum::Bytes(_)
        | Datum::Node(_)
        | Datum::Bottom(_)
        | Datum::StructMark
        | Datum::ListMark(_) => view
            .data()
            .map_or_else(|| kinds(kind), |data| expr_of_data(&data, Span::DETACHED)),
    }
}

/// `pkg.Name` of a builtin's qualified name `path/to/pkg.Name`.
fn builtin(qualified: &str) -> Expr {
    let short = qualified.rsplit('/').next().unwrap_or(qualified);
    match short.split_once('.') {
        Some((package, name)) => Expr::selector(Expr::ident(package), name),
        None => Expr::ident(short),
    }
}
