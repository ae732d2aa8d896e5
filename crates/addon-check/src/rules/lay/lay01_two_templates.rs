//! The addon has `template.cue` or `template.yaml`, not both.
//!
//! KubeVela refuses to enable an addon with both.
//!
//! Bad: `template.cue` and `template.yaml`.
//!
//! Good: `template.cue` alone.

use crate::input::Input;
use crate::rule::{Found, Holds, Rule};
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "LAY01",
    title: "there is one template",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "lay/lay01_two_templates.rs",
    source: include_str!("lay01_two_templates.rs"),
    found: &[Found::InAddon(check)],
};

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    let addon = input.addon;
    let (Some(cue), Some(yaml)) = (&addon.template_cue, &addon.template_yaml) else {
        return;
    };
    if cue.text().is_empty() || yaml.file.text().is_empty() {
        return;
    }
    let message = format!("the addon has both `{}` and `{}`", cue.path, yaml.file.path);
    let found = RULE.finding(message, yaml.file.source.span().start());
    findings.push(found.help("keep one of them"));
}
