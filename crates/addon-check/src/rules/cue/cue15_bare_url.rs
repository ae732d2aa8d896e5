//! An address such as `https://example.org` is a text, in quotes.
//!
//! Without them CUE reads a field `https` and a comment: `url: https://example.org` and the line after it become the struct
//! `url: https: ...`, without an error.
//!
//! Bad:
//! ```cue
//! url: https://example.org/charts
//! chart: "web"
//! ```
//! Good:
//! ```cue
//! url: "https://example.org/charts"
//! chart: "web"
//! ```

use crate::input::Input;
use crate::rule::{Found, Holds, Rule};
use cue_syntax::ast::{self, Decl, Expr, Label, Node};
use source_vocab::{Diagnostic, Severity, Span};
use std::ops::ControlFlow;

pub(super) const RULE: Rule = Rule {
    id: "CUE15",
    title: "an address is written in quotes",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "cue/cue15_bare_url.rs",
    source: include_str!("cue15_bare_url.rs"),
    found: &[Found::InAddon(check)],
};

/// What addresses begin with.
const SCHEMES: [&str; 10] = [
    "http", "https", "oci", "git", "ssh", "s3", "ftp", "file", "tcp", "docker",
];

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    for file in input.cue() {
        if file.is_idle() {
            continue;
        }
        ast::walk(Node::File(&file.parsed.file), &mut |node| {
            if let Node::Decl(Decl::Field(field)) = node
                && let Expr::Struct(body) = &field.value
                && !body.has_braces()
                && let Some(Decl::Field(inner)) = body.elts.first()
                && let Label::Ident(scheme) = &inner.label
                && SCHEMES.contains(&scheme.name.as_str())
                && comment_follows(file.text(Span::new(inner.colon.offset, file.source.span().hi)))
            {
                let scheme = scheme.name.as_str();
                let message =
                    format!("`{scheme}://` without quotes is a field `{scheme}` and a comment");
                let found = RULE.finding(message, inner.label.span());
                findings.push(found.help("put the address into quotes"));
            }
            ControlFlow::Continue(())
        });
    }
}

fn comment_follows(text: &str) -> bool {
    text.strip_prefix("://")
        .is_some_and(|rest| !rest.starts_with(char::is_whitespace))
}
