//! A list of a UI schema has each `jsonKey` once.
//!
//! VelaUX shows the parameter twice, and only one of the two fields counts.
//!
//! Bad:
//! ```yaml
//! - {jsonKey: image, label: Image}
//! - {jsonKey: image, label: Picture}
//! ```
//! Good:
//! ```yaml
//! - {jsonKey: image, label: Image}
//! ```

use super::ui01_list::parsed;
use crate::input::Input;
use crate::rule::{Found, Holds, Rule};
use goyaml::Tree;
use source_vocab::{Diagnostic, Severity, Span};
use std::collections::BTreeMap;

pub(super) const RULE: Rule = Rule {
    id: "UI08",
    title: "a UI schema has each parameter once",
    severity: Severity::Warning,
    holds: Holds::Always,
    mended: false,
    file: "ui/ui08_twice.rs",
    source: include_str!("ui08_twice.rs"),
    found: &[Found::InAddon(check)],
};

/// How deep parameters are nested.
const MAX_DEPTH: u32 = 64;

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    for file in &input.addon.schemas {
        if let Some(tree) = parsed(file).tree() {
            look(tree, 0, findings);
        }
    }
}

fn look(list: &Tree, depth: u32, findings: &mut Vec<Diagnostic>) {
    if depth > MAX_DEPTH {
        return;
    }
    let mut seen: BTreeMap<String, Span> = BTreeMap::new();
    for parameter in list.items() {
        if let Some(key) = parameter.get("jsonKey")
            && let Some(text) = key.as_str().filter(|text| !text.is_empty())
        {
            if let Some(first) = seen.get(text) {
                let message = format!("the parameter `{text}` stands twice");
                let found = RULE
                    .finding(message, key.span)
                    .label(*first, "the first one");
                findings.push(found.help("keep one of them"));
            } else {
                seen.insert(text.to_owned(), key.span);
            }
        }
        for inner in ["subParameters", "additionalParameter"] {
            if let Some(inner) = parameter.get(inner) {
                look(inner, depth + 1, findings);
            }
        }
    }
}
