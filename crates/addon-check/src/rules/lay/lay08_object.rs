//! Each YAML file of `resources/`, `definitions/` and `views/` begins with an object that has a `kind`, and no key of it
//! stands twice.
//!
//! One file that is empty, is no YAML or has no `kind` aborts the enabling of the whole addon with the message
//! `Object 'Kind' is missing`. Of a key that stands twice KubeVela takes the last without a word; that is a warning.
//!
//! Bad: a file with nothing but a comment.
//!
//! Good:
//! ```yaml
//! apiVersion: v1
//! kind: ServiceAccount
//! metadata: {name: a}
//! ```

use crate::input::Input;
use crate::rule::{Found, Holds, Rule};
use goyaml::Data;
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "LAY08",
    title: "a YAML file is an object of Kubernetes",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "lay/lay08_object.rs",
    source: include_str!("lay08_object.rs"),
    found: &[Found::InAddon(check)],
};

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    for yaml in input.objects() {
        if let Some(failure) = yaml.failure() {
            let message = format!(
                "`{}` is not valid YAML: {}",
                yaml.file.path, failure.message
            );
            let mut found = failure;
            found.code = RULE.id.into();
            found.severity = RULE.severity;
            found.message = message;
            findings.push(found.help("mend the YAML: one broken file aborts the whole addon"));
            continue;
        }
        for duplicate in yaml.duplicates() {
            let mut found = Diagnostic::from(duplicate);
            found.code = RULE.id.into();
            found.severity = Severity::Warning;
            findings.push(found);
        }
        let start = yaml.file.source.span().start();
        let root = yaml.tree();
        let span = root.map_or(start, |tree| tree.span.start());
        let (message, help) = match root.map(|tree| &tree.data) {
            Some(Data::Map(_)) => match root
                .and_then(|tree| tree.get("kind"))
                .map(|kind| &kind.data)
            {
                Some(Data::String(kind)) if !kind.is_empty() => continue,
                _ => (
                    format!("the object in `{}` has no `kind`", yaml.file.path),
                    "write `apiVersion` and `kind`",
                ),
            },
            Some(Data::Null) | None => (
                format!("`{}` holds no object", yaml.file.path),
                "remove the file: one empty file aborts the whole addon",
            ),
            Some(_) => (
                format!("`{}` holds no object but another value", yaml.file.path),
                "write a mapping with `apiVersion` and `kind`",
            ),
        };
        findings.push(RULE.finding(message, span).help(help));
    }
}
