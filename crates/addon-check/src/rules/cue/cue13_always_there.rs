//! `if parameter.x != _|_` asks for a parameter that may be missing: one that is optional.
//!
//! A field with a default, or with a struct or a list as its value, is always there, so the condition always holds, and what
//! stands under `== _|_` never comes. Either the field is meant to be optional (`x?: string`), or its value is to be asked for.
//!
//! Bad:
//! ```cue
//! parameter: storage: *"" | string
//! if parameter.storage != _|_ {...}
//! ```
//! Good:
//! ```cue
//! parameter: storage?: string
//! if parameter.storage != _|_ {...}
//! ```

use crate::input::Input;
use crate::rule::{Found, Holds, Rule};
use crate::scope::{Scope, selected, walk};
use crate::syntax::name_of;
use cue_syntax::ast::{BinaryOp, Decl, Expr, Field, Node, UnaryOp};
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "CUE13",
    title: "a condition asks for what may be missing",
    severity: Severity::Warning,
    holds: Holds::Always,
    mended: false,
    file: "cue/cue13_always_there.rs",
    source: include_str!("cue13_always_there.rs"),
    found: &[Found::InAddon(check)],
};

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    for file in input.cue() {
        if file.is_idle() || !file.parsed.errors.is_empty() {
            continue;
        }
        let scope = Scope::of(input, file);
        walk(&scope, &file.parsed.file, &mut |node, scope, _| {
            let Node::Expr(Expr::Binary(binary)) = node else {
                return;
            };
            let outcome = match binary.op {
                BinaryOp::NotEqual => "always",
                BinaryOp::Equal => "never",
                _ => return,
            };
            let ((asked, Expr::Bottom(_)) | (Expr::Bottom(_), asked)) =
                (&binary.left, &binary.right)
            else {
                return;
            };
            let Expr::Selector(_) = asked else { return };
            let Some((path, field)) = always(scope, asked) else {
                return;
            };
            let message = format!(
                "`{path}` is {outcome} {}",
                if outcome == "never" {
                    "missing"
                } else {
                    "there"
                }
            );
            let found = RULE
                .finding(message, asked.span())
                .label(field.label.span(), "it has a value of its own here");
            findings.push(
                found.help("make it optional with `?` and without a default, or ask for its value"),
            );
        });
    }
}

/// The path of what is asked for and its declaration, when it is a parameter that cannot be missing.
fn always<'a>(scope: &Scope<'a>, asked: &'a Expr) -> Option<(String, &'a Field)> {
    let Expr::Selector(selector) = asked else {
        return None;
    };
    let name = selected(&selector.selector)?;
    let (path, bodies) = match &selector.base {
        Expr::Ident(root) if root.name.as_str() == "parameter" => {
            let mut is_whole = true;
            let values = scope.values(&selector.base, &mut is_whole);
            let bodies: Vec<&Expr> = values.into_iter().map(|(value, _)| value).collect();
            (format!("parameter.{name}"), is_whole.then_some(bodies)?)
        }
        base => {
            let (path, field) = always(scope, base)?;
            (format!("{path}.{name}"), vec![&field.value])
        }
    };
    // fields that embedded structs and conditions bring along are not seen: they only add to what is there
    let mut declared = bodies.iter().filter_map(|body| match body {
        Expr::Struct(body) => Some(&body.elts),
        _ => None,
    });
    let field = declared.by_ref().flatten().find_map(|decl| match decl {
        Decl::Field(field) if name_of(field).as_deref() == Some(&name) => Some(&**field),
        _ => None,
    })?;
    (field.constraint.is_none() && has_value(&field.value)).then_some((path, field))
}

/// Whether a value is there without an argument.
fn has_value(value: &Expr) -> bool {
    match value.unparen() {
        Expr::Basic(_) | Expr::Struct(_) | Expr::List(_) | Expr::Interpolation(_) => true,
        Expr::Unary(unary) => unary.op == UnaryOp::Default && has_value(&unary.operand),
        Expr::Binary(binary) if binary.op == BinaryOp::Or => {
            let is_default = |expr: &Expr| matches!(expr.unparen(), Expr::Unary(unary) if unary.op == UnaryOp::Default && has_value(&unary.operand));
            let mut left = value.unparen();
            while let Expr::Binary(binary) = left {
                if binary.op != BinaryOp::Or {
                    break;
                }
                if is_default(&binary.right) {
                    return true;
                }
                left = &binary.left;
            }
            is_default(left)
        }
        _ => false,
    }
}
