//! The config templates of an addon have different names.
//!
//! KubeVela stores each under its `metadata.name`: of two with one name the first is overwritten.
//!
//! Bad: `config-templates/a.cue` and `config-templates/b.cue`, both with
//! ```cue
//! metadata: name: "registry"
//! ```
//! Good:
//! ```cue
//! metadata: name: "chart-registry"
//! ```

use super::templates;
use crate::input::Input;
use crate::rule::{Found, Holds, Rule};
use crate::syntax::Fields;
use source_vocab::{Diagnostic, Severity, Span};
use std::collections::BTreeMap;

pub(super) const RULE: Rule = Rule {
    id: "CFG04",
    title: "no two config templates have one name",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "cfg/cfg04_twice.rs",
    source: include_str!("cfg04_twice.rs"),
    found: &[Found::InAddon(check)],
};

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    let mut names: BTreeMap<String, Span> = BTreeMap::new();
    for file in templates(input) {
        let fields = Fields::at(&file.parsed.file.decls, &["metadata", "name"]);
        let (Some(name), Some(field)) = (fields.text(), fields.first()) else {
            continue;
        };
        let span = field.value.span();
        if let Some(first) = names.get(&name) {
            let message = format!("two config templates are called `{name}`");
            let found = RULE.finding(message, span).label(*first, "the first one");
            findings.push(found.help("give one of them another name"));
        } else {
            names.insert(name, span);
        }
    }
}
