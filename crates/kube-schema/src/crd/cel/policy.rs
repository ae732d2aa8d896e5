//! Expressions outside of schemas: conditions of webhooks and of admission policies.
//!
//! Their types are those of whatever object comes, so only their form is looked at: whether they can be read, whether their
//! variables are there, and whether a condition that is a constant is true or false.

use super::ast::{Expr, How, Kind, Op};
use super::parse::parse;

/// Names that stand for types.
const TYPES: [&str; 11] = [
    "bool",
    "bytes",
    "double",
    "dyn",
    "google",
    "int",
    "list",
    "map",
    "null_type",
    "string",
    "uint",
];

/// What an expression has to give.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// Whether something holds.
    Truth,
    /// Any value.
    Any,
}

/// What is wrong with an expression that may use `variables`: the rest of a sentence that begins with it.
pub(crate) fn expression_fault(text: &str, variables: &[&str], wanted: Wanted) -> Option<String> {
    let expr = match parse(text) {
        Ok(expr) => expr,
        Err(error) => return Some(error.message),
    };
    if wanted == Wanted::Truth && is_no_truth(&expr) {
        return Some("is neither true nor false".to_owned());
    }
    // a variable that an expression makes for itself
    if text.contains("cel.bind") {
        return None;
    }
    let mut scope: Vec<&str> = variables.iter().chain(&TYPES).copied().collect();
    undeclared(&expr, &mut scope).map(|name| {
        format!(
            "uses `{name}`, which is not there; there are `{}`",
            variables.join("`, `")
        )
    })
}

/// Whether an expression can never be true or false to the server: constants, arithmetic, and fields of the object, which
/// have no type before there is one.
fn is_no_truth(expr: &Expr) -> bool {
    match &expr.kind {
        Kind::Null
        | Kind::Int(_)
        | Kind::Uint(_)
        | Kind::Double(_)
        | Kind::String(_)
        | Kind::Bytes(_)
        | Kind::List(_)
        | Kind::Map(_)
        | Kind::Negate(_) => true,
        Kind::Binary { op, .. } => matches!(
            op,
            Op::Add | Op::Subtract | Op::Multiply | Op::Divide | Op::Remainder
        ),
        Kind::Walk(walk) => matches!(walk.how, How::Filter | How::Map | How::TransformMap),
        Kind::Select {
            of, is_optional, ..
        }
        | Kind::Index {
            of, is_optional, ..
        } => !is_optional && is_of_object(of),
        _ => false,
    }
}

fn is_of_object(expr: &Expr) -> bool {
    match &expr.kind {
        Kind::Ident(name) => matches!(&**name, "object" | "oldObject" | "params"),
        Kind::Select {
            of, is_optional, ..
        }
        | Kind::Index {
            of, is_optional, ..
        } => !is_optional && is_of_object(of),
        _ => false,
    }
}

/// The first name that is no variable. The namespace of a function, as in `optional.of(x)`, is none.
fn undeclared<'e>(expr: &'e Expr, scope: &mut Vec<&'e str>) -> Option<&'e str> {
    match &expr.kind {
        Kind::Ident(name) => (!scope.contains(&&**name)).then_some(&**name),
        Kind::Null
        | Kind::Bool(_)
        | Kind::Int(_)
        | Kind::Uint(_)
        | Kind::Double(_)
        | Kind::String(_)
        | Kind::Bytes(_) => None,
        Kind::Select { of, .. } | Kind::Has { of, .. } | Kind::Not(of) | Kind::Negate(of) => {
            undeclared(of, scope)
        }
        Kind::Index { of, index, .. } => undeclared(of, scope).or_else(|| undeclared(index, scope)),
        Kind::Call { target, args, .. } => target
            .as_deref()
            .filter(|target| !matches!(target.kind, Kind::Ident(_)))
            .and_then(|target| undeclared(target, scope))
            .or_else(|| args.iter().find_map(|arg| undeclared(arg, scope))),
        Kind::Binary { left, right, .. } => {
            undeclared(left, scope).or_else(|| undeclared(right, scope))
        }
        Kind::Conditional {
            test,
            then,
            otherwise,
        } => [test, then, otherwise]
            .into_iter()
            .find_map(|part| undeclared(part, scope)),
        Kind::List(items) => items.iter().find_map(|item| undeclared(item, scope)),
        Kind::Map(entries) => entries
            .iter()
            .find_map(|(key, value)| undeclared(key, scope).or_else(|| undeclared(value, scope))),
        Kind::Walk(walk) => {
            if let Some(name) = undeclared(&walk.over, scope) {
                return Some(name);
            }
            let outside = scope.len();
            scope.extend(walk.vars.iter().map(|name| &**name));
            let found = walk
                .filter
                .as_ref()
                .and_then(|filter| undeclared(filter, scope))
                .or_else(|| undeclared(&walk.body, scope));
            scope.truncate(outside);
            found
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Wanted, expression_fault};

    const VARIABLES: [&str; 3] = ["object", "oldObject", "request"];

    #[test]
    fn what_is_a_condition() {
        for text in [
            "true",
            "object.spec.replicas <= 5",
            "!has(object.metadata.labels) || object.metadata.labels.all(k, k.startsWith('a'))",
            "request.operation == 'CREATE' ? true : oldObject != null",
            "optional.of(1).hasValue()",
            "type(object.x) == int",
            "[1, 2].exists(x, x == object.y)",
        ] {
            assert_eq!(
                expression_fault(text, &VARIABLES, Wanted::Truth),
                None,
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_none() {
        for text in [
            "object.",
            "a b",
            "..",
            "1",
            "'x'",
            "params.x",
            "[1].all(x, y)",
            "-a",
            "",
        ] {
            assert!(
                expression_fault(text, &VARIABLES, Wanted::Truth).is_some(),
                "{text}"
            );
        }
        assert_eq!(expression_fault("'x'", &VARIABLES, Wanted::Any), None);
    }
}
