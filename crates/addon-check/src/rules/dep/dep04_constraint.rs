//! A dependency has a constraint on its version, with an upper bound.
//!
//! Without one KubeVela installs the latest version that there is on that day, and a later major version may change or
//! drop what the addon needs. A constraint that is open above has the same fault, later.
//!
//! Bad:
//! ```yaml
//! dependencies:
//! - name: fluxcd
//! ```
//! Good:
//! ```yaml
//! dependencies:
//! - name: fluxcd
//!   version: ">=1.4.0 <3.0.0"
//! ```

use crate::input::Input;
use crate::rule::{Found, Holds, Rule};
use addon_index::requirement::admits;
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "DEP04",
    title: "a dependency says which versions fit",
    severity: Severity::Warning,
    holds: Holds::Always,
    mended: false,
    file: "dep/dep04_constraint.rs",
    source: include_str!("dep04_constraint.rs"),
    found: &[Found::InAddon(check)],
};

/// A release that comes in a few years, if ever.
const FAR: &str = "999.0.0";

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    for dependency in input.addon.meta().dependencies() {
        let (name, version) = (&dependency.name, &dependency.version);
        if name.is_empty() {
            continue;
        }
        if version.is_empty() {
            let message = format!("any version of `{}` fits", name.value);
            let found = RULE.finding(message, input.metadata_place(name.span));
            findings.push(
                found.help("write `version: \">=1.0.0 <2.0.0\"` with the releases that were tried"),
            );
        } else if admits(version, FAR) == Ok(true) {
            let message = format!(
                "`{}` admits every later major version of `{}`",
                version.value, name.value
            );
            let found = RULE.finding(message, input.metadata_place(version.span));
            findings.push(found.help("add an upper bound, as in `>=1.0.0 <2.0.0`"));
        }
    }
}
