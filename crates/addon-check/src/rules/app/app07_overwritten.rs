//! `template.yaml` has no `metadata.name` and no `metadata.namespace`, or those that KubeVela gives.
//!
//! KubeVela calls the Application `addon-NAME` and puts it into `vela-system`, whatever the template says.
//!
//! Bad:
//! ```yaml
//! metadata:
//!   name: fluxcd
//!   namespace: flux-system
//! ```
//! Good: without `metadata`.

use crate::input::{Input, line_of};
use crate::rule::{Found, Holds, Rule};
use source_vocab::{Diagnostic, Edit, Fix, Severity};

pub(super) const RULE: Rule = Rule {
    id: "APP07",
    title: "the template leaves the name of the Application to KubeVela",
    severity: Severity::Warning,
    holds: Holds::Always,
    mended: true,
    file: "app/app07_overwritten.rs",
    source: include_str!("app07_overwritten.rs"),
    found: &[Found::InAddon(check)],
};

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    let Some(template) = &input.addon.template_yaml else {
        return;
    };
    let Some(metadata) = template.tree().and_then(|root| root.get("metadata")) else {
        return;
    };
    let name = format!("addon-{}", input.addon.meta().name.value);
    let given = [("name", name.as_str()), ("namespace", "vela-system")];
    let overwritten = given.map(|(key, given)| {
        let entry = metadata.entry(key)?;
        let written = entry.value.coerced().unwrap_or_default();
        (!written.is_empty() && written != given).then_some((key, given, entry))
    });
    let found = overwritten.iter().flatten().count();
    // an empty `metadata` would say nothing
    let whole = template
        .tree()
        .and_then(|root| root.entry("metadata"))
        .filter(|_| metadata.entries().len() == found);
    for (key, given, entry) in overwritten.into_iter().flatten() {
        let message = format!("`metadata.{key}` is overwritten with `{given}`");
        let found = RULE.finding(message, entry.value.span).help("remove it");
        findings.push(
            match line_of(&template.file.source, whole.unwrap_or(entry)) {
                Some(span) => found.fix(Fix {
                    title: "leave it to KubeVela".to_owned(),
                    edits: vec![Edit {
                        span,
                        text: String::new(),
                    }],
                }),
                None => found,
            },
        );
    }
}
