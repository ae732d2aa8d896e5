//! Each entry of `dependencies` names one addon, none twice, and not the addon itself.
//!
//! KubeVela enables the dependencies first: an addon that depends on itself is never enabled, an entry without a name is
//! looked for in vain, and an entry that is `null` crashes `vela`. Of two entries with one name both constraints are
//! tried one after the other, so that the second may undo what the first installed.
//!
//! Bad:
//! ```yaml
//! name: fluxcd
//! dependencies:
//!   - name: fluxcd
//! ```
//! Good:
//! ```yaml
//! name: fluxcd
//! dependencies:
//!   - name: cert-manager
//!     version: ">=1.7.0"
//! ```

use crate::input::Input;
use crate::rule::{Found, Rule};
use source_vocab::{Diagnostic, Severity, Span};
use std::collections::BTreeMap;

pub(crate) const RULE: Rule = Rule {
    id: "DEP03",
    title: "each dependency is named once and is another addon",
    severity: Severity::Error,
    holds_for: "all releases of KubeVela",
    file: "dep03_dependencies.rs",
    source: include_str!("dep03_dependencies.rs"),
    found: Found::Check(check),
};

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    let meta = input.addon.meta();
    let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
    for (index, dependency) in meta.dependencies.value.iter().enumerate() {
        let Some(dependency) = dependency else {
            let place = input.metadata_place(meta.dependencies.span);
            let message = format!("`dependencies[{index}]` is null, on which `vela` crashes");
            findings.push(RULE.finding(message, place).help("remove the entry"));
            continue;
        };
        let name = &dependency.name;
        let span = if name.is_set() {
            name.span
        } else {
            dependency.span
        };
        let place = input.metadata_place(span);
        if name.is_empty() {
            let message = format!("`dependencies[{index}]` has no name");
            findings.push(
                RULE.finding(message, place)
                    .help("write the name of an addon"),
            );
        } else if name.value == meta.name.value {
            let message = format!("`{}` depends on itself", name.value);
            findings.push(RULE.finding(message, place).help("remove the entry"));
        } else if let Some(first) = seen.insert(name.as_str(), span) {
            let message = format!("the dependency `{}` stands twice", name.value);
            let found = RULE.finding(message, place).label(first, "the first one");
            findings.push(found.help("join the two: `version: \">=1.0.0 <2.0.0\"`"));
        }
    }
}
