//! Each field of `template.parameter` in a definition has a comment `// +usage=`.
//!
//! `vela show` and VelaUX make the documentation of the definition of them.
//!
//! Bad:
//! ```cue
//! template: parameter: {
//!     image: string
//! }
//! ```
//! Good:
//! ```cue
//! template: parameter: {
//!     // +usage=The image of the container
//!     image: string
//! }
//! ```

use crate::input::Input;
use crate::rule::{Found, Holds, Rule};
use crate::rules::par::par03_usage::{fields_of, name_of, usage};
use addon_model::{Format, Role};
use cue_syntax::ast::{Decl, Expr};
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "DEF07",
    title: "each parameter of a definition says what it is for",
    severity: Severity::Warning,
    holds: Holds::Always,
    mended: false,
    file: "def/def07_usage.rs",
    source: include_str!("def07_usage.rs"),
    found: &[Found::InAddon(check)],
};

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    for file in input.cue() {
        if file.role != Role::Definition(Format::Cue) {
            continue;
        }
        for outer in fields_of("template", &file.parsed.file.decls) {
            let Expr::Struct(body) = &outer.value else {
                continue;
            };
            if name_of(outer).as_deref() != Some("parameter") {
                continue;
            }
            let fields = body.elts.iter().filter_map(|decl| match decl {
                Decl::Field(field) => Some(&**field),
                _ => None,
            });
            for field in fields {
                let Some(name) = name_of(field) else { continue };
                if usage(field).is_some_and(|text| !text.is_empty()) {
                    continue;
                }
                let message = format!("the parameter `{name}` has no `+usage`");
                let found = RULE.finding(message, field.label.span());
                findings
                    .push(found.help("write `// +usage=` and what it is for in the line before"));
            }
        }
    }
}
