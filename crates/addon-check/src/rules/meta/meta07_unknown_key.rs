//! Every key of `metadata.yaml` is one that KubeVela reads, spelled as KubeVela spells it.
//!
//! KubeVela drops unknown keys without a word, so a misspelled `needNamespaces` does nothing. A key in another case is
//! read, but by KubeVela alone: other tools do not know it. (What stands in `deployTo` is the business of META09.)
//!
//! Bad:
//! ```yaml
//! name: fluxcd
//! needNamespaces: [flux-system]
//! ```
//! Good:
//! ```yaml
//! name: fluxcd
//! needNamespace: [flux-system]
//! ```

use crate::input::Input;
use crate::rule::{Found, Holds, Rule};
use crate::spelling;
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "META07",
    title: "`metadata.yaml` has only keys that KubeVela knows",
    severity: Severity::Warning,
    holds: Holds::Always,
    mended: false,
    file: "meta/meta07_unknown_key.rs",
    source: include_str!("meta07_unknown_key.rs"),
    found: &[Found::InAddon(check)],
};

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    let metadata = &input.addon.metadata;
    let told = metadata.unknown.iter();
    for unknown in told.filter(|unknown| unknown.within != "deployTo") {
        let message = if unknown.within.is_empty() {
            format!("KubeVela does not know the key `{}`", unknown.key)
        } else {
            format!(
                "KubeVela does not know the key `{}` of `{}`",
                unknown.key, unknown.within
            )
        };
        let found = RULE.finding(message, input.metadata_place(unknown.span));
        let is_top = unknown.within.is_empty();
        let fields = match unknown.within.as_str() {
            "" => addon_model::field_names(),
            "system" => &["vela", "kubernetes"],
            _ => &["name", "version"],
        };
        let near = spelling::nearest(&unknown.key, fields.iter().copied());
        findings.push(match near {
            Some(field) => found.help(format!("did you mean `{field}`?")),
            None if is_top => found.help("remove it, or write it under `annotations`"),
            None => found.help(format!("remove it; there are `{}`", fields.join("` and `"))),
        });
    }
    for variant in &metadata.case_variants {
        let message = format!("`{}` is read as `{}`", variant.written, variant.field);
        let found = RULE.finding(message, input.metadata_place(variant.span));
        findings.push(found.help(format!("write `{}`", variant.field)));
    }
}
