//! A parameter with a default has neither a `?` nor a `!`.
//!
//! An optional field that nobody sets is not there, and its default with it: `parameter.branch` is an error then, not `main`. A
//! required one must be set in any case. Either way the default only stands in forms and documentation, and is wrong there.
//!
//! Bad:
//! ```cue
//! parameter: {
//!     // +usage=The branch to watch
//!     branch?: *"main" | string
//! }
//! ```
//! Good:
//! ```cue
//! parameter: {
//!     // +usage=The branch to watch
//!     branch: *"main" | string
//! }
//! ```

use crate::input::Input;
use crate::parameters::declarations;
use crate::rule::{Found, Holds, Rule};
use cue_syntax::ast::{BinaryOp, Constraint, Expr, UnaryOp};
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "PAR12",
    title: "a parameter with a default is a plain field",
    severity: Severity::Warning,
    holds: Holds::Always,
    mended: false,
    file: "par/par12_idle_default.rs",
    source: include_str!("par12_idle_default.rs"),
    found: &[Found::InAddon(check)],
};

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    for declared in declarations(input) {
        let Some(constraint) = declared.field.constraint else {
            continue;
        };
        if !has_default(&declared.field.value) {
            continue;
        }
        let what = match constraint {
            Constraint::Optional => "optional: where it is missing its default is, too",
            Constraint::Required => "required: its default never counts",
        };
        let message = format!("the parameter `{}` is {what}", declared.name());
        let found = RULE.finding(message, declared.field.label.span());
        findings.push(found.help(format!(
            "remove the `{}`, or the default",
            constraint.as_str()
        )));
    }
}

fn has_default(value: &Expr) -> bool {
    match value.unparen() {
        Expr::Binary(binary) if binary.op == BinaryOp::Or => {
            has_default(&binary.left) || has_default(&binary.right)
        }
        Expr::Unary(unary) => unary.op == UnaryOp::Default,
        _ => false,
    }
}
