//! Whether a list has an element is asked by an `if` around its use, not by `&&` or `||` beside it.
//!
//! CUE evaluates both sides of `&&` and `||`. The element of an empty list is an error then (`index out of range`), whatever
//! the other side says; releases of KubeVela before 1.10 forgave it.
//!
//! Bad:
//! ```cue
//! isReady: len(conditions) > 0 && conditions[0].status == "True"
//! ```
//! Good:
//! ```cue
//! isReady: *false | bool
//! if len(conditions) > 0 {
//!     isReady: conditions[0].status == "True"
//! }
//! ```

use crate::input::{CueFile, Input};
use crate::rule::{Found, Holds, Rule};
use crate::scope::{Scope, walk};
use cue_syntax::ast::{self, BinaryOp, Expr, LitKind, Node};
use source_vocab::{Diagnostic, Severity, Span};
use std::ops::ControlFlow;

pub(super) const RULE: Rule = Rule {
    id: "CUE09",
    title: "an element of a list is used inside of the `if` that asks for it",
    severity: Severity::Warning,
    holds: Holds::KubeVela(">=1.10.0-0"),
    mended: false,
    file: "cue/cue09_index_guard.rs",
    source: include_str!("cue09_index_guard.rs"),
    found: &[Found::InAddon(check)],
};

/// The first minor release that minds.
const SINCE: u32 = 10;

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    if !input.admits_kubevela_from(SINCE) {
        return;
    }
    for file in input.cue() {
        if file.is_idle() || !file.parsed.errors.is_empty() {
            continue;
        }
        let scope = Scope::of(input, file);
        walk(&scope, &file.parsed.file, &mut |node, _, _| {
            let Node::Expr(Expr::Binary(binary)) = node else {
                return;
            };
            if !matches!(binary.op, BinaryOp::LogicalAnd | BinaryOp::LogicalOr) {
                return;
            }
            for list in measured(file, &binary.left) {
                let Some(index) = first_index(file, &binary.right, list) else {
                    continue;
                };
                let message = format!(
                    "`{}` is evaluated even where `{list}` has no such element",
                    file.text(index)
                );
                let found = RULE
                    .finding(message, index)
                    .label(binary.left.span(), "this does not guard it");
                findings.push(
                    found.help("put the use into the body of an `if` that asks for the length"),
                );
                return;
            }
        });
    }
}

/// The texts of what `len` is asked of in a condition.
fn measured<'f>(file: &'f CueFile, condition: &Expr) -> Vec<&'f str> {
    let mut found = Vec::new();
    ast::walk(Node::Expr(condition), &mut |node| {
        if let Node::Expr(Expr::Call(call)) = node
            && call.function.as_ident() == Some("len")
            && let [list] = call.args.as_slice()
        {
            found.push(file.text(list.span()));
        }
        ControlFlow::Continue(())
    });
    found
}

/// The first place where an element of a list is taken by its number.
fn first_index(file: &CueFile, expr: &Expr, list: &str) -> Option<Span> {
    let mut found = None;
    ast::walk(Node::Expr(expr), &mut |node| {
        if let Node::Expr(Expr::Index(index)) = node
            && found.is_none()
            && matches!(&index.index, Expr::Basic(number) if number.kind == LitKind::Int)
            && file.text(index.base.span()) == list
        {
            found = Some(index.meta.span);
        }
        ControlFlow::Continue(())
    });
    found
}
