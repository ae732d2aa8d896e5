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
        let near = fields.iter().find(|field| is_near(&unknown.key, field));
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

/// Whether a key is a field with one or two letters too many, missing, or exchanged.
fn is_near(key: &str, field: &str) -> bool {
    let plain = |text: &str| -> String {
        let letters = text.chars().filter(char::is_ascii_alphanumeric);
        letters.map(|letter| letter.to_ascii_lowercase()).collect()
    };
    let (key, field) = (plain(key), plain(field));
    let allowed = if field.len() > 5 { 2 } else { 1 };
    distance(&key, &field) <= allowed
}

/// How many letters must be put in, taken out or replaced (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (at, letter) in a.bytes().enumerate() {
        let mut above_left = at;
        let mut left = at + 1;
        let mut next = vec![left];
        for (other, above) in b.bytes().zip(row.iter().skip(1)) {
            let cost = above_left + usize::from(letter != other);
            left = cost.min(left + 1).min(above + 1);
            above_left = *above;
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}
