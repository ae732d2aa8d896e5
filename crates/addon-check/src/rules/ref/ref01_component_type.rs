//! The `type` of a component names a definition that is there when the addon is enabled.
//!
//! Without it the Application fails with `load template from component definition`. A definition is there when the addon
//! brings it, when an addon of `dependencies` does, or when it comes with KubeVela. A revision behind an `@`
//! (`webservice@v2`) is not looked at.
//!
//! While a dependency is not at hand it may define the type, so the finding is a warning then and says which one is missing.
//! What came with a later release of KubeVela than `system.vela` admits is a warning as well.
//!
//! Bad:
//! ```yaml
//! components:
//! - name: web
//!   type: webservce
//! ```
//! Good:
//! ```yaml
//! components:
//! - name: web
//!   type: webservice
//! ```

use crate::definitions::{self, Definition, Elsewhere, Known, Seen, bare};
use crate::proof::Proof;
use crate::rule::{Found, Holds, Rule};
use addon_index::requirement::admits;
use addon_render::definition::Kind;
use gosemver::Version;
use source_vocab::{Diagnostic, Severity};

/// The last release of each minor version of KubeVela before the one that a definition may be missing in.
const RELEASES: [&str; 7] = [
    "1.4.14", "1.5.11", "1.6.8", "1.7.7", "1.8.2", "1.9.3", "1.9.14",
];

pub(super) const RULE: Rule = Rule {
    id: "REF01",
    title: "the type of a component is known",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "ref/ref01_component_type.rs",
    source: include_str!("ref01_component_type.rs"),
    found: &[Found::InProof(check)],
};

fn check(proof: &Proof<'_>, findings: &mut Vec<Diagnostic>) {
    unknown(&RULE, &[Kind::Component], proof, findings);
}

/// The types of some kinds that nobody is known to define.
pub(super) fn unknown(
    rule: &Rule,
    kinds: &[Kind],
    proof: &Proof<'_>,
    findings: &mut Vec<Diagnostic>,
) {
    let known = Known::of(proof);
    for seen in proof.uses() {
        let used = &seen.used;
        if !kinds.contains(&used.kind) {
            continue;
        }
        if let Some(definition) = known.find(used.kind, &used.name) {
            findings.extend(too_new(rule, &definition, seen, proof));
            continue;
        }
        let found = match definitions::elsewhere(used.kind, &used.name) {
            Elsewhere::Addons(_) => continue,
            Elsewhere::Collection => {
                let message = format!(
                    "the {} is not installed with KubeVela, which only keeps it in a collection",
                    seen.subject()
                );
                finding(rule, &known, seen, message)
                    .help("bring the definition in `definitions/`, or depend on an addon that does")
            }
            Elsewhere::Nowhere => {
                let message = format!("the {} is not known", seen.subject());
                let help = match known.near(used.kind, &used.name) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => {
                        "define it in `definitions/`, or list the addon that does in `dependencies`"
                            .to_owned()
                    }
                };
                finding(rule, &known, seen, message).help(help)
            }
        };
        findings.push(seen.told(proof, found));
    }
}

/// A definition of KubeVela that is newer than a release that `system.vela` admits.
fn too_new(
    rule: &Rule,
    definition: &Definition<'_>,
    seen: &Seen<'_>,
    proof: &Proof<'_>,
) -> Option<Diagnostic> {
    let Definition::BuiltIn(_) = definition else {
        return None;
    };
    let since = definitions::since(bare(&seen.used.name))?;
    let system = proof.addon().meta().system.as_ref()?;
    let wanted = system.value.vela.as_str();
    if wanted.is_empty() {
        return None;
    }
    let later = Version::parse(since).ok()?;
    let is_older = |release: &&&str| {
        let version = Version::parse(release);
        version.is_ok_and(|version| version.precedence(&later).is_lt())
            && admits(wanted, release) == Ok(true)
    };
    let older = RELEASES.iter().rev().find(is_older)?;
    let message = format!(
        "the {} comes with KubeVela {since}, and `system.vela` admits {older}",
        seen.subject()
    );
    let found = rule.milder(Severity::Warning, message, seen.place(seen.used.span));
    let help = format!("write `vela: \">={since}-0\"` under `system`");
    Some(seen.told(proof, found.help(help)))
}

/// A finding about a type, which is a warning while a dependency is missing.
pub(super) fn finding(
    rule: &Rule,
    known: &Known<'_>,
    seen: &Seen<'_>,
    message: String,
) -> Diagnostic {
    let place = seen.place(seen.used.span);
    let missing: Vec<String> = known
        .missing()
        .iter()
        .map(|name| format!("`{name}`"))
        .collect();
    if missing.is_empty() {
        return rule.finding(message, place);
    }
    let note = format!(
        "unless a dependency defines it: {} {} not at hand",
        missing.join(", "),
        if missing.len() == 1 { "is" } else { "are" }
    );
    rule.milder(Severity::Warning, message, place).note(note)
}
