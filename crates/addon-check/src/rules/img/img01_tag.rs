//! Each image in the YAML files of `resources/` has a tag other than `latest`, or a digest.
//!
//! Without one, two clusters that enable the same version of the addon run different software, and the next restart of a
//! pod may bring another.
//!
//! Bad:
//! ```yaml
//! image: nginx
//! ```
//! Good:
//! ```yaml
//! image: nginx:1.27.2
//! ```

use crate::input::Input;
use crate::rule::{Found, Holds, Rule};
use goyaml::Tree;
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "IMG01",
    title: "images have a tag that stays",
    severity: Severity::Warning,
    holds: Holds::Always,
    mended: false,
    file: "img/img01_tag.rs",
    source: include_str!("img01_tag.rs"),
    found: &[Found::InAddon(check)],
};

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    for (_, object) in input.manifests() {
        containers(object, 0, &mut |container| {
            let Some(image) = container.get("image") else {
                return;
            };
            let Some(text) = image.as_str().filter(|text| !text.is_empty()) else {
                return;
            };
            let name = text.rsplit('/').next().unwrap_or(text);
            let tag = name.split_once(':').map(|(_, tag)| tag);
            let message = match tag {
                _ if text.contains('@') => return,
                None => format!("the image `{text}` has no tag"),
                Some("latest") => format!("the image `{text}` is whatever is the latest"),
                Some(_) => return,
            };
            let found = RULE.finding(message, image.span);
            findings.push(found.help("write the tag of a release"));
        });
    }
}

/// How deep an object is searched.
const MAX_DEPTH: u32 = 64;

/// Every container of the pods in an object.
pub(in crate::rules) fn containers<'t>(tree: &'t Tree, depth: u32, look: &mut dyn FnMut(&'t Tree)) {
    if depth > MAX_DEPTH {
        return;
    }
    for entry in tree.entries() {
        if matches!(
            &*entry.key,
            "containers" | "initContainers" | "ephemeralContainers"
        ) {
            entry.value.items().iter().for_each(&mut *look);
        }
        containers(&entry.value, depth + 1, look);
    }
    for item in tree.items() {
        containers(item, depth + 1, look);
    }
}
