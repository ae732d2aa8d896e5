//! Each YAML file of `resources/`, `definitions/` and `views/`, and the template, holds one document.
//!
//! KubeVela decodes the first and loses the others without a word, whatever older documentation says.
//!
//! Bad:
//! ```yaml
//! apiVersion: v1
//! kind: Namespace
//! metadata: {name: a}
//! ---
//! apiVersion: v1
//! kind: Namespace
//! metadata: {name: b}
//! ```
//! Good: two files with one document each.

use crate::input::Input;
use crate::rule::{Found, Holds, Rule};
use goyaml::{Data, Document};
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "LAY07",
    title: "a YAML file holds one document",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "lay/lay07_documents.rs",
    source: include_str!("lay07_documents.rs"),
    found: &[Found::InAddon(check)],
};

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    for yaml in input.objects().chain(&input.addon.template_yaml) {
        let lost = yaml.stream.documents.iter().skip(1);
        let lost: Vec<_> = lost.filter(|document| holds_something(document)).collect();
        let Some(first) = lost.first() else { continue };
        let message = match lost.len() {
            1 => format!("KubeVela loses the second document of `{}`", yaml.file.path),
            count => format!("KubeVela loses {count} documents of `{}`", yaml.file.path),
        };
        let found = RULE.finding(message, first.span.start());
        findings.push(found.help("write each into a file of its own"));
    }
}

/// Whether more than comments stands in a document. One that cannot be read holds something, too.
fn holds_something(document: &Document) -> bool {
    goyaml::resolve(&document.root).map_or(true, |resolved| resolved.tree.data != Data::Null)
}
