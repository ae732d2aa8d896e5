//! `system.vela`, `system.kubernetes` and the `version` of each dependency are constraints that KubeVela can read.
//!
//! KubeVela replaces each `v` by a space and hands the text to Masterminds semver. What that cannot read makes the addon
//! impossible to enable. Watch out for other words with a `v` in them: `dev` becomes `de `.
//!
//! Bad:
//! ```yaml
//! system:
//!   vela: ">=v1.4 || dev"
//! ```
//! Good:
//! ```yaml
//! system:
//!   vela: ">=1.4.0"
//! ```

use crate::input::Input;
use crate::rule::{Found, Holds, Rule};
use addon_index::requirement::Requirement;
use addon_model::Spanned;
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "META11",
    title: "constraints on versions can be read",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "meta/meta11_constraint.rs",
    source: include_str!("meta11_constraint.rs"),
    found: &[Found::InAddon(check)],
};

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    let meta = input.addon.meta();
    let mut look = |what: &str, constraint: &Spanned<String>| {
        if let Err(error) = Requirement::parse(constraint) {
            let message = format!("`{}` is no constraint on {what}", constraint.value);
            let place = input.metadata_part(constraint, error.at.clone());
            let found = RULE.finding(message, place).at(error.problem.to_string());
            findings.push(found.help("write one as in `>=1.2.0` or `~1.2`"));
        }
    };
    if let Some(system) = &meta.system {
        look("the version of KubeVela", &system.vela);
        look("the version of Kubernetes", &system.kubernetes);
    }
    for dependency in meta.dependencies() {
        look(
            &format!("the version of `{}`", *dependency.name),
            &dependency.version,
        );
    }
}
