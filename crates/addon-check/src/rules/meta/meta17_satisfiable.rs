//! `system.vela`, `system.kubernetes` and the `version` of each dependency admit at least one version.
//!
//! What admits none keeps everybody from enabling the addon. It is tried with all versions that the constraint itself names,
//! those beside them, and the releases of KubeVela and Kubernetes.
//!
//! Bad:
//! ```yaml
//! system:
//!   kubernetes: ">=1.25.0 <1.22.0"
//! ```
//! Good:
//! ```yaml
//! system:
//!   kubernetes: ">=1.22.0 <1.26.0"
//! ```

use crate::input::Input;
use crate::rule::{Found, Holds, Rule};
use addon_index::requirement::Requirement;
use addon_model::Spanned;
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "META17",
    title: "a constraint admits some release",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "meta/meta17_satisfiable.rs",
    source: include_str!("meta17_satisfiable.rs"),
    found: &[Found::InAddon(check)],
};

/// Minor releases and patches that are tried.
const MINORS: std::ops::Range<u64> = 0..70;
const PATCHES: [u64; 3] = [0, 5, 97];

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    let meta = input.addon.meta();
    let mut look = |what: &str, constraint: &Spanned<String>| {
        let Ok(requirement) = Requirement::parse(constraint) else {
            return;
        };
        let admits = |version: &str| requirement.admits(version) == Ok(true);
        if constraint.trim().is_empty()
            || versions(constraint).iter().any(|version| admits(version))
        {
            return;
        }
        let message = format!("`{}` admits no version of {what}", constraint.value);
        let found = RULE.finding(message, input.metadata_place(constraint.span));
        findings.push(found.help("look at its bounds: the lower one must be below the upper one"));
    };
    if let Some(system) = &meta.system {
        look("KubeVela", &system.vela);
        look("Kubernetes", &system.kubernetes);
    }
    for dependency in meta.dependencies() {
        look(&format!("`{}`", *dependency.name), &dependency.version);
    }
}

/// Versions that a constraint might admit: the numbers in it as they are and a step up and down, and all common ones.
fn versions(constraint: &str) -> Vec<String> {
    let mut found = Vec::new();
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '+');
    for word in constraint.split(|c: char| !is_part(c)) {
        let word = word.trim_start_matches('v');
        let (numbers, suffix) = match word.split_once(['-', '+']) {
            Some((numbers, _)) => (numbers, word.get(numbers.len()..).unwrap_or_default()),
            None => (word, ""),
        };
        let parts: Vec<Option<u64>> = numbers.split('.').map(|part| part.parse().ok()).collect();
        let part = |at: usize| parts.get(at).copied().flatten().unwrap_or_default();
        let base = [part(0), part(1), part(2)];
        if parts.first().copied().flatten().is_none() {
            continue;
        }
        found.push(format!("{}.{}.{}{suffix}", base[0], base[1], base[2]));
        for at in 0..3 {
            for step in [-1_i64, 0, 1] {
                let mut near = base;
                if let Some(number) = near.get_mut(at) {
                    *number = number.saturating_add_signed(step);
                }
                found.push(format!("{}.{}.{}", near[0], near[1], near[2]));
                found.push(format!("{}.{}.{}-0", near[0], near[1], near[2]));
            }
        }
    }
    for major in 0..4_u64 {
        for minor in MINORS {
            found.extend(PATCHES.map(|patch| format!("{major}.{minor}.{patch}")));
        }
    }
    found
}
