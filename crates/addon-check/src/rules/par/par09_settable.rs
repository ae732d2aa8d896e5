//! The name of a parameter has no character that `vela addon enable name=value` understands otherwise, and is not one that
//! KubeVela keeps for itself.
//!
//! A dot leads into a struct, a comma begins the next argument, `=` ends the name and brackets count elements of a list; such a
//! name needs a backslash before the character, or a file of arguments. `installerRuntimeOption` is filled by KubeVela itself, which takes the argument away.
//!
//! Bad:
//! ```cue
//! parameter: "app.name": *"web" | string
//! ```
//! Good:
//! ```cue
//! parameter: appName: *"web" | string
//! ```

use crate::input::Input;
use crate::parameters::declarations;
use crate::rule::{Found, Holds, Rule};
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "PAR09",
    title: "each parameter can be set as `name=value`",
    severity: Severity::Warning,
    holds: Holds::Always,
    mended: false,
    file: "par/par09_settable.rs",
    source: include_str!("par09_settable.rs"),
    found: &[Found::InAddon(check)],
};

/// What KubeVela fills (kubevela `pkg/addon/addon.go`, `InstallerRuntimeOption`).
const OWN: &str = "installerRuntimeOption";

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    for declared in declarations(input) {
        let Some(name) = declared.path.last() else {
            continue;
        };
        let place = declared.field.label.span();
        if declared.path == [OWN] {
            let message = format!("the parameter `{OWN}` is taken by KubeVela");
            findings.push(RULE.finding(message, place).help("give it another name"));
        } else if let Some(sign) = name.chars().find(|c| ".,=[]{}\\ \t".contains(*c)) {
            let message = format!(
                "the parameter `{name}` is set in a file or with a backslash, because of its `{}`",
                sign.escape_default()
            );
            findings.push(
                RULE.finding(message, place)
                    .help("use letters and digits, as in `appName`"),
            );
        }
    }
}
