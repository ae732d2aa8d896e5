//! Each field of `parameter` in `parameter.cue` has a comment `// +usage=` that says more than its name.
//!
//! `vela addon status`, VelaUX and `vela show` list the parameters with that text; without it their users have to read the
//! template.
//!
//! Bad:
//! ```cue
//! parameter: {
//!     replicas: *1 | int
//! }
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
use addon_model::Role;
use cue_syntax::ast::{Decl, Expr, Field, LabelName};
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "PAR03",
    title: "each parameter says what it is for",
    severity: Severity::Warning,
    holds: Holds::Always,
    mended: false,
    file: "par/par03_usage.rs",
    source: include_str!("par03_usage.rs"),
    found: &[Found::InAddon(check)],
};

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    for file in input.cue() {
        if !matches!(file.role, Role::Parameter | Role::ResourceParameter) {
            continue;
        }
        for field in fields_of("parameter", &file.parsed.file.decls) {
            let Some(name) = name_of(field) else {
                continue;
            };
            let message = match usage(field) {
                None => format!("the parameter `{name}` has no `+usage`"),
                Some(text) if text.is_empty() => format!("the `+usage` of `{name}` is empty"),
                Some(text) if text.eq_ignore_ascii_case(&name) => {
                    format!("the `+usage` of `{name}` only repeats its name")
                }
                Some(_) => continue,
            };
            let found = RULE.finding(message, field.label.span());
            findings.push(found.help("write `// +usage=` and what it is for in the line before"));
        }
    }
}

/// The text after `+usage=` in the comments of a field.
pub(in crate::rules) fn usage(field: &Field) -> Option<String> {
    field.meta.comments.groups().iter().find_map(|group| {
        group.text().lines().find_map(|line| {
            let text = line.trim().strip_prefix("+usage=")?;
            Some(text.trim().to_owned())
        })
    })
}

/// The fields of the struct that a field of this name has, wherever it is written.
pub(in crate::rules) fn fields_of<'f>(name: &str, decls: &'f [Decl]) -> Vec<&'f Field> {
    let mut found = Vec::new();
    for decl in decls {
        let Decl::Field(field) = decl else { continue };
        if name_of(field).as_deref() != Some(name) {
            continue;
        }
        let Expr::Struct(body) = &field.value else {
            continue;
        };
        found.extend(body.elts.iter().filter_map(|decl| match decl {
            Decl::Field(field) => Some(&**field),
            _ => None,
        }));
    }
    found
}

/// The name of a field with a plain label.
pub(in crate::rules) fn name_of(field: &Field) -> Option<String> {
    match field.label.name() {
        LabelName::Ident(name) | LabelName::Quoted(name) => Some(name),
        LabelName::Dynamic | LabelName::Invalid => None,
    }
}
