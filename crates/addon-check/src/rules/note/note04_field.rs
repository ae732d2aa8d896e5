//! What is said after enabling stands in the field `notes` of `NOTES.cue`.
//!
//! KubeVela looks for that field alone. Without it nothing is said, and nobody is told why.
//!
//! Bad:
//! ```cue
//! note: "enabled"
//! ```
//! Good:
//! ```cue
//! notes: "enabled"
//! ```

use crate::input::Input;
use crate::rule::{Found, Holds, Rule};
use crate::spelling;
use crate::syntax::{Fields, name_of};
use addon_model::Role;
use cue_syntax::ast::Decl;
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "NOTE04",
    title: "`NOTES.cue` has a field `notes`",
    severity: Severity::Warning,
    holds: Holds::KubeVela(">=1.7.0-0"),
    mended: false,
    file: "note/note04_field.rs",
    source: include_str!("note04_field.rs"),
    found: &[Found::InAddon(check)],
};

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    for file in input.cue() {
        let tree = &file.parsed.file;
        if file.role != Role::Notes
            || !file.parsed.errors.is_empty()
            || !Fields::at(&tree.decls, &["notes"]).is_missing()
        {
            continue;
        }
        let fields = tree.decls.iter().filter_map(|decl| match decl {
            Decl::Field(field) => Some(&**field),
            _ => None,
        });
        let near = fields.clone().find(|field| {
            name_of(field).is_some_and(|name| spelling::nearest(&name, ["notes"]).is_some())
        });
        let place = near
            .or_else(|| fields.clone().next())
            .map_or(file.source.span().start(), |field| field.label.span());
        let message = "`NOTES.cue` says nothing: it has no field `notes`";
        let help = match near.and_then(name_of) {
            Some(name) => format!("call `{name}` `notes`"),
            None => "write what is to be said as `notes`".to_owned(),
        };
        findings.push(RULE.finding(message, place).help(help));
    }
}
