//! No field of `metadata.yaml` stands twice, in another case, and no list has an entry twice.
//!
//! KubeVela reads keys in any case: of `needNamespace` and `NeedNamespace` the later one counts, without a word. (A key that is
//! the same letter by letter is META01, a dependency that stands twice DEP03, a namespace APP04.) A tag that stands twice, or
//! is empty, is shown like that.
//!
//! Bad:
//! ```yaml
//! name: fluxcd
//! Name: flux
//! tags: [gitops, gitops]
//! ```
//! Good:
//! ```yaml
//! name: fluxcd
//! tags: [gitops]
//! ```

use crate::input::Input;
use crate::rule::{Found, Holds, Rule};
use addon_model::YamlFile;
use goyaml::Entry;
use source_vocab::{Diagnostic, Severity};
use std::collections::BTreeMap;

pub(super) const RULE: Rule = Rule {
    id: "META16",
    title: "nothing is said twice",
    severity: Severity::Warning,
    holds: Holds::Always,
    mended: false,
    file: "meta/meta16_said_twice.rs",
    source: include_str!("meta16_said_twice.rs"),
    found: &[Found::InAddon(check)],
};

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    let files = &input.addon.metadata.files;
    for root in files.iter().filter_map(YamlFile::tree) {
        same_keys(root.entries(), findings);
        for within in ["system", "deployTo"] {
            same_keys(
                root.get(within)
                    .map(goyaml::Tree::entries)
                    .unwrap_or_default(),
                findings,
            );
        }
    }
    let mut seen: BTreeMap<String, source_vocab::Span> = BTreeMap::new();
    for tag in &input.addon.meta().tags.value {
        let place = input.metadata_place(tag.span);
        let text = tag.trim().to_lowercase();
        if text.is_empty() {
            findings.push(RULE.finding("a tag is empty", place).help("remove it"));
        } else if let Some(first) = seen.insert(text, tag.span) {
            let found = RULE.finding(format!("the tag `{}` stands twice", tag.value), place);
            findings.push(
                found
                    .label(input.metadata_place(first), "the first one")
                    .help("remove one of them"),
            );
        }
    }
}

/// Keys of one mapping that differ in their case only.
fn same_keys(entries: &[Entry], findings: &mut Vec<Diagnostic>) {
    for (at, entry) in entries.iter().enumerate() {
        let mut before = entries.iter().take(at);
        let same = before
            .find(|other| other.key != entry.key && other.key.eq_ignore_ascii_case(&entry.key));
        if let Some(first) = same {
            let message = format!(
                "`{}` and `{}` are one key to KubeVela, and this one counts",
                first.key, entry.key
            );
            let found = RULE
                .finding(message, entry.key_span)
                .label(first.key_span, "this one does not");
            findings.push(found.help("keep one of them"));
        }
    }
}
