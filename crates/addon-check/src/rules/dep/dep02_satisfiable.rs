//! An addon of the folder that is named as a dependency satisfies the constraint, and there is a release of KubeVela that both take.
//!
//! `vela addon enable` looks for a version that satisfies the constraint and ends when there is none; a dependency whose
//! `system.vela` excludes all releases that the addon itself takes can never be enabled with it.
//!
//! Bad: beside an addon `fluxcd` of version 2.4.0
//! ```yaml
//! dependencies: [{name: fluxcd, version: "<2.0.0"}]
//! ```
//! Good:
//! ```yaml
//! dependencies: [{name: fluxcd, version: ">=2.0.0 <3.0.0"}]
//! ```

use crate::proof::{Neighbour, Proof};
use crate::rule::{Found, Holds, Rule};
use addon_index::requirement::admits;
use addon_model::{Dependency, Meta};
use source_vocab::{Diagnostic, Severity};
use std::collections::BTreeSet;

pub(super) const RULE: Rule = Rule {
    id: "DEP02",
    title: "a dependency can be satisfied",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "dep/dep02_satisfiable.rs",
    source: include_str!("dep02_satisfiable.rs"),
    found: &[Found::InProof(check)],
};

fn check(proof: &Proof<'_>, findings: &mut Vec<Diagnostic>) {
    let meta = proof.addon().meta();
    for dependency in meta.dependencies() {
        let mut known = proof.dependencies().iter();
        let Some(neighbour) = known.find(|one| one.name() == dependency.name.as_str()) else {
            continue;
        };
        version(proof, dependency, neighbour, findings);
        releases(proof, meta, dependency, neighbour, findings);
    }
}

fn version(
    proof: &Proof<'_>,
    dependency: &Dependency,
    neighbour: &Neighbour,
    findings: &mut Vec<Diagnostic>,
) {
    let found = neighbour.addon.meta().version.as_str();
    let wanted = &dependency.version;
    // what cannot be read is told by META04 and META11
    if wanted.is_empty() || admits(wanted, found) != Ok(false) {
        return;
    }
    let message = format!(
        "`{}` is {found} in this folder, which `{}` excludes",
        dependency.name.value, wanted.value
    );
    let found = RULE.finding(message, proof.input.metadata_place(wanted.span));
    findings.push(found.help("write a constraint that the version satisfies"));
}

fn releases(
    proof: &Proof<'_>,
    meta: &Meta,
    dependency: &Dependency,
    neighbour: &Neighbour,
    findings: &mut Vec<Diagnostic>,
) {
    let other = neighbour.addon.meta();
    let (Some(own), Some(other)) = (&meta.system, &other.system) else {
        return;
    };
    let (one, two) = (own.vela.as_str(), other.vela.as_str());
    if one.is_empty() || two.is_empty() || one.len() + two.len() > LONGEST {
        return;
    }
    let candidates = candidates([one, two]);
    let fits = |range: &str, release: &str| admits(range, release) == Ok(true);
    let is_some = |range: &str| candidates.iter().any(|release| fits(range, release));
    let is_both = candidates
        .iter()
        .any(|release| fits(one, release) && fits(two, release));
    if is_both || !is_some(one) || !is_some(two) {
        return;
    }
    let message = format!(
        "no release of KubeVela is both `{one}` and, for `{}`, `{two}`",
        dependency.name.value
    );
    let found = RULE.finding(message, proof.input.metadata_place(dependency.name.span));
    findings.push(found.help("change `system.vela`, or depend on an addon for the same releases"));
}

/// The longest ranges that are compared: every word of them is tried against both.
const LONGEST: usize = 2000;

/// Releases on both sides of every bound of two ranges, and the minor releases of KubeVela.
fn candidates(ranges: [&str; 2]) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for minor in 0..30 {
        for patch in [0, 50] {
            all.insert(format!("1.{minor}.{patch}"));
        }
    }
    all.insert("0.1.0".to_owned());
    all.insert("2.0.0".to_owned());
    for range in ranges {
        let is_border = |c: char| !c.is_ascii_alphanumeric() && !matches!(c, '.' | '-' | '+');
        for word in range.split(is_border) {
            let word = word.trim_start_matches('v').trim_matches('-');
            let core = word.split(['-', '+']).next().unwrap_or_default();
            let mut parts = core.split('.').map(str::parse::<u64>);
            let mut part = || parts.next().and_then(Result::ok);
            let Some(major) = part() else { continue };
            let (minor, patch) = (part().unwrap_or_default(), part().unwrap_or_default());
            all.insert(word.to_owned());
            all.insert(format!("{major}.{minor}.{patch}"));
            all.insert(format!("{major}.{minor}.{}", patch + 1));
            all.insert(format!("{major}.{}.0", minor + 1));
            if let Some(patch) = patch.checked_sub(1) {
                all.insert(format!("{major}.{minor}.{patch}"));
            }
            // a prerelease of the bound lies between what is below and the bound
            all.insert(format!("{major}.{minor}.{patch}-beta.1"));
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_releases_on_both_sides_of_every_bound() {
        let all = candidates([">=v1.9.0-beta.2 <1.10.3", "=1.4"]);
        for release in [
            "1.9.0-beta.2",
            "1.9.0",
            "1.10.2",
            "1.10.3",
            "1.10.4",
            "1.4.0",
            "1.4.1",
            "1.3.0",
        ] {
            assert!(all.contains(release), "{release}");
        }
    }
}
