//! Every `parameter.NAME` in the template of a definition is declared by its `parameter`.
//!
//! KubeVela cannot render what uses the definition where the template meets one that is not, unless somebody gives a property
//! of that name, of which no documentation and no form tells. Where the use is guarded, as in `if parameter.x != _|_`, it only
//! never happens, which is a warning. A `parameter` that takes any name, with `...` or a pattern, is not looked at.
//!
//! Bad:
//! ```cue
//! template: {
//!     output: spec: replicas: parameter.replica
//!     parameter: replicas: *1 | int
//! }
//! ```
//! Good:
//! ```cue
//! template: {
//!     output: spec: replicas: parameter.replicas
//!     parameter: replicas: *1 | int
//! }
//! ```

use crate::input::Input;
use crate::parameters::{Standing, names_beside, standing, uses_in_definitions};
use crate::rule::{Found, Holds, Rule};
use crate::spelling;
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "DEF17",
    title: "each parameter that a definition uses is declared",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "def/def17_undeclared.rs",
    source: include_str!("def17_undeclared.rs"),
    found: &[Found::InAddon(check)],
};

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    for found in uses_in_definitions(input) {
        let Standing::Undeclared(at) = standing(&found) else {
            continue;
        };
        let Some((name, span)) = found.path.get(at) else {
            continue;
        };
        let outer = found.path.iter().take(at + 1);
        let path: Vec<&str> = outer.map(|(name, _)| name.as_str()).collect();
        let message = format!(
            "the definition does not declare `parameter.{}`",
            path.join(".")
        );
        let severity = if found.is_guarded {
            Severity::Warning
        } else {
            Severity::Error
        };
        let beside = names_beside(&found, at);
        let help = match spelling::nearest(name, beside.iter().map(String::as_str)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "declare it in the template's `parameter`".to_owned(),
        };
        findings.push(RULE.milder(severity, message, *span).help(help));
    }
}
