//! An addon with several dependencies says in its README in which order they are enabled.
//!
//! `vela addon enable` installs the first dependency that is missing and stops there: it must be run again for each of the
//! others. An addon whose `README.md` names all its dependencies is taken to say so.
//!
//! Bad: two dependencies, and a README that names neither.
//! ```yaml
//! dependencies:
//! - name: fluxcd
//! - name: cert-manager
//! ```
//! Good: in `README.md`
//! ```markdown
//! vela addon enable fluxcd
//! vela addon enable cert-manager
//! vela addon enable my-addon
//! ```

use crate::input::Input;
use crate::rule::{Found, Holds, Rule};
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "DEP05",
    title: "the addon has one dependency at most, or says how to enable them",
    severity: Severity::Warning,
    holds: Holds::Always,
    mended: false,
    file: "dep/dep05_several.rs",
    source: include_str!("dep05_several.rs"),
    found: &[Found::InAddon(check)],
};

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    let meta = input.addon.meta();
    let readme = input.addon.readme.as_ref();
    let is_said = |name: &str| readme.is_some_and(|file| file.text().contains(name));
    let names: Vec<_> = meta
        .dependencies()
        .map(|dependency| &dependency.name)
        .filter(|name| !name.is_empty())
        .collect();
    if names.len() < 2 || names.iter().all(|name| is_said(name)) {
        return;
    }
    let place = input.metadata_place(meta.dependencies.span);
    let message = format!(
        "KubeVela installs only the first of {} missing dependencies in one run",
        names.len()
    );
    let found = RULE.finding(message, place);
    findings.push(found.help("write into `README.md` in which order they are enabled"));
}
