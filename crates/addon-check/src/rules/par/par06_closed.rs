//! `parameter` is a plain struct: neither a definition nor in `close`.
//!
//! `vela addon upgrade` merges the arguments of the installed version into those of the new one, and none can be taken away.
//! Of an open struct an argument that no longer has a meaning is ignored; a closed one refuses it, and whoever has set it can
//! never upgrade.
//!
//! Bad:
//! ```cue
//! parameter: close({
//!     // +usage=How many pods serve requests
//!     replicas: *1 | int
//! })
//! ```
//! Good:
//! ```cue
//! parameter: {
//!     // +usage=How many pods serve requests
//!     replicas: *1 | int
//! }
//! ```

use crate::input::Input;
use crate::rule::{Found, Holds, Rule};
use crate::scope::{Scope, fields_named};
use addon_model::Role;
use cue_syntax::ast::{Decl, Expr};
use source_vocab::{Diagnostic, Severity, Span};

pub(super) const RULE: Rule = Rule {
    id: "PAR06",
    title: "`parameter` stays open",
    severity: Severity::Warning,
    holds: Holds::Always,
    mended: false,
    file: "par/par06_closed.rs",
    source: include_str!("par06_closed.rs"),
    found: &[Found::InAddon(check)],
};

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    for file in input.cue() {
        if !matches!(
            file.role,
            Role::Parameter | Role::ResourceParameter | Role::TemplateCue
        ) {
            continue;
        }
        let scope = Scope::of(input, file);
        for field in fields_named(&file.parsed.file.decls, "parameter") {
            let Some(span) = closing(&scope, &field.value) else {
                continue;
            };
            let message = "the parameters are closed: an argument of an older version could never be left out";
            let found = RULE
                .finding(message, field.label.span())
                .label(span, "this closes them");
            findings.push(found.help("write them as a plain struct"));
        }
    }
}

/// What closes a value.
fn closing(scope: &Scope<'_>, value: &Expr) -> Option<Span> {
    match value.unparen() {
        Expr::Call(call) if call.function.as_ident() == Some("close") => Some(call.meta.span),
        Expr::Ident(ident) if ident.name.as_str().starts_with('#') => {
            // a definition with `...` stays open
            let is_open = |expr: &Expr| matches!(expr, Expr::Struct(body) if body.elts.iter().any(|decl| matches!(decl, Decl::Ellipsis(_))));
            let mut is_whole = true;
            let values = scope.values(value, &mut is_whole);
            let closes = is_whole
                && !values.is_empty()
                && values
                    .iter()
                    .all(|(value, _)| matches!(value, Expr::Struct(_)) && !is_open(value));
            closes.then_some(ident.meta.span)
        }
        Expr::Struct(body) => body.elts.iter().find_map(|decl| match decl {
            Decl::Embed(embed) => closing(scope, &embed.expr),
            _ => None,
        }),
        _ => None,
    }
}
