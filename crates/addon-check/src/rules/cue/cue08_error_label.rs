//! A field called `error` is written `"error"`, so that it does not hide the function of that name.
//!
//! The CUE of KubeVela 1.11 and later has a function `error`. A field `error:` still is a field, but inside its struct the name
//! means the field: a call `error("...")` there fails with `cannot call non-function error`. That is an error. A field
//! alone is a warning: KubeVela 1.11 counts it among the things to be mended before an upgrade (`vela def upgrade` quotes it).
//!
//! Bad:
//! ```cue
//! status: {
//!     error: response.err
//! }
//! ```
//! Good:
//! ```cue
//! status: {
//!     "error": response.err
//! }
//! ```

use crate::input::Input;
use crate::rule::{Found, Holds, Rule};
use crate::scope::{Referent, Scope, walk};
use cue_syntax::ast::{Decl, Expr, Label, Node};
use source_vocab::{Diagnostic, Edit, Fix, Severity, Span};

pub(super) const RULE: Rule = Rule {
    id: "CUE08",
    title: "`error` is no plain label where the function `error` is meant",
    severity: Severity::Error,
    holds: Holds::KubeVela(">=1.11.0-0"),
    mended: true,
    file: "cue/cue08_error_label.rs",
    source: include_str!("cue08_error_label.rs"),
    found: &[Found::InAddon(check)],
};

/// The first minor release whose CUE has the function.
const SINCE: u32 = 11;

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    if !input.admits_kubevela_from(SINCE) {
        return;
    }
    for file in input.cue() {
        if file.is_idle() || !file.parsed.errors.is_empty() {
            continue;
        }
        // the labels, and what refers to them
        let mut labels: Vec<Span> = Vec::new();
        let mut called: Vec<(Span, Span)> = Vec::new();
        let mut referred: Vec<Span> = Vec::new();
        let scope = Scope::of(input, file);
        walk(
            &scope,
            &file.parsed.file,
            &mut |node, scope, around| match node {
                Node::Decl(Decl::Field(field)) => {
                    if let Label::Ident(ident) = field.label.unaliased()
                        && ident.name.as_str() == "error"
                    {
                        labels.push(ident.meta.span);
                    }
                }
                Node::Expr(Expr::Ident(ident)) if ident.name.as_str() == "error" => {
                    let is_call = matches!(
                        around.last(),
                        Some(Node::Expr(Expr::Call(call))) if call.function.span() == ident.meta.span
                    );
                    for declared in scope.resolve("error") {
                        let Referent::Field(field) = declared.referent else {
                            continue;
                        };
                        let label = field.label.span();
                        if is_call {
                            called.push((label, ident.meta.span));
                        } else {
                            referred.push(label);
                        }
                    }
                }
                _ => {}
            },
        );
        for label in labels {
            let call = called.iter().find(|(field, _)| *field == label);
            let severity = if call.is_some() && file.makes_application() {
                Severity::Error
            } else {
                Severity::Warning
            };
            let message = match call {
                Some(_) => {
                    "the field `error` hides the function `error`, which is called in its struct"
                }
                None => "the field `error` has the name of a function of CUE since KubeVela 1.11",
            };
            let mut found = RULE
                .milder(severity, message, label)
                .help("write the label as `\"error\"`");
            if let Some((_, call)) = call {
                found = found.label(*call, "the call");
            }
            // a quoted label cannot be referred to
            if !referred.contains(&label) {
                found = found.fix(Fix {
                    title: "quote the label".to_owned(),
                    edits: vec![Edit {
                        span: label,
                        text: "\"error\"".to_owned(),
                    }],
                });
            }
            findings.push(found);
        }
    }
}
