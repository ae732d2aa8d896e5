//! A definition in CUE consists of imports, one metadata field and `template`; helpers stand inside `template`.
//!
//! KubeVela stores the content of `template` and the imports as text. What stands beside it, a `let`, a comprehension, a
//! definition or a hidden field, is not part of that text: a template that refers to it does not compile.
//!
//! Bad:
//! ```cue
//! web: type: "component"
//! let port = 80
//! template: output: spec: ports: [port]
//! ```
//! Good:
//! ```cue
//! web: type: "component"
//! template: {
//!     let port = 80
//!     output: spec: ports: [port]
//! }
//! ```

use super::definitions;
use crate::input::Input;
use crate::rule::{Found, Holds, Rule};
use crate::syntax::{Fields, name_of, reference};
use cue_syntax::ast::{self, Decl, Expr, Field, LabelName, Node};
use source_vocab::{Diagnostic, Severity, Span};
use std::ops::ControlFlow;

pub(super) const RULE: Rule = Rule {
    id: "DEF09",
    title: "everything that a template needs stands in it",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "def/def09_dropped.rs",
    source: include_str!("def09_dropped.rs"),
    found: &[Found::InAddon(check)],
};

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    for file in definitions(input) {
        let decls = &file.parsed.file.decls;
        let templates = Fields::at(decls, &["template"]).all;
        for decl in decls {
            match decl {
                Decl::Let(clause) => {
                    let name = clause.ident.name.as_str();
                    let place = clause.meta.span;
                    named(name, place, &templates, findings);
                }
                Decl::Field(field) => {
                    if let Some(name) = hidden(field) {
                        named(&name, field.label.span(), &templates, findings);
                    }
                }
                Decl::Comprehension(comprehension) => {
                    let message = "a comprehension beside `template` is dropped";
                    let found = RULE.finding(message, comprehension.meta.span.start());
                    findings.push(found.help("move it into `template`"));
                }
                Decl::Embed(embed) => {
                    let found = RULE.finding(
                        "what is embedded beside `template` is dropped",
                        embed.expr.span(),
                    );
                    findings.push(found.help("move it into `template`"));
                }
                _ => {}
            }
        }
    }
}

/// The name of a definition or hidden field, which the metadata may use and the template may not.
fn hidden(field: &Field) -> Option<String> {
    match field.label.name() {
        LabelName::Ident(name) if name.starts_with(['#', '_']) => Some(name),
        _ => None,
    }
}

fn named(name: &str, place: Span, templates: &[&Field], findings: &mut Vec<Diagnostic>) {
    let used = templates
        .iter()
        .find_map(|template| reference(Node::Expr(&template.value), name));
    let is_lost = templates
        .iter()
        .all(|template| !defines(&template.value, name));
    let found = match used {
        Some(used) if is_lost => RULE
            .finding(
                format!("`{name}` stands beside `template`, which does not see it"),
                place,
            )
            .label(used.meta.span, "used here"),
        // the metadata may use it
        _ if name.starts_with(['#', '_']) => return,
        _ => RULE.milder(
            Severity::Warning,
            format!("`{name}` beside `template` is dropped"),
            place,
        ),
    };
    findings.push(found.help("move it into `template`"));
}

/// Whether something inside has that name itself.
fn defines(template: &Expr, name: &str) -> bool {
    let mut is_defined = false;
    ast::walk(Node::Expr(template), &mut |node| {
        is_defined |= match node {
            Node::Decl(Decl::Field(field)) => name_of(field).as_deref() == Some(name),
            Node::Name(ident) => ident.name.as_str() == name,
            _ => false,
        };
        ControlFlow::Continue(())
    });
    is_defined
}
