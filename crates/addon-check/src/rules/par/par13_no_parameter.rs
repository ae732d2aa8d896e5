//! The parameters stand in a field `parameter` of `parameter.cue`.
//!
//! A file without one declares none: KubeVela shows no parameters for the addon, and says nothing. Most often the field is
//! called `parameters`, or its braces are missing.
//!
//! Bad:
//! ```cue
//! parameters: {
//!     // +usage=How many pods serve requests
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
use crate::scope::fields_named;
use crate::spelling;
use crate::syntax::name_of;
use addon_model::Role;
use cue_syntax::ast::Decl;
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "PAR13",
    title: "`parameter.cue` has a field `parameter`",
    severity: Severity::Warning,
    holds: Holds::Always,
    mended: false,
    file: "par/par13_no_parameter.rs",
    source: include_str!("par13_no_parameter.rs"),
    found: &[Found::InAddon(check)],
};

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    for file in input.cue() {
        let tree = &file.parsed.file;
        let has_one = || fields_named(&tree.decls, "parameter").next().is_some();
        let is_parameters = matches!(file.role, Role::Parameter | Role::ResourceParameter);
        if !is_parameters || !file.parsed.errors.is_empty() || has_one() {
            continue;
        }
        // what an embedded struct or a condition brings along is not known
        let mut decls = tree.decls.iter();
        if decls.any(|decl| matches!(decl, Decl::Embed(_) | Decl::Comprehension(_))) {
            continue;
        }
        let fields: Vec<_> = tree
            .decls
            .iter()
            .filter_map(|decl| match decl {
                Decl::Field(field) => Some((name_of(field)?, field.label.span())),
                _ => None,
            })
            .collect();
        let near = fields
            .iter()
            .find(|(name, _)| spelling::nearest(name, ["parameter"]).is_some());
        let message = format!(
            "`{}` declares no parameters: it has no field `parameter`",
            file.path
        );
        let place = near
            .or(fields.first())
            .map_or(file.source.span().start(), |(_, span)| *span);
        let help = match near {
            Some((name, _)) => format!("call `{name}` `parameter`"),
            None => "put the fields into `parameter: {...}`".to_owned(),
        };
        findings.push(RULE.finding(message, place).help(help));
    }
}
