//! No file or folder has a name that only nearly is one that KubeVela reads.
//!
//! KubeVela ignores `Parameter.cue`, `metadata.yml` and `definition/` without a word.
//!
//! Bad: `notes.cue`.
//!
//! Good: `NOTES.cue`.

use crate::input::Input;
use crate::rule::{Found, Holds, Rule};
use addon_model::{Pattern, Role};
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "LAY05",
    title: "files of the addon are called as KubeVela expects",
    severity: Severity::Warning,
    holds: Holds::Always,
    mended: false,
    file: "lay/lay05_misspelled.rs",
    source: include_str!("lay05_misspelled.rs"),
    found: &[Found::InAddon(check)],
};

/// Other names that people give, in lower case, and the right one.
const OTHERS: [(&str, &str); 12] = [
    ("metadata.yml", "metadata.yaml"),
    ("template.yml", "template.yaml"),
    ("parameters.cue", "parameter.cue"),
    ("parameter.yaml", "parameter.cue"),
    ("note.cue", "NOTES.cue"),
    ("resource", "resources"),
    ("definition", "definitions"),
    ("schema", "schemas"),
    ("view", "views"),
    ("config-template", "config-templates"),
    ("config_templates", "config-templates"),
    ("configtemplates", "config-templates"),
];

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    let mut told: Vec<&str> = Vec::new();
    for entry in &input.addon.tree.entries {
        let path = entry.path.as_str();
        let (first, is_folder) = match path.split_once('/') {
            Some((first, _)) => (first, true),
            None => (path, false),
        };
        if entry.role != Role::Ignored || told.contains(&first) {
            continue;
        }
        let Some(right) = right_name(first).filter(|right| right.contains('.') != is_folder) else {
            continue;
        };
        told.push(first);
        let message = format!("KubeVela ignores `{first}`");
        let found = RULE.finding(message, input.file_place(entry));
        findings.push(found.help(format!("call it `{right}`")));
    }
}

/// What a name is meant to be; the two READMEs have a rule of their own.
fn right_name(name: &str) -> Option<&'static str> {
    let lower = name.to_ascii_lowercase();
    let known = Pattern::ALL.into_iter().map(Pattern::name);
    known
        .filter(|known| !known.contains('/') && !known.eq_ignore_ascii_case("readme.md"))
        .find(|known| known.eq_ignore_ascii_case(name) && *known != name)
        .or_else(|| {
            let found = OTHERS.iter().find(|(other, _)| *other == lower)?;
            Some(found.1)
        })
}
