//! A config template whose parameters have a password or the like is `sensitive: true`.
//!
//! Everybody who may list configs reads the values of one that is not: `vela config list` and VelaUX show them.
//!
//! Bad:
//! ```cue
//! metadata: {name: "registry", sensitive: false}
//! template: parameter: password: string
//! ```
//! Good:
//! ```cue
//! metadata: {name: "registry", sensitive: true}
//! template: parameter: password: string
//! ```

use super::templates;
use crate::input::Input;
use crate::rule::{Found, Holds, Rule};
use crate::rules::secret_name::is_secret;
use crate::syntax::{Fields, bare, collect_fields, fields_in, name_of};
use cue_syntax::ast::{Expr, Field, LitKind};
use source_vocab::{Diagnostic, Severity, Span};

pub(super) const RULE: Rule = Rule {
    id: "CFG02",
    title: "a config with a password is sensitive",
    severity: Severity::Warning,
    holds: Holds::Always,
    mended: false,
    file: "cfg/cfg02_sensitive.rs",
    source: include_str!("cfg02_sensitive.rs"),
    found: &[Found::InAddon(check)],
};

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    for file in templates(input) {
        let decls = &file.parsed.file.decls;
        let sensitive = Fields::at(decls, &["metadata", "sensitive"]);
        let place = match sensitive.all.as_slice() {
            [field] => match bare(&field.value) {
                Expr::Basic(basic) if basic.kind == LitKind::False => field.value.span(),
                _ => continue,
            },
            [] if sensitive.is_missing() => match Fields::at(decls, &["metadata"]).first() {
                Some(metadata) => metadata.label.span(),
                None => continue,
            },
            _ => continue,
        };
        let parameters = fields_in(decls, &["template", "parameter"]);
        let Some((name, span)) = secret(&parameters, 0) else {
            continue;
        };
        let message =
            format!("the parameter `{name}` is a secret, and the config is not sensitive");
        let found = RULE.finding(message, place).label(span, "this one");
        findings.push(found.help("write `sensitive: true`"));
    }
}

/// How deep parameters are looked into.
const MAX_DEPTH: u32 = 16;

/// The first parameter with the name of a secret.
fn secret(fields: &[&Field], depth: u32) -> Option<(String, Span)> {
    if depth > MAX_DEPTH {
        return None;
    }
    fields.iter().find_map(|field| {
        let name = name_of(field)?;
        let mut inner = Vec::new();
        collect_fields(&field.value, &mut inner);
        if inner.is_empty() && is_secret(&name) {
            return Some((name, field.label.span()));
        }
        secret(&inner, depth + 1)
    })
}
