//! Each view of an addon has a name of its own that an object can have: lower-case letters, digits, `-` and `.`, with a letter or
//! digit at both ends.
//!
//! A view in CUE is stored in a `ConfigMap` that is called as its file without the extension, whatever folder it is in; one in
//! YAML is an object with its own name. Of two with one name the later overwrites the other, and an invalid name is
//! refused by the API server.
//!
//! Bad: `views/PodView.cue`, or `views/a/pods.cue` beside `views/b/pods.cue`.
//!
//! Good: `views/pod-view.cue`

use crate::input::Input;
use crate::rule::{Found, Holds, Rule};
use addon_model::Element;
use goyaml::Tree;
use source_vocab::{Diagnostic, Place, Severity};
use std::collections::BTreeMap;

pub(super) const RULE: Rule = Rule {
    id: "VIEW02",
    title: "each view has a valid name of its own",
    severity: Severity::Warning,
    holds: Holds::Always,
    mended: false,
    file: "view/view02_name.rs",
    source: include_str!("view02_name.rs"),
    found: &[Found::InAddon(check)],
};

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    let mut names: BTreeMap<String, Place> = BTreeMap::new();
    for view in &input.addon.views {
        let file = view.file();
        let name = file.name();
        let (name, place) = match view.as_yaml() {
            Some(yaml) => {
                let root = yaml.tree();
                let name = root
                    .filter(|root| root.get("kind").and_then(Tree::as_str) == Some("ConfigMap"))
                    .and_then(|root| root.get("metadata")?.get("name"));
                let Some((text, name)) = name.and_then(|name| Some((name.as_str()?, name))) else {
                    continue;
                };
                (text.to_owned(), Place::Text(name.span))
            }
            None => {
                let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
                let entry = input.addon.tree.find(file.path.as_str());
                let place = entry.map_or(Place::Text(file.source.span().start()), |entry| {
                    input.file_place(entry)
                });
                (stem.to_owned(), place)
            }
        };
        if Element::as_cue(view).is_some() && !is_valid(&name) {
            let message =
                format!("the view would be stored as `{name}`, and no object can be called so");
            let found = RULE.finding(message, place.clone());
            findings.push(found.help("name the file in lower-case letters, digits and `-`"));
        }
        if let Some(first) = names.get(&name) {
            let message =
                format!("two views are called `{name}`, and the later overwrites the other");
            let found = RULE.finding(message, place);
            let found = match first {
                Place::Text(span) => found.label(*span, "the other one"),
                _ => found,
            };
            findings.push(found.help("give one of them another name"));
        } else {
            names.insert(name, place);
        }
    }
}

/// The longest name of an object.
const MAX_NAME: usize = 253;

/// A DNS-1123 subdomain (apimachinery `IsDNS1123Subdomain`).
fn is_valid(name: &str) -> bool {
    let is_word = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let is_label = |label: &str| {
        label.bytes().all(|byte| is_word(byte) || byte == b'-')
            && label.bytes().next().is_some_and(is_word)
            && label.bytes().last().is_some_and(is_word)
    };
    name.len() <= MAX_NAME && name.split('.').all(is_label)
}
