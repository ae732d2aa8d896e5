//! A CUE file in `resources/` has the package of the template (`main`), or no package clause.
//!
//! A file of the template's package is merged into the template. One without a clause is a component of its own. One of any
//! other package is neither: it is not merged, and taken for a component, and without `output` it is dropped without a
//! word. With `output` it works as a component, and the clause only misleads: that is a warning.
//!
//! Bad: in `resources/database.cue`
//! ```cue
//! package database
//!
//! database: {...}
//! ```
//! Good:
//! ```cue
//! package main
//!
//! database: {...}
//! ```

use crate::input::Input;
use crate::rule::{Found, Holds, Rule};
use crate::rules::app::app12_dropped::makes_output;
use addon_model::{Format, Role};
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "CUE02",
    title: "a file in `resources/` is of package `main`, or of none",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "cue/cue02_package.rs",
    source: include_str!("cue02_package.rs"),
    found: &[Found::InAddon(check)],
};

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    let template = input
        .cue()
        .iter()
        .find(|file| file.role == Role::TemplateCue);
    let main = template
        .and_then(|file| file.parsed.file.package_name())
        .unwrap_or("main");
    for file in input.cue() {
        if file.role != Role::Resource(Format::Cue) {
            continue;
        }
        let Some(package) = file.parsed.file.package() else {
            continue;
        };
        let name = package.name.name.as_str();
        if name == main || name == "_" {
            continue;
        }
        let message = format!("the package `{name}` is not that of the template, `{main}`");
        let severity = if makes_output(&file.parsed.file) {
            Severity::Warning
        } else {
            Severity::Error
        };
        let found = RULE.milder(severity, message, package.name.meta.span);
        findings.push(found.help(format!(
            "write `package {main}`, or no package in a component"
        )));
    }
}
