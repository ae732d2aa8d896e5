//! A list among the parameters of a definition says what its elements are.
//!
//! `[]` is the empty list and nothing else: who gives the parameter a value is refused. `[...]` takes everything, so that a
//! mistake in an element is found by the API server, if at all; that is a warning.
//!
//! Bad:
//! ```cue
//! template: parameter: env: []
//! ```
//! Good:
//! ```cue
//! template: parameter: env: [...{name: string, value: string}]
//! ```

use super::{Shape, definitions};
use crate::input::Input;
use crate::rule::{Found, Holds, Rule};
use crate::syntax::{bare, collect_fields, fields_in, name_of};
use cue_syntax::ast::{Expr, Field};
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "DEF08",
    title: "a list parameter says what its elements are",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "def/def08_list.rs",
    source: include_str!("def08_list.rs"),
    found: &[Found::InAddon(check)],
};

/// How deep parameters are looked into.
const MAX_DEPTH: u32 = 16;

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    for file in definitions(input) {
        let decls = &file.parsed.file.decls;
        if Shape::of(decls).name().is_some() {
            look(&fields_in(decls, &["template", "parameter"]), 0, findings);
        }
    }
}

fn look(fields: &[&Field], depth: u32, findings: &mut Vec<Diagnostic>) {
    if depth > MAX_DEPTH {
        return;
    }
    for field in fields {
        let Some(name) = name_of(field) else { continue };
        // a list that is written twice gets its elements from the other place
        let is_alone = fields
            .iter()
            .filter(|other| name_of(other).as_deref() == Some(name.as_str()))
            .count()
            == 1;
        match bare(&field.value) {
            Expr::List(list) if is_alone => {
                let (message, severity) = match list.elts.as_slice() {
                    [] => (
                        format!("the parameter `{name}` can only be the empty list"),
                        Severity::Error,
                    ),
                    [Expr::Ellipsis(rest)] if rest.element.is_none() => (
                        format!("the parameter `{name}` takes a list of anything"),
                        Severity::Warning,
                    ),
                    _ => continue,
                };
                let found = RULE.milder(severity, message, list.meta.span);
                findings.push(found.help("write what an element is, as in `[...string]`"));
            }
            Expr::Struct(_) => {
                let mut inner = Vec::new();
                collect_fields(&field.value, &mut inner);
                look(&inner, depth + 1, findings);
            }
            _ => {}
        }
    }
}
