//! Every `parameter.NAME` of the template, the resources and `NOTES.cue` is declared in `parameter.cue`.
//!
//! KubeVela cannot render the addon where it meets one that is not, unless somebody gives an argument of that name, of which no
//! documentation and no form tells. Where the use is guarded, as in `if parameter.x != _|_`, it only never happens: that is a
//! warning, and so it is in `NOTES.cue`, whose mistakes go to the log.
//!
//! Bad: in `template.cue`, where `parameter.cue` declares `replicas`
//! ```cue
//! replicas: parameter.replica
//! ```
//! Good:
//! ```cue
//! replicas: parameter.replicas
//! ```

use crate::input::Input;
use crate::parameters::{Standing, declarations, standing, uses};
use crate::rule::{Found, Holds, Rule};
use crate::spelling;
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "PAR01",
    title: "each parameter that is used is declared",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "par/par01_undeclared.rs",
    source: include_str!("par01_undeclared.rs"),
    found: &[Found::InAddon(check)],
};

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    let declared = declarations(input);
    for found in uses(input) {
        let Standing::Undeclared(at) = standing(&found) else {
            continue;
        };
        let Some((name, span)) = found.path.get(at) else {
            continue;
        };
        // `vela addon enable --clusters` gives it to every addon
        if found.is_guarded && at == 0 && name == "clusters" {
            continue;
        }
        let names = found
            .path
            .iter()
            .take(at + 1)
            .map(|(name, _)| name.as_str());
        let path = names.collect::<Vec<_>>().join(".");
        let message = format!("the parameter `{path}` is not declared");
        let severity = if found.is_guarded || !found.file.makes_application() {
            Severity::Warning
        } else {
            Severity::Error
        };
        let siblings = declared.iter().filter(|other| {
            let outer = other.path.iter().rev().skip(1).rev();
            outer.eq(found.path.iter().take(at).map(|(name, _)| name))
        });
        let siblings = siblings
            .filter_map(|other| other.path.last())
            .map(String::as_str);
        let help = match spelling::nearest(name, siblings) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "declare it in `parameter.cue`".to_owned(),
        };
        findings.push(RULE.milder(severity, message, *span).help(help));
    }
}
