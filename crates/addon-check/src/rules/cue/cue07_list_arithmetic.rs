//! Lists are not added with `+` nor repeated with `*`.
//!
//! The CUE of KubeVela 1.11 and later no longer has these operators for lists: a template or a resource that uses them
//! keeps the addon from being enabled. KubeVela rewrites them in definitions by itself, and a view fails only when somebody
//! asks for it; there it is a warning, and so it is in `NOTES.cue`. Older releases have `list.Concat` and `list.Repeat`, too.
//!
//! Found is what the text tells: a list literal, a list comprehension, a field or parameter with one of them or with
//! `[...T]` as its value. An addon whose `system.vela` admits no KubeVela from 1.11 on is left alone.
//!
//! Bad:
//! ```cue
//! args: baseArgs + ["--verbose"]
//! ```
//! Good:
//! ```cue
//! import "list"
//!
//! args: list.Concat([baseArgs, ["--verbose"]])
//! ```

use crate::input::{CueFile, Input};
use crate::rule::{Found, Holds, Rule};
use crate::scope::{Scope, import_name, walk};
use addon_model::Role;
use cue_syntax::ast::{self, BinaryOp, Decl, Expr, LabelName, Node};
use source_vocab::{Diagnostic, Edit, Fix, Severity, Span};
use std::ops::ControlFlow;

pub(super) const RULE: Rule = Rule {
    id: "CUE07",
    title: "lists are joined with `list.Concat`",
    severity: Severity::Error,
    holds: Holds::KubeVela(">=1.11.0-0"),
    mended: true,
    file: "cue/cue07_list_arithmetic.rs",
    source: include_str!("cue07_list_arithmetic.rs"),
    found: &[Found::InAddon(check)],
};

/// The first minor release whose CUE refuses the operators.
const SINCE: u32 = 11;
/// How deep operands are looked at for what they are.
const DEEPEST: usize = 16;

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    if !input.admits_kubevela_from(SINCE) {
        return;
    }
    for file in input.cue() {
        if file.is_idle() || !file.parsed.errors.is_empty() {
            continue;
        }
        let scope = Scope::of(input, file);
        walk(&scope, &file.parsed.file, &mut |node, scope, around| {
            let Node::Expr(expr @ Expr::Binary(binary)) = node else {
                return;
            };
            let is_outer = |outer: &Node<'_>| matches!(outer, Node::Expr(Expr::Binary(outer)) if outer.op == BinaryOp::Add);
            let is_found = match binary.op {
                // the outermost of a chain tells of all of it
                BinaryOp::Add => {
                    !around.last().is_some_and(is_outer) && is_list(scope, expr, DEEPEST)
                }
                BinaryOp::Multiply => is_list(scope, expr, DEEPEST),
                _ => false,
            };
            if is_found {
                findings.push(finding(file, expr, scope));
            }
        });
    }
}

fn finding(file: &CueFile, expr: &Expr, scope: &Scope<'_>) -> Diagnostic {
    let severity = if file.makes_application() {
        Severity::Error
    } else {
        Severity::Warning
    };
    let Expr::Binary(binary) = expr else {
        return RULE.finding("lists are joined", expr.span());
    };
    let (message, help) = if binary.op == BinaryOp::Add {
        (
            "lists are joined with `+`, which KubeVela 1.11 refuses",
            "write `list.Concat([a, b])`, with `import \"list\"`",
        )
    } else {
        (
            "a list is repeated with `*`, which KubeVela 1.11 refuses",
            "write `list.Repeat(a, n)`, with `import \"list\"`",
        )
    };
    let found = RULE.milder(severity, message, expr.span()).help(help);
    match fix(file, expr, scope) {
        Some(fix) => found.fix(fix),
        None => found,
    }
}

/// Whether an expression is a list, for sure.
fn is_list<'a>(scope: &Scope<'a>, expr: &'a Expr, depth: usize) -> bool {
    let Some(depth) = depth.checked_sub(1) else {
        return false;
    };
    let mut is_whole = true;
    let values = scope.values(expr, &mut is_whole);
    !values.is_empty()
        && values
            .iter()
            .any(|(value, scope)| is_list_value(scope, value, depth))
}

fn is_list_value<'a>(scope: &Scope<'a>, value: &'a Expr, depth: usize) -> bool {
    match value {
        Expr::List(_) => true,
        Expr::Unary(unary) => is_list(scope, &unary.operand, depth),
        Expr::Call(call) => gives_list(scope, &call.function),
        Expr::Binary(_) => {
            let (mut expr, mut any, mut all) = (value, false, true);
            let mut op = BinaryOp::Or;
            while let Expr::Binary(binary) = expr {
                op = binary.op;
                let right = is_list(scope, &binary.right, depth);
                (any, all) = (any | right, all & right);
                expr = &binary.left;
                if !matches!(expr, Expr::Binary(left) if left.op == op) {
                    break;
                }
            }
            let left = is_list(scope, expr, depth);
            (any, all) = (any | left, all & left);
            match op {
                BinaryOp::Add | BinaryOp::Multiply | BinaryOp::And => any,
                BinaryOp::Or => all,
                _ => false,
            }
        }
        _ => false,
    }
}

/// Functions of CUE's packages that give lists.
fn gives_list(scope: &Scope<'_>, function: &Expr) -> bool {
    let Expr::Selector(selector) = function else {
        return false;
    };
    let ast::Selector::Ident(name) = &selector.selector else {
        return false;
    };
    let lists = [
        "Concat",
        "Repeat",
        "FlattenN",
        "Sort",
        "SortStable",
        "SortStrings",
        "Range",
        "Slice",
        "Take",
        "Drop",
        "Reverse",
    ];
    let package = selector.base.as_ident();
    match package.and_then(|name| scope.imported(name)) {
        Some("list") => lists.contains(&name.name.as_str()),
        Some("strings") => ["Split", "SplitN", "Fields"].contains(&name.name.as_str()),
        _ => false,
    }
}

/// The calls instead of the operators; none where a file may have no imports, or where `list` is something else.
fn fix(file: &CueFile, expr: &Expr, scope: &Scope<'_>) -> Option<Fix> {
    let Expr::Binary(binary) = expr else {
        return None;
    };
    let (name, import) = list_package(file, scope)?;
    let mut edits = Vec::new();
    if binary.op == BinaryOp::Add {
        let insert = |at: u32, text: String| Edit {
            span: Span::new(at, at),
            text,
        };
        edits.push(insert(expr.span().lo, format!("{name}.Concat([")));
        let mut left = expr;
        while let Expr::Binary(binary) = left {
            if binary.op != BinaryOp::Add {
                break;
            }
            let operator = Span::new(binary.left.span().hi, binary.op_pos.offset + 1);
            edits.push(Edit {
                span: operator,
                text: ",".to_owned(),
            });
            left = &binary.left;
        }
        edits.push(insert(expr.span().hi, "])".to_owned()));
    } else {
        let is_left = matches!(binary.left.unparen(), Expr::List(_))
            || matches!(binary.right.unparen(), Expr::Basic(_));
        let (list, count) = if is_left {
            (&binary.left, &binary.right)
        } else {
            (&binary.right, &binary.left)
        };
        let text = format!(
            "{name}.Repeat({}, {})",
            file.text(list.span()),
            file.text(count.span())
        );
        edits.push(Edit {
            span: expr.span(),
            text,
        });
    }
    edits.extend(import);
    Some(Fix {
        title: "call the functions of the package `list`".to_owned(),
        edits,
    })
}

/// Under which name a file has the package `list`, and the import that it lacks.
fn list_package<'f>(file: &'f CueFile, scope: &Scope<'_>) -> Option<(&'f str, Option<Edit>)> {
    let tree = &file.parsed.file;
    let imported = tree
        .imports()
        .find(|spec| spec.path.text.as_str() == "\"list\"");
    if let Some(spec) = imported {
        let name = import_name(spec)?;
        // where the operators stand, the name may be that of something else
        return (scope.imported(name) == Some("list")).then_some((name, None));
    }
    if file.role == Role::Notes || names_something(tree, "list") {
        return None;
    }
    let insert = |at: usize, text: &str| {
        let edit = Edit {
            span: file.source.span_of(at, at),
            text: text.to_owned(),
        };
        Some(("list", Some(edit)))
    };
    let offset = |at: u32| usize::try_from(at - file.source.base()).ok();
    let text = file.source.text();
    let first = tree.decls.iter().find_map(|decl| match decl {
        Decl::Import(import) => Some(import),
        _ => None,
    });
    if let Some(import) = first {
        return if import.lparen.is_valid() {
            insert(offset(import.lparen.offset)? + 1, "\n\t\"list\"")
        } else {
            insert(offset(import.meta.span.lo)?, "import \"list\"\n")
        };
    }
    if let Some(package) = tree.package() {
        let end = offset(package.meta.span.hi)?;
        let line = text
            .get(end..)?
            .find('\n')
            .map_or(text.len(), |at| end + at);
        return insert(line, "\n\nimport \"list\"");
    }
    insert(0, "import \"list\"\n\n")
}

/// Whether a file gives a name to anything.
fn names_something(file: &ast::File, name: &str) -> bool {
    let mut found = false;
    ast::walk(Node::File(file), &mut |node| {
        found |= match node {
            Node::Name(ident) => ident.name.as_str() == name,
            Node::Label(label) => matches!(label.name(), LabelName::Ident(label) if label == name),
            _ => false,
        };
        ControlFlow::Continue(())
    });
    found
}
